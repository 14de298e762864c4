"""The version in the making: pages go into its store and out of it, and what enters and leaves is kept count of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from collections.abc import Set as AbstractSet
from typing import Final, Protocol

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, Triple, parse

from kg.check.reach import Moves
from kg.check.witnesses import asserted, claims_of
from kg.rdf.quads import PageQuads
from kg.rdf.vocab import TYPE
from kg.store.describe import merged_count
from kg.store.graphs import PIECE, insert, load, node_of, payload, retract_file, retract_page

_DEFAULT: Final = DefaultGraph()
_REMEMBERED: Final = 50_000  # statements, of some 800 pages


class Taker(Protocol):
    """What pages go into."""

    def put(self, graph: str, lines: bytes, asked: bytes) -> None:
        """Takes in a page, in the place of what its graph held.

        Args:
            graph: its IRI.
            lines: all that the page says.
            asked: of its flat statements those that constraints over all pages ask for, in the default graph.
        """

    def give_up(self) -> None:
        """Waits until nobody writes any more; what was written to is to be thrown away."""


class Nowhere:
    """Where pages go that are judged by themselves alone."""

    def put(self, graph: str, lines: bytes, asked: bytes) -> None:
        """Lets go of a page."""

    def give_up(self) -> None:
        """Nobody writes."""


class Candidate(Taker, Protocol):
    """A store that becomes a version."""

    @property
    def store(self) -> Store:
        """Where all that was put is found after `finish`."""

    @property
    def flat(self) -> Store:
        """Where all flat statements are found that constraints over all pages ask for; more may be there."""

    def retract(self, graphs: Iterable[str]) -> None:
        """Takes out pages."""

    def put_file(self, file: PageQuads) -> None:
        """Takes in a file of curated facts."""

    def finish(self) -> None:
        """Brings all that was put into the store."""

    def settle(self, meanwhile: Callable[[], None]) -> None:
        """Begins what makes the store fast to read, once it holds all that most likely stays.

        Args:
            meanwhile: what whoever waits for that may do.
        """

    def settled(self) -> None:
        """Waits until that is done."""

    def may_have_changed(self, names: Collection[str]) -> bool:
        """Whether statements with one of these properties, or of one of these classes, came or went."""

    @property
    def moves(self) -> Moves | None:
        """What came, went, or has other words behind it; None where this was too much to remember."""

    def statements(self) -> int:
        """Number of statements of the merged graph."""


class Changed:
    """A copy of the current version in which some pages are replaced.

    Args:
        store: the copy.
        statements: number of statements of its merged graph.
    """

    def __init__(self, store: Store, statements: int) -> None:
        self.store = store
        self._statements: int | None = statements
        self._waiting: list[bytes] = []
        self._size = 0
        self._named: set[str] = set()
        self._passed: set[Triple] = set()
        self._stayed: set[Triple] = set()
        self._are_remembered = True

    @property
    def flat(self) -> Store:
        """The whole."""
        return self.store

    def put(self, graph: str, lines: bytes, asked: bytes = b"") -> None:  # noqa: ARG002 - it is in the store
        """Takes in a page, in the place of what its graph held."""
        quads = list(parse(lines, RdfFormat.N_QUADS, lenient=True))
        new, old = {quad.triple for quad in quads if quad.graph_name != _DEFAULT}, self._stated(graph)
        passed = new ^ old
        if self._are_remembered and old:
            claims = claims_of(self.store, node_of(NamedNode(graph)))
            passed |= asserted(quads) ^ asserted(claims)
        self._note(passed, new & old)
        self._take_out(graph)
        self._waiting.append(lines)
        self._size += len(lines)
        if self._size >= PIECE:
            self._statements = None  # too many to look up one by one
            load(self.store, [self._joined()])

    def retract(self, graphs: Iterable[str]) -> None:
        """Takes out pages."""
        self.finish()
        for graph in graphs:
            self._note(self._stated(graph))
            self._take_out(graph)

    def put_file(self, file: PageQuads) -> None:
        """Takes in a file of curated facts that is not in the store."""
        self._note({quad.triple for quad in file.stated})
        self._waiting.append(payload(file))

    def retract_file(self, file: PageQuads) -> None:
        """Takes out a file of curated facts that is in the store."""
        self._note({quad.triple for quad in file.stated})
        self._count(-retract_file(self.store, file))

    def finish(self) -> None:
        """Brings all that was put into the store."""
        if not self._waiting:
            return
        if self._statements is None:
            load(self.store, [self._joined()])
        else:
            self._count(insert(self.store, self._joined()))

    @property
    def moves(self) -> Moves | None:
        """What came, went, or has other words behind it; None where this was too much to remember."""
        return Moves(self._passed, self._stayed) if self._are_remembered else None

    def may_have_changed(self, names: Collection[str]) -> bool:
        """Whether statements with one of these properties, or of one of these classes, came or went."""
        return not self._named.isdisjoint(names)

    def statements(self) -> int:
        """What the copy had, and what came and went since; counted where too much came to be looked up."""
        return merged_count(self.store) if self._statements is None else self._statements

    def settle(self, meanwhile: Callable[[], None]) -> None:
        """Nothing is merged: most files stay those of the current version, shared with it."""

    def settled(self) -> None:
        """They are."""

    def give_up(self) -> None:
        """Nobody does."""

    def _take_out(self, graph: str) -> None:
        self._count(-retract_page(self.store, NamedNode(graph)))

    def _count(self, more: int) -> None:
        if self._statements is not None:
            self._statements += more

    def _stated(self, graph: str) -> set[Triple]:
        """What stands in a graph."""
        return {quad.triple for quad in self.store.quads_for_pattern(None, None, None, NamedNode(graph))}

    def _note(self, passed: AbstractSet[Triple], stayed: AbstractSet[Triple] = frozenset()) -> None:
        """Takes in what came or went, and what stayed with other words behind it."""
        for triple in passed:
            named = triple.object if triple.predicate == TYPE else triple.predicate
            self._named.add(named.value if isinstance(named, NamedNode) else "")
        if self._are_remembered:
            self._passed |= passed
            self._stayed |= stayed
            self._are_remembered = len(self._passed) + len(self._stayed) <= _REMEMBERED
        if not self._are_remembered:
            self._passed, self._stayed = set(), set()

    def _joined(self) -> bytes:
        lines = b"".join(self._waiting)
        self._waiting, self._size = [], 0
        return lines
