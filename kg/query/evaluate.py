"""One query over one store: evaluated and written, within a limit of bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pyoxigraph import DefaultGraph, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from kg.model.errors import QueryFailed, QueryRefused, QuerySyntaxError, Refusal
from kg.query.graphs import graph_payload
from kg.query.markup import readable_xml
from kg.query.messages import Answer, AnswerKind, Query
from kg.query.rows import row_count
from kg.rdf.formats import GraphFormat, ResultsFormat

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_Format = TypeVar("_Format", GraphFormat, ResultsFormat)
_AT = re.compile(r"(?:error )?at (\d+):(\d+): ?(.*)", re.DOTALL)
_LONGEST_REASON: Final = 500
#: What rdflib calls the default graph when it asks a service.
_RDFLIB_DEFAULT: Final = "urn:x-rdflib:default"


def answer(store: Store, query: Query, base: str | None = None) -> Answer:
    """The answer to a query, relative IRIs in it resolved against the base.

    Raises:
        QuerySyntaxError: it is no SPARQL query, or a graph of its dataset is no IRI.
        QueryRefused: its kind of answer has no acceptable format.
        QueryFailed: the engine gave up, or the answer passed the query's limit of bytes.
    """
    try:
        return _write(_evaluate(store, query, base), query)
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryFailed(_shortened(str(error))) from error


def _evaluate(store: Store, query: Query, base: str | None) -> QuerySolutions | QueryBoolean | QueryTriples:
    default_graphs = named_graphs = None
    if query.default_graphs or query.named_graphs:
        default_graphs, named_graphs = _default(query.default_graphs), _nodes(query.named_graphs)
    try:
        return store.query(query.text, base_iri=base, default_graph=default_graphs, named_graphs=named_graphs)
    except SyntaxError as error:
        raise _syntax_error(str(error)) from error


def _default(iris: Iterable[str]) -> list[Any]:
    """The graphs that make up the default graph; the store's own one has a name in no standard."""
    return [DefaultGraph() if node.value == _RDFLIB_DEFAULT else node for node in _nodes(iris)]


def _nodes(iris: Iterable[str]) -> list[Any]:  # the engine's lists are invariant: no list[NamedNode] fits
    try:
        return [NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise QuerySyntaxError(f"a graph of the dataset is no absolute IRI: {error}") from error


def _syntax_error(message: str) -> QuerySyntaxError:
    match = _AT.fullmatch(message)
    if match is None:
        return QuerySyntaxError(_shortened(message))
    line, column, reason = match.groups()
    return QuerySyntaxError(_shortened(reason), int(line), int(column))


def _shortened(reason: str) -> str:
    return reason if len(reason) <= _LONGEST_REASON else f"{reason[:_LONGEST_REASON]}…"


def _write(found: QuerySolutions | QueryBoolean | QueryTriples, query: Query) -> Answer:
    output = _Bounded(query.most_bytes)
    if isinstance(found, QueryTriples):
        graph = _acceptable(query.graph, "triples")
        output.write(graph_payload(found, graph))
        payload = output.getvalue() if graph is not GraphFormat.RDFXML else readable_xml(output.getvalue())
        return Answer(kind=AnswerKind.GRAPH, media_type=graph.media_type, payload=payload)
    results = _acceptable(query.results, "rows or a truth value")
    found.serialize(output, format=results.results)
    payload = output.getvalue() if results is not ResultsFormat.XML else readable_xml(output.getvalue())
    if isinstance(found, QueryBoolean):
        return Answer(kind=AnswerKind.BOOLEAN, media_type=results.media_type, payload=payload)
    rows = row_count(payload, results)
    return Answer(kind=AnswerKind.SOLUTIONS, media_type=results.media_type, payload=payload, rows=rows)


def _acceptable(wanted: _Format | None, kind: str) -> _Format:
    if wanted is None:
        raise QueryRefused(f"the query answers {kind}, which none of the accepted formats can hold", Refusal.FORMAT)
    return wanted


class _Bounded(io.BytesIO):
    """Bytes in memory that refuse to grow past a limit."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._left = most

    def write(self, written: ReadableBuffer, /) -> int:
        size = super().write(written)
        self._left -= size
        if self._left < 0:
            raise QueryFailed("the answer is longer than this service sends; ask for less, or use LIMIT")
        return size
