"""An update of curated graphs, tried on a copy that is thrown away: what it would leave in each graph that it writes.

What it does to any other graph is lost with the copy, so no update can change what no client may change, whatever the
engine reads in it; the look at its tokens beforehand is there to say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from kg.model.errors import QuerySyntaxError
from kg.model.writes import WriteOutcome
from kg.query.evaluate import syntax_error
from kg.store.digest import is_stated
from kg.writing.bounds import declined_at
from kg.writing.declined import Declined
from kg.writing.operation import Operation, Update
from kg.writing.territory import Territory

_DEFAULT: Final = DefaultGraph()
#: What an update makes of each graph that it writes, by IRI.
Graphs = Mapping[str, frozenset[Quad]]


class Evaluation:
    """One update, operation by operation.

    Args:
        update: taken apart.
        base: what relative IRIs in it are resolved against.
        territory: which graphs clients may write.
    """

    def __init__(self, update: Update, base: str, territory: Territory) -> None:
        self._text, self._operations = update.text, update.operations
        self._base, self._territory = base or None, territory
        self._before: dict[str, frozenset[Quad]] = {}
        self._after: dict[str, frozenset[Quad]] = {}

    def constant_graphs(self) -> list[str]:
        """The graphs that operations name as written."""
        return [graph for each in self._operations for graph in self._resolved(each, each.graphs)]

    def graphs(self, copy: Callable[[], Store]) -> Graphs:
        """What the update makes of the graphs that it writes; those it does not change are left out.

        Args:
            copy: gives a store that may be changed and is thrown away.

        Raises:
            Declined: it is no update, fails, or would write what no client may write.
        """
        check_syntax(self._text, self._base)
        for operation in self._operations:
            self._check_constants(operation)
        store = copy()
        for operation in self._operations:
            self._run(operation, store)
        return {graph: quads for graph, quads in self._after.items() if quads != self._before[graph]}

    def _check_constants(self, operation: Operation) -> None:
        if operation.is_all_written:
            raise self._forbidden(operation, f"it would write every graph; {self._territory.advice}")
        if operation.is_default_written:
            raise self._forbidden(operation, self._territory.refusal(""))
        for graph in self._resolved(operation, operation.graphs):
            self._check(operation, graph)

    def _check(self, operation: Operation, graph: str) -> None:
        reason = self._territory.refusal(graph)
        if reason:
            raise self._forbidden(operation, reason)

    def _forbidden(self, operation: Operation, reason: str) -> Declined:
        return declined_at(self._text, operation.start, reason, WriteOutcome.FORBIDDEN)

    def _run(self, operation: Operation, store: Store) -> None:
        written = self._resolved(operation, operation.graphs)
        for graph in self._bound(operation, store):
            self._check(operation, graph)
            written.append(graph)
        before = {graph: _quads(store, graph) for graph in written}
        for graph, quads in before.items():
            self._before.setdefault(graph, quads)
        run_update(store, operation.whole, self._base, self._text, operation.start)
        for graph, quads in before.items():
            after = _quads(store, graph)
            self._after[graph] = after
            _merge(store, after - quads, quads - after)

    def _bound(self, operation: Operation, store: Store) -> Iterator[str]:
        """The graphs that variables of the templates stand for, where the pattern is met now."""
        for variable in operation.variables:
            query = f"{operation.prologue}\nSELECT DISTINCT {variable} WHERE {operation.where}"
            default, named = None, None
            if operation.using or operation.using_named:
                default = _nodes(self._resolved(operation, operation.using))
                named = _nodes(self._resolved(operation, operation.using_named))
            elif operation.scope:
                default = _nodes(self._resolved(operation, [operation.scope]))
            try:
                rows = store.query(query, base_iri=self._base, default_graph=default, named_graphs=named)  # type: ignore[arg-type] # the engine's lists are invariant
            except (SyntaxError, RuntimeError, ValueError) as error:
                raise declined_at(self._text, operation.start, f"its pattern cannot be asked: {error}") from error
            for row in cast("QuerySolutions", rows):
                if isinstance(row[0], NamedNode):
                    yield row[0].value

    def _resolved(self, operation: Operation, references: Iterable[str]) -> list[str]:
        """The IRIs that references of an operation stand for; the engine resolves them, as it does in the operation."""
        named = list(references)
        if not named:
            return []
        chosen = " ".join(f"({reference} AS ?g{number})" for number, reference in enumerate(named))
        try:
            rows = Store().query(f"{operation.prologue}\nSELECT {chosen} {{}}", base_iri=self._base)
        except (SyntaxError, ValueError) as error:
            raise declined_at(self._text, operation.start, f"a graph of it has no usable IRI: {error}") from error
        (row,) = cast("QuerySolutions", rows)
        return [cast("NamedNode", term).value for term in row]


def check_syntax(text: str, base: str | None) -> None:
    """Has the engine parse an update, and run it over nothing.

    Raises:
        Declined: it is no update.
    """
    try:
        Store().update(text, base_iri=base)
    except SyntaxError as error:
        raise malformed(syntax_error(str(error))) from error
    except (RuntimeError, OSError, ValueError):
        return  # what fails over nothing, such as to drop a graph that is not there, is not a matter of syntax


def run_update(store: Store, text: str, base: str | None, whole: str, at: int) -> None:
    """Applies an update, or one operation of it, in one step.

    Raises:
        Declined: it fails; nothing of it was done.
    """
    try:
        store.update(text, base_iri=base)
    except SyntaxError as error:
        raise malformed(syntax_error(str(error))) from error
    except RuntimeError as error:
        raise declined_at(whole, at, f"this operation fails: {error}", WriteOutcome.IMPOSSIBLE) from error
    except ValueError as error:
        raise declined_at(whole, at, f"this operation fails: {error}") from error


def malformed(error: QuerySyntaxError) -> Declined:
    """Why an update is none."""
    reason = f"no SPARQL update: {error.reason}"
    return Declined(WriteOutcome.MALFORMED, reason, line=error.line or 0, column=error.column or 0)


def _quads(store: Store, graph: str) -> frozenset[Quad]:
    return frozenset(store.quads_for_pattern(None, None, None, NamedNode(graph)))


def _nodes(iris: Iterable[str]) -> list[NamedNode]:
    return [NamedNode(iri) for iri in iris]


def _merge(store: Store, came: Iterable[Quad], went: Iterable[Quad]) -> None:
    """Brings the merged graph up to date, so that the next operation finds in it what this one wrote."""
    store.extend(Quad(*quad.triple) for quad in came)
    for quad in went:
        merged = Quad(*quad.triple)
        if not is_stated(store, merged):
            store.remove(merged)
