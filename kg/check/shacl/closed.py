"""Closed shapes: no other properties than those named (SHACL §4.8.1)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from kg.check.shacl.graph import Graph
from kg.check.shacl.paths import Path, PathKind
from kg.check.shacl.results import Blame, Check, Result, SetCheck
from kg.check.shacl.shapes_graph import Shape, ShapesGraph
from kg.rdf.vocab import SH

_PATH: Final = str(SH("path"))


def closed_checks(shape: Shape, shapes: ShapesGraph) -> Iterator[SetCheck]:
    """The constraint of a closed shape.

    Raises:
        IllFormed: the properties to ignore are no list.
    """
    if shape.flag("closed"):
        named = {
            path for each in shape.values("property") for path in shapes.graph.objects(each, _PATH) if path[0] == "<"
        }
        ignored = {each for head in shape.values("ignoredProperties") for each in shapes.members(head)}
        blame = Blame.of(shape, "ClosedConstraintComponent", "The shape is closed and does not name this property.")
        yield SetCheck(_closed(blame, frozenset(named | ignored)), idle=True)


def _closed(blame: Blame, allowed: frozenset[str]) -> Check:
    def check(graph: Graph, focus: str, values: Collection[str], found: list[Result]) -> None:
        for subject in values:
            node = graph.nodes.get(subject)
            if node is None or node.keys() <= allowed:
                continue
            for predicate in node.keys() - allowed:
                path = Path(PathKind.PREDICATE, predicate)
                found.extend(blame.result(focus, value, path) for value in node[predicate])

    return check
