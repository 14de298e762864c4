"""Queries compiled to functions over one graph, with variables bound beforehand (SHACL §5.3.1 and Appendix A).

A solution is one dictionary that steps fill and clear again as they go. That agrees with SPARQL's algebra as long as
nothing is looked at before it is bound; groups for which it would not are `Beyond` and left to Oxigraph.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from kg.check.shacl.graph import Graph
from kg.check.shacl.query import steps
from kg.check.shacl.query.expressions import Evaluate, Expressions, Matches, Row, is_plain, test
from kg.check.shacl.query.nested import Absence, Formula, Part, Step, is_nestable, nested_step, nested_test, presence
from kg.check.shacl.query.syntax import (
    Beyond,
    Bind,
    Call,
    Exists,
    Filter,
    Group,
    InGraph,
    Optional,
    Pattern,
    Select,
    Union,
)
from kg.check.shacl.query.values import TypeFault, term
from kg.check.shacl.query.variables import cost, group_variables, is_ready, pattern_variables

_SHAPES: Final = "?shapesGraph"
#: Parts that need no row to look things up in.
_TOLD_AT_ONCE: Final = (Pattern, Absence, Formula)


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled query.

    Attributes:
        step: gives the solutions.
        projection: variable to the function of its value.
        names: the variables bound beforehand.
        begins: whether there may be a solution, as the query's first patterns and filters tell: a function of the
            graph and of those variables.
    """

    step: Step
    projection: Mapping[str, Evaluate]
    names: tuple[str, ...]
    begins: Callable[..., bool]

    def solutions(self, graph: Graph, bound: Row) -> list[dict[str, str]]:
        """The selected variables of each solution, without question marks; unbound ones are left out.

        Args:
            graph: the data.
            bound: the variables bound beforehand.
        """
        if not self._may_match(graph, bound):
            return []
        row = dict(bound)
        return [self._projected(graph, row) for _ in self.step(graph, row)]

    def matches(self, graph: Graph, bound: Row) -> bool:
        """Whether there is a solution."""
        return self._may_match(graph, bound) and any(True for _ in self.step(graph, dict(bound)))

    def _may_match(self, graph: Graph, bound: Row) -> bool:
        return self.begins(graph, *[bound[name] for name in self.names])

    def _projected(self, graph: Graph, row: Row) -> dict[str, str]:
        found = {}
        for name, evaluate in self.projection.items():
            try:
                found[name[1:]] = term(evaluate(graph, row))
            except TypeFault:
                continue
        return found


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
        self._properties: set[str] = set()
        self._expressions = Expressions(self._exists)

    def plan(self, query: Select) -> Plan:
        """The compiled query.

        Raises:
            Beyond: it has a part that is not answered here.
        """
        segments = self._segments(query.group, set(self._bound))
        names = query.projection
        if names is None:
            names = {name: name for name in sorted(group_variables(query.group))}
        projection = {name: self._expressions.function(each) for name, each in names.items()}
        bound = tuple(sorted(self._bound))
        return Plan(_joined(segments), projection, bound, _beginning(segments, bound))

    def _group(self, group: Group, known: set[str]) -> Step:
        """The step that gives a group's solutions; `known` are the variables bound before, and then those after."""
        return _joined(self._segments(group, known))

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
            _nest(found, known).parts.append(self._test(each, known))
        return found

    def _patterns(
        self, patterns: Sequence[Pattern], known: set[str], waiting: list[Filter], found: list[_Nest | Step]
    ) -> None:
        """Adds the patterns, the most telling first, each followed by the filters that it allows."""
        left = list(patterns)
        while left:
            best = min(left, key=lambda each: (cost(each, known), self._commonness(each.value)))
            left.remove(best)
            if pattern_variables(best) & self._perhaps:
                raise Beyond("a pattern with a variable that may or may not be bound")
            if is_nestable(best):
                _nest(found, known).parts.append(best)
            else:
                found.append(steps.pattern_step(best, known))
            known |= pattern_variables(best)
            if isinstance(best.predicate, str) and best.predicate[0] == "?":
                self._properties.add(best.predicate)
            for each in [each for each in waiting if is_ready(each.condition, known)]:
                waiting.remove(each)
                _nest(found, known).parts.append(self._test(each, known))

    def _commonness(self, value: str) -> int:
        """How many triples an object is likely in, as a rank: those that a query found are in the fewest.

        A property is in many, since it is what claims say of their statements.
        """
        if value[0] != "?":
            return 3
        if value in self._properties:
            return 2
        return 1 if value in self._bound else 0

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
        return steps.bound(self._expressions.function(element.expression), element.variable)

    def _optional(self, group: Group, known: set[str]) -> Step:
        if any(not isinstance(each, (Pattern, Filter)) for each in group.elements):
            raise Beyond("a group within OPTIONAL")
        step = steps.optional(self._group(group, set(known)))
        self._perhaps |= group_variables(group) - known
        return step

    def _union(self, element: Union, known: set[str]) -> Step:
        after = [set(known) for _ in element.groups]
        step = steps.union([self._nested(group, own) for group, own in zip(element.groups, after, strict=True)])
        known |= set.intersection(*after)
        self._perhaps |= {name for group in element.groups for name in group_variables(group)} - known
        return step

    def _in_graph(self, element: InGraph, known: set[str]) -> Step:
        if element.name != _SHAPES or _SHAPES not in self._bound:
            raise Beyond("GRAPH of another graph than $shapesGraph")
        return steps.elsewhere(self._shapes, self._nested(element.group, known))

    def _nested(self, group: Group, known: set[str]) -> Step:
        """A group within a group: it sees no more of what is outside than it binds for itself."""
        certain = set(self._bound)
        for each in group.elements:
            if isinstance(each, Pattern):
                certain |= pattern_variables(each)
        if (group_variables(group) & known) - certain:
            raise Beyond("a group that depends on what is bound around it")
        step = self._group(group, set(known))
        known |= certain
        return step

    def _select(self, query: Select, known: set[str]) -> Step:
        inner = group_variables(query.group)
        projection = query.projection
        if projection is None or any(name != each for name, each in projection.items()):
            raise Beyond("a nested SELECT with expressions")
        if (inner - set(projection)) & (known - self._bound):
            raise Beyond("a nested SELECT that hides a variable in use")
        return self._nested(query.group, known)

    def _test(self, element: Filter, known: AbstractSet[str]) -> Absence | Formula | Matches:
        condition = element.condition
        if isinstance(condition, Call) and condition.name == "!" and isinstance(condition.args[0], Exists):
            segments = self._segments(condition.args[0].group, set(known))
            if len(segments) == 1 and isinstance(segments[0], _Nest):
                parts = segments[0].parts
                if isinstance(parts[0], Pattern) and all(isinstance(each, _TOLD_AT_ONCE) for each in parts):
                    return Absence(tuple(parts))
        if is_plain(condition, known):
            return Formula(condition)
        return test(self._expressions.function(condition))

    def _exists(self, group: Group) -> Matches:
        segments = self._segments(group, set(self._known))
        if len(segments) == 1 and isinstance(segments[0], _Nest):
            return nested_test(segments[0].parts, segments[0].known)
        inner = _joined(segments)
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


def _beginning(segments: Sequence[_Nest | Step], names: Sequence[str]) -> Callable[..., bool]:
    """Whether the first of the segments has a solution, where that can be told at once."""
    first = segments[0] if segments else None
    if isinstance(first, _Nest):
        with suppress(Beyond):
            return presence(first.parts, names)
    return lambda *_: True


def _joined(segments: Sequence[_Nest | Step]) -> Step:
    return steps.in_turn([each.step() if isinstance(each, _Nest) else each for each in segments])
