"""What shapes cannot see: nodes that none of them targets, terms that nobody defined, statements without a claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad

from kg.check.claims import Claims, Statement
from kg.check.shapes import SHAPE, ShapeSet
from kg.check.terms import text
from kg.model.verdict import Finding, Severity
from kg.rdf.quads import PageQuads
from kg.rdf.vocab import OWL, RDF, RDFS, TYPE

_CLASSES = frozenset({OWL("Class"), RDFS("Class")})
_PROPERTIES = frozenset(
    {RDF("Property"), *(OWL(f"{kind}Property") for kind in ("Object", "Datatype", "Annotation", "Ontology"))}
)

MESSAGES: Final = {
    "coverage-untyped-subject": "This node has no type, so no shape looks at it; state its rdf:type.",
    "coverage-unknown-class": "This type is neither in the ontology nor the target of a shape; correct its name.",
    "coverage-untargeted-subject": "No shape targets any type of this node, so nothing in it was checked; add a shape.",
    "coverage-unknown-predicate": "This property is neither in the ontology nor on a shape's path; correct its name.",
    "coverage-blank-node": "This statement has a blank node, which no other version can be compared with; mint an IRI.",
    "coverage-unclaimed-statement": "This statement has no claim and so no evidence; add a coord:Claim or drop it.",
}


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The classes and properties that data may use, and the classes that shapes look at; all as IRIs."""

    classes: AbstractSet[str]
    properties: AbstractSet[str]
    targeted: AbstractSet[str]

    @classmethod
    def of(cls, shapes: ShapeSet, knowledge: Iterable[Quad]) -> Vocabulary:
        """What the ontology defines, together with what the shapes name."""
        declared = [quad for quad in knowledge if quad.predicate == TYPE]
        classes = {text(quad.subject) for quad in declared if quad.object in _CLASSES}
        properties = {text(quad.subject) for quad in declared if quad.object in _PROPERTIES}
        return cls(
            classes=classes | shapes.target_classes,
            properties=properties | shapes.predicates | {TYPE.value},
            targeted=shapes.target_classes,
        )

    def findings(self, quads: Sequence[Quad], types: Mapping[str, AbstractSet[str]]) -> Iterator[Finding]:
        """The nodes and terms of these statements that escape the shapes.

        Args:
            quads: the statements to judge.
            types: the types of each subject, wherever they are stated.
        """
        for subject in dict.fromkeys(quad.subject for quad in quads):
            if isinstance(subject, NamedNode):
                yield from self._of_subject(subject.value, types.get(subject.value, frozenset()))
        for quad in quads:
            if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
                yield _finding("coverage-blank-node", quad)
            if quad.predicate.value not in self.properties:
                yield _finding("coverage-unknown-predicate", quad)

    def _of_subject(self, subject: str, types: AbstractSet[str]) -> Iterator[Finding]:
        if not types:
            yield _about("coverage-untyped-subject", subject)
        elif unknown := types - self.classes:
            for name in unknown:
                yield _about("coverage-unknown-class", subject, f"<{name}>")
        elif not types & self.targeted:
            yield _about("coverage-untargeted-subject", subject)


def unclaimed(page: PageQuads, claims: Claims) -> Iterator[Finding]:
    """What the page states without a claim about things of the authority, or about things nobody read.

    Of things read from the page, the shape `Reading` says it.
    """
    for quad in page.stated:
        if quad.subject not in claims.read and Statement(*quad.triple) not in claims.statements:
            yield _finding("coverage-unclaimed-statement", quad)


def _about(rule: str, focus: str, value: str | None = None) -> Finding:
    return Finding(
        shape=SHAPE + rule,
        focus=focus,
        path=TYPE.value,
        value=value,
        severity=Severity.VIOLATION,
        message=MESSAGES[rule],
    )


def _finding(rule: str, quad: Quad) -> Finding:
    return Finding(
        shape=SHAPE + rule,
        focus=text(quad.subject),
        path=quad.predicate.value,
        value=str(quad.object),
        severity=Severity.VIOLATION,
        message=MESSAGES[rule],
    )
