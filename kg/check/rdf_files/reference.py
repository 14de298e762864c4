"""pySHACL on anyone's data: the reference that the compiled shapes are compared with."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from pyoxigraph import RdfFormat, parse
from pyshacl.errors import ReportableRuntimeError
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shapes_graph import ShapesGraph
from rdflib import Graph as RdflibGraph

from kg.check.data_graph import DataGraph
from kg.check.rdf_files.shapes_files import ShapesFiles
from kg.check.rdflib_terms import RdflibTerm, TermTable
from kg.check.shacl.graph import Graph
from kg.check.shacl.paths import read_path
from kg.check.shacl.results import Result
from kg.model.errors import KnowledgeError
from kg.rdf.vocab import SH

_LOG = logging.getLogger("kg.check.pyshacl")
_UNSAID = '"This breaks the shape."@en'


class Reference:
    """Validates with pySHACL and tells the results as the compiled shapes do.

    Raises:
        KnowledgeError: the shapes make no sense to pySHACL.
    """

    def __init__(self, files: ShapesFiles) -> None:
        self._files = files
        self._terms = TermTable()
        graph = RdflibGraph(store="SimpleMemory", bind_namespaces="none")
        for quad in files.quads:
            graph.add(self._terms.triple(quad))
        self._shapes = ShapesGraph(graph, debug=False, logger=_LOG)
        try:
            self._targeted = [
                shape for shape in self._shapes.shapes if any(True for found in shape.target() for _ in found)
            ]
        except ReportableRuntimeError as error:
            raise self._refused(error) from error

    def results(self, graph: Graph) -> Iterator[Result]:
        """All validation results.

        Raises:
            KnowledgeError: pySHACL cannot run a shape.
        """
        lines = "".join(f"{' '.join(triple)} .\n" for triple in graph.triples())
        data = DataGraph(parse(input=lines, format=RdfFormat.N_TRIPLES))
        try:
            for shape in self._targeted:
                if not shape.deactivated:
                    _, found = shape.validate(SHACLExecutor(), data)
                    yield from (self._result(node, triples, data.terms) for _, node, triples in found)
        except (ReportableRuntimeError, SyntaxError) as error:
            raise self._refused(error) from error

    def _result(self, node: RdflibTerm, triples: object, terms: TermTable) -> Result:
        said: dict[str, list[str]] = {}
        for subject, predicate, value in triples:  # type: ignore[attr-defined] # pySHACL is not typed
            if subject == node:
                term = value[1] if isinstance(value, tuple) else value
                said.setdefault(f"<{predicate}>", []).append(str(terms.origin(term)))
        path, value = _one(said, "resultPath"), _one(said, "value")
        return Result(
            focus=_one(said, "focusNode") or "",
            path=None if path is None else read_path(self._files.engine.shapes, path),
            value=value,
            component=_one(said, "sourceConstraintComponent") or "",
            shape=_one(said, "sourceShape") or "",
            severity=_one(said, "resultSeverity") or "",
            messages=tuple(said.get(str(SH("resultMessage")), (_UNSAID,))),
            constraint=_one(said, "sourceConstraint"),
        )

    def _refused(self, error: Exception) -> KnowledgeError:
        return KnowledgeError(", ".join(graph.source for graph in self._files.graphs), f"pySHACL: {error}")


def _one(said: dict[str, list[str]], local: str) -> str | None:
    return next(iter(said.get(str(SH(local)), ())), None)
