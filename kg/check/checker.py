"""The station: a page's statements and the shapes go in, a verdict comes out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path

from pyoxigraph import Quad

from kg.check.background import Background
from kg.check.canaries import run_canaries
from kg.check.claims import Claims, Statement
from kg.check.coverage import Vocabulary, unclaimed
from kg.check.engine import Engine, EngineKind
from kg.check.locate import Places
from kg.check.shacl.compiled import CompiledEngine
from kg.check.shacl.graph import Graph
from kg.check.shacl.literals import words
from kg.check.shacl.paths import IllFormed
from kg.check.shapes import ShapeSet, read_shapes
from kg.check.terms import text
from kg.model.errors import KnowledgeError
from kg.model.verdict import Coverage, Finding, Verdict
from kg.rdf.quads import PageQuads
from kg.rdf.templates import Node
from kg.rdf.vocab import COORD, OWL, RDF, RDFS, SKOS, TYPE

_SCHEMA = (OWL.iri, RDFS.iri, RDF.iri)
_OURS = (COORD.iri, SKOS.iri)
_ONTOLOGY = "/graph/ontology>"


class Checker:
    """Checks pages, and the knowledge they refer to, against one folder of shapes.

    Making one proves the shapes: each node shape's failing example is run and must fail. It pickles as its arguments,
    so that another process makes, and proves, its own.
    """

    def __init__(self, shapes: ShapeSet, engine: EngineKind, knowledge: Sequence[Quad]) -> None:
        self._shapes = shapes
        self._kind = engine
        self._engine = _engine(shapes, engine)
        self._knowledge = knowledge
        self._vocabulary = Vocabulary.of(shapes, knowledge)
        self._background = Background(knowledge)
        self._canaries = run_canaries(shapes, self._engine)

    @classmethod
    def load(cls, shapes: Path, knowledge: Sequence[Quad], engine: EngineKind = EngineKind.COMPILED) -> Checker:
        """A checker with the shapes of a folder.

        Args:
            shapes: the folder of Turtle files, with its canaries.
            knowledge: ontology, vocabularies and authority.
            engine: the validator to use.

        Raises:
            KnowledgeError: a shapes file cannot be used, would be passed over in silence, or has lost its canary.
        """
        return cls(read_shapes(shapes), engine, knowledge)

    def __reduce__(self) -> tuple[object, ...]:
        return Checker.load, (self._shapes.folder, self._knowledge, self._kind)

    def check(self, page: PageQuads) -> Verdict:
        """The verdict on one page: findings about its own nodes, each with its place in the source."""
        graph = Graph.of_templates(page.descriptions)
        claims = Claims(graph)
        findings = set(unclaimed(page.statements, claims))
        places = Places(page, graph, claims)
        graph.add(page.statements)
        subjects = len(graph.nodes)
        findings |= self._found(graph, self._background.beside(graph, claims))
        placed = (replace(finding, where=places.place(finding)) for finding in findings)
        return self._verdict(placed, subjects)

    def check_curated(self, file: PageQuads, told: Sequence[Quad]) -> Verdict:
        """The verdict on a file of curated facts: what would not be found without it, beside what is known and told.

        Args:
            file: the facts, and for each the fact that names the file.
            told: what published pages state of the things that the facts speak of.
        """
        graph, context = Graph.of_quads(file), Graph()
        context.describe(self._background.beside(graph, Claims(Graph.of_quads(file.evidence))))
        context.add(map(Statement.of, told))
        subjects, count = _iris(graph), len(graph.nodes)
        findings = self._found(graph, context.nodes) - set(self._judged(context, subjects))
        return self._verdict(findings, count)

    def check_knowledge(self) -> Verdict:
        """The verdict on the vocabularies and the authority.

        Of the ontology's own graph, only what is of a class of ours or of SKOS is judged: concepts, kinds and schemes.
        """
        types = _types(self._knowledge)
        own = [quad for quad in self._knowledge if _is_instance(quad, types.get(text(quad.subject), set()))]
        graph = Graph.of_quads(own)
        count = len(graph.nodes)
        return self._verdict(self._found(graph, {}), count)

    def _found(self, graph: Graph, context: Mapping[str, Node]) -> set[Finding]:
        """What engine and coverage find.

        Args:
            graph: the statements to judge, to which the context is added.
            context: what may be looked at beside them.
        """
        subjects = _iris(graph)
        found = set(self._vocabulary.of_statements(graph))
        graph.describe(context)
        found.update(self._vocabulary.of_subjects(subjects, graph))
        found.update(self._judged(graph, subjects))
        return found

    def _judged(self, graph: Graph, subjects: AbstractSet[str]) -> list[Finding]:
        """What the engine finds about these subjects."""
        if isinstance(self._engine, CompiledEngine):
            return self._engine.graph_findings(graph, subjects)
        return self._engine.findings(graph.quads(), {words(subject) for subject in subjects})

    def _verdict(self, findings: Iterable[Finding], subjects: int) -> Verdict:
        return Verdict(
            findings=tuple(sorted(findings, key=lambda finding: finding.sort_key)),
            coverage=Coverage(subjects=subjects, shapes=len(self._shapes.members), canaries=self._canaries),
        )


def _iris(graph: Graph) -> frozenset[str]:
    """The subjects that are IRIs, in N-Triples."""
    return frozenset([subject for subject in graph.nodes if subject[0] == "<" != subject[1]])


def _engine(shapes: ShapeSet, kind: EngineKind) -> Engine:
    """The validator of this kind, with these shapes.

    Raises:
        KnowledgeError: it cannot use the shapes.
    """
    if kind is EngineKind.PYSHACL:
        from kg.check.pyshacl_engine import reference_engine  # noqa: PLC0415 # a second to import, and seldom used

        return reference_engine(shapes)
    try:
        return CompiledEngine(shapes.quads)
    except IllFormed as error:
        raise KnowledgeError(str(shapes.folder), f"{error.node}: {error.reason}") from error


def _is_instance(quad: Quad, types: set[str]) -> bool:
    """Whether the statement is about a thing and not about a term or an alignment of the ontology."""
    if any(of_type.startswith(_SCHEMA) for of_type in types):
        return False
    return not str(quad.graph_name).endswith(_ONTOLOGY) or any(of_type.startswith(_OURS) for of_type in types)


def _types(quads: Iterable[Quad]) -> Mapping[str, set[str]]:
    types: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.predicate == TYPE:
            types[text(quad.subject)].add(text(quad.object))
    return types
