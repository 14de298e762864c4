"""Judges: the functions that several constraints of one shape become together.

Calls are most of what a check costs, so that common combinations have functions of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from kg.check.shacl.graph import Graph
from kg.check.shacl.inlined import inlined
from kg.check.shacl.results import (
    AtMost,
    Check,
    ClassTest,
    Conforms,
    EachTest,
    NodeTest,
    Result,
    SetCheck,
    Together,
    ValueTest,
)

#: Judges one focus node against a shape, and adds what it finds.
Validate = Callable[[Graph, str, list[Result]], None]


def together(tests: Iterable[EachTest], checks: Iterable[Together], *, some: bool = False) -> Check | None:
    """One judge of all these constraints; `some` says that it is asked only where there are values.

    None where nothing is demanded.
    """
    inline = [each for each in tests if isinstance(each, (ValueTest, ClassTest))]
    bounds = [each for each in checks if isinstance(each, AtMost)]
    judges = [each.check for each in checks if isinstance(each, SetCheck) and not (some and each.content)]
    if inline:
        judges.append(inlined(inline, bounds.pop() if bounds else None))
    judges += map(_at_most, bounds)
    judges += [_each_in_graph(each) for each in tests if isinstance(each, NodeTest)]
    return in_turn(judges) if judges else None


def in_turn(checks: Sequence[Check]) -> Check:
    """One judge after another."""
    if len(checks) == 1:
        return checks[0]
    every = tuple(checks)

    def check(graph: Graph, focus: str, values: Collection[str], found: list[Result]) -> None:
        for each in every:
            each(graph, focus, values, found)

    return check


def _at_most(bound: AtMost) -> Check:
    blame, most = bound.blame, bound.most

    def check(_graph: Graph, focus: str, values: Collection[str], found: list[Result]) -> None:
        if len(values) > most:
            found.append(blame.result(focus))

    return check


def _each_in_graph(constraint: NodeTest) -> Check:
    test, blame = constraint.test, constraint.blame

    def check(graph: Graph, focus: str, values: Collection[str], found: list[Result]) -> None:
        for value in values:
            if not test(graph, value):
                found.append(blame.result(focus, value))  # noqa: PERF401 # a generator would cost where all pass

    return check


def of_node(judge: Check | None, nested: tuple[Validate, ...]) -> Validate:
    """The function that judges the nodes at the ends of a path, and hands each to the property shapes."""

    def validate(graph: Graph, focus: str, found: list[Result]) -> None:
        if judge is not None:
            judge(graph, focus, (focus,), found)
        for each in nested:
            each(graph, focus, found)

    return validate


def of_path(
    ends: Callable[[Graph, str], Collection[str]], judge: Check | None, nested: tuple[Validate, ...]
) -> Validate:
    """The function that judges the nodes at the ends of a path, and hands each to the property shapes."""

    def validate(graph: Graph, focus: str, found: list[Result]) -> None:
        values = ends(graph, focus)
        if judge is not None:
            judge(graph, focus, values, found)
        for each in nested:
            for value in values:
                each(graph, value, found)

    return validate


def all_tests(tests: Iterable[EachTest]) -> Conforms:
    """Whether a node passes tests alone: the members of most sh:or lists."""
    alone = tuple(each.test for each in tests if isinstance(each, ValueTest))
    within = tuple(each.test for each in tests if not isinstance(each, ValueTest))
    if len(alone) == 1 and not within:
        (only,) = alone
        return lambda _graph, node: bool(only(node))
    if len(within) == 1 and not alone:
        (inside,) = within
        return lambda graph, node: bool(inside(graph, node))

    def conforms(graph: Graph, node: str) -> bool:
        for test in alone:
            if not test(node):
                return False
        return all(test(graph, node) for test in within)

    return conforms


def node_conforms(judge: Check | None, nested: tuple[Conforms, ...]) -> Conforms:
    """Whether the nodes at the ends of a path pass the judge and the property shapes."""

    def conforms(graph: Graph, node: str) -> bool:
        found: list[Result] = []
        if judge is not None:
            judge(graph, node, (node,), found)
        if found:
            return False
        for each in nested:  # noqa: SIM110 # a generator would cost as much again as the test
            if not each(graph, node):
                return False
        return True

    return conforms


def few_enough(ends: Callable[[Graph, str], Collection[str]], most: int) -> Conforms:
    """Whether there are not more than so many nodes at the ends of a path."""
    return lambda graph, node: len(ends(graph, node)) <= most


def values_conform(
    ends: Callable[[Graph, str], Collection[str]], judge: Check | None, nested: tuple[Conforms, ...]
) -> Conforms:
    """Whether the nodes at the ends of a path pass the judge and the property shapes."""

    def conforms(graph: Graph, node: str) -> bool:
        values = ends(graph, node)
        found: list[Result] = []
        if judge is not None:
            judge(graph, node, values, found)
        return not found and all(each(graph, value) for each in nested for value in values)

    return conforms
