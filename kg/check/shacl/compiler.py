"""Shapes to functions: each constraint becomes a closure, and what all targets of a node demand becomes one plan.

A plan is run along the properties that a node has, not along the shapes it might break: a property shape that demands
nothing of missing values costs nothing where the property is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kg.check.shacl.closed import closed_checks
from kg.check.shacl.graph import Graph
from kg.check.shacl.judges import (
    Validate,
    all_tests,
    few_enough,
    in_turn,
    node_conforms,
    of_node,
    of_path,
    together,
    values_conform,
)
from kg.check.shacl.logic import logic_tests, qualified_checks
from kg.check.shacl.pairs import set_checks
from kg.check.shacl.paths import IllFormed, PathKind, walk
from kg.check.shacl.results import AtMost, Check, Conforms, EachTest, Result, SetCheck, Together
from kg.check.shacl.shapes_graph import Shape, ShapesGraph
from kg.check.shacl.values import value_tests
from kg.rdf.templates import Node


class Queries(Protocol):
    """Makes the constraints that SPARQL states."""

    def checks(self, shape: Shape) -> Iterable[SetCheck]:
        """The SPARQL constraints of a shape, and those of the constraint components it has parameters for."""
        ...


#: A focus node and its properties.
Member = tuple[str, Node]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is demanded of one focus node.

    Attributes:
        present: predicate to the judge of its values, where there are some.
        absent: predicate to the judge of its having none.
        demands: predicate to the constraints on its values, of which its judge was made.
        others: what looks further than at the values of one predicate.
    """

    present: Mapping[str, Check]
    absent: Mapping[str, Check]
    required: frozenset[str]
    demands: Mapping[str, Sequence[EachTest | Together]]
    others: tuple[Validate, ...]

    def run(self, graph: Graph, focus: str, node: Node, found: list[Result]) -> None:
        """Judges the focus node, whose properties are given, and adds what is found."""
        present = self.present
        if present:
            for predicate, values in node.items():
                if predicate in present:
                    present[predicate](graph, focus, values, found)
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
        self._present: dict[str, Check | None] = {}
        self._conformances: dict[str, Conforms] = {}
        self._constraints: dict[str, tuple[tuple[EachTest, ...], tuple[Together, ...]]] = {}

    def plan(self, shapes: Iterable[Shape]) -> Plan:
        """What these shapes together demand of a node that all of them target."""
        draft = _Draft()
        for shape in shapes:
            if shape.deactivated:
                continue
            parts = [shape, *self._properties(shape)] if shape.path is None else [shape]
            for part in parts:
                self._place(part, draft)
        return draft.plan()

    def validate(self, node: str) -> Validate:
        """The function that judges a focus node against the shape with this node."""
        shape = self._shapes.shape(node)
        if shape.deactivated:
            return lambda _graph, _focus, _found: None
        judge = self._judge(shape)
        nested = tuple(self.validate(each.node) for each in self._properties(shape))
        if shape.path is None:
            return of_node(judge, nested)
        return of_path(walk(shape.path), judge, nested)

    def conformance(self, node: str) -> Conforms:
        """The function that says whether a node conforms to the shape with this node."""
        known = self._conformances.get(node)
        if known is None:
            known = self._conformances[node] = self._conformance(self._shapes.shape(node))
        return known

    def _place(self, shape: Shape, draft: _Draft) -> None:
        """Puts a shape's demands where the plan looks for them."""
        path = shape.path
        if path is None:
            judge = self._judge(shape)
            if judge is not None:
                draft.others.append(of_node(judge, ()))
        elif path.kind is PathKind.PREDICATE and not shape.values("property"):
            tests, checks = self._of(shape)
            judge = self._present.get(shape.node)
            if judge is None:
                judge = self._present[shape.node] = together(tests, checks, some=True)
            if judge is not None:
                draft.present.setdefault(path.predicate, []).append(judge)
                draft.demands.setdefault(path.predicate, []).extend((*tests, *checks))
            demanding = together((), [each for each in checks if isinstance(each, SetCheck) and not each.idle])
            if demanding is not None:
                draft.absent.setdefault(path.predicate, []).append(demanding)
        else:
            draft.others.append(self.validate(shape.node))

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
        return together(*self._of(shape))

    def _of(self, shape: Shape) -> tuple[tuple[EachTest, ...], tuple[Together, ...]]:
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
            return all_tests(tests)
        bounds = [each.most for each in checks if isinstance(each, AtMost)]
        if shape.path and checks and len(bounds) == len(checks) and not (tests or nested):
            return few_enough(walk(shape.path), min(bounds))
        judge = together(tests, checks)
        if shape.path is None:
            return node_conforms(judge, nested)
        return values_conform(walk(shape.path), judge, nested)

    def _within(self, shape: Shape) -> _Opened:
        return _Opened(self._open, shape.node)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A plan that is being put together."""

    present: dict[str, list[Check]] = field(default_factory=dict)
    absent: dict[str, list[Check]] = field(default_factory=dict)
    demands: dict[str, list[EachTest | Together]] = field(default_factory=dict)
    others: list[Validate] = field(default_factory=list)

    def plan(self) -> Plan:
        """The plan, with one judge for each predicate."""
        return Plan(
            present={predicate: in_turn(checks) for predicate, checks in self.present.items()},
            absent={predicate: in_turn(checks) for predicate, checks in self.absent.items()},
            required=frozenset(self.absent),
            demands=self.demands,
            others=tuple(self.others),
        )


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
