"""The dataset as catalogues and crawlers find it: DCAT and VoID at `/catalog` and in the well-known place."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from kg.rdf.catalogue import catalogue_triples
from kg.rdf.dataset import described
from kg.rdf.formats import GraphFormat
from kg.web.negotiate import GRAPHS, SUFFIXES, best
from kg.web.problems import Problem
from kg.web.resources import wanted_format
from kg.web.site import Site, site_of

router = APIRouter()

_SUFFIX_OF: Final = {of: suffix for suffix, of in SUFFIXES.items()}


@router.get("/catalog")
@router.head("/catalog")
async def catalogue(request: Request) -> Response:
    """The catalogue as a page, or as RDF."""
    wanted = wanted_format(request)
    site = site_of(request)
    if wanted is not None:
        return _graph(site, wanted)
    links = [(suffix, site.addresses.path(f"catalog.{suffix}"), of.media_type) for suffix, of in SUFFIXES.items()]
    return site.page("catalog.html", headers={"Vary": "Accept"}, links=links)


@router.get("/catalog.{suffix}")
@router.head("/catalog.{suffix}")
async def catalogue_file(request: Request, suffix: str) -> Response:
    """The catalogue in the format that the suffix names."""
    if suffix not in SUFFIXES:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no catalog.{suffix}; there are {', '.join(SUFFIXES)}")
    return _graph(site_of(request), SUFFIXES[suffix])


@router.get("/.well-known/void")
@router.head("/.well-known/void")
async def well_known(request: Request) -> Response:
    """Where crawlers look first (VoID, section 7.2): to the catalogue, as Turtle unless another format is asked for."""
    wanted = best(request.headers.get("accept"), GRAPHS) or GraphFormat.TURTLE
    suffix = _SUFFIX_OF.get(wanted, "ttl")
    link = site_of(request).addresses.path(f"catalog.{suffix}")
    return RedirectResponse(link, HTTPStatus.FOUND, {"Vary": "Accept"})


@router.get("/dataset")
@router.head("/dataset")
@router.get("/dataset/{version}")
@router.head("/dataset/{version}")
async def see_catalogue(request: Request, version: str | None = None) -> Response:
    """To what is said of the dataset, or of the version that is served."""
    site = site_of(request)
    if version not in (None, site.edition.name):
        raise Problem(HTTPStatus.NOT_FOUND, f"{site.edition.name} is served here, and no other version")
    wanted = wanted_format(request)
    suffix = _SUFFIX_OF.get(wanted) if wanted else None
    link = site.addresses.path(f"catalog.{suffix}" if suffix else "catalog")
    return RedirectResponse(link, HTTPStatus.SEE_OTHER, {"Vary": "Accept"})


def _graph(site: Site, graph: GraphFormat) -> Response:
    return site.answer(described(catalogue_triples(site.edition, site.census), graph), graph.media_type)
