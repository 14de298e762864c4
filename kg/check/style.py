"""How the ontology's own terms are written: `shapes/ontology-style.ttl` over the terms of the coord: namespace."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kg.check.canaries import run_canaries
from kg.check.engine import Engine
from kg.check.shacl.compiled import CompiledEngine
from kg.check.shapes import SHAPE, Scope, has_shapes, read_shapes
from kg.check.terms import text
from kg.model.verdict import Coverage, Finding, Verdict
from kg.rdf.vocab import COORD, OWL, TYPE

_TERM, _PROPERTY_TERM = NamedNode(f"{SHAPE}Term"), NamedNode(f"{SHAPE}PropertyTerm")
_NAMED_IN, _ASKED_IN = NamedNode(f"{SHAPE}namedIn"), NamedNode(f"{SHAPE}askedIn")
_PROPERTIES: Final = frozenset({OWL("ObjectProperty"), OWL("DatatypeProperty")})
_COMMENT: Final = re.compile(r"^\s*#.*$", re.MULTILINE)
_PREFIX: Final = re.compile(rf"PREFIX\s+(\w*):\s*<{re.escape(COORD.iri)}>", re.IGNORECASE)


def style_verdict(shapes: Path, questions: Path, knowledge: Iterable[Quad]) -> Verdict:
    """The verdict on each term of the ontology.

    Args:
        shapes: the folder of shapes, which must name each term.
        questions: the folder of competency questions, which must use each term.
        knowledge: the ontology's statements, among others.

    Raises:
        KnowledgeError: a shapes file cannot be used, or a shape has lost its canary.
    """
    shape_set = read_shapes(shapes, Scope.ONTOLOGY)
    engine: Engine = CompiledEngine(shape_set.quads)
    canaries = run_canaries(shape_set, engine)
    described = [quad for quad in knowledge if text(quad.subject).startswith(COORD.iri)]
    terms = sorted({text(quad.subject) for quad in described if quad.predicate == TYPE})
    graph = [*described, *_classes(described), *_links(terms, named_terms(shapes), asked_terms(questions))]
    findings: list[Finding] = engine.findings(graph, set(terms))
    return Verdict(
        findings=tuple(sorted(findings, key=lambda finding: finding.sort_key)),
        coverage=Coverage(subjects=len(terms), shapes=len(shape_set.members), canaries=canaries),
    )


def named_terms(shapes: Path) -> Mapping[str, Sequence[str]]:
    """For each file of shapes over data, by its name, the IRIs of the terms that its shapes name."""
    found: dict[str, set[str]] = {}
    for scope in (scope for scope in Scope if scope is not Scope.ONTOLOGY and has_shapes(shapes, scope)):
        shape_set = read_shapes(shapes, scope)
        for quad in shape_set.quads:
            if isinstance(quad.object, NamedNode) and quad.object.value.startswith(COORD.iri):
                found.setdefault(shape_set.files[text(quad.subject)], set()).add(quad.object.value)
    return {file: sorted(terms) for file, terms in sorted(found.items())}


def asked_terms(questions: Path) -> Mapping[str, Sequence[str]]:
    """For each file of a question, by its name, the IRIs of the terms in its query; comments do not count."""
    return {path.name: sorted(_used(path.read_text(encoding="utf-8"))) for path in sorted(questions.glob("*.rq"))}


def _used(query: str) -> set[str]:
    code = _COMMENT.sub("", query)
    prefixes = [match[1] for match in _PREFIX.finditer(code)]
    return {
        COORD.iri + match[1] for prefix in prefixes for match in re.finditer(rf"(?<!\w){re.escape(prefix)}:(\w+)", code)
    }


def _classes(described: Iterable[Quad]) -> Iterator[Quad]:
    """Each term as an instance of the classes that the shapes target."""
    for quad in described:
        if quad.predicate == TYPE:
            yield Quad(quad.subject, TYPE, _TERM)
            if quad.object in _PROPERTIES:
                yield Quad(quad.subject, TYPE, _PROPERTY_TERM)


def _links(
    terms: Iterable[str], named: Mapping[str, Sequence[str]], asked: Mapping[str, Sequence[str]]
) -> Iterator[Quad]:
    for predicate, files in ((_NAMED_IN, named), (_ASKED_IN, asked)):
        for file, used in files.items():
            for term in sorted(set(used).intersection(terms)):
                yield Quad(NamedNode(term), predicate, Literal(file))
