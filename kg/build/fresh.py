"""A version that is filled from nothing: pieces first, and what comes after them in one load."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Store, Triple

from kg.rdf.quads import PageQuads
from kg.store.describe import merged_count
from kg.store.graphs import PIECE, load, payload, retract_page
from kg.store.inflow import Inflow

if TYPE_CHECKING:
    from concurrent.futures import Future

_LARGEST: Final = 48 * 1024 * 1024  # bytes; a load of so many takes 400 MB
_PIECES: Final = 160 * 1024 * 1024  # bytes, of some 1,000 pages; what comes after them flows in as one load
_AT_ONCE: Final = 2  # loads of what is left at the end


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
        self._is_large = False
        self._statements: int | None = None

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
            self._inflow, self._is_large = Inflow(self.store), True
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
            gone = retract_page(self.store, graph)
            if self._statements is not None:
                self._statements -= gone

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
        """Begins to merge the engine's files, by a thread; the store is read and written meanwhile.

        A large one is only counted meanwhile, in the order in which it lies: looking things up in a hundred files that
        hold the same range would take far longer than merging them.
        """
        self._settling = self._loader.submit(self.store.optimize)
        if self._is_large:
            self._statements = merged_count(self.store)
            self.settled()

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
        """Counts them in a pass over the merged graph, where that was not done yet."""
        return merged_count(self.store) if self._statements is None else self._statements

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


def _parts(lines: bytes) -> Iterable[bytes]:
    """Lines to be loaded at once: in two parts where they are worth two loads."""
    if len(lines) < PIECE:
        return [lines] if lines else []
    middle = lines.index(b"\n", len(lines) // _AT_ONCE) + 1
    return [lines[:middle], lines[middle:]]
