"""The compiled engine: shapes become Python closures once, and each page's statements are run through them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property

from pyoxigraph import Quad

from kg.check.shacl.compiler import Compiler, Member, Plan
from kg.check.shacl.forms import OFTEN, Form, FormJudges
from kg.check.shacl.graph import TYPE_TERM, Graph
from kg.check.shacl.literals import literal, words
from kg.check.shacl.names import shape_names
from kg.check.shacl.paths import PathKind
from kg.check.shacl.results import Result
from kg.check.shacl.shapes_graph import Shape, ShapesGraph
from kg.check.shacl.sparql import SparqlConstraints
from kg.check.shacl.targets import TargetKind, focus_nodes
from kg.model.verdict import Finding, Severity
from kg.rdf.templates import Node
from kg.rdf.vocab import SH

_SEVERITIES = {str(SH(severity.value)): severity for severity in Severity}
#: So many combinations of types are remembered; pages use a few dozen.
_COMBINATIONS = 4096
_NOTHING: Node = {}


class CompiledEngine:
    """Validates triples against one set of shapes, compiled when the engine is made.

    Args:
        shapes: the shapes' triples.
        often: after how many nodes of a form a judge of its own is compiled for it.

    Raises:
        IllFormed: a shape makes no sense or is recursive.
    """

    def __init__(self, shapes: Iterable[Quad], often: int = OFTEN) -> None:
        self._graph = Graph.of_quads(shapes)
        self._shapes = ShapesGraph(self._graph)
        self._compiler = Compiler(self._shapes, SparqlConstraints(self._shapes))
        self._by_class: dict[str, list[Shape]] = {}
        self._others: list[tuple[Shape, Plan]] = []
        for shape in self._shapes.targeted():
            plan = self._compiler.plan([shape])
            if all(target.kind is TargetKind.CLASS for target in shape.targets):
                for target in shape.targets:
                    self._by_class.setdefault(target.term, []).append(shape)
            else:
                self._others.append((shape, plan))
        self._plans: dict[tuple[str, ...], Plan] = {}
        self._judges = FormJudges(often)

    def findings(self, quads: Iterable[Quad], subjects: AbstractSet[str]) -> list[Finding]:
        """What the shapes find about these subjects; see `kg.check.engine.Engine`."""
        return self.graph_findings(Graph.of_quads(quads), {f"<{subject}>" for subject in subjects})

    def graph_findings(self, graph: Graph, scope: AbstractSet[str]) -> list[Finding]:
        """What the shapes find about the nodes of a scope, which are IRIs in N-Triples."""
        results = self.results(graph, scope)
        return list({self._finding(result) for result in results}) if results else []

    def results(self, graph: Graph, scope: AbstractSet[str] | None = None) -> list[Result]:
        """All validation results, in no particular order.

        Args:
            graph: the data.
            scope: the nodes to judge, in N-Triples; None for all that the shapes target.
        """
        found: list[Result] = []
        for form, members in self._formed(graph, scope):
            judge = self._judges.judge(form, self._plan(form[0]), len(members))
            for focus, node in judge(graph, members, found) if judge else members:
                self._plan(_types(graph, node)).run(graph, focus, node, found)
        for shape, plan in self._others:
            for focus in focus_nodes(graph, shape.targets):
                if scope is None or focus in scope:
                    plan.run(graph, focus, graph.nodes.get(focus, _NOTHING), found)
        return found

    @property
    def targets(self) -> Mapping[str, Shape]:
        """The shapes with targets, by their nodes."""
        return {shape.node: shape for shape in self._shapes.targeted()}

    @property
    def shapes(self) -> Graph:
        """The shapes graph."""
        return self._graph

    def _formed(self, graph: Graph, scope: AbstractSet[str] | None) -> Iterator[tuple[Form, Collection[Member]]]:
        """The nodes with types, those of a form together."""
        formed: dict[Form, list[Member]] = defaultdict(list)
        others = graph.apart
        if graph.above or not all(scope is None or table.nodes.keys() <= scope for table in graph.tables):
            others = graph.nodes
        else:
            yield from (((each.template.types, each.template.predicates), each.nodes.items()) for each in graph.tables)
        for focus, node in others.items():
            if TYPE_TERM in node and (scope is None or focus in scope):
                formed[_types(graph, node), tuple(node)].append((focus, node))
        yield from formed.items()

    def _plan(self, types: tuple[str, ...]) -> Plan:
        """What is demanded of a node of these types."""
        if types in self._plans:
            return self._plans[types]
        shapes = {shape.node: shape for each in types for shape in self._by_class.get(each, ())}
        plan = self._compiler.plan(shapes.values())
        if len(self._plans) < _COMBINATIONS:
            self._plans[types] = plan
        return plan

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return shape_names(self._shapes)

    def _finding(self, result: Result) -> Finding:
        path = result.path
        simple = path is not None and path.kind is PathKind.PREDICATE
        return Finding(
            shape=self._names.get(result.shape, result.shape),
            focus=words(result.focus),
            path=None if path is None else words(path.predicate) if simple else str(path),
            value=result.value,
            severity=_SEVERITIES.get(result.severity, Severity.VIOLATION),
            message=_message(result.messages),
            component=result.component[1:-1],
        )


def _types(graph: Graph, node: Node) -> tuple[str, ...]:
    """The classes that a node is of."""
    types = node[TYPE_TERM]
    return tuple(sorted(graph.classes(types))) if graph.above else tuple(types)


def _message(messages: tuple[str, ...]) -> str:
    """The message to show: in English or no language where there is one."""
    parts = sorted(
        (literal(message) for message in messages), key=lambda each: (each.language[:2] not in ("en", ""), each)
    )
    return parts[0].lexical
