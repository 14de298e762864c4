"""In which formats an answer may come: by the Accept header, or by the fields that clients send beside a query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeVar

from kg.rdf.formats import GraphFormat, ResultsFormat
from kg.web.bodies import Form
from kg.web.negotiate import GRAPHS, HTML, RESULTS, best
from kg.web.problems import Problem

T = TypeVar("T")

#: The fields that say in which format an answer is wanted.
FIELDS: Final = frozenset({"format", "output", "results"})
_TURTLE, _NTRIPLES, _NQUADS = "text/turtle", "application/n-triples", "application/n-quads"
_RDFXML, _JSONLD = "application/rdf+xml", "application/ld+json"
#: What these fields say, as the media ranges that it means. The names are those of SPARQLWrapper and common servers.
NAMES: Final[Mapping[str, str]] = {
    "json": f"application/sparql-results+json, {_JSONLD}",
    "xml": f"application/sparql-results+xml, {_RDFXML}",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "html": HTML,
    **dict.fromkeys(("turtle", "ttl", "n3"), _TURTLE),
    **dict.fromkeys(("ntriples", "n-triples", "nt"), _NTRIPLES),
    **dict.fromkeys(("nquads", "n-quads", "nq"), _NQUADS),
    "trig": "application/trig",
    **dict.fromkeys(("rdf", "rdfxml", "rdf+xml", "rdf xml"), _RDFXML),
    **dict.fromkeys(("jsonld", "json-ld"), _JSONLD),
}


@dataclass(frozen=True, slots=True)
class Page:
    """In place of a format: the answer is shown on a page."""


_PAGES: Final = {HTML: Page(), "application/xhtml+xml": Page()}
_RESULTS: Final[Mapping[str, ResultsFormat | Page]] = {**RESULTS, **_PAGES}
_GRAPHS: Final[Mapping[str, GraphFormat | Page]] = {**GRAPHS, **_PAGES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How an answer is wanted, by what it turns out to be; None where the client accepts no such answer."""

    results: ResultsFormat | Page | None
    graph: GraphFormat | Page | None


def wanted(form: Form, accept: str | None) -> Wanted:
    """What a client wants: by its fields, and where they say nothing of a kind of answer, by its Accept header.

    Raises:
        Problem: nothing of what it asks for is there, or a field names an unknown format.
    """
    named = _named(form)
    found = Wanted(results=_first(named, accept, _RESULTS), graph=_first(named, accept, _GRAPHS))
    if found.results is None and found.graph is None:
        offered = ", ".join(dict.fromkeys([*RESULTS, *GRAPHS, HTML]))
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, f"none of the formats asked for; there are {offered}")
    return found


def _first(named: str, accept: str | None, offers: Mapping[str, T]) -> T | None:
    liked = best(named, offers) if named else None
    return best(accept, offers) if liked is None else liked


def _named(form: Form) -> str:
    """The media ranges that the fields mean. SPARQLWrapper sends some formats by their names and as ranges, too."""
    values = [value.strip().lower() for name, value in form if name in FIELDS and value.strip()]
    ranges = [NAMES.get(value, value if "/" in value else "") for value in values]
    if values and not any(ranges):
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, f"no format is called {values[0]!r}; there are {', '.join(NAMES)}")
    return ", ".join(filter(None, ranges))
