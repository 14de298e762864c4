"""From a validation result to the words in a file that a person should look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.check.rdf_files.files import LocatedGraph
from kg.check.rdf_files.places import Precision, Spot, Statement
from kg.check.shacl.graph import Graph
from kg.check.shacl.literals import is_blank
from kg.check.shacl.paths import Path, PathKind, walk
from kg.check.shacl.results import Result
from kg.rdf.vocab import SH, TYPE

_TYPE = str(TYPE)
_TWO = 2  # a sequence has no fewer parts
_TARGET_NODE = str(SH("targetNode"))


class Locator:
    """Places results in the data; what is not in the data is placed in the shapes that target it."""

    def __init__(self, data: Sequence[LocatedGraph], shapes: Sequence[LocatedGraph], graph: Graph) -> None:
        self._data = data
        self._shapes = shapes
        self._graph = graph

    def spot(self, result: Result) -> Spot | None:
        """The offending triple's object; for a value that is missing, or a node's own fault, the subject."""
        for statement in self._statements(result):
            found = self.statement(statement)
            if found is not None:
                return found
        return self.node(result.focus)

    def statement(self, statement: Statement) -> Spot | None:
        """Where a triple's object stands in the first file that has the triple."""
        for graph in self._data:
            if graph.says(statement):
                return graph.places.statement(statement)
        return None

    def predicate(self, statement: Statement) -> Spot | None:
        """Where a triple's predicate stands in the first file that has the triple."""
        for graph in self._data:
            if graph.says(statement):
                return graph.places.predicate(statement)
        return None

    def node(self, node: str) -> Spot | None:
        """Where a node is described: in the file that gives it a type, else where it is first named."""
        describing = [graph for graph in self._data if node in graph.described]
        typing = [graph for graph in describing if any(each.predicate == _TYPE for each in graph.described[node])]
        for graph in (*typing, *describing):
            spot = graph.places.subject(node)
            if spot is not None:
                return spot
        for graph in self._data:
            if node in graph.objects:
                return graph.places.mention(node)
        return self._target(node)

    def name(self, term: str) -> str:
        """The term, with a blank node under the name that its file gives it."""
        if is_blank(term):
            for graph in self._data:
                if term in graph.nodes:
                    return graph.places.label(term)
        return term

    def _target(self, node: str) -> Spot | None:
        """Where a shape names the node as its target."""
        for graph in self._shapes:
            for statements in graph.described.values():
                for each in statements:
                    if each.predicate == _TARGET_NODE and each.object == node:
                        return graph.places.statement(each)
        return None

    def _statements(self, result: Result) -> Iterator[Statement]:
        """The triples that the result may be about, the closest first."""
        if result.path is None:
            return
        if result.value is not None:
            yield from self._last_steps(result.path, result.focus, result.value)
        elif result.path.kind is PathKind.PREDICATE:
            path = result.path.predicate
            values = [
                each for graph in self._data for each in graph.described.get(result.focus, ()) if each.predicate == path
            ]
            yield from reversed(values)

    def _last_steps(self, path: Path, start: str, end: str) -> Iterator[Statement]:
        """The triples by which the path's last step leads to its end."""
        if path.kind is PathKind.PREDICATE:
            yield Statement(start, path.predicate, end)
        elif path.kind is PathKind.INVERSE and path.parts[0].kind is PathKind.PREDICATE:
            yield Statement(end, path.parts[0].predicate, start)
        elif path.kind is PathKind.SEQUENCE:
            before = Path(PathKind.SEQUENCE, parts=path.parts[:-1]) if len(path.parts) > _TWO else path.parts[0]
            for middle in walk(before)(self._graph, start):
                yield from self._last_steps(path.parts[-1], middle, end)
        elif path.kind is PathKind.ALTERNATIVE:
            for part in path.parts:
                yield from self._last_steps(part, start, end)
        elif path.kind is not PathKind.INVERSE:
            yield from self._repeated(path, start, end)

    def _repeated(self, path: Path, start: str, end: str) -> Iterator[Statement]:
        for middle in (start, *walk(path)(self._graph, start)):
            yield from self._last_steps(path.parts[0], middle, end)


def hint(spot: Spot | None) -> str:
    """What to add to a message when the place is not the exact one."""
    if spot is None or spot.precision is Precision.EXACT:
        return ""
    return " (The place is the nearest that is known, not that of the words themselves.)"
