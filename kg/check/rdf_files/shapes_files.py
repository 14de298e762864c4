"""Shapes files read and compiled; what is wrong with them is told with file, line and column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pyoxigraph import Quad

from kg.check.rdf_files.files import LocatedGraph, rdf_paths, read_graph
from kg.check.rdf_files.places import Statement
from kg.check.rdf_files.shapes_terms import is_known_elsewhere
from kg.check.shacl.compiled import CompiledEngine
from kg.check.shacl.faults import Fault, FaultKind, faults
from kg.check.shacl.graph import Graph
from kg.check.shacl.names import shape_names
from kg.check.shacl.paths import IllFormed
from kg.check.shacl.shapes_graph import ShapesGraph
from kg.model.errors import KnowledgeError, SourceError
from kg.rdf.vocab import SH

_ADVANCED_TARGET = str(SH("target"))
_BLANK = re.compile(r"_:\w+")


class ShapesFiles:
    """The shapes of some files, ready to be run.

    Attributes:
        graphs: the files.
        quads: what they say together.
        engine: the compiled shapes.
        names: for each shape its IRI, or a name made from the shape it belongs to.
    """

    def __init__(self, graphs: Sequence[LocatedGraph]) -> None:
        self.graphs = graphs
        self.quads: tuple[Quad, ...] = tuple(quad for graph in graphs for quad in graph.quads)
        try:
            self.engine = CompiledEngine(self.quads)
            self.names: Mapping[str, str] = shape_names(ShapesGraph(self.engine.shapes))
        except IllFormed as error:
            raise self._fault(error) from error
        if not self.engine.targets:
            sources = ", ".join(graph.source for graph in graphs)
            raise KnowledgeError(sources, "holds no shape with a target, so nothing would be checked")
        self._refuse_faults()

    def _told(self, reason: str) -> str:
        """The reason, with blank nodes under the names that their files give them."""
        return _BLANK.sub(lambda match: self._label(match[0]), reason)

    def _label(self, node: str) -> str:
        return next((graph.places.label(node) for graph in self.graphs if node in graph.nodes), node)

    def _refuse_faults(self) -> None:
        """Refuses what would not run as it is meant, not run at all, or run without an end."""
        for fault in faults(Graph.of_quads(self.quads)):
            if self._is_told_otherwise(fault):
                continue
            statement = Statement(fault.subject, fault.predicate, fault.value)
            for graph in self.graphs:
                if graph.says(statement):
                    raise _error(graph, statement, fault.term, self._told(fault.reason))

    def _is_told_otherwise(self, fault: Fault) -> bool:
        """Whether the fault comes of a word of SHACL's extensions, which a finding tells, or of its reports."""
        if fault.kind is FaultKind.TERM:
            return is_known_elsewhere(fault.term)
        described = (each for graph in self.graphs for each in graph.described.get(fault.subject, ()))
        return fault.kind is FaultKind.REFERENCE and any(each.predicate == _ADVANCED_TARGET for each in described)

    def _fault(self, error: IllFormed) -> KnowledgeError:
        """The error with the place of the triple at fault."""
        for graph in self.graphs:
            said = graph.described.get(error.node, ())
            at_fault = [each for each in said if each.predicate == error.predicate]
            if said:
                statement = (at_fault or said)[-1 if at_fault else 0]
                term = statement.object if at_fault else statement.subject
                return _error(graph, statement, term, self._told(error.reason))
        for graph in self.graphs:
            spot = graph.places.mention(error.node)
            if spot is not None:
                return KnowledgeError(str(spot.place), self._told(error.reason))
        return KnowledgeError(", ".join(graph.source for graph in self.graphs), f"{error.node}: {error.reason}")


def read_shapes_files(paths: Iterable[Path]) -> ShapesFiles:
    """The shapes in files and folders.

    Raises:
        KnowledgeError: a file cannot be read, or holds what makes no sense as shapes; or no shape has a target.
    """
    return ShapesFiles(read_knowledge_files(paths))


def read_knowledge_files(paths: Iterable[Path]) -> tuple[LocatedGraph, ...]:
    """The graphs in files and folders.

    Raises:
        KnowledgeError: a path does not exist, holds no RDF, or a file cannot be read.
    """
    graphs = []
    for path in paths:
        files = list(rdf_paths([path]))
        if not files:
            reason = "holds no RDF file" if path.exists() else "there is no such file or folder"
            raise KnowledgeError(str(path), reason)
        for file in files:
            try:
                graphs.append(read_graph(file))
            except SourceError as error:
                raise KnowledgeError(error.source, error.reason) from error
    return tuple(graphs)


def _error(graph: LocatedGraph, statement: Statement, term: str, reason: str) -> KnowledgeError:
    places = graph.places
    if term == statement.subject:
        spot = places.subject(term)
    else:
        spot = places.predicate(statement) if term == statement.predicate else places.statement(statement)
    return KnowledgeError(graph.source if spot is None else str(spot.place), reason)
