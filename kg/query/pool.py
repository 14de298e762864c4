"""A pool of workers: queries wait for a free one, run until the deadline, and never harm one another."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from kg.model.errors import QueryFailed
from kg.query.conversation import Conversation, Pace, Spool, Stream, whole
from kg.query.gate import check_query
from kg.query.messages import Answer, Query
from kg.query.nursery import Nursery
from kg.query.process import WorkerOptions, WorkerProcess
from kg.query.promise import Promise
from kg.query.state import PoolState
from kg.query.turns import WAITING, Turns

_LOG = logging.getLogger(__name__)
_LONGEST_PAUSE: Final = 30.0
_SHORT: Final = 2048  # characters of a query that the gate looks through within a few milliseconds
#: Bytes of long answers that are kept for clients that read slowly.
SPOOL: Final = 256 * 1024 * 1024


class QueryPool:
    """Workers over one version of the store, started by `async with`.

    Attributes:
        workers: the processes that live now, busy or idle.
        deadline: seconds a query may run, the sending of its answer to the service included, and seconds it may wait
            for a worker before that unless a patience is given.
    """

    def __init__(  # noqa: PLR0913 - each is a limit of its own
        self,
        options: WorkerOptions,
        *,
        workers: int,
        deadline: float,
        patience: float | None = None,
        waiting: int = WAITING,
        spool: int = SPOOL,
    ) -> None:
        self.deadline = deadline
        self._options = replace(options, processor=math.ceil(deadline) + 1)
        self._size = workers
        self._spool = Spool(spool)
        self.workers: set[WorkerProcess] = set()
        self._turns = Turns[WorkerProcess](deadline if patience is None else patience, waiting)
        self._resting: list[WorkerProcess] = []  # on disk, while others answer from memory
        self._replaced_so_far = 0
        self._replacing: set[asyncio.Task[None]] = set()
        self._closed = False

    async def __aenter__(self) -> Self:
        try:
            for _ in range(self._size):
                self._turns.give(await self._started())
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def run(self, query: Query) -> Answer:
        """The whole answer to a query; raises what `ask` and its stream raise."""
        return await whole(await self.ask(query))

    async def ask(
        self,
        query: Query,
        charge: Callable[[float], None] = lambda _: None,
        *,
        pace: Pace | None = None,
    ) -> Answer | Stream:
        """The answer to a query where it is short, else its stream, which must be closed.

        Cancelling this kills the worker, as closing the stream does, so that a client that goes away frees its place.

        Args:
            query: what is asked.
            charge: is told once how many seconds a worker was busy with it, when none is any more.
            pace: how long it may run, where that is not the pool's deadline.

        Raises:
            QueryRefused: the gate does not let it pass, no accepted format holds its answer, or too many wait already;
                a pool that is closing refuses all.
            QuerySyntaxError: it is no SPARQL query.
            QueryTimeout: it ran until the deadline.
            QueryFailed: its worker died, or the answer is too long.
        """
        try:
            await _passed(query.text)
            worker = await self._free_worker()
        except BaseException:
            charge(0.0)
            raise
        pace = pace or Pace(self.deadline if query.seconds is None else query.seconds)
        conversation = self._begun(worker, query, charge, pace, Promise())
        try:
            return await conversation.first
        except asyncio.CancelledError:
            conversation.leave()
            raise

    def begin(
        self, query: Query, charge: Callable[[float], None], pace: Pace, first: Promise[Answer | Stream]
    ) -> Conversation | None:
        """A query that passed the gate, begun at once; None where no worker is free."""
        worker = self._idle_worker()
        return None if worker is None else self._begun(worker, query, charge, pace, first)

    def _begun(
        self,
        worker: WorkerProcess,
        query: Query,
        charge: Callable[[float], None],
        pace: Pace,
        first: Promise[Answer | Stream],
    ) -> Conversation:
        def ended(conversation: Conversation) -> None:
            self._take_back(worker)
            charge(conversation.seconds)

        # What has a time of its own has time to wait for its reader, so nothing of it is kept.
        spool = self._spool if query.seconds is None else Spool(0)
        return worker.converse(query, pace, spool, ended, first)

    @property
    def pools(self) -> tuple[QueryPool, ...]:
        """Itself, where what it stands for may be several."""
        return (self,)

    @property
    def state(self) -> PoolState:
        """How the pool is doing."""
        return PoolState(
            workers=len(self.workers) - len(self._resting),
            idle=len(self._turns.free),
            waiting=len(self._turns),
            replaced=self._replaced_so_far,
            spooled=self._spool.held,
            is_in_memory=self._options.nursery is not None,
            sandbox=next((worker.sandbox for worker in self.workers), None),
        )

    async def switch(self, data: Path, nursery: Nursery | None = None) -> None:
        """From now on queries are answered from another version; those that run end on the one they began on.

        Workers that are free open it, for those that are busy new ones are started; a query waits no longer than
        that takes, and none is lost. Call it again only when it has returned. With a nursery new workers are forked,
        and answer from memory.

        Raises:
            QueryFailed: that version cannot be opened; the pool answers from the one before.
        """
        options = replace(self._options, data=data, nursery=nursery)
        fresh: list[WorkerProcess] = []
        try:
            for _ in range(self._size):
                fresh.append(await self._opened(options))  # noqa: PERF401 - what was opened must be undone
        except BaseException:
            for worker in fresh:
                self._end(self._replaced(worker, self._options) if worker in self.workers else worker.stop())
            raise
        self._options = options
        self.workers.update(fresh)
        stale, self._turns.free = self._turns.free, []
        for worker in stale:
            if nursery is not None and worker.can_be_moved:
                self._resting.append(worker)
            else:
                self._end(self._retired(worker))
        for worker in fresh:
            self._turns.give(worker)

    async def close(self) -> None:
        """Ends every worker; queries that run or wait fail."""
        self._closed = True
        for task in self._replacing:
            task.cancel()
        await asyncio.gather(*self._replacing, return_exceptions=True)
        self._turns.close()
        await asyncio.gather(*(worker.stop() for worker in self.workers))
        self.workers.clear()
        self._turns.free.clear()

    async def _free_worker(self) -> WorkerProcess:
        while not self._is_good(worker := await self._turns.take()):
            self._take_back(worker)
        return worker

    def _idle_worker(self) -> WorkerProcess | None:
        while self._turns.free and not self._closed:
            worker = self._turns.free.pop()
            if self._is_good(worker):
                return worker
            self._take_back(worker)
        return None

    def _is_good(self, worker: WorkerProcess) -> bool:
        """Whether it lives, which nobody looked at, and was not given back while a switch was under way."""
        return worker.can_be_asked and worker.options is self._options

    def _take_back(self, worker: WorkerProcess) -> None:
        if self._closed:
            return
        if worker.options is not self._options:
            self._end(self._retired(worker))
        elif worker.can_be_asked and not worker.has_grown:
            self._turns.give(worker)
        else:
            self._replaced_so_far += 1
            self._end(self._replaced(worker, self._options))

    def _end(self, ending: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(ending)
        self._replacing.add(task)
        task.add_done_callback(self._replacing.discard)

    async def _opened(self, options: WorkerOptions) -> WorkerProcess:
        """A worker that answers from another version: one that was free, or a new one.

        Raises:
            QueryFailed: that version cannot be opened.
        """
        at_hand = [] if options.nursery is not None else [*self._resting, *self._turns.free]
        worker = next((each for each in at_hand if each.can_be_moved), None)
        if worker is None:
            return await WorkerProcess.start(options)
        (self._resting if worker in self._resting else self._turns.free).remove(worker)
        try:
            await worker.move(options)
        except BaseException:
            self._take_back(worker)
            raise
        return worker

    async def _retired(self, worker: WorkerProcess) -> None:
        await worker.stop()
        self.workers.discard(worker)

    async def _replaced(self, worker: WorkerProcess, options: WorkerOptions) -> None:
        await self._retired(worker)
        pause = 0.5
        while options is self._options:  # else a switch has started workers in place of all
            try:
                started = await self._started()
            except (QueryFailed, OSError) as error:
                _LOG.warning("a query worker could not be started, trying again in %g s: %s", pause, error)
                await asyncio.sleep(pause)
                pause = min(_LONGEST_PAUSE, 2 * pause)
            else:
                await self._put_to_work(started)
                return

    async def _put_to_work(self, worker: WorkerProcess) -> None:
        if worker.options is self._options:
            self._turns.give(worker)
        else:
            await self._retired(worker)

    async def _started(self) -> WorkerProcess:
        worker = await WorkerProcess.start(self._options)
        self.workers.add(worker)
        return worker


async def _passed(text: str) -> None:
    """Lets a query pass the gate. A long one takes it up to 50 ms: in a thread, so that others are served meanwhile."""
    if len(text) > _SHORT:
        await asyncio.to_thread(check_query, text)
    else:
        check_query(text)


def run_once(query: Query, options: WorkerOptions, *, deadline: float) -> Answer:
    """The answer to one query by one worker, for callers without an event loop; raises what `QueryPool.run` raises."""

    async def asked() -> Answer:
        async with QueryPool(options, workers=1, deadline=deadline) as pool:
            return await pool.run(query)

    return asyncio.run(asked())
