"""Worker processes: pages go out in small portions, what came of them comes back in the order in which they went out.

One thread of one process hands out work and takes in results, so nothing here needs a lock. A worker is a fork of this
process and shares what it has loaded. It is never sent more than its socket holds, so neither side waits for the
other while that one waits for it; and no more work is out than a few portions a worker, so that memory stays flat
however slow the one is who takes the results.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from typing import Final, Generic, TypeVar

from kg.build.walk import Lost
from kg.build.wire import Wire, ready
from kg.model.page import Page

_FORK: Final = multiprocessing.get_context("fork")
#: A portion: so many pages, or as many as have so many bytes together.
_PAGES: Final = 8
_BYTES: Final = 48 * 1024
#: Portions that may be out or waiting to be taken, for each worker.
_PORTIONS: Final = 6
_YIELDS: Final = 4  # nice: where the engine is behind it has two and a half times a worker's share

Result = TypeVar("Result")
Aside = TypeVar("Aside")


@dataclass(slots=True)
class _Slot(Generic[Result, Aside]):
    """A place in the order of results."""

    page: Page | None
    result: Result | Lost | Aside | None = None
    is_done: bool = False

    def fill(self, result: Result | Lost) -> None:
        """Takes in what came of the page, and lets go of the page."""
        self.result, self.is_done, self.page = result, True, None


@dataclass(slots=True)
class _Worker(Generic[Result, Aside]):
    process: BaseProcess
    wire: Wire
    out: deque[_Slot[Result, Aside]] = field(default_factory=deque)
    since: float = 0.0


class Crew(Generic[Result, Aside]):
    """Workers for the length of a `with` block; leaving it ends them, whatever they do.

    Args:
        work: what is done with a page; it runs in the workers.
        jobs: number of workers.
        deadline: seconds that a page may take.
        begin: what the first worker does before any page comes: few builds after a change have work for others.
    """

    def __init__(
        self, work: Callable[[Page], Result], jobs: int, deadline: float, begin: Callable[[], None] | None = None
    ) -> None:
        self._work = work
        self._jobs = jobs
        self._deadline = deadline
        self._begin = begin
        self._workers: list[_Worker[Result, Aside]] = []
        self._again: deque[_Slot[Result, Aside]] = deque()

    def __enter__(self) -> Crew[Result, Aside]:
        gc.freeze()  # what is loaded stays shared: no collection writes to it
        for _ in range(self._jobs):
            self._workers.append(self._started())
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.process.kill()
            worker.wire.close()
        for worker in self._workers:
            worker.process.join()
        gc.unfreeze()

    def results(self, tasks: Iterable[Page | Aside]) -> Iterator[Result | Lost | Aside]:
        """What came of each page; what is no page comes through as it is. All in the order of the tasks."""
        order: deque[_Slot[Result, Aside]] = deque()
        left = iter(tasks)
        fresh = self._slots(left, order)
        waiting: deque[_Slot[Result, Aside]] = deque()
        more = True
        while more or order:
            if not order:
                yield from self._passed(left, order, waiting)
            more = more and self._take(fresh, waiting, order)
            self._hand_out(waiting)
            while order and order[0].is_done:
                yield order.popleft().result  # type: ignore[misc] # a slot that is done has its result
            if order and not order[0].is_done:
                self._receive()

    def _passed(
        self,
        tasks: Iterator[Page | Aside],
        order: deque[_Slot[Result, Aside]],
        waiting: deque[_Slot[Result, Aside]],
    ) -> Iterator[Aside]:
        """What stands before the next page, for most builds find most pages known; the page waits for a worker then."""
        for task in tasks:
            if isinstance(task, Page):
                order.append(_Slot(page=task))
                waiting.append(order[-1])
                return
            yield task

    def _slots(
        self, tasks: Iterable[Page | Aside], order: deque[_Slot[Result, Aside]]
    ) -> Iterator[_Slot[Result, Aside]]:
        for task in tasks:
            slot = (
                _Slot[Result, Aside](page=task)
                if isinstance(task, Page)
                else _Slot[Result, Aside](page=None, result=task, is_done=True)
            )
            order.append(slot)
            yield slot

    def _take(
        self,
        fresh: Iterator[_Slot[Result, Aside]],
        waiting: deque[_Slot[Result, Aside]],
        order: deque[_Slot[Result, Aside]],
    ) -> bool:
        """Takes in tasks until there is work for every worker; whether there may be more."""
        while len(waiting) < _PAGES * self._jobs and len(order) < _PAGES * self._jobs * _PORTIONS:
            slot = next(fresh, None)
            if slot is None:
                return False
            if slot.page is not None:
                waiting.append(slot)
            elif order[0] is slot:
                return True
        return True

    def _hand_out(self, waiting: deque[_Slot[Result, Aside]]) -> None:
        for worker in list(self._workers):
            while (left := self._again or waiting) and len(worker.out) <= _PAGES // 2:
                if worker.out and _size([left[0]]) > _BYTES:
                    break  # it might not fit beside what is still on its way
                self._send(worker, self._portion(left))

    def _portion(self, waiting: deque[_Slot[Result, Aside]]) -> list[_Slot[Result, Aside]]:
        portion = [waiting.popleft()]
        size = _size(portion)
        while waiting and len(portion) < _PAGES and (size := size + _size([waiting[0]])) <= _BYTES:
            portion.append(waiting.popleft())
        return portion

    def _send(self, worker: _Worker[Result, Aside], portion: list[_Slot[Result, Aside]]) -> None:
        if not worker.out:
            worker.since = time.monotonic()
        worker.out.extend(portion)
        with suppress(OSError):  # it has ended: that is noticed where its result is waited for
            worker.wire.send([slot.page for slot in portion])

    def _receive(self) -> None:
        """Takes in what is there, or waits for it; a worker that ended or takes too long is replaced."""
        busy = [worker for worker in self._workers if worker.out]
        last = min((worker.since for worker in busy), default=time.monotonic()) + self._deadline
        told = ready([worker.wire for worker in busy], max(last - time.monotonic(), 0))
        now = time.monotonic()
        for worker in busy:
            if worker.wire.number in told:
                self._take_in(worker)
            elif now - worker.since >= self._deadline:
                self._replace(worker, f"it was not read within {self._deadline:g} s (setting page_deadline)")

    def _take_in(self, worker: _Worker[Result, Aside]) -> None:
        """Takes in what a worker made of a page; one that ended meanwhile is replaced."""
        try:
            worker.out[0].fill(worker.wire.receive())
        except (EOFError, OSError):
            self._replace(worker)
            return
        worker.out.popleft()
        worker.since = time.monotonic()

    def _replace(self, worker: _Worker[Result, Aside], reason: str = "") -> None:
        """A new worker in the place of one that is of no more use: its page is lost, the rest of its work is not."""
        worker.process.kill()
        worker.process.join()
        worker.wire.close()
        slot = worker.out.popleft()
        if slot.page is None:
            raise RuntimeError("a worker was busy with no page")
        slot.fill(Lost(page=slot.page, reason=reason or f"the process that read it {_end(worker.process)}"))
        self._again.extend(worker.out)
        self._workers[self._workers.index(worker)] = self._started()

    def _started(self) -> _Worker[Result, Aside]:
        ours, theirs = Wire.pair()
        others = [worker.wire for worker in self._workers]
        begin, self._begin = self._begin, None
        process = _FORK.Process(target=_run, args=(self._work, theirs, [ours, *others], begin), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)


def _size(portion: list[_Slot[Result, Aside]]) -> int:
    return sum(len(slot.page.payload) for slot in portion if slot.page)


def _end(process: BaseProcess) -> str:
    code = process.exitcode or 0
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


def _run(work: Callable[[Page], object], wire: Wire, others: list[Wire], begin: Callable[[], None] | None) -> None:
    """A worker's life: it ends when its parent does, since nobody else holds the other end of its wire."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
    gc.set_threshold(200_000)  # as in `kg.__main__`: what a page leaves behind is in few cycles
    os.nice(_YIELDS)  # the engine's threads go first: else they are left with much to do when the workers end
    for other in others:
        other.close()
    if begin:
        begin()
    try:
        while True:
            for page in wire.receive():
                wire.send(work(page))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
