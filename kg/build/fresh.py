"""A version that is filled from nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Quad, Store, Triple

from kg.build.ahead import Ahead
from kg.check.reach import Moves
from kg.lines import Lines
from kg.rdf.quads import PageQuads
from kg.store.describe import merged_count
from kg.store.graphs import PIECE, in_both, load, payload, retract_page
from kg.store.inflow import Inflow

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

_SORTED: Final = 1_000_000  # statements that the engine sorts at once, on one processor
_ENOUGH: Final = 1.5  # times so many are still to come: else those before them would be sorted last, on one processor
_PAUSE: Final = 0.1  # seconds from one look at what was merged to the next
_MANY: Final = 16  # times so many: in as many files that hold the same range looking things up takes long


class Fresh:
    """A store that is filled from nothing, by threads, while more is put together.

    The engine loads without holding Python's lock, so workers are fed meanwhile. What comes flows in as one load: the
    engine sorts a million statements at a time, and merges nothing before the end. When all has come it would still
    have to sort what came last, a million or less, on one processor; so that flows in as two loads, by turns. What
    constraints over all pages ask for is kept apart too, so that they need not wait until the files are merged.

    Args:
        store: an empty one.
        left: how many pages are still to come; None where nobody has counted them.
    """

    def __init__(self, store: Store, left: Callable[[], int | None] = lambda: None) -> None:
        self._store = store
        self._flat = Lines()
        self._apart: Store | None = None  # what they state
        self._gone: set[Triple] = set()
        self._left = left
        self._pages = self._lines = 0
        self._sorted = 0  # lines that make up whole millions
        self._waiting: list[bytes] = []
        self._size = 0
        self._flows: list[Inflow] = []
        self._settler: ThreadPoolExecutor | None = None
        self._settling: Future[None] | None = None
        self._meanwhile: Callable[[], None] = lambda: None
        self._statements: int | None = None

    @property
    def store(self) -> Store:
        """Where all that was put is found after `finish`; of many files only once they are merged.

        Looking things up in a hundred of them that hold the same range would take far longer than merging them.

        Raises:
            OSError: the disk fails.
        """
        if self._sorted >= _MANY * _SORTED:
            self.settled()
        return self._store

    @property
    def flat(self) -> Store:
        """All flat statements that constraints ask for: apart, until some were taken out again."""
        if self._gone:
            return self.store
        if self._apart is None:
            self._apart = Store()
            load(self._apart, map(b"".join, self._flat.batches()))
        return self._apart

    def put(self, graph: str, lines: bytes, asked: bytes) -> None:  # noqa: ARG002 - nothing stands in a graph yet
        """Takes in a page."""
        self._pages += 1
        self.add(lines, asked)

    def add(self, lines: bytes, asked: bytes) -> None:
        """Takes in statements, and again those of them that constraints ask for, in the default graph.

        Raises:
            OSError: the disk fails.
        """
        self._flat.add(asked)
        self._apart = None
        self._lines += lines.count(b"\n")
        if self._flows:
            self._feed(lines)
            return
        self._waiting.append(lines)
        self._size += len(lines)
        if self._size >= PIECE:
            self._flows.append(Inflow(self._store))
            self._feed(self._joined())

    def put_file(self, file: PageQuads) -> None:
        """Takes in a file of curated facts."""
        self.add(payload(file), file.merged)

    def retract(self, graphs: Iterable[str]) -> None:
        """Takes out pages."""
        self.finish()
        for graph in map(NamedNode, graphs):
            self._gone.update(quad.triple for quad in self.store.quads_for_pattern(None, None, None, graph))
            gone = retract_page(self.store, graph)
            if self._statements is not None:
                self._statements -= gone

    def finish(self) -> None:
        """Brings all that was put into the store.

        Raises:
            OSError: the disk fails.
        """
        if self._size:
            load(self._store, [self._joined()])
        try:
            for flow in self._flows:
                flow.close()
            for flow in self._flows:
                flow.end()
        except BaseException:  # Ctrl-C, while it still comes in
            self.give_up()
            raise
        self._flows = []

    def settle(self, meanwhile: Callable[[], None]) -> None:
        """Begins to merge the engine's files, by a thread.

        A store of many files is counted meanwhile, in the order in which it lies.

        Args:
            meanwhile: done again and again by whoever waits.
        """
        self._meanwhile = meanwhile
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - a check in this process merges nothing

        self._settler = ThreadPoolExecutor(max_workers=1, thread_name_prefix="settler")
        self._settling = self._settler.submit(self._store.optimize)
        if self._sorted >= _MANY * _SORTED:
            self._statements = merged_count(self._store)

    def settled(self) -> None:
        """Waits until they are merged.

        Raises:
            OSError: the disk fails.
        """
        while self._settling and self._settling.running():
            self._meanwhile()
            with suppress(TimeoutError):
                self._settling.result(_PAUSE)
        if self._settling:
            self._settling.result()

    @property
    def moves(self) -> Moves:
        """The flat statements of the pages that were taken out again."""
        return Moves(self._gone)

    def may_have_changed(self, names: Collection[str]) -> bool:  # noqa: ARG002 - all of it came
        """Always."""
        return True

    def statements(self) -> int:
        """Counts them in a pass over the merged graph, where that was not done yet."""
        return merged_count(self.store) if self._statements is None else self._statements

    def give_up(self) -> None:
        """Waits for what is being loaded or merged."""
        for flow in self._flows:
            flow.give_up()
        if self._settler:
            self._settler.shutdown()

    def _joined(self) -> bytes:
        lines = b"".join(self._waiting)
        self._waiting, self._size = [], 0
        return lines

    def _feed(self, lines: bytes) -> None:
        self._flows[self._pages % len(self._flows)].feed(lines)
        is_whole = self._lines >= self._sorted + _SORTED
        if is_whole:
            self._sorted = self._lines
        if len(self._flows) == 1 and (is_whole or not self._sorted) and not self._fills_another():
            self._flows.append(Inflow(self._store))

    def _fills_another(self) -> bool:
        """Whether another million will most likely come, and enough behind it for the time that sorting it takes."""
        left = self._left()
        if left is None:
            return True
        return self._lines - self._sorted + left * self._lines / max(self._pages, 1) >= _ENOUGH * _SORTED


def fresh(store: Store, known: Iterable[Quad], ahead: Ahead | None = None) -> Fresh:
    """One that holds what is known beforehand, for the pages that are looked at ahead."""
    candidate = Fresh(store) if ahead is None else Fresh(store, lambda: ahead.left)
    quads = list(known)
    candidate.add(in_both(quads), "".join([f"{quad.triple} .\n" for quad in quads]).encode())
    return candidate
