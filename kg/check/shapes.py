"""The shapes folder: read, and refused where a validator would silently pass something over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from kg.check.shacl_terms import TERMS
from kg.check.terms import Term, text
from kg.model.errors import KnowledgeError
from kg.rdf.vocab import RDF, SH, TYPE

SHAPE: Final = "https://w3id.org/policy-kg/shape/"
CANARY_BASE: Final = "http://127.0.0.1:8000/"
CANARIES: Final = "canaries"

_TARGETS = frozenset(SH(name) for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf"))
_TARGET_CLASS = SH("targetClass")
_PATH, _PROPERTY = SH("path"), SH("property")
_NIL = RDF("nil")
_NODE_SHAPE, _PROPERTY_SHAPE = SH("NodeShape"), SH("PropertyShape")


@dataclass(frozen=True, kw_only=True)
class ShapeSet:
    """All shapes of a folder.

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


def read_shapes(folder: Path) -> ShapeSet:
    """The shapes in the folder's Turtle files.

    Raises:
        KnowledgeError: a file is no Turtle, uses a term SHACL does not have, or holds a shape that would never run.
    """
    by_file = {path.name: read_turtle(path, base="") for path in sorted(folder.glob("*.ttl"))}
    quads = tuple(quad for file_quads in by_file.values() for quad in file_quads)
    if not any(quad.predicate in _TARGETS for quad in quads):
        raise KnowledgeError(str(folder), "holds no Turtle file with a shape that has a target")
    for name, file_quads in by_file.items():
        _refuse_unknown_terms(str(folder / name), file_quads)
        _refuse_idle_shapes(str(folder / name), file_quads, quads)
    targeted = sorted({text(quad.subject) for quad in quads if quad.predicate in _TARGETS})
    return ShapeSet(
        folder=folder,
        quads=quads,
        members={shape: frozenset([shape, *_objects(quads, shape, _PROPERTY)]) for shape in targeted},
        files={text(quad.subject): name for name, file_quads in by_file.items() for quad in file_quads},
        target_classes=frozenset(text(quad.object) for quad in quads if quad.predicate == _TARGET_CLASS),
        predicates=frozenset(_path_predicates(quads)),
    )


def read_turtle(path: Path, *, base: str) -> tuple[Quad, ...]:
    """The triples of a Turtle file, with blank nodes that no other file shares.

    Raises:
        KnowledgeError: the file is no Turtle.
    """
    try:
        return tuple(parse(path=path, format=RdfFormat.TURTLE, base_iri=base or None, rename_blank_nodes=True))
    except SyntaxError as error:
        raise KnowledgeError(str(path), str(error)) from error


def _objects(quads: Iterable[Quad], subject: str, predicate: NamedNode) -> Iterator[str]:
    return (text(quad.object) for quad in quads if quad.predicate == predicate and text(quad.subject) == subject)


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


def _refuse_unknown_terms(file: str, quads: Iterable[Quad]) -> None:
    for quad in quads:
        for term in (quad.predicate, quad.object):
            if isinstance(term, NamedNode) and term.value.startswith(SH.iri):
                local = term.value.removeprefix(SH.iri)
                if local not in TERMS:
                    near = get_close_matches(local, TERMS, n=1)
                    hint = f"; did you mean sh:{near[0]}?" if near else ""
                    raise KnowledgeError(file, f"sh:{local} at {_shown(quad)} is no term of SHACL{hint}")


def _refuse_idle_shapes(file: str, quads: Iterable[Quad], everything: Iterable[Quad]) -> None:
    """Refuses shapes that nothing would ever run, and references to shapes that nobody describes."""
    targeted = {quad.subject for quad in everything if quad.predicate in _TARGETS}
    referred = {quad.object for quad in everything if quad.predicate != TYPE}
    with_path = {quad.subject for quad in everything if quad.predicate == _PATH}
    for quad in quads:
        if quad.predicate == TYPE and quad.object in (_NODE_SHAPE, _PROPERTY_SHAPE):
            if quad.subject not in targeted and quad.subject not in referred:
                raise KnowledgeError(
                    file, f"{quad.subject} would never run: it has no target, and no shape refers to it"
                )
        elif quad.predicate == _PROPERTY and quad.object not in with_path:
            raise KnowledgeError(file, f"{quad.subject} refers to {quad.object}, which has no sh:path")


def _shown(quad: Quad) -> str:
    return "a blank node" if isinstance(quad.subject, BlankNode) else str(quad.subject)
