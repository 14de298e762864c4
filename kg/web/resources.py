"""A document for every thing: `id/…` names it, `doc/…` tells about it, as a page or as RDF."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from kg.model.errors import QuerySyntaxError
from kg.query import Query
from kg.rdf.formats import GraphFormat
from kg.web.documents import read_document, read_report
from kg.web.negotiate import GRAPHS, HTML, SUFFIXES, best
from kg.web.problems import Problem
from kg.web.queries import DESCRIPTION, KNOWN, about
from kg.web.site import Site, site_of
from kg.web.terms import read_boolean

router = APIRouter()

# A page first: where a client takes anything, it gets what people read.
_PAGE_OR_GRAPH: Final[Mapping[str, GraphFormat | None]] = {HTML: None, "application/xhtml+xml": None, **GRAPHS}
_SUFFIX_OF: Final = {suffix_of: suffix for suffix, suffix_of in SUFFIXES.items()}
_NOT_ACCEPTABLE: Final = object()


@router.get("/id/{path:path}")
@router.head("/id/{path:path}")
async def see_document(request: Request, path: str) -> Response:
    """To the document about a thing, in the format asked for."""
    wanted = wanted_format(request)
    suffix = _SUFFIX_OF.get(wanted) if wanted else None
    link = site_of(request).addresses.document(path if suffix is None else f"{path}.{suffix}")
    return RedirectResponse(link, HTTPStatus.SEE_OTHER, {"Vary": "Accept"})


@router.get("/doc/{path:path}")
@router.head("/doc/{path:path}")
async def document(request: Request, path: str) -> Response:
    """The document about a thing: a suffix says in which format, else the Accept header."""
    stem, dot, suffix = path.rpartition(".")
    if dot and suffix == "html":
        return await _page(request, await _known(request, stem), stem)
    if dot and suffix in SUFFIXES:
        return await _graph(request, await _known(request, stem), SUFFIXES[suffix])
    wanted = wanted_format(request)
    iri = await _known(request, path)
    return await (_page(request, iri, path) if wanted is None else _graph(request, iri, wanted))


def wanted_format(request: Request) -> GraphFormat | None:
    """The RDF format a client asks for, or None for a page."""
    accept = request.headers.get("accept")
    if best(accept, dict.fromkeys(_PAGE_OR_GRAPH, _NOT_ACCEPTABLE)) is None:
        offered = ", ".join(_PAGE_OR_GRAPH)
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, f"none of the formats asked for; there are {offered}")
    return best(accept, _PAGE_OR_GRAPH)


async def _known(request: Request, path: str) -> str:
    site = site_of(request)
    try:
        iri = site.addresses.subject(path)
        known = read_boolean((await site.read(Query(text=about(KNOWN, iri)))).payload)
    except (ValueError, QuerySyntaxError) as error:
        raise Problem(HTTPStatus.NOT_FOUND, "no thing can have this address: it makes no IRI") from error
    if not known:
        raise Problem(HTTPStatus.NOT_FOUND, f"this graph says nothing about <{iri}>")
    return iri


async def _page(request: Request, iri: str, path: str) -> Response:
    site = site_of(request)
    found = await read_document(site, iri)
    links = [(suffix, site.addresses.document(f"{path}.{suffix}"), of.media_type) for suffix, of in SUFFIXES.items()]
    headers = {"Vary": "Accept"}
    if found.is_report:
        report = await read_report(site, found)
        return site.page("report.html", headers=headers, document=found, report=report, links=links)
    return site.page("document.html", headers=headers, document=found, links=links)


async def _graph(request: Request, iri: str, graph: GraphFormat) -> Response:
    return await graph_response(site_of(request), about(DESCRIPTION, iri), graph)


async def graph_response(site: Site, query: str, graph: GraphFormat) -> Response:
    """The triples that one of our own queries gives."""
    answer = await site.read(Query(text=query, graph=graph))
    return site.answer(answer.payload, answer.media_type)
