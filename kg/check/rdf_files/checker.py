"""The station for anyone's RDF: data, shapes and an ontology go in, a verdict with places comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from pyoxigraph import Quad

from kg.check.rdf_files.coverage import CoverageRules
from kg.check.rdf_files.files import LocatedGraph
from kg.check.rdf_files.located import Locator, hint
from kg.check.rdf_files.rules import COVERAGE_RULES, MESSAGES
from kg.check.rdf_files.shapes_files import ShapesFiles
from kg.check.rdf_files.shapes_terms import idle_terms
from kg.check.rdf_files.suppressions import sifted
from kg.check.shacl.graph import SUBCLASS, TYPE_TERM, Graph
from kg.check.shacl.literals import is_iri, literal, words
from kg.check.shacl.paths import Path, PathKind
from kg.check.shacl.results import Result
from kg.check.shacl.targets import focus_nodes
from kg.check.shapes import SHAPE
from kg.model.verdict import Coverage, Finding, Severity, Verdict
from kg.rdf.vocab import SH

_SEVERITIES = {str(SH(severity.value)): severity for severity in Severity}
_RULES = tuple(SHAPE + rule for rule in (*COVERAGE_RULES, *MESSAGES))

#: Data to validation results.
Validate = Callable[[Graph], Iterable[Result]]


class Scope(Enum):
    """What a verdict covers."""

    SHAPES = "shapes"  # exactly what SHACL says
    COVERAGE = "coverage"  # and what no shape looks at


class Lent(Enum):
    """How much of an ontology counts as if the data said it."""

    CLASSES = "classes"  # rdf:type and rdfs:subClassOf
    ALL = "all"  # everything, as for pages and the authority


@dataclass(frozen=True, slots=True, kw_only=True)
class RdfOutcome:
    """What a check came to.

    Attributes:
        verdict: the findings, in reading order.
        suppressed: the findings that comments in the files kept out of it.
        judged: how many nodes the shapes looked at; where there are none, a verdict without findings says nothing.
    """

    verdict: Verdict
    suppressed: tuple[Finding, ...] = ()
    judged: int = 0


class RdfChecker:
    """Checks RDF files against shapes.

    Args:
        shapes: the shapes.
        ontology: statements that are lent to the data; what they describe is not judged unless the data do so too.
        lent: how much of the ontology is lent.
        validate: another validator than the compiled shapes.
    """

    def __init__(
        self,
        shapes: ShapesFiles,
        ontology: Iterable[Quad] = (),
        *,
        lent: Lent = Lent.CLASSES,
        validate: Validate | None = None,
    ) -> None:
        self._shapes = shapes
        self._ontology = Graph.of_quads(ontology)
        self._lent = [each for each in self._ontology.triples() if lent is Lent.ALL or each[1] in (TYPE_TERM, SUBCLASS)]
        self._validate = validate or shapes.engine.results
        self._idle_terms = tuple(idle_terms(shapes.graphs))

    def check(self, data: Sequence[LocatedGraph], scope: Scope = Scope.SHAPES) -> RdfOutcome:
        """The verdict on some files, which together are one data graph."""
        own = Graph.of_quads(quad for graph in data for quad in graph.quads)
        graph = Graph((*own.triples(), *self._lent)) if self._lent else own
        locator = Locator(data, self._shapes.graphs, graph)
        lent_only = self._ontology.nodes.keys() - own.nodes.keys()
        found = {self._finding(each, locator) for each in self._validate(graph) if each.focus not in lent_only}
        found.update(self._idle_terms)
        if scope is Scope.COVERAGE:
            found.update(CoverageRules(self._shapes.engine, self._ontology).findings(data, graph, locator))
        parted = sifted(sorted(found, key=lambda each: each.sort_key), data, (*self._shapes.names.values(), *_RULES))
        verdict = Verdict(
            findings=tuple(sorted(parted.kept, key=lambda each: each.sort_key)),
            coverage=Coverage(subjects=len(own.nodes), shapes=len(self._shapes.engine.targets), canaries=0),
        )
        targeted = {
            node for shape in self._shapes.engine.targets.values() for node in focus_nodes(graph, shape.targets)
        }
        return RdfOutcome(verdict=verdict, suppressed=parted.suppressed, judged=len(targeted - lent_only))

    def _finding(self, result: Result, locator: Locator) -> Finding:
        spot = locator.spot(result)
        finding = Finding(
            shape=self._shapes.names.get(result.shape, result.shape),
            focus=_told(locator.name(result.focus)),
            path=None if result.path is None else _path(result.path),
            value=None if result.value is None else locator.name(result.value),
            severity=_SEVERITIES.get(result.severity, Severity.VIOLATION),
            message=_message(result.messages) + hint(spot),
            component=words(result.component),
        )
        return finding if spot is None else replace(finding, where=spot.place)


def _told(focus: str) -> str:
    """An IRI without its brackets; a blank node or a literal as Turtle has it."""
    return words(focus) if is_iri(focus) else focus


def _path(path: Path) -> str:
    return words(path.predicate) if path.kind is PathKind.PREDICATE else str(path)


def _message(messages: Sequence[str]) -> str:
    """The message to show: in English or no language where there is one."""
    parts = sorted(map(literal, messages), key=lambda each: (each.language[:2] not in ("en", ""), each))
    return parts[0].lexical
