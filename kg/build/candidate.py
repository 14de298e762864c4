"""The version in the making: pages go into its store and out of it, and what enters and leaves is kept count of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final, Protocol

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, Triple, parse

from kg.rdf.quads import PageQuads
from kg.rdf.vocab import TYPE
from kg.store.describe import merged_count
from kg.store.inflow import Inflow
from kg.store.graphs import PIECE, insert, load, payload, retract_file, retract_page

if TYPE_CHECKING:
    from concurrent.futures import Future

_DEFAULT: Final = DefaultGraph()
_LARGEST: Final = 48 * 1024 * 1024  # bytes; a load of so many takes 400 MB
_PIECES: Final = 160 * 1024 * 1024  # bytes, of some 1,000 pages; what comes after them flows in as one load
_AT_ONCE: Final = 2  # loads of what is left at the end
_REMEMBERED: Final = 50_000  # statements, of some 800 pages


class Taker(Protocol):
    """What pages go into."""

    def put(self, graph: str, lines: bytes) -> None:
        """Takes in a page, in the place of what its graph held."""

    def give_up(self) -> None:
        """Waits until nobody writes any more; what was written to is to be thrown away."""


class Nowhere:
    """Where pages go that are judged by themselves alone."""

    def put(self, graph: str, lines: bytes) -> None:
        """Lets go of a page."""

    def give_up(self) -> None:
        """Nobody writes."""


class Candidate(Taker, Protocol):
    """A store that becomes a version.

    Attributes:
        store: where all that was put is found after `finish`.
    """

    store: Store

    def retract(self, graphs: Iterable[str]) -> None:
        """Takes out pages."""

    def put_file(self, file: PageQuads) -> None:
        """Takes in a file of curated facts."""

    def finish(self) -> None:
        """Brings all that was put into the store."""

    def settle(self) -> None:
        """Begins what makes the store fast to read, once it holds all that most likely stays."""

    def settled(self) -> None:
        """Waits until that is done."""

    def may_have_changed(self, names: Collection[str]) -> bool:
        """Whether statements with one of these properties, or of one of these classes, came or went."""

    @property
    def changed(self) -> Collection[Triple] | None:
        """The flat statements of all pages that came or went; None where these were too many to remember."""

    def statements(self) -> int:
        """Number of statements of the merged graph."""


class Fresh:
    """A store that is filled from nothing, by threads, while more is put together.

    The engine loads without holding Python's lock, so workers are fed meanwhile. What comes first is loaded in pieces,
    each of them what came during the load before, and what is left at the end in two pieces at once: a small build has
    no processor idle. All that comes after them flows in as one load, which the engine need not merge meanwhile.

    Attributes:
        changed: the flat statements of the pages that were taken out again.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.changed: list[Triple] = []
        self._loaded = 0
        self._waiting: list[bytes] = []
        self._size = 0
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - a check in this process loads nothing

        self._loader = ThreadPoolExecutor(max_workers=1 + _AT_ONCE, thread_name_prefix="loader")
        self._loading: list[Future[None]] = []
        self._settling: Future[None] | None = None
        self._inflow: Inflow | None = None

    def put(self, graph: str, lines: bytes) -> None:  # noqa: ARG002 - nothing stands in a graph yet
        """Takes in a page."""
        self.add(lines)

    def add(self, lines: bytes) -> None:
        """Takes in statements.

        Raises:
            OSError: the disk fails.
        """
        if self._inflow:
            self._inflow.feed(lines)
            return
        self._waiting.append(lines)
        self._size += len(lines)
        if self._loaded + self._size >= _PIECES:
            self._inflow = Inflow(self.store)
            self._inflow.feed(self._joined())
        elif self._size >= _LARGEST or (self._size >= PIECE and all(each.done() for each in self._loading)):
            self._wait()
            self._load(self._joined())

    def put_file(self, file: PageQuads) -> None:
        """Takes in a file of curated facts."""
        self.add(payload(file))

    def retract(self, graphs: Iterable[str]) -> None:
        """Takes out pages."""
        self.finish()
        for graph in map(NamedNode, graphs):
            self.changed += (quad.triple for quad in self.store.quads_for_pattern(None, None, None, graph))
            retract_page(self.store, graph)

    def finish(self) -> None:
        """Brings all that was put into the store.

        Raises:
            OSError: the disk fails.
        """
        for piece in _parts(self._joined()):
            self._load(piece)
        self._wait()
        inflow, self._inflow = self._inflow, None
        if inflow:
            try:
                inflow.end()
            except BaseException:  # Ctrl-C, while it still comes in
                inflow.give_up()
                raise
        self._loaded = 0

    def settle(self) -> None:
        """Begins to merge the engine's files, by a thread; the store is read and written meanwhile."""
        self._settling = self._loader.submit(self.store.optimize)

    def settled(self) -> None:
        """Waits until they are merged.

        Raises:
            OSError: the disk fails.
        """
        if self._settling:
            self._settling.result()

    def may_have_changed(self, names: Collection[str]) -> bool:  # noqa: ARG002 - all of it came
        """Always."""
        return True

    def statements(self) -> int:
        """Counts them, in a pass over the merged graph."""
        return merged_count(self.store)

    def give_up(self) -> None:
        """Waits for what is being loaded or merged."""
        if self._inflow:
            self._inflow.give_up()
        self._loader.shutdown(cancel_futures=True)

    def _joined(self) -> bytes:
        lines = b"".join(self._waiting)
        self._waiting, self._size = [], 0
        return lines

    def _load(self, piece: bytes) -> None:
        self._loaded += len(piece)
        self._loading.append(self._loader.submit(load, self.store, [piece]))

    def _wait(self) -> None:
        loading, self._loading = self._loading, []
        try:
            for each in loading:
                each.result()
        except BaseException:  # Ctrl-C, while a piece is still being loaded
            self.give_up()
            raise


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
        self.changed: list[Triple] | None = []

    def put(self, graph: str, lines: bytes) -> None:
        """Takes in a page, in the place of what its graph held."""
        new = {quad.triple for quad in parse(lines, RdfFormat.N_QUADS, lenient=True) if quad.graph_name != _DEFAULT}
        old = {quad.triple for quad in self.store.quads_for_pattern(None, None, None, NamedNode(graph))}
        self._note(new ^ old, new | old)
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
            old = {quad.triple for quad in self.store.quads_for_pattern(None, None, None, NamedNode(graph))}
            self._note(old, old)
            self._take_out(graph)

    def put_file(self, file: PageQuads) -> None:
        """Takes in a file of curated facts that is not in the store."""
        stated = {quad.triple for quad in file.stated}
        self._note(stated, stated)
        self._waiting.append(payload(file))

    def retract_file(self, file: PageQuads) -> None:
        """Takes out a file of curated facts that is in the store."""
        stated = {quad.triple for quad in file.stated}
        self._note(stated, stated)
        self._count(-retract_file(self.store, file))

    def finish(self) -> None:
        """Brings all that was put into the store."""
        if not self._waiting:
            return
        if self._statements is None:
            load(self.store, [self._joined()])
        else:
            self._count(insert(self.store, self._joined()))

    def may_have_changed(self, names: Collection[str]) -> bool:
        """Whether statements with one of these properties, or of one of these classes, came or went."""
        return not self._named.isdisjoint(names)

    def statements(self) -> int:
        """What the copy had, and what came and went since; counted where too much came to be looked up."""
        return merged_count(self.store) if self._statements is None else self._statements

    def settle(self) -> None:
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

    def _note(self, different: Iterable[Triple], all_of_it: Collection[Triple]) -> None:
        """Takes in what came or went, and all whose words may have moved."""
        for triple in different:
            named = triple.object if triple.predicate == TYPE else triple.predicate
            self._named.add(named.value if isinstance(named, NamedNode) else "")
        if self.changed is not None:
            self.changed += all_of_it
            if len(self.changed) > _REMEMBERED:
                self.changed = None

    def _joined(self) -> bytes:
        lines = b"".join(self._waiting)
        self._waiting, self._size = [], 0
        return lines


def _parts(lines: bytes) -> Iterable[bytes]:
    """Lines to be loaded at once: in two parts where they are worth two loads."""
    if len(lines) < PIECE:
        return [lines] if lines else []
    middle = lines.index(b"\n", len(lines) // _AT_ONCE) + 1
    return [lines[:middle], lines[middle:]]
