"""Rows of our own queries, and chosen properties of many things at once.

A query that joins claims, passages and pages leaves their order to the engine, which may read the whole graph for it (a
minute over 100,000 claims). Asking for the properties of things already found takes the same time however large the
graph is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from kg.query import Query
from kg.web.queries import properties_query
from kg.web.site import Site
from kg.web.terms import Row, Term, read_table

_AT_ONCE: Final = 150

Properties = Mapping[str, Mapping[str, Sequence[Term]]]


async def read_rows(site: Site, query: str) -> tuple[Row, ...]:
    """The rows that one of our own queries gives."""
    return read_table((await site.read(Query(text=query))).payload).rows


async def read_properties(site: Site, iris: Iterable[str], properties: Sequence[str]) -> Properties:
    """The values of some properties of some things, by thing and property; a thing without any is missing."""
    found: dict[str, dict[str, list[Term]]] = {}
    for some in _batches(sorted(set(iris))):
        for row in await read_rows(site, properties_query(some, properties)):
            values = found.setdefault(row["thing"].text, {}).setdefault(row["property"].text, [])
            values.append(row["value"])
    return found


def iris_in(rows: Iterable[Row]) -> set[str]:
    """All IRIs in some rows."""
    return {term.iri for row in rows for term in row.values() if term.iri is not None}


def _batches(iris: Iterable[str]) -> Iterator[tuple[str, ...]]:
    left = iter(iris)
    while some := tuple(islice(left, _AT_ONCE)):
        yield some
