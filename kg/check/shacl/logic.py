"""Constraints that refer to other shapes (SHACL §4.6 and §4.7)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final

from kg.check.shacl.graph import Graph
from kg.check.shacl.results import Blame, Check, Conforms, GraphTest, NodeTest, Result, SetCheck
from kg.check.shacl.shapes_graph import Shape, ShapesGraph
from kg.rdf.vocab import SH

_PROPERTY, _QUALIFIED = str(SH("property")), str(SH("qualifiedValueShape"))

#: Gives the function that says whether a node conforms to the shape with this node.
Conformance = Callable[[str], Conforms]


def logic_tests(shape: Shape, shapes: ShapesGraph, conformance: Conformance) -> Iterator[NodeTest]:
    """The constraints on each value that ask whether it conforms to other shapes.

    Raises:
        IllFormed: a list of shapes is none.
    """
    for other in shape.values("not"):
        blame = Blame.of(shape, "NotConstraintComponent", "The value is what it must not be.")
        yield NodeTest(blame, _not(conformance(other)))
    for other in shape.values("node"):
        blame = Blame.of(shape, "NodeConstraintComponent", "The value breaks the shape demanded of it.")
        yield NodeTest(blame, conformance(other))
    for local, (component, combined, usual) in _COMBINED.items():
        for head in shape.values(local):
            ways = tuple(
                map(conformance, dict.fromkeys(shapes.members(head)) if local != "xone" else shapes.members(head))
            )
            yield NodeTest(Blame.of(shape, component, usual), combined(ways))


def qualified_checks(shape: Shape, shapes: ShapesGraph, conformance: Conformance) -> Iterator[SetCheck]:
    """How many values conform to another shape, and to none of its siblings where these are to be disjoint.

    Raises:
        IllFormed: a number is none, or there are several.
    """
    least, most = shape.number("qualifiedMinCount"), shape.number("qualifiedMaxCount")
    apart = shape.flag("qualifiedValueShapesDisjoint")
    for other in shape.values("qualifiedValueShape"):
        siblings = tuple(map(conformance, _siblings(shape, shapes) - {other})) if apart else ()
        counted = _counted(conformance(other), siblings)
        if least is not None and least > 0:
            said = f"There are fewer than {least} values of the shape demanded."
            blame = Blame.of(shape, "QualifiedMinCountConstraintComponent", said)
            yield SetCheck(_few(blame, counted, least), idle=False)
        if most is not None:
            said = f"There are more than {most} values of the shape demanded."
            blame = Blame.of(shape, "QualifiedMaxCountConstraintComponent", said)
            yield SetCheck(_many(blame, counted, most), idle=True)


def _not(conforms: Conforms) -> GraphTest:
    return lambda graph, value: not conforms(graph, value)


def _and(ways: tuple[Conforms, ...]) -> GraphTest:
    return lambda graph, value: all(way(graph, value) for way in ways)


def _or(ways: tuple[Conforms, ...]) -> GraphTest:
    def test(graph: Graph, value: str) -> bool:
        for way in ways:  # noqa: SIM110 # a generator would cost as much again as the test
            if way(graph, value):
                return True
        return False

    return test


def _xone(ways: tuple[Conforms, ...]) -> GraphTest:
    return lambda graph, value: sum([way(graph, value) for way in ways]) == 1


_COMBINED: Final = {
    "and": ("AndConstraintComponent", _and, "The value does not conform to all shapes demanded of it."),
    "or": ("OrConstraintComponent", _or, "The value conforms to none of the shapes allowed."),
    "xone": ("XoneConstraintComponent", _xone, "The value does not conform to exactly one of the shapes allowed."),
}


def _siblings(shape: Shape, shapes: ShapesGraph) -> set[str]:
    """The qualified value shapes of all property shapes that share a parent with this one (SHACL §4.7.3)."""
    graph = shapes.graph
    return {
        qualified
        for parent in graph.incoming(shape.node, _PROPERTY)
        for sibling in graph.objects(parent, _PROPERTY)
        for qualified in graph.objects(sibling, _QUALIFIED)
    }


def _counted(conforms: Conforms, siblings: tuple[Conforms, ...]) -> Callable[[Graph, Collection[str]], int]:
    def count(graph: Graph, values: Collection[str]) -> int:
        return sum(
            1 for value in values if conforms(graph, value) and not any(sibling(graph, value) for sibling in siblings)
        )

    return count


def _few(blame: Blame, counted: Callable[[Graph, Collection[str]], int], least: int) -> Check:
    def check(graph: Graph, focus: str, values: Collection[str], found: list[Result]) -> None:
        if counted(graph, values) < least:
            found.append(blame.result(focus))

    return check


def _many(blame: Blame, counted: Callable[[Graph, Collection[str]], int], most: int) -> Check:
    def check(graph: Graph, focus: str, values: Collection[str], found: list[Result]) -> None:
        if counted(graph, values) > most:
            found.append(blame.result(focus))

    return check
