"""What shapes do not look at: an option, since SHACL itself finds nothing wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from kg.check.rdf_files.files import LocatedGraph
from kg.check.rdf_files.located import Locator
from kg.check.rdf_files.places import Spot, Statement
from kg.check.rdf_files.rules import COVERAGE_RULES
from kg.check.shacl.compiled import CompiledEngine
from kg.check.shacl.graph import TYPE_TERM, Graph
from kg.check.shacl.targets import TargetKind, focus_nodes
from kg.check.shapes import SHAPE
from kg.model.verdict import Finding, Severity
from kg.rdf.vocab import OWL, RDF, RDFS, SH

_PROPERTIES: Final = frozenset(
    str(each)
    for each in (
        RDF("Property"),
        *(OWL(f"{kind}Property") for kind in ("Object", "Datatype", "Annotation", "Ontology")),
    )
)
_LIST: Final = frozenset(str(RDF(name)) for name in ("first", "rest"))
_SUBCLASS: Final = str(RDFS("subClassOf"))


class CoverageRules:
    """Every node with an IRI has a type and is a shape's target, and every predicate is known.

    Blank nodes are described with what refers to them, and shapes reach them from there.
    """

    def __init__(self, engine: CompiledEngine, ontology: Graph) -> None:
        self._targets = [shape.targets for shape in engine.targets.values()]
        self._known = {TYPE_TERM, _SUBCLASS, *_LIST, *_shape_predicates(engine.shapes)}
        self._known |= {
            node for node, said in ontology.nodes.items() if not _PROPERTIES.isdisjoint(said.get(TYPE_TERM, ()))
        }

    def findings(self, graphs: Iterable[LocatedGraph], graph: Graph, locator: Locator) -> Iterator[Finding]:
        """What escapes the shapes.

        Args:
            graphs: the data.
            graph: the data with what the ontology lends it.
            locator: tells where.
        """
        targeted = {node for targets in self._targets for node in focus_nodes(graph, targets)}
        subjects = dict.fromkeys(node for each in graphs for node in each.described if node.startswith("<"))
        for node in subjects:
            if not graph.objects(node, TYPE_TERM):
                yield _finding("coverage-untyped-subject", node, TYPE_TERM, None, locator.node(node))
            elif node not in targeted:
                yield _finding("coverage-untargeted-subject", node, TYPE_TERM, None, locator.node(node))
        for statement in self._unknown(graphs):
            subject = locator.name(statement.subject)
            value = locator.name(statement.object)
            spot = locator.predicate(statement)
            yield _finding("coverage-unknown-predicate", subject, statement.predicate, value, spot)

    def _unknown(self, graphs: Iterable[LocatedGraph]) -> Iterator[Statement]:
        return (
            statement
            for graph in graphs
            for statements in graph.described.values()
            for statement in statements
            if statement.predicate not in self._known
        )


def _shape_predicates(shapes: Graph) -> AbstractSet[str]:
    """Every predicate that a shape's path, target or comparison names."""
    naming = [str(SH(name)) for name in ("path", "inversePath", "equals", "disjoint", "lessThan", "lessThanOrEquals")]
    naming += [kind.value for kind in (TargetKind.SUBJECTS_OF, TargetKind.OBJECTS_OF)]
    found = {value for name in naming for value in shapes.objects_of(name)}
    waiting = [node for name in ("path", "ignoredProperties") for node in shapes.objects_of(str(SH(name)))]
    seen: set[str] = set()
    while waiting:
        node = waiting.pop()
        if node.startswith("_:") and node not in seen:
            seen.add(node)
            waiting += [value for values in shapes.nodes.get(node, {}).values() for value in values]
        found.add(node)
    return frozenset(found)


def _finding(
    rule: str, focus: str, path: str, value: str | None, spot: Spot | None
) -> Finding:  # the parts of one finding
    return Finding(
        shape=SHAPE + rule,
        focus=focus[1:-1] if focus.startswith("<") else focus,
        path=path[1:-1],
        value=value,
        severity=Severity.VIOLATION,
        message=COVERAGE_RULES[rule],
        where=None if spot is None else spot.place,
    )
