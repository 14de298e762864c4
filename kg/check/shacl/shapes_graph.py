"""The shapes graph as data: each shape with its targets, its parameters and what it says when it is broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kg.check.shacl.graph import TYPE_TERM, Graph
from kg.check.shacl.literals import is_literal, literal
from kg.check.shacl.paths import NIL, IllFormed, Path, read_list, read_path
from kg.check.shacl.targets import TARGETS, Target, targets
from kg.rdf.vocab import SH

PREFIX: Final = f"<{SH.iri}"
NODE_SHAPE: Final = str(SH("NodeShape"))
PROPERTY_SHAPE: Final = str(SH("PropertyShape"))
_PATH, _SEVERITY, _VIOLATION = str(SH("path")), str(SH("severity")), str(SH("Violation"))
_MESSAGE, _DEACTIVATED = str(SH("message")), str(SH("deactivated"))

#: Parameters whose values are shapes, and those whose values are lists of shapes (SHACL §2).
SHAPE_PARAMETERS: Final = frozenset(str(SH(name)) for name in ("node", "property", "not", "qualifiedValueShape"))
SHAPE_LISTS: Final = frozenset(str(SH(name)) for name in ("and", "or", "xone"))
#: Parameters that make their subject a shape.
PARAMETERS: Final = frozenset(
    str(SH(name))
    for name in [
        "class",
        "datatype",
        "nodeKind",
        "minCount",
        "maxCount",
        "minExclusive",
        "minInclusive",
        "maxExclusive",
        "maxInclusive",
        "minLength",
        "maxLength",
        "pattern",
        "languageIn",
        "uniqueLang",
        "equals",
        "disjoint",
        "lessThan",
        "lessThanOrEquals",
        "not",
        "and",
        "or",
        "xone",
        "node",
        "property",
        "qualifiedValueShape",
        "closed",
        "hasValue",
        "in",
        "sparql",
    ]  # twenty-three quoted words would be harder to read
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A node shape, or with a path a property shape; terms are N-Triples texts.

    Attributes:
        node: the shape's IRI or blank node.
        severity: the IRI of its severity, in brackets.
        messages: literals.
        described: all it says: predicate to objects, in the order of the file.
    """

    node: str
    path: Path | None
    path_node: str
    severity: str
    messages: tuple[str, ...]
    deactivated: bool
    targets: tuple[Target, ...]
    described: Mapping[str, tuple[str, ...]]

    def values(self, local: str) -> tuple[str, ...]:
        """The values of the parameter sh:local."""
        return self.described.get(f"{PREFIX}{local}>", ())

    def one(self, local: str) -> str | None:
        """The value of a parameter that may have but one.

        Raises:
            IllFormed: it has several.
        """
        values = self.values(local)
        if len(values) > 1:
            raise IllFormed(self.node, f"{len(values)} values of sh:{local}, which may have one", f"{PREFIX}{local}>")
        return values[0] if values else None

    def number(self, local: str) -> int | None:
        """The value of a parameter that is a whole number.

        Raises:
            IllFormed: it is none, or there are several.
        """
        value = self.one(local)
        if value is None:
            return None
        if not is_literal(value) or not literal(value).lexical.lstrip("+-").isdecimal():
            raise IllFormed(self.node, f"sh:{local} {value}, which is no whole number", f"{PREFIX}{local}>")
        return int(literal(value).lexical)

    def flag(self, local: str) -> bool:
        """Whether a parameter is true.

        Raises:
            IllFormed: there are several values.
        """
        return is_true(self.one(local))


class ShapesGraph:
    """All shapes of a graph, by their nodes."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._read: dict[str, Shape] = {}

    def shape(self, node: str) -> Shape:
        """The shape that this node describes; a node nobody describes is a shape without constraints.

        Raises:
            IllFormed: its path is none, or it has several.
        """
        known = self._read.get(node)
        if known is None:
            known = self._read[node] = self._shape(node)
        return known

    def members(self, head: str) -> tuple[str, ...]:
        """The members of a list of the shapes graph.

        Raises:
            IllFormed: it is no list.
        """
        return read_list(self.graph, head)

    def targeted(self) -> list[Shape]:
        """The shapes with targets, in the order of their nodes."""
        nodes = sorted(
            node
            for node, described in self.graph.nodes.items()
            if not TARGETS.isdisjoint(described) or targets(self.graph, node)
        )
        return [self.shape(node) for node in nodes]

    def nodes(self) -> list[str]:
        """All nodes that are shapes by SHACL §2, in the order of the graph."""
        found: dict[str, None] = {}
        for node, described in self.graph.nodes.items():
            types = described.get(TYPE_TERM, ())
            if NODE_SHAPE in types or PROPERTY_SHAPE in types or not _MAKING.isdisjoint(described):
                found[node] = None
            found.update(dict.fromkeys(self.referred(node)))
        return list(found)

    def referred(self, node: str) -> Iterator[str]:
        """The shapes that this one refers to."""
        for predicate, values in self.graph.nodes.get(node, {}).items():
            if predicate in SHAPE_PARAMETERS:
                yield from values
            elif predicate in SHAPE_LISTS:
                for head in values:
                    yield from () if head == NIL else self._listed(head)

    def _listed(self, head: str) -> tuple[str, ...]:
        try:
            return self.members(head)
        except IllFormed:
            return ()

    def _shape(self, node: str) -> Shape:
        described = {key: tuple(values) for key, values in self.graph.nodes.get(node, {}).items()}
        paths = described.get(_PATH, ())
        if len(paths) > 1:
            raise IllFormed(node, f"{len(paths)} values of sh:path; a property shape has one", _PATH)
        return Shape(
            node=node,
            path=read_path(self.graph, paths[0]) if paths else None,
            path_node=paths[0] if paths else "",
            severity=described.get(_SEVERITY, (_VIOLATION,))[0],
            messages=described.get(_MESSAGE, ()),
            deactivated=is_true(described.get(_DEACTIVATED, (None,))[0]),
            targets=targets(self.graph, node),
            described=described,
        )


def is_true(value: str | None) -> bool:
    """Whether a term is one of the two ways to write the boolean true."""
    return value is not None and is_literal(value) and literal(value).lexical in ("true", "1")


_MAKING: Final = PARAMETERS | TARGETS
