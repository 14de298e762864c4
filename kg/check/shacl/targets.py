"""Which nodes a shape is about (SHACL §2.1.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from kg.check.shacl.graph import TYPE_TERM, Graph
from kg.rdf.vocab import RDFS, SH

_CLASS = str(RDFS("Class"))
_SHAPES = frozenset({str(SH("NodeShape")), str(SH("PropertyShape"))})


class TargetKind(Enum):
    """The kinds of targets; the value is the predicate that declares one."""

    NODE = str(SH("targetNode"))
    CLASS = str(SH("targetClass"))
    SUBJECTS_OF = str(SH("targetSubjectsOf"))
    OBJECTS_OF = str(SH("targetObjectsOf"))


TARGETS: Final = frozenset(kind.value for kind in TargetKind)


@dataclass(frozen=True, slots=True)
class Target:
    """One target of a shape; the term is a node, a class or a predicate."""

    kind: TargetKind
    term: str


def targets(shapes: Graph, node: str) -> tuple[Target, ...]:
    """The targets that a shape declares, and the class that it is itself (SHACL §2.1.3.3)."""
    declared = [Target(kind, term) for kind in TargetKind for term in shapes.objects(node, kind.value)]
    types = shapes.objects(node, TYPE_TERM)
    if types and not _SHAPES.isdisjoint(types) and _CLASS in shapes.classes(types):
        declared.append(Target(TargetKind.CLASS, node))
    return tuple(dict.fromkeys(declared))


def focus_nodes(graph: Graph, declared: Iterable[Target]) -> dict[str, None]:
    """The nodes of the data graph that these targets name, each once."""
    found: dict[str, None] = {}
    for target in declared:
        if target.kind is TargetKind.NODE:
            found[target.term] = None
        elif target.kind is TargetKind.CLASS:
            found.update(dict.fromkeys(graph.instances(target.term)))
        elif target.kind is TargetKind.SUBJECTS_OF:
            found.update(dict.fromkeys(graph.subjects_of(target.term)))
        else:
            found.update(dict.fromkeys(graph.objects_of(target.term)))
    return found
