"""Statements that flow into a store while they are made: one long load, fed bit by bit.

The engine parses what comes, sorts a million statements at a time into files of their own, and lets them in together
when the load ends. Many loads instead make it merge what it has again and again meanwhile, which grows faster than
what is loaded: of 11 million statements these took 111 s of processor time in pieces of 128 MB, and 84 s in one load.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from io import BytesIO
from queue import Full, Queue
from typing import IO, TYPE_CHECKING, Final, cast

from pyoxigraph import RdfFormat

if TYPE_CHECKING:
    from concurrent.futures import Future

    from pyoxigraph import Store

_BLOCK: Final = 1024**2  # bytes, of some seven pages
_AHEAD: Final = 64  # blocks that may wait to be parsed
_CROWDED: Final = 1000 * 1024**2  # bytes; a million statements take 900 MB while they are sorted
_MORE: Final = 200 * 1024**2  # bytes
_PATIENCE: Final = 2.0  # seconds: sorting takes and gives back memory more often
_LOOKS: Final = 0.02  # seconds from one look at the memory to the next
_ALIVE: Final = 1.0  # seconds from one look at the load to the next


class Inflow:
    """A load that is under way in a thread of its own; the engine holds no lock of Python meanwhile."""

    def __init__(self, store: Store) -> None:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - a page is checked without it

        self._fed: list[bytes] = []
        self._size = 0
        self._blocks: Queue[bytes] = Queue(_AHEAD)
        self._taken = BytesIO()
        self._has_ended = False
        self._is_given_up = False
        self._crowded = _CROWDED
        self._cores: set[int] = set()
        self._loader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inflow")
        self._loading: Future[None] = self._loader.submit(self._load, store)

    def feed(self, lines: bytes) -> None:
        """Adds statements in N-Quads syntax, whole lines; waits while much has not been taken yet.

        Raises:
            OSError: the disk fails; the store is to be given up.
        """
        self._fed.append(lines)
        self._size += len(lines)
        if self._size >= _BLOCK:
            self._put(self._block())

    def close(self) -> None:
        """Says that this is all; what came is brought into the store meanwhile.

        Raises:
            OSError: as above.
        """
        if self._size:
            self._put(self._block())
        self._put(b"")

    def end(self) -> None:
        """Waits until all of it is in the store, once it was closed.

        Raises:
            OSError: as above.
        """
        self._loading.result()
        self._loader.shutdown()

    def give_up(self) -> None:
        """Waits until nothing is written any more; of what was fed nothing, or all, is in the store."""
        self._is_given_up = True
        with suppress(Full):
            self._blocks.put_nowait(b"")
        self._loader.shutdown()

    def read(self, most: int) -> bytes:
        """What the engine asks for, 2 kB at a time; nothing at the end, however often it asks then.

        Raises:
            InterruptedError: the load was given up.
        """
        while not (piece := self._taken.read(most)) and not self._has_ended:
            self._spread()
            self._wait_for_memory()
            lines = self._blocks.get()
            self._taken, self._has_ended = BytesIO(lines), not lines
            if self._is_given_up:
                raise InterruptedError("the load was given up")
        return piece

    def _block(self) -> bytes:
        lines = b"".join(self._fed)
        self._fed, self._size = [], 0
        return lines

    def _put(self, lines: bytes) -> None:
        while True:
            if self._loading.done():
                self._loading.result()
                raise RuntimeError("the load has ended already")
            with suppress(Full):
                self._blocks.put(lines, timeout=_ALIVE)
                return

    def _load(self, store: Store) -> None:
        self._gather()
        try:
            store.bulk_load(cast("IO[bytes]", self), RdfFormat.N_QUADS, lenient=True)
        finally:
            self._spread()

    def _gather(self) -> None:
        """Lets the engine see one processor as a load begins: it sorts one million a processor at the same time.

        Two of them take 600 MB more, and a tenth more time on two processors.
        """
        if sys.platform == "linux":
            self._cores = os.sched_getaffinity(0)  # of this thread alone
            os.sched_setaffinity(0, {min(self._cores)})

    def _spread(self) -> None:
        """Lets the thread run everywhere again, once the load has begun."""
        if sys.platform == "linux" and self._cores:
            os.sched_setaffinity(0, self._cores)
            self._cores = set()

    def _wait_for_memory(self) -> None:
        """Parses no further while the million before is being sorted and memory is short.

        Memory that stands still is not that of sorting: it will not be let go of, and more is allowed then.
        """
        before, still = 0, 0.0
        while (now := _resident()) > self._crowded:
            time.sleep(_LOOKS)
            still = still + _LOOKS if abs(now - before) < _BLOCK else 0.0
            before = now
            if still > _PATIENCE:
                self._crowded = now + _MORE


def _resident() -> int:
    """Bytes of memory that this process has; none where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123 - as often as a page comes: half the time
            return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
