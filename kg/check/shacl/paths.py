"""SHACL property paths: read from the shapes graph, written as SPARQL, and compiled to functions of a node.

SHACL §2.3.1. A path of one predicate is by far the commonest; the compiler of shapes treats it apart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import Final

from kg.check.shacl.graph import Graph
from kg.check.shacl.literals import is_iri
from kg.rdf.vocab import RDF, SH

FIRST: Final = str(RDF("first"))
REST: Final = str(RDF("rest"))
NIL: Final = str(RDF("nil"))

Walk = Callable[[Graph, str], Collection[str]]
_NOTHING: Final[Mapping[str, Collection[str]]] = {}


class PathKind(Enum):
    """The seven kinds of paths; the value is the local name of the property that makes a blank node one of them."""

    PREDICATE = ""
    SEQUENCE = "first"
    INVERSE = "inversePath"
    ALTERNATIVE = "alternativePath"
    ZERO_OR_MORE = "zeroOrMorePath"
    ONE_OR_MORE = "oneOrMorePath"
    ZERO_OR_ONE = "zeroOrOnePath"


_UNARY: Final = {
    PathKind.INVERSE: str(SH("inversePath")),
    PathKind.ZERO_OR_MORE: str(SH("zeroOrMorePath")),
    PathKind.ONE_OR_MORE: str(SH("oneOrMorePath")),
    PathKind.ZERO_OR_ONE: str(SH("zeroOrOnePath")),
}
_SIGNS: Final = {PathKind.ZERO_OR_MORE: "*", PathKind.ONE_OR_MORE: "+", PathKind.ZERO_OR_ONE: "?"}
_ALTERNATIVE: Final = str(SH("alternativePath"))


class IllFormed(Exception):  # noqa: N818 - says what is the matter with the shapes graph
    """A part of the shapes graph cannot be understood; the caller knows which shape it belongs to.

    Attributes:
        node: the node of the shapes graph, in N-Triples.
        predicate: the predicate whose value is at fault; empty where it is the node itself.
    """

    def __init__(self, node: str, reason: str, predicate: str = "") -> None:
        super().__init__(reason)
        self.node, self.predicate, self.reason = node, predicate, reason


@dataclass(frozen=True, slots=True)
class Path:
    """A property path: a predicate's IRI, or a kind with its parts. It prints as SPARQL writes it."""

    kind: PathKind
    predicate: str = ""
    parts: tuple[Path, ...] = ()

    def __str__(self) -> str:
        if self.kind is PathKind.PREDICATE:
            return self.predicate
        if self.kind is PathKind.SEQUENCE:
            return " / ".join(map(_nested, self.parts))
        if self.kind is PathKind.ALTERNATIVE:
            return " | ".join(map(_nested, self.parts))
        inner = _nested(self.parts[0])
        return f"^{inner}" if self.kind is PathKind.INVERSE else inner + _SIGNS[self.kind]

    def predicates(self) -> Iterator[str]:
        """The predicates' IRIs on the path."""
        if self.predicate:
            yield self.predicate
        for part in self.parts:
            yield from part.predicates()


def read_path(shapes: Graph, node: str, seen: frozenset[str] = frozenset()) -> Path:
    """The path that this node of the shapes graph describes.

    Raises:
        IllFormed: it describes none, or one that contains itself.
    """
    if is_iri(node) and node != NIL:
        return Path(PathKind.PREDICATE, node)
    if node in seen:
        raise IllFormed(node, "a path that contains itself")
    within = seen | {node}
    if shapes.objects(node, FIRST):
        parts = tuple(read_path(shapes, part, within) for part in read_list(shapes, node))
        return _several(node, PathKind.SEQUENCE, parts)
    for alternatives in shapes.objects(node, _ALTERNATIVE):
        parts = tuple(read_path(shapes, part, within) for part in read_list(shapes, alternatives))
        return _several(node, PathKind.ALTERNATIVE, parts)
    for kind, predicate in _UNARY.items():
        for inner in shapes.objects(node, predicate):
            return Path(kind, parts=(read_path(shapes, inner, within),))
    raise IllFormed(node, "no property path: neither an IRI nor a list nor one of SHACL's paths")


def read_list(shapes: Graph, head: str) -> tuple[str, ...]:
    """The members of an RDF list.

    Raises:
        IllFormed: it is no list, has no end, or a place has not exactly one member.
    """
    members: list[str] = []
    seen: set[str] = set()
    while head != NIL:
        first, rest = shapes.objects(head, FIRST), shapes.objects(head, REST)
        if head in seen or len(first) != 1 or len(rest) != 1:
            raise IllFormed(head, "no list: each place needs one rdf:first, one rdf:rest, and an end")
        seen.add(head)
        members.extend(first)
        (head,) = rest
    return tuple(members)


def walk(path: Path) -> Walk:
    """The function from a node to the nodes at the end of the path, each once."""
    if path.kind is PathKind.PREDICATE:
        predicate = path.predicate
        return lambda graph, node: graph.objects(node, predicate)
    if path.kind is PathKind.INVERSE:
        return _inverse(path.parts[0])
    if path.kind is PathKind.SEQUENCE:
        return _sequence(tuple(map(walk, path.parts)))
    if path.kind is PathKind.ALTERNATIVE:
        return _alternatives(path.parts)
    step = walk(path.parts[0])
    if path.kind is PathKind.ZERO_OR_ONE:
        return lambda graph, node: dict.fromkeys((node, *step(graph, node)))
    return _closure(step, with_start=path.kind is PathKind.ZERO_OR_MORE)


def _several(node: str, kind: PathKind, parts: tuple[Path, ...]) -> Path:
    """A path of two parts or more, as SHACL §2.3.1.2 and §2.3.1.3 demand."""
    if len(parts) < 2:  # noqa: PLR2004 # the standard's number
        raise IllFormed(node, "a path of fewer than two parts; name the predicate alone")
    return Path(kind, parts=parts)


def _nested(path: Path) -> str:
    several = path.kind in (PathKind.SEQUENCE, PathKind.ALTERNATIVE)
    return f"({path})" if several else str(path)


def _inverse(path: Path) -> Walk:
    if path.kind is PathKind.PREDICATE:
        predicate = path.predicate
        return lambda graph, node: graph.incoming(node, predicate)
    return walk(_turned(path))


def _turned(path: Path) -> Path:
    """The path that leads back: each step inverted, sequences in the other order."""
    if path.kind is PathKind.PREDICATE:
        return Path(PathKind.INVERSE, parts=(path,))
    if path.kind is PathKind.INVERSE:
        return path.parts[0]
    parts = tuple(map(_turned, path.parts))
    return Path(path.kind, parts=parts[::-1] if path.kind is PathKind.SEQUENCE else parts)


def _alternatives(parts: tuple[Path, ...]) -> Walk:
    predicates = [part.predicate for part in parts if part.kind is PathKind.PREDICATE]
    if len(predicates) < len(parts):
        ways = tuple(map(walk, parts))
        return lambda graph, node: dict.fromkeys(end for way in ways for end in way(graph, node))

    def follow(graph: Graph, node: str) -> Collection[str]:
        described = graph.nodes.get(node, _NOTHING)
        found = [described[predicate] for predicate in predicates if predicate in described]
        return found[0] if len(found) == 1 else dict.fromkeys(chain.from_iterable(found))

    return follow


def _sequence(steps: tuple[Walk, ...]) -> Walk:
    first, *others = steps

    def follow(graph: Graph, node: str) -> Collection[str]:
        ends = first(graph, node)
        for step in others:
            if not ends:
                break
            ends = dict.fromkeys(end for start in ends for end in step(graph, start))
        return ends

    return follow


def _closure(step: Walk, *, with_start: bool) -> Walk:
    def follow(graph: Graph, node: str) -> Collection[str]:
        ends = {node: None} if with_start else {}
        waiting = [node]
        while waiting:
            for end in step(graph, waiting.pop()):
                if end not in ends:
                    ends[end] = None
                    waiting.append(end)
        return ends

    return follow
