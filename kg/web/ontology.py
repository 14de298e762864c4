"""The ontology and the vocabularies, as this deployment's graph holds them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response

from kg.rdf.vocab import CONCEPT, COORD, OWL, RDFS
from kg.web.lookup import iris_in, read_rows
from kg.web.names import Names, Value, read_names
from kg.web.negotiate import SUFFIXES
from kg.web.problems import Problem
from kg.web.queries import ONTOLOGY, TERMS, about
from kg.web.resources import graph_response, wanted_format
from kg.web.site import Site, site_of
from kg.web.terms import Row, text_of

router = APIRouter()

_CLASSES: Final = {OWL("Class").value, RDFS("Class").value}
_KINDS: Final = ("Classes", "Properties", "Concepts", "Individuals")


@dataclass(frozen=True, slots=True, kw_only=True)
class TermEntry:
    """A term as the listing shows it."""

    name: Value
    iri: str
    short: str
    anchor: str
    kind: str
    definition: str
    comment: str


@router.get("/ontology")
@router.head("/ontology")
async def ontology(request: Request) -> Response:
    """The ontology as a listing of its terms, or as RDF."""
    site = site_of(request)
    wanted = wanted_format(request)
    if wanted is not None:
        return await graph_response(site, _in_graph(site, ONTOLOGY), wanted)
    rows = await read_rows(site, _in_graph(site, TERMS))
    names = await read_names(site, iris_in(rows))
    entries = tuple(_entries(names, rows))
    groups = [(kind, [entry for entry in entries if entry.kind == kind]) for kind in _KINDS]
    links = [(suffix, site.addresses.path(f"ontology.{suffix}"), of.media_type) for suffix, of in SUFFIXES.items()]
    return site.page("ontology.html", headers={"Vary": "Accept"}, groups=groups, links=links)


@router.get("/ontology.{suffix}")
@router.head("/ontology.{suffix}")
async def ontology_file(request: Request, suffix: str) -> Response:
    """The ontology in the format that the suffix names."""
    if suffix not in SUFFIXES:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no ontology.{suffix}; there are {', '.join(SUFFIXES)}")
    site = site_of(request)
    return await graph_response(site, _in_graph(site, ONTOLOGY), SUFFIXES[suffix])


def _in_graph(site: Site, query: str) -> str:
    return about(query, f"{site.addresses.base}graph/ontology")


def _entries(names: Names, rows: Iterable[Row]) -> Iterable[TermEntry]:
    seen = set()
    for row in rows:
        iri = row["term"].text
        if iri in seen or not iri.startswith((COORD.iri, CONCEPT.iri)):
            continue
        seen.add(iri)
        yield TermEntry(
            name=names.thing(iri),
            iri=iri,
            short=names.addresses.short(iri),
            anchor=iri.removeprefix(COORD.iri).removeprefix(CONCEPT.iri),
            kind=_kind(iri, names.types.get(iri, frozenset())),
            definition=text_of(row, "definition"),
            comment=text_of(row, "comment"),
        )


def _kind(iri: str, types: frozenset[str]) -> str:
    if types & _CLASSES:
        return "Classes"
    if any(found.endswith("Property") for found in types):
        return "Properties"
    return "Concepts" if iri.startswith(CONCEPT.iri) else "Individuals"
