"""What shapes cannot see: nodes that none of them targets, terms that nobody defined, statements without a claim."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Quad

from kg.check.claims import Claims
from kg.check.shacl.graph import TYPE_TERM, Graph
from kg.check.shacl.literals import words
from kg.check.shapes import SHAPE, ShapeSet
from kg.model.verdict import Finding, Severity
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
    """The classes and properties that data may use, and the classes that shapes look at; all in N-Triples."""

    classes: frozenset[str]
    properties: frozenset[str]
    targeted: frozenset[str]

    @classmethod
    def of(cls, shapes: ShapeSet, knowledge: Iterable[Quad]) -> Vocabulary:
        """What the ontology defines, together with what the shapes name."""
        declared = [quad for quad in knowledge if quad.predicate == TYPE]
        classes = {str(quad.subject) for quad in declared if quad.object in _CLASSES}
        properties = {str(quad.subject) for quad in declared if quad.object in _PROPERTIES}
        targeted = frozenset(f"<{name}>" for name in shapes.target_classes)
        return cls(
            classes=targeted.union(classes),
            properties=frozenset(properties | {f"<{name}>" for name in shapes.predicates} | {TYPE_TERM}),
            targeted=targeted,
        )

    def of_statements(self, own: Graph) -> Iterator[Finding]:
        """The statements with a property that nobody knows, or with a blank node."""
        known = self.properties
        suspects = [own.apart, *(each.nodes for each in own.tables if not known.issuperset(each.template.predicates))]
        for nodes in suspects:
            for subject, node in nodes.items():
                for predicate in () if known.issuperset(node) else node.keys() - known:
                    for value in node[predicate]:
                        yield _finding("coverage-unknown-predicate", subject, predicate, value)
        for subject, predicate, value in own.triples() if own.has_blank_nodes else ():
            if value[0] == "_" or subject[0] == "_":
                yield _finding("coverage-blank-node", subject, predicate, value)

    def of_subjects(self, subjects: AbstractSet[str], graph: Graph) -> Iterator[Finding]:
        """The nodes that escape the shapes by their types.

        Args:
            subjects: IRIs in N-Triples of which the graph says something.
            graph: where their types are stated.
        """
        sound: set[tuple[str, ...]] = {
            each.template.types for each in graph.tables if not list(self._of_types("", each.template.types))
        }
        suspects = [graph.apart, *(each.nodes for each in graph.tables if each.template.types not in sound)]
        for nodes in suspects:
            for subject in subjects & nodes.keys():
                types = tuple(graph.nodes[subject].get(TYPE_TERM, ()))
                if types not in sound:
                    found = list(self._of_types(subject, types))
                    yield from found
                    if not found:
                        sound.add(types)

    def _of_types(self, subject: str, types: Collection[str]) -> Iterator[Finding]:
        if not types:
            yield _about("coverage-untyped-subject", subject)
        elif unknown := [name for name in types if name not in self.classes]:
            for name in unknown:
                yield _about("coverage-unknown-class", subject, name)
        elif self.targeted.isdisjoint(types):
            yield _about("coverage-untargeted-subject", subject)


def unclaimed(stated: Iterable[tuple[str, str, str]], claims: Claims) -> Iterator[Finding]:
    """What the page states without a claim about things of the authority, or about things nobody read.

    Of things read from the page, the shape `Reading` says it.
    """
    for statement in stated:
        if statement[0] not in claims.read and statement not in claims.statements:
            yield _finding("coverage-unclaimed-statement", *statement)


def _about(rule: str, focus: str, value: str | None = None) -> Finding:
    return Finding(
        shape=SHAPE + rule,
        focus=words(focus),
        path=TYPE.value,
        value=value,
        severity=Severity.VIOLATION,
        message=MESSAGES[rule],
    )


def _finding(rule: str, subject: str, predicate: str, value: str) -> Finding:
    return Finding(
        shape=SHAPE + rule,
        focus=words(subject),
        path=words(predicate),
        value=value,
        severity=Severity.VIOLATION,
        message=MESSAGES[rule],
    )
