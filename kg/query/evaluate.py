"""One query over one store: evaluated and written, within limits of bytes and rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any, Final, TypeVar

from pyoxigraph import DefaultGraph, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store, Triple

from kg.model.errors import QueryFailed, QueryRefused, QuerySyntaxError, Refusal
from kg.query.graphs import MOST_IN_ORDER, STREAMED, graph_payload, stream_graph
from kg.query.lines import LINES, write_lines
from kg.query.markup import readable_xml
from kg.query.messages import WHOLE_GRAPH, Answer, AnswerKind, Piece, Query
from kg.query.outlet import Outlet
from kg.rdf.formats import GraphFormat, ResultsFormat

_Format = TypeVar("_Format", GraphFormat, ResultsFormat)
_AT = re.compile(r"(?:error )?at (\d+):(\d+): ?(.*)", re.DOTALL)
_LONGEST_REASON: Final = 500
#: What rdflib calls the default graph when it asks a service.
DEFAULT_GRAPH: Final = "urn:x-rdflib:default"


def answer(store: Store, query: Query, base: str | None = None) -> Answer:
    """The whole answer to a query, relative IRIs in it resolved against the base; raises what `write_answer` raises."""
    pieces: list[Piece] = []
    write_answer(store, query, base, pieces.append)
    last = pieces[-1]
    payload = b"".join(piece.payload for piece in pieces)
    return Answer(kind=last.kind, media_type=last.media_type, payload=payload, rows=last.rows)


def write_answer(store: Store, query: Query, base: str | None, send: Callable[[Piece], None]) -> None:
    """Writes the answer to a query, and sends it piece by piece as soon as it is longer than what is held back.

    Raises:
        QuerySyntaxError: it is no SPARQL query, or a graph of its dataset is no IRI.
        QueryRefused: its kind of answer has no acceptable format.
        QueryFailed: the engine gave up, or the answer passed one of the query's limits; pieces may have been sent.
    """
    try:
        is_whole = query.text == WHOLE_GRAPH and not query.default_graphs[1:] and not query.named_graphs
        write_found(_statements(store, query) if is_whole else evaluated(store, query, base), query, send)
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryFailed(_shortened(str(error))) from error


def evaluated(store: Store, query: Query, base: str | None = None) -> QuerySolutions | QueryBoolean | QueryTriples:
    """What a query gives, its rows and triples yet to be computed.

    Raises:
        QuerySyntaxError: it is no SPARQL query, or a graph of its dataset is no IRI.
    """
    default_graphs = named_graphs = None
    if query.default_graphs or query.named_graphs:
        default_graphs, named_graphs = _default(query.default_graphs), _nodes(query.named_graphs)
    try:
        return store.query(query.text, base_iri=base, default_graph=default_graphs, named_graphs=named_graphs)
    except SyntaxError as error:
        raise syntax_error(str(error)) from error


def _statements(store: Store, query: Query) -> Iterator[Triple]:
    """All of a graph, one after the other: the engine would keep each that it has given, to give none twice."""
    for graph in _default(query.default_graphs) or [DefaultGraph()]:
        for quad in store.quads_for_pattern(None, None, None, graph):
            yield quad.triple


def _default(iris: Iterable[str]) -> list[Any]:
    """The graphs that make up the default graph; the store's own one has a name in no standard."""
    return [DefaultGraph() if node.value == DEFAULT_GRAPH else node for node in _nodes(iris)]


def _nodes(iris: Iterable[str]) -> list[Any]:  # the engine's lists are invariant: no list[NamedNode] fits
    try:
        return [NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise QuerySyntaxError(f"a graph of the dataset is no absolute IRI: {error}") from error


def syntax_error(message: str) -> QuerySyntaxError:
    """What the engine says of a text that it cannot parse, with the place taken out of the words."""
    match = _AT.fullmatch(message)
    if match is None:
        return QuerySyntaxError(_shortened(message))
    line, column, reason = match.groups()
    return QuerySyntaxError(_shortened(reason), int(line), int(column))


def _shortened(reason: str) -> str:
    return reason if len(reason) <= _LONGEST_REASON else f"{reason[:_LONGEST_REASON]}…"


def write_found(
    found: QuerySolutions | QueryBoolean | Iterable[Triple], query: Query, send: Callable[[Piece], None]
) -> None:
    """Writes what a query gave, within its limits.

    Raises:
        QueryRefused: it has no acceptable format.
        QueryFailed: it passed one of the limits.
    """
    if not isinstance(found, (QuerySolutions, QueryBoolean)):
        graph = _acceptable(query.graph, "triples")
        start = Piece(kind=AnswerKind.GRAPH, media_type=graph.media_type, payload=b"")
        _write_graph(found, graph, Outlet(query, start, send))
        return
    results = _acceptable(query.results, "rows or a truth value")
    is_truth = isinstance(found, QueryBoolean)
    kind = AnswerKind.BOOLEAN if is_truth else AnswerKind.SOLUTIONS
    start = Piece(kind=kind, media_type=results.media_type, payload=b"")
    outlet = Outlet(query, start, send, None if is_truth else results)
    found.serialize(outlet, format=results.results)
    outlet.end()


def _write_graph(found: Iterable[Triple], graph: GraphFormat, outlet: Outlet) -> None:
    """Few triples in order; of many only those formats that need no order, as they come."""
    if graph in LINES and isinstance(found, QueryTriples):
        write_lines(found, outlet)
        outlet.end()
        return
    triples = _counted(found, outlet)
    first = list(islice(triples, MOST_IN_ORDER))
    following = next(triples, None)
    if following is None or graph not in STREAMED:
        payload = graph_payload([*first, *([following] if following else []), *triples], graph)
        outlet.write(payload if graph is not GraphFormat.RDFXML else readable_xml(payload))
    else:
        stream_graph(chain(first, (following,), triples), graph, outlet)
    outlet.end()


def _counted(found: Iterable[Triple], outlet: Outlet) -> Iterator[Triple]:
    for triple in found:
        outlet.count()
        yield triple


def _acceptable(wanted: _Format | None, kind: str) -> _Format:
    if wanted is None:
        raise QueryRefused(f"the query answers {kind}, which none of the accepted formats can hold", Refusal.FORMAT)
    return wanted
