"""The shapes folder: read, and refused where a validator would silently pass something over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg.check.shacl.faults import Fault, faults
from kg.check.shacl.graph import Graph
from kg.check.terms import Term, text
from kg.model.errors import KnowledgeError
from kg.rdf.formats import GraphFormat
from kg.rdf.vocab import RDF, SH

SHAPE: Final = "https://w3id.org/policy-kg/shape/"
CANARY_BASE: Final = "http://127.0.0.1:8000/"
CANARIES: Final = "canaries"
PREFIXES: Final = "prefixes.ttl"

_TARGETS = frozenset(
    SH(name) for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "target")
)
_TARGET_CLASS = SH("targetClass")
_PATH, _PROPERTY = SH("path"), SH("property")
_NIL = RDF("nil")
# SPARQL-based targets (SHACL-AF, section 3.1), for shapes over all pages alone: elsewhere nothing would run them.
_QUERY_TARGET, _QUERY = SH("target"), SH("SPARQLTarget")


class Scope(Enum):
    """What shapes look at; the value is the file that holds those of the scope, None for all the other files."""

    PAGE = None
    CROSS_PAGE = "cross-page.ttl"
    ONTOLOGY = "ontology-style.ttl"


@dataclass(frozen=True, kw_only=True)
class ShapeSet:
    """All shapes of a folder that look at the same.

    Attributes:
        quads: the shapes' triples.
        members: IRI of each targeted node shape to itself and the property shapes it hands its focus nodes to.
        files: IRI of each shape to the name of the file that describes it.
        target_classes: IRIs of the classes whose instances some shape targets.
        predicates: IRIs of the properties on some shape's path.
    """

    folder: Path
    quads: tuple[Quad, ...]
    members: Mapping[str, frozenset[str]]
    files: Mapping[str, str]
    target_classes: frozenset[str]
    predicates: frozenset[str]


def read_shapes(folder: Path, scope: Scope = Scope.PAGE) -> ShapeSet:
    """The shapes of one scope in the folder's Turtle files.

    Raises:
        KnowledgeError: a file is no Turtle, uses a term SHACL does not have, or holds a shape that would never run.
    """
    by_file = {path.name: read_turtle(path, base="") for path in _files(folder, scope)}
    quads = tuple(quad for file_quads in by_file.values() for quad in file_quads)
    if not any(quad.predicate in _TARGETS for quad in quads):
        raise KnowledgeError(str(folder), "holds no Turtle file with a shape that has a target")
    _refuse(folder, by_file, quads)
    targeted = sorted({text(quad.subject) for quad in quads if quad.predicate in _TARGETS})
    properties: dict[str, list[str]] = {}
    for quad in quads:
        if quad.predicate == _PROPERTY:
            properties.setdefault(text(quad.subject), []).append(text(quad.object))
    return ShapeSet(
        folder=folder,
        quads=quads,
        members={shape: frozenset([shape, *properties.get(shape, ())]) for shape in targeted},
        files={text(quad.subject): name for name, file_quads in by_file.items() for quad in file_quads},
        target_classes=frozenset(text(quad.object) for quad in quads if quad.predicate == _TARGET_CLASS),
        predicates=frozenset(_path_predicates(quads)),
    )


def read_all_shapes(folder: Path) -> ShapeSet:
    """The shapes of every scope together, to be listed and explained; no validator runs them so.

    Raises:
        KnowledgeError: as `read_shapes`.
    """
    sets = [read_shapes(folder, scope) for scope in Scope if has_shapes(folder, scope)]
    return ShapeSet(
        folder=folder,
        quads=tuple(quad for each in sets for quad in each.quads),
        members={shape: members for each in sets for shape, members in each.members.items()},
        files={shape: file for each in sets for shape, file in each.files.items()},
        target_classes=frozenset().union(*(each.target_classes for each in sets)),
        predicates=frozenset().union(*(each.predicates for each in sets)),
    )


def _files(folder: Path, scope: Scope) -> list[Path]:
    if scope is not Scope.PAGE:
        return [path for path in (folder / PREFIXES, folder / scope.value) if path.is_file()]
    others = {other.value for other in Scope}
    return [path for path in sorted(folder.glob("*.ttl")) if path.name not in others]


def has_shapes(folder: Path, scope: Scope) -> bool:
    """Whether the folder has shapes of this scope at all; pages always have some."""
    return scope is Scope.PAGE or (folder / scope.value).is_file()


def read_turtle(path: Path, *, base: str) -> tuple[Quad, ...]:
    """The triples of a Turtle file, with blank nodes that no other file shares.

    Raises:
        KnowledgeError: the file is no Turtle.
    """
    try:
        return tuple(parse(path=path, format=RdfFormat.TURTLE, base_iri=base or None, rename_blank_nodes=True))
    except SyntaxError as error:
        raise KnowledgeError(str(path), str(error)) from error


def _path_predicates(quads: Iterable[Quad]) -> Iterator[str]:
    """The properties named by sh:path, alone or as a step of a longer path."""
    described: dict[Term, list[Term]] = {}
    for quad in quads:
        described.setdefault(quad.subject, []).append(quad.object)
    waiting = [quad.object for quad in quads if quad.predicate == _PATH]
    while waiting:
        step = waiting.pop()
        if isinstance(step, NamedNode):
            yield from () if step == _NIL else (step.value,)
        else:
            waiting += described.get(step, [])


def _refuse(folder: Path, by_file: Mapping[str, tuple[Quad, ...]], quads: Iterable[Quad]) -> None:
    """Refuses shapes that a validator would not run, or not as they are meant.

    Raises:
        KnowledgeError: with the file and the line of each fault.
    """
    if Scope.CROSS_PAGE.value in by_file:
        quads = [_with_known_target(quad) for quad in quads if quad.object != _QUERY]
    wrong = faults(Graph.of_quads(quads))
    found = [(_place(folder, by_file, fault), fault.reason) for fault in wrong]
    if found:
        (place, reason), *others = sorted(found)
        raise KnowledgeError(place, "".join([reason, *(f"\n{place}: {reason}" for place, reason in others)]))


def _with_known_target(quad: Quad) -> Quad:
    """A target by a query as one by a node, so that the shape is known to be run."""
    return Quad(quad.subject, SH("targetNode"), SH("Shape")) if quad.predicate == _QUERY_TARGET else quad


def _place(folder: Path, by_file: Mapping[str, tuple[Quad, ...]], fault: Fault) -> str:
    """The file that states a triple, with its line and column."""
    # Imported here since sound shapes, and so nearly every run, need no places.
    from kg.check.rdf_files.files import located_graph  # noqa: PLC0415 # as above
    from kg.check.rdf_files.places import Statement  # noqa: PLC0415 # as above

    triple = (fault.subject, fault.predicate, fault.value)
    for name, quads in by_file.items():
        for number, quad in enumerate(quads):
            if (str(quad.subject), str(quad.predicate), str(quad.object)) == triple:
                # Read once more, since only now somebody asks; the order of the triples is the same.
                graph = located_graph(str(folder / name), (folder / name).read_bytes(), GraphFormat.TURTLE, "urn:x:")
                statement = Statement.of(graph.quads[number])
                at_predicate = fault.term == fault.predicate
                spot = graph.places.predicate(statement) if at_predicate else graph.places.statement(statement)
                return str(folder / name) if spot is None else str(spot.place)
    return str(folder)
