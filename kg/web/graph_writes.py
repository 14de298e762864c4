"""The writing half of the SPARQL 1.1 Graph Store HTTP Protocol (sections 5.3 to 5.6, and PATCH of 5.7)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response

from kg.model.writes import MULTIPART, Write, WriteKind
from kg.query import Query
from kg.web.addresses import checked_iri
from kg.web.bodies import Form, read_form
from kg.web.graphs import DEFAULT, READING, addressed_graph, chosen_graph
from kg.web.problems import Problem
from kg.web.requests import content_type
from kg.web.site import Site, site_of
from kg.web.terms import read_boolean
from kg.web.updates import UPDATE
from kg.web.writing import Asked, perform, takes_writes

router = APIRouter()

WRITING: Final = ("DELETE", "PATCH", "POST", "PUT")
_KINDS: Final[Mapping[str, WriteKind]] = {
    "PUT": WriteKind.PUT_GRAPH,
    "POST": WriteKind.POST_GRAPH,
    "PATCH": WriteKind.PATCH_GRAPH,
    "DELETE": WriteKind.DELETE_GRAPH,
}

_WRITES: Final = uuid.UUID("b7b7f1c0-5d0e-4a52-9d3e-4f6f0c1f6a55")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.")

Name = Callable[[Request, Form], str]


@router.options("/graphs")
@router.options("/graphs/{path:path}")
@router.options("/graph/{path:path}")
async def options(request: Request) -> Response:
    """What may be done with a graph now."""
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=_allowed(request))


@router.api_route("/graphs", methods=list(WRITING))
async def named(request: Request) -> Response:
    """The graph that the fields of the address name, changed; POST without a name makes a new one."""
    return await _changed(request, _chosen)


@router.api_route("/graphs/{path:path}", methods=list(WRITING))
@router.api_route("/graph/{path:path}", methods=list(WRITING))
async def addressed(request: Request) -> Response:
    """The graph whose name is the address, changed."""
    return await _changed(request, addressed_graph)


async def _changed(request: Request, name: Name) -> Response:
    try:
        return await perform(request, partial(_asked, name=name), off=HTTPStatus.METHOD_NOT_ALLOWED)
    except Problem as problem:
        if problem.status is HTTPStatus.METHOD_NOT_ALLOWED:
            problem.headers = {**problem.headers, **_allowed(request)}
        raise


def _allowed(request: Request) -> dict[str, str]:
    methods = (*READING, *(WRITING if takes_writes(request) else ()))
    patch = {"Accept-Patch": UPDATE} if len(methods) > len(READING) else {}  # RFC 5789, section 3.1
    return {"Allow": ", ".join(sorted(methods)), **patch}


def _chosen(request: Request, form: Form) -> str:
    """The name in the fields, or where a graph is posted to the store itself, a new one (section 5.5)."""
    if request.method == "POST" and not any(name in {"graph", "default"} for name, _ in form):
        return f"{site_of(request).addresses.base}graph/curated/{_minted(request)}"
    return chosen_graph(request, form)


def _minted(request: Request) -> uuid.UUID:
    """A new name; the same one where a client sends a write again that it has given a key."""
    key = request.headers.get("idempotency-key")
    return uuid.uuid4() if key is None else uuid.uuid5(_WRITES, f"{request.state.author}\n{key}")


async def _asked(request: Request, body: bytes, *, name: Name) -> Asked:
    iri, site = name(request, read_form(request.url.query)), site_of(request)
    media_type, charset = content_type(request)
    if charset != "utf-8":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a graph comes in UTF-8")
    _refuse_relative(iri)
    kind = _KINDS[request.method]
    if kind is WriteKind.PATCH_GRAPH and media_type != UPDATE:
        detail = f"a graph is patched by {UPDATE}"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, headers={"Accept-Patch": UPDATE})
    if media_type == MULTIPART and kind is WriteKind.POST_GRAPH:
        media_type = request.headers["content-type"]  # its boundary parts the graphs
    write = Write(kind=kind, target=iri, body=body, media_type=media_type, base=iri or site.addresses.base)
    return Asked(write=write, location=iri, is_there=partial(_is_there, site, iri))


def _refuse_relative(iri: str) -> None:
    """A new graph needs a whole name.

    Raises:
        Problem: it has another one.
    """
    try:
        whole = iri == DEFAULT or _SCHEME.match(checked_iri(iri))
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"the graph's name is no IRI: {error}") from error
    if not whole:
        raise Problem(HTTPStatus.BAD_REQUEST, "the graph's name is no absolute IRI, such as https://example.org/graph")


async def _is_there(site: Site, iri: str) -> bool:
    """Whether there is a graph of this name; the default graph always is."""
    if iri == DEFAULT:
        return True
    found = await site.pages.run(Query(text="ASK { ?s ?p ?o }", default_graphs=(iri,)))
    return read_boolean(found.payload)
