"""Shapes to functions: each constraint becomes a closure, and what all targets of a node demand becomes one plan.

A plan is run along the properties that a node has, not along the shapes it might break: a property shape that demands
nothing of missing values costs nothing where the property is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from kg.check.shacl.closed import closed_checks
from kg.check.shacl.graph import Graph, Node
from kg.check.shacl.logic import logic_tests, qualified_checks
from kg.check.shacl.pairs import set_checks
from kg.check.shacl.paths import IllFormed, PathKind, walk
from kg.check.shacl.results import Blame, Check, Conforms, NodeTest, Result, SetCheck, Test, ValueTest
from kg.check.shacl.shapes_graph import Shape, ShapesGraph
from kg.check.shacl.values import value_tests

#: Judges one focus node against a shape, and adds what it finds.
Validate = Callable[[Graph, str, list[Result]], None]

_NOTHING: Final[Node] = {}


class Queries(Protocol):
    """Makes the constraints that SPARQL states."""

    def checks(self, shape: Shape) -> Iterable[SetCheck]:
        """The SPARQL constraints of a shape, and those of the constraint components it has parameters for."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is demanded of one focus node.

    Attributes:
        present: predicate to the judge of its values, where there are some.
        absent: predicate to the judge of its having none.
        others: what looks further than at the values of one predicate.
    """

    present: Mapping[str, Check]
    absent: Mapping[str, Check]
    required: frozenset[str]
    others: tuple[Validate, ...]

    def run(self, graph: Graph, focus: str, found: list[Result]) -> None:
        """Judges the focus node and adds what is found."""
        node = graph.nodes.get(focus, _NOTHING)
        present = self.present
        for predicate, values in node.items():
            check = present.get(predicate)
            if check is not None:
                check(graph, focus, values, found)
        if not node.keys() >= self.required:
            for predicate in self.required - node.keys():
                self.absent[predicate](graph, focus, (), found)
        for validate in self.others:
            validate(graph, focus, found)


class Compiler:
    """Compiles the shapes of one graph, each once.

    Raises:
        IllFormed: in each method, when a shape makes no sense or is recursive.
    """

    def __init__(self, shapes: ShapesGraph, queries: Queries) -> None:
        self._shapes = shapes
        self._queries = queries
        self._open: set[str] = set()
        self._conformances: dict[str, Conforms] = {}
        self._constraints: dict[str, tuple[tuple[ValueTest | NodeTest, ...], tuple[SetCheck, ...]]] = {}

    def plan(self, shapes: Iterable[Shape]) -> Plan:
        """What these shapes together demand of a node that all of them target."""
        present: dict[str, list[Check]] = {}
        absent: dict[str, list[Check]] = {}
        others: list[Validate] = []
        for shape in shapes:
            if shape.deactivated:
                continue
            parts = [shape, *self._properties(shape)] if shape.path is None else [shape]
            for part in parts:
                self._place(part, present, absent, others)
        return Plan(
            present={predicate: _in_turn(checks) for predicate, checks in present.items()},
            absent={predicate: _in_turn(checks) for predicate, checks in absent.items()},
            required=frozenset(absent),
            others=tuple(others),
        )

    def validate(self, node: str) -> Validate:
        """The function that judges a focus node against the shape with this node."""
        shape = self._shapes.shape(node)
        if shape.deactivated:
            return lambda _graph, _focus, _found: None
        judge = self._judge(shape)
        nested = tuple(self.validate(each.node) for each in self._properties(shape))
        if shape.path is None:
            return _of_node(judge, nested)
        return _of_path(walk(shape.path), judge, nested)

    def conformance(self, node: str) -> Conforms:
        """The function that says whether a node conforms to the shape with this node."""
        known = self._conformances.get(node)
        if known is None:
            known = self._conformances[node] = self._conformance(self._shapes.shape(node))
        return known

    def _place(
        self, shape: Shape, present: dict[str, list[Check]], absent: dict[str, list[Check]], others: list[Validate]
    ) -> None:
        """Puts a shape's demands where the plan looks for them."""
        path = shape.path
        if path is None:
            judge = self._judge(shape)
            if judge is not None:
                others.append(_of_node(judge, ()))
        elif path.kind is PathKind.PREDICATE and not shape.values("property"):
            judge = self._judge(shape)
            if judge is not None:
                present.setdefault(path.predicate, []).append(judge)
            demanding = _together((), [check for check in self._of(shape)[1] if not check.idle])
            if demanding is not None:
                absent.setdefault(path.predicate, []).append(demanding)
        else:
            others.append(self.validate(shape.node))

    def _properties(self, shape: Shape) -> list[Shape]:
        """The property shapes that a shape hands its value nodes to."""
        nested = []
        with self._within(shape):
            for node in shape.values("property"):
                each = self._shapes.shape(node)
                if each.path is None:
                    raise IllFormed(shape.node, f"sh:property {node}, which has no sh:path")
                if not each.deactivated:
                    self._of(each)
                    self._properties(each)
                    nested.append(each)
        return nested

    def _judge(self, shape: Shape) -> Check | None:
        """The judge of a shape's values; None where it demands nothing of them."""
        return _together(*self._of(shape))

    def _of(self, shape: Shape) -> tuple[tuple[ValueTest | NodeTest, ...], tuple[SetCheck, ...]]:
        """The shape's constraints but for its property shapes."""
        known = self._constraints.get(shape.node)
        if known is None:
            with self._within(shape):
                tests = (*value_tests(shape, self._shapes), *logic_tests(shape, self._shapes, self.conformance))
                checks = (
                    *set_checks(shape),
                    *qualified_checks(shape, self._shapes, self.conformance),
                    *closed_checks(shape, self._shapes),
                    *self._queries.checks(shape),
                )
            known = self._constraints[shape.node] = tests, checks
        return known

    def _conformance(self, shape: Shape) -> Conforms:
        if shape.deactivated:
            return lambda _graph, _node: True
        tests, checks = self._of(shape)
        with self._within(shape):
            nested = tuple(self.conformance(node) for node in shape.values("property"))
        if shape.path is None and not checks and not nested:
            return _all_tests(tests)
        judge = _together(tests, checks)
        if shape.path is None:
            return _node_conforms(judge, nested)
        return _values_conform(walk(shape.path), judge, nested)

    def _within(self, shape: Shape) -> _Opened:
        return _Opened(self._open, shape.node)


class _Opened:
    """Keeps a shape marked as being compiled; one that is met again within itself is recursive."""

    def __init__(self, opened: set[str], node: str) -> None:
        self._opened, self._node = opened, node

    def __enter__(self) -> None:
        if self._node in self._opened:
            raise IllFormed(self._node, "a shape that refers to itself; SHACL leaves open what that means")
        self._opened.add(self._node)

    def __exit__(self, *_: object) -> None:
        self._opened.discard(self._node)


def _of_node(judge: Check | None, nested: tuple[Validate, ...]) -> Validate:
    def validate(graph: Graph, focus: str, found: list[Result]) -> None:
        if judge is not None:
            judge(graph, focus, (focus,), found)
        for each in nested:
            each(graph, focus, found)

    return validate


def _of_path(
    ends: Callable[[Graph, str], Collection[str]], judge: Check | None, nested: tuple[Validate, ...]
) -> Validate:
    def validate(graph: Graph, focus: str, found: list[Result]) -> None:
        values = ends(graph, focus)
        if judge is not None:
            judge(graph, focus, values, found)
        for each in nested:
            for value in values:
                each(graph, value, found)

    return validate


def _together(tests: Iterable[ValueTest | NodeTest], checks: Iterable[SetCheck]) -> Check | None:
    """One judge of all these constraints."""
    alone = [(each.test, each.blame) for each in tests if isinstance(each, ValueTest)]
    judges = [each.check for each in checks]
    if alone:
        judges.append(_each_alone(alone))
    judges += [_each_in_graph(each) for each in tests if isinstance(each, NodeTest)]
    return _in_turn(judges) if judges else None


def _each_alone(tests: list[tuple[Test, Blame]]) -> Check:
    if len(tests) == 1:
        return _one_alone(*tests[0])

    def check(_graph: Graph, focus: str, values: Collection[str], found: list[Result]) -> None:
        for value in values:
            for test, blame in tests:
                if not test(value):
                    found.append(blame.result(focus, value))

    return check


def _one_alone(test: Test, blame: Blame) -> Check:
    def check(_graph: Graph, focus: str, values: Collection[str], found: list[Result]) -> None:
        for value in values:
            if not test(value):
                found.append(blame.result(focus, value))  # noqa: PERF401 # a generator would cost where nothing is found

    return check


def _each_in_graph(constraint: NodeTest) -> Check:
    test, blame = constraint.test, constraint.blame

    def check(graph: Graph, focus: str, values: Collection[str], found: list[Result]) -> None:
        for value in values:
            if not test(graph, value):
                found.append(blame.result(focus, value))  # noqa: PERF401 # as above

    return check


def _in_turn(checks: list[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]
    every = tuple(checks)

    def check(graph: Graph, focus: str, values: Collection[str], found: list[Result]) -> None:
        for each in every:
            each(graph, focus, values, found)

    return check


def _all_tests(tests: Iterable[ValueTest | NodeTest]) -> Conforms:
    """Whether a node passes tests alone: the members of most sh:or lists."""
    alone = tuple(each.test for each in tests if isinstance(each, ValueTest))
    within = tuple(each.test for each in tests if isinstance(each, NodeTest))
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


def _node_conforms(judge: Check | None, nested: tuple[Conforms, ...]) -> Conforms:
    def conforms(graph: Graph, node: str) -> bool:
        found: list[Result] = []
        if judge is not None:
            judge(graph, node, (node,), found)
        return not found and all(each(graph, node) for each in nested)

    return conforms


def _values_conform(
    ends: Callable[[Graph, str], Collection[str]], judge: Check | None, nested: tuple[Conforms, ...]
) -> Conforms:
    def conforms(graph: Graph, node: str) -> bool:
        values = ends(graph, node)
        found: list[Result] = []
        if judge is not None:
            judge(graph, node, values, found)
        return not found and all(each(graph, value) for each in nested for value in values)

    return conforms
