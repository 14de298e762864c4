"""The reference validator: pySHACL, fed so that it does each piece of work once.

Three things keep it quick without changing what it finds. Shapes are parsed once. A shape with targets is asked for its
focus nodes once, and each of its property shapes is then run over all of them together, where pySHACL by itself runs it
anew for every single node. Queries of SPARQL constraints are answered by Oxigraph in a tenth of the time rdflib takes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Quad
from pyshacl.errors import ReportableRuntimeError
from pyshacl.helper.path_helper import shacl_path_to_sparql_path
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib import Graph, URIRef

from kg.check.data_graph import DataGraph
from kg.check.rdflib_terms import RdflibTerm, TermTable
from kg.check.shapes import ShapeSet
from kg.model.errors import KnowledgeError
from kg.model.verdict import Finding, Severity
from kg.rdf.vocab import SH

_LOG = logging.getLogger("kg.check.pyshacl")
_LOG.addHandler(logging.NullHandler())

_PROPERTY = URIRef(SH("property").value)
_SEVERITIES = {SH(severity.value).value: severity for severity in Severity}


@dataclass(frozen=True, slots=True)
class _Root:
    """A shape with targets of its own, and the property shapes it hands them to."""

    shape: Shape
    properties: tuple[Shape, ...]


class PyShaclEngine:
    """Validates triples against one set of shapes with pySHACL.

    Raises:
        pyshacl.errors.ReportableRuntimeError: the shapes make no sense to pySHACL.
    """

    def __init__(self, shapes: Iterable[Quad]) -> None:
        terms = TermTable()
        graph = Graph(store="SimpleMemory", bind_namespaces="none")
        for quad in shapes:
            graph.add(terms.triple(quad))
        self._shapes = ShapesGraph(graph, debug=False, logger=_LOG)
        self._roots = _roots(self._shapes)

    def findings(self, quads: Iterable[Quad], subjects: AbstractSet[str]) -> list[Finding]:
        """What the shapes find about these subjects; see `kg.check.engine.Engine`."""
        data = DataGraph(quads)
        own = {URIRef(subject) for subject in subjects}
        executor = SHACLExecutor()
        found: set[Finding] = set()
        for root in self._roots:
            focus = sorted(root.shape.focus_nodes(data) & own)  # type: ignore[no-untyped-call] # pySHACL is not typed
            for shape in (root.shape, *root.properties) if focus else ():
                _, results = shape.validate(executor, data, focus=focus)
                found.update(self._finding(_fields(node, triples), data.terms) for _, node, triples in results)
        return list(found)

    def _finding(self, fields: dict[str, RdflibTerm], terms: TermTable) -> Finding:
        value = fields.get("value")
        return Finding(
            shape=str(fields["sourceShape"]),
            focus=str(fields["focusNode"]),
            path=self._path(fields.get("resultPath")),
            value=None if value is None else str(terms.origin(value)),
            severity=_SEVERITIES.get(str(fields["resultSeverity"]), Severity.VIOLATION),
            message=str(fields.get("resultMessage", "This breaks the shape.")),
            component=str(fields["sourceConstraintComponent"]),
        )

    def _path(self, path: RdflibTerm | None) -> str | None:
        """The path as an IRI or in SPARQL's syntax."""
        if path is None or isinstance(path, URIRef):
            return path if path is None else str(path)
        return str(shacl_path_to_sparql_path(self._shapes, path))


def reference_engine(shapes: ShapeSet) -> PyShaclEngine:
    """The reference engine with the shapes of a folder.

    Raises:
        KnowledgeError: pySHACL cannot use the shapes.
    """
    try:
        return PyShaclEngine(shapes.quads)
    except (ReportableRuntimeError, SyntaxError) as error:
        raise KnowledgeError(str(shapes.folder), str(error)) from error


def _roots(shapes: ShapesGraph) -> tuple[_Root, ...]:
    """The shapes with targets, in the order of their IRIs, each parted from its property shapes.

    A shape that other shapes refer to keeps its property shapes, since they are meant there too.
    """
    by_node: dict[RdflibTerm, Shape] = {shape.node: shape for shape in shapes.shapes}
    roots = []
    for node, shape in sorted(by_node.items()):
        if shape.deactivated or not any(True for targets in shape.target() for _ in targets):  # type: ignore[no-untyped-call] # as above
            continue
        referred_to = next(shapes.graph.triples((None, None, node)), None) is not None
        properties = () if referred_to else sorted(shapes.objects(node, _PROPERTY))  # type: ignore[no-untyped-call] # as above
        roots.append(_Root(shape, tuple(by_node[prop] for prop in properties)))
    for root in roots:
        if root.properties:
            shapes.graph.remove((root.shape.node, _PROPERTY, None))
    return tuple(roots)


def _fields(result: RdflibTerm, triples: Iterable[tuple[RdflibTerm, URIRef, Any]]) -> dict[str, RdflibTerm]:
    """The parts of one result, by the local names of their properties.

    pySHACL pairs each node with the graph it is in, and adds the triples of a nested shape's results.
    """
    return {
        predicate.rpartition("#")[2]: value[1] if isinstance(value, tuple) else value
        for subject, predicate, value in triples
        if subject == result
    }
