"""Steps from one solution to the next: each fills the row, yields, and clears what it filled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from kg.check.shacl.graph import Graph
from kg.check.shacl.paths import Path, PathKind, walk
from kg.check.shacl.query.expressions import Evaluate, Row
from kg.check.shacl.query.nested import Step
from kg.check.shacl.query.syntax import Beyond, Pattern
from kg.check.shacl.query.values import TypeFault, term


def in_turn(steps: Sequence[Step]) -> Step:
    """Each step for each solution of the one before it."""
    if not steps:
        return _once
    if len(steps) == 1:
        return steps[0]
    first, rest = steps[0], in_turn(steps[1:])

    def step(graph: Graph, row: Row) -> Iterator[None]:
        for _ in first(graph, row):
            yield from rest(graph, row)

    return step


def _once(_graph: Graph, _row: Row) -> Iterator[None]:
    yield


def bound(evaluate: Evaluate, variable: str) -> Step:
    """BIND: the variable is bound to the value, or left unbound where there is none."""

    def step(graph: Graph, row: Row) -> Iterator[None]:
        try:
            row[variable] = term(evaluate(graph, row))
        except TypeFault:
            yield
            return
        yield
        row.pop(variable, None)

    return step


def optional(inner: Step) -> Step:
    """OPTIONAL: the inner step's solutions, or one that binds nothing more."""

    def step(graph: Graph, row: Row) -> Iterator[None]:
        found = False
        for _ in inner(graph, row):
            found = True
            yield
        if not found:
            yield

    return step


def union(ways: Sequence[Step]) -> Step:
    """UNION: the solutions of each way in turn."""

    def step(graph: Graph, row: Row) -> Iterator[None]:
        for way in ways:
            yield from way(graph, row)

    return step


def elsewhere(other: Graph, inner: Step) -> Step:
    """GRAPH: the inner step's solutions in another graph."""
    return lambda _graph, row: inner(other, row)


def pattern_step(pattern: Pattern, known: AbstractSet[str]) -> Step:
    """The step of a pattern that cannot be a loop among others: a path, or one with a variable twice."""
    if isinstance(pattern.predicate, Path):
        return _path(pattern, pattern.predicate, known)
    return _any_predicate(pattern.subject, pattern.predicate, pattern.value)


def _any_predicate(subject: str, predicate: str, value: str) -> Step:
    """A pattern in which a variable may stand twice."""
    names = tuple(dict.fromkeys(each for each in (subject, predicate, value) if each[0] == "?"))

    def step(graph: Graph, row: Row) -> Iterator[None]:
        wanted = [row.get(each) if each[0] == "?" else each for each in (subject, predicate, value)]
        bound = [name for name in names if name not in row]
        for triple in _triples(graph, *wanted):
            for name in bound:
                row.pop(name, None)
            if all(
                row.setdefault(name, each) == each
                for name, each in zip((subject, predicate, value), triple, strict=True)
                if name[0] == "?"
            ):
                yield
        for name in bound:
            row.pop(name, None)

    return step


def _triples(
    graph: Graph, subject: str | None, predicate: str | None, value: str | None
) -> Iterator[tuple[str, str, str]]:
    """The triples with these terms."""
    nodes = graph.nodes
    for each in nodes if subject is None else (subject,) if subject in nodes else ():
        node = nodes[each]
        for name in node if predicate is None else (predicate,) if predicate in node else ():
            values = node[name]
            if value is not None:
                if value in values:
                    yield each, name, value
            else:
                for other in values:
                    yield each, name, other


def _path(pattern: Pattern, path: Path, known: AbstractSet[str]) -> Step:
    subject, value = pattern.subject, pattern.value
    if subject[0] != "?" or subject in known:
        return _walked(subject, value, walk(path))
    if value[0] != "?" or value in known:
        return _walked(value, subject, walk(Path(PathKind.INVERSE, parts=(path,))))
    raise Beyond("a path between two unbound ends")


def _walked(start: str, end: str, ends: Callable[[Graph, str], object]) -> Step:
    def step(graph: Graph, row: Row) -> Iterator[None]:
        found = ends(graph, row[start] if start[0] == "?" else start)
        known = row.get(end) if end[0] == "?" else end
        if known is not None:
            if known in found:  # type: ignore[operator] # a collection of nodes
                yield
            return
        for each in list(found):  # type: ignore[call-overload] # as above
            row[end] = each
            yield
        row.pop(end, None)

    return step
