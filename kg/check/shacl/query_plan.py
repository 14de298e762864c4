"""Queries compiled to functions over one graph, with variables bound beforehand (SHACL §5.3.1 and Appendix A).

A solution is one dictionary that steps fill and clear again as they go. That agrees with SPARQL's algebra as long as
nothing is looked at before it is bound; groups for which it would not are `Beyond` and left to Oxigraph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from kg.check.shacl.expressions import Evaluate, Expressions, Matches, Row, TypeFault, term, test
from kg.check.shacl.graph import Graph
from kg.check.shacl.nested import Part, Step, is_nestable, nested_step, nested_test
from kg.check.shacl.paths import Path, PathKind, walk
from kg.check.shacl.query_syntax import (
    Beyond,
    Bind,
    Call,
    Exists,
    Expression,
    Filter,
    Group,
    InGraph,
    Optional,
    Pattern,
    Select,
    Union,
)

_SHAPES: Final = "?shapesGraph"


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled query.

    Attributes:
        step: gives the solutions.
        projection: variable to the function of its value.
    """

    step: Step
    projection: Mapping[str, Evaluate]

    def solutions(self, graph: Graph, bound: Row) -> Iterator[dict[str, str]]:
        """The selected variables of each solution, without question marks; unbound ones are left out.

        Args:
            graph: the data.
            bound: the variables bound beforehand.
        """
        row = dict(bound)
        for _ in self.step(graph, row):
            found = {}
            for name, evaluate in self.projection.items():
                try:
                    found[name[1:]] = term(evaluate(graph, row))
                except TypeFault:
                    continue
            yield found

    def matches(self, graph: Graph, bound: Row) -> bool:
        """Whether there is a solution."""
        return any(True for _ in self.step(graph, dict(bound)))


class Planner:
    """Compiles queries.

    Args:
        shapes: the shapes graph, which GRAPH $shapesGraph reads.
        bound: the variables that will be bound beforehand.
    """

    def __init__(self, shapes: Graph, bound: AbstractSet[str]) -> None:
        self._shapes = shapes
        self._bound = bound
        self._known: set[str] = set(bound)
        self._perhaps: set[str] = set()
        self._expressions = Expressions(self._exists)

    def plan(self, query: Select) -> Plan:
        """The compiled query.

        Raises:
            Beyond: it has a part that is not answered here.
        """
        step = self._group(query.group, set(self._bound))
        names = query.projection
        if names is None:
            names = {name: name for name in sorted(_variables(query.group))}
        return Plan(step, {name: self._expressions.function(each) for name, each in names.items()})

    def _group(self, group: Group, known: set[str]) -> Step:
        """The step that gives a group's solutions; `known` are the variables bound before, and then those after."""
        return _in_turn([each.step() if isinstance(each, _Nest) else each for each in self._segments(group, known)])

    def _segments(self, group: Group, known: set[str]) -> list[_Nest | Step]:
        """A group's steps, patterns and filters being put together as far as they can be nested."""
        found: list[_Nest | Step] = []
        waiting = [each for each in group.elements if isinstance(each, Filter)]
        patterns: list[Pattern] = []
        for element in (*group.elements, None):
            if isinstance(element, Pattern):
                patterns.append(element)
            elif not isinstance(element, Filter):
                self._patterns(patterns, known, waiting, found)
                patterns = []
                if element is not None:
                    found.append(self._element(element, known))
        for each in waiting:
            self._known = set(known)
            _nest(found, known).parts.append(self._test(each))
        return found

    def _patterns(
        self, patterns: Sequence[Pattern], known: set[str], waiting: list[Filter], found: list[_Nest | Step]
    ) -> None:
        """Adds the patterns, the most telling first, each followed by the filters that it allows."""
        left = list(patterns)
        while left:
            best = min(left, key=lambda each: _cost(each, known))
            left.remove(best)
            if _of_pattern(best) & self._perhaps:
                raise Beyond("a pattern with a variable that may or may not be bound")
            if is_nestable(best):
                _nest(found, known).parts.append(best)
            else:
                found.append(_pattern(best, known))
            known |= _of_pattern(best)
            for each in [each for each in waiting if _is_ready(each.condition, known)]:
                waiting.remove(each)
                _nest(found, known).parts.append(self._test(each))

    def _element(self, element: Bind | Optional | Union | InGraph | Group | Select, known: set[str]) -> Step:
        if isinstance(element, Bind):
            return self._bind(element, known)
        if isinstance(element, Optional):
            return self._optional(element.group, known)
        if isinstance(element, Union):
            return self._union(element, known)
        if isinstance(element, InGraph):
            return self._in_graph(element, known)
        if isinstance(element, Select):
            return self._select(element, known)
        return self._nested(element, known)

    def _bind(self, element: Bind, known: set[str]) -> Step:
        if element.variable in known:
            raise Beyond("BIND of a variable in use")
        self._perhaps.add(element.variable)
        return _bind(self._expressions.function(element.expression), element.variable)

    def _optional(self, group: Group, known: set[str]) -> Step:
        if any(not isinstance(each, (Pattern, Filter)) for each in group.elements):
            raise Beyond("a group within OPTIONAL")
        step = _optional(self._group(group, set(known)))
        self._perhaps |= _variables(group) - known
        return step

    def _union(self, element: Union, known: set[str]) -> Step:
        after = [set(known) for _ in element.groups]
        step = _union([self._nested(group, own) for group, own in zip(element.groups, after, strict=True)])
        known |= set.intersection(*after)
        self._perhaps |= {name for group in element.groups for name in _variables(group)} - known
        return step

    def _in_graph(self, element: InGraph, known: set[str]) -> Step:
        if element.name != _SHAPES or _SHAPES not in self._bound:
            raise Beyond("GRAPH of another graph than $shapesGraph")
        return _elsewhere(self._shapes, self._nested(element.group, known))

    def _nested(self, group: Group, known: set[str]) -> Step:
        """A group within a group: it sees no more of what is outside than it binds for itself."""
        certain = set(self._bound)
        for each in group.elements:
            if isinstance(each, Pattern):
                certain |= _of_pattern(each)
        if (_variables(group) & known) - certain:
            raise Beyond("a group that depends on what is bound around it")
        step = self._group(group, set(known))
        known |= certain
        return step

    def _select(self, query: Select, known: set[str]) -> Step:
        inner = _variables(query.group)
        projection = query.projection
        if projection is None or any(name != each for name, each in projection.items()):
            raise Beyond("a nested SELECT with expressions")
        if (inner - set(projection)) & (known - self._bound):
            raise Beyond("a nested SELECT that hides a variable in use")
        return self._nested(query.group, known)

    def _test(self, element: Filter) -> Matches:
        return test(self._expressions.function(element.condition))

    def _exists(self, group: Group) -> Matches:
        segments = self._segments(group, set(self._known))
        if len(segments) == 1 and isinstance(segments[0], _Nest):
            return nested_test(segments[0].parts, segments[0].known)
        inner = _in_turn([each.step() if isinstance(each, _Nest) else each for each in segments])
        return lambda graph, row: any(True for _ in inner(graph, dict(row)))


@dataclass(slots=True)
class _Nest:
    """Patterns and filters that become nested loops.

    Attributes:
        known: the variables bound before them.
    """

    parts: list[Part]
    known: frozenset[str]

    def step(self) -> Step:
        """The step through their solutions."""
        return nested_step(self.parts, self.known)


def _nest(found: list[_Nest | Step], known: AbstractSet[str]) -> _Nest:
    """The nest that is last among the segments, or a new one."""
    last = found[-1] if found else None
    if isinstance(last, _Nest):
        return last
    made = _Nest([], frozenset(known))
    found.append(made)
    return made


def _in_turn(steps: Sequence[Step]) -> Step:
    """Each step for each solution of the one before it."""
    if not steps:
        return _once
    if len(steps) == 1:
        return steps[0]
    first, rest = steps[0], _in_turn(steps[1:])

    def step(graph: Graph, row: Row) -> Iterator[None]:
        for _ in first(graph, row):
            yield from rest(graph, row)

    return step


def _once(_graph: Graph, _row: Row) -> Iterator[None]:
    yield


def _bind(evaluate: Evaluate, variable: str) -> Step:
    def step(graph: Graph, row: Row) -> Iterator[None]:
        try:
            row[variable] = term(evaluate(graph, row))
        except TypeFault:
            yield
            return
        yield
        row.pop(variable, None)

    return step


def _optional(inner: Step) -> Step:
    def step(graph: Graph, row: Row) -> Iterator[None]:
        found = False
        for _ in inner(graph, row):
            found = True
            yield
        if not found:
            yield

    return step


def _union(ways: Sequence[Step]) -> Step:
    def step(graph: Graph, row: Row) -> Iterator[None]:
        for way in ways:
            yield from way(graph, row)

    return step


def _elsewhere(other: Graph, inner: Step) -> Step:
    return lambda _graph, row: inner(other, row)


def _cost(pattern: Pattern, known: AbstractSet[str]) -> int:
    """How many triples a pattern may meet, as a rank."""
    subject = pattern.subject[0] != "?" or pattern.subject in known
    value = pattern.value[0] != "?" or pattern.value in known
    named = isinstance(pattern.predicate, Path) or pattern.predicate[0] != "?" or pattern.predicate in known
    if subject:
        return (0 if value else 1) if named else 2
    if value:
        return 3 if named else 6
    return 5 if named else 7


def _pattern(pattern: Pattern, known: AbstractSet[str]) -> Step:
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


def _of_pattern(pattern: Pattern) -> set[str]:
    parts = (pattern.subject, pattern.predicate, pattern.value)
    return {part for part in parts if isinstance(part, str) and part[0] == "?"}


def _is_ready(expression: Expression, known: AbstractSet[str]) -> bool:
    """Whether a filter's outcome can no longer change: all it looks at is bound."""
    if isinstance(expression, str):
        return expression[0] != "?" or expression in known
    return isinstance(expression, Call) and all(_is_ready(each, known) for each in expression.args)


def _variables(group: Group) -> set[str]:
    """All variables that a group mentions."""
    return {name for element in group.elements for name in _in_element(element)}


def _in_element(element: object) -> set[str]:
    if isinstance(element, Pattern):
        return _of_pattern(element)
    if isinstance(element, Filter):
        return _in_expression(element.condition)
    if isinstance(element, Bind):
        return {element.variable} | _in_expression(element.expression)
    if isinstance(element, (Optional, InGraph, Select)):
        return _variables(element.group)
    if isinstance(element, Union):
        return {name for each in element.groups for name in _variables(each)}
    return _variables(element) if isinstance(element, Group) else set()


def _in_expression(expression: Expression) -> set[str]:
    if isinstance(expression, str):
        return {expression} if expression[0] == "?" else set()
    if isinstance(expression, Exists):
        return _variables(expression.group)
    return {name for each in expression.args for name in _in_expression(each)}
