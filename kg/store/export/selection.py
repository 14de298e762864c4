"""Parts of a store to be written out by themselves: a graph, a thing with its evidence, what a query constructs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryTriples

from kg.model.errors import QuerySyntaxError, UsageError
from kg.rdf.vocab import COORD, DCTERMS, RDF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Store

_DEFAULT = DefaultGraph()


@dataclass(frozen=True, slots=True)
class OneGraph:
    """The statements of a named graph, by its IRI."""

    iri: str


@dataclass(frozen=True, slots=True)
class OneThing:
    """What is said of a thing, by its IRI: its statements, the claims that make them, and the passages that say so."""

    iri: str


@dataclass(frozen=True, slots=True)
class Constructed:
    """What a CONSTRUCT or DESCRIBE query gives. Its text is trusted: nothing here stops a query that never ends."""

    query: str


Part = OneGraph | OneThing | Constructed


def selected(store: Store, part: Part) -> Iterator[Quad]:
    """The quads of a part, each once, in no particular order; memory stays flat for graphs and queries.

    Raises:
        UsageError: there is no such graph or thing, or the query gives no graph.
        QuerySyntaxError: the query is none.
    """
    match part:
        case OneGraph(iri):
            yield from _some(store.quads_for_pattern(None, None, None, NamedNode(iri)), f"no graph <{iri}>")
        case OneThing(iri):
            yield from _some(_thing(store, NamedNode(iri)), f"nothing about <{iri}>")
        case Constructed(query):
            yield from _constructed(store, query)


def _some(quads: Iterator[Quad], lacking: str) -> Iterator[Quad]:
    first = next(quads, None)
    if first is None:
        raise UsageError(f"the version holds {lacking}")
    yield first
    yield from quads


def _thing(store: Store, thing: NamedNode) -> Iterator[Quad]:
    yield from store.quads_for_pattern(thing, None, None, _DEFAULT)
    seen: set[object] = {thing}
    for claim in _linked(store, RDF("subject"), thing):
        yield from store.quads_for_pattern(claim, None, None, _DEFAULT)
        for passage in _values(store, claim, COORD("evidence")):
            yield from _once(store, passage, seen)
            for page in _values(store, passage, DCTERMS("isPartOf")):
                yield from _once(store, page, seen)


def _once(store: Store, node: NamedNode, seen: set[object]) -> Iterator[Quad]:
    if node not in seen:
        seen.add(node)
        yield from store.quads_for_pattern(node, None, None, _DEFAULT)


def _linked(store: Store, link: NamedNode, thing: NamedNode) -> Iterator[NamedNode]:
    found = (quad.subject for quad in store.quads_for_pattern(None, link, thing, _DEFAULT))
    return (node for node in found if isinstance(node, NamedNode))


def _values(store: Store, node: NamedNode, predicate: NamedNode) -> Iterator[NamedNode]:
    found = (quad.object for quad in store.quads_for_pattern(node, predicate, None, _DEFAULT))
    return (value for value in found if isinstance(value, NamedNode))


def _constructed(store: Store, query: str) -> Iterator[Quad]:
    try:
        answer = store.query(query)
    except SyntaxError as error:
        raise QuerySyntaxError(str(error)) from error
    if not isinstance(answer, QueryTriples):
        raise UsageError("the query gives no graph; expected a CONSTRUCT or a DESCRIBE query")
    for triple in answer:
        yield Quad(triple.subject, triple.predicate, triple.object, _DEFAULT)
