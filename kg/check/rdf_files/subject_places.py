"""Places in formats in which a statement is where its subject is: JSON-LD and RDF/XML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import Quad

from kg.check.rdf_files.lines import Lines
from kg.check.rdf_files.places import Precision, Spot, Statement


class SubjectPlaces:
    """Places of subjects.

    Args:
        lines: the file.
        quads: its quads.
        labelled: the same quads in the same order, with the file's own labels of blank nodes.
        spots: where each node is named, from offset to offset, by the file's own labels.
    """

    def __init__(
        self, lines: Lines, quads: Sequence[Quad], labelled: Sequence[Quad], spots: Mapping[str, tuple[int, int]]
    ) -> None:
        self._lines = lines
        self._spots = spots
        self._found: dict[str, Spot] = {}
        self._statements: set[Statement] = set()
        self._labels: dict[str, str] = {}
        self._referrers: dict[str, str] = {}
        for quad, own in zip(map(Statement.of, quads), map(Statement.of, labelled), strict=True):
            self._statements.add(quad)
            self._labels[quad.subject], self._labels[quad.object] = own.subject, own.object
            self._referrers.setdefault(quad.object, quad.subject)
        self._subjects = {statement.subject for statement in self._statements}
        self._nameless = {node: number for number, node in enumerate(self._without_names(), 1)}

    def statement(self, statement: Statement) -> Spot | None:
        """Where the statement's subject is named."""
        return self.subject(statement.subject) if statement in self._statements else None

    def predicate(self, statement: Statement) -> Spot | None:
        """Where the statement's subject is named."""
        return self.statement(statement)

    def subject(self, node: str) -> Spot | None:
        """Where the node is named, or else the nearest one that refers to it."""
        return self._nearest(node) if node in self._subjects else None

    def mention(self, node: str) -> Spot | None:
        """Where the node is named, or else the nearest one that refers to it."""
        return self._nearest(node) if node in self._referrers else None

    def label(self, node: str) -> str:
        """The label in the file, or the number of a node without one."""
        number = self._nameless.get(node)
        return f"_:nameless{number}" if number else self._labels.get(node, node)

    def _without_names(self) -> Iterator[str]:
        return (node for node, own in self._labels.items() if node.startswith("_:") and own not in self._spots)

    def _nearest(self, node: str) -> Spot | None:
        """Where the node is named, or the first one up the line of those that refer to it."""
        climbed: dict[str, None] = {}
        while node not in climbed and node not in self._found:
            climbed[node] = None
            spot = self._spots.get(self._labels.get(node, node))
            if spot is not None:
                self._found[node] = Spot(self._lines.place(*spot))
            else:
                node = self._referrers.get(node, node)
        nearest = self._found.get(node) or Spot(self._lines.place(0, 0))
        for each in climbed:  # so that no line is climbed twice
            self._found.setdefault(each, Spot(nearest.place, Precision.NEAR))
        return self._found[next(iter(climbed), node)]
