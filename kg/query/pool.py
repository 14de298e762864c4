"""A pool of workers: queries wait for a free one, run until the deadline, and never harm one another."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from kg.model.errors import QueryFailed, QueryRefused, QueryTimeout, Refusal
from kg.query.gate import check_query
from kg.query.messages import Answer, Query
from kg.query.process import WorkerOptions, WorkerProcess
from kg.query.sandbox import Sandbox

_LOG = logging.getLogger(__name__)
_LONGEST_PAUSE: Final = 30.0
_SHORT: Final = 2048  # characters of a query that the gate looks through within a few milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolState:
    """A pool at one moment, for those who watch it.

    Attributes:
        workers: processes that live, of which `idle` are free.
        waiting: queries that wait for one.
        replaced: workers that were replaced since the pool was started, since they died, were killed, or had grown.
        sandbox: what is in force in each worker; None where none lives.
    """

    workers: int
    idle: int
    waiting: int
    replaced: int
    sandbox: Sandbox | None


class QueryPool:
    """Workers over one version of the store, started by `async with`.

    Attributes:
        workers: the processes that live now, busy or idle.
        deadline: seconds a query may run, and seconds it may wait for a worker before that.
    """

    def __init__(self, options: WorkerOptions, *, workers: int, deadline: float, waiting: int = 64) -> None:
        self.deadline = deadline
        self._options = replace(options, processor=math.ceil(deadline) + 1)
        self._size, self._most_waiting = workers, waiting
        self.workers: set[WorkerProcess] = set()
        self._idle: list[WorkerProcess] = []
        self._free = asyncio.Semaphore(0)  # counts the idle workers
        self._waiting = self._replaced_so_far = 0
        self._replacing: set[asyncio.Task[None]] = set()
        self._closed = False

    async def __aenter__(self) -> Self:
        try:
            for _ in range(self._size):
                self._hand_over(await self._started())
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def run(self, query: Query) -> Answer:
        """The answer to a query. Cancelling this kills the worker, so that a client that goes away frees its place.

        Raises:
            QueryRefused: the gate does not let it pass, no accepted format holds its answer, or too many wait already;
                a pool that is closing refuses all.
            QuerySyntaxError: it is no SPARQL query.
            QueryTimeout: it ran until the deadline.
            QueryFailed: its worker died, or the answer is too long.
        """
        await _passed(query.text)
        async with self._worker() as worker:
            try:
                async with asyncio.timeout(self.deadline):
                    return await worker.ask(query)
            except TimeoutError as error:
                worker.kill()
                raise QueryTimeout(self.deadline) from error
            except asyncio.CancelledError:
                worker.kill()
                raise

    @property
    def state(self) -> PoolState:
        """How the pool is doing."""
        return PoolState(
            workers=len(self.workers),
            idle=len(self._idle),
            waiting=self._waiting,
            replaced=self._replaced_so_far,
            sandbox=next((worker.sandbox for worker in self.workers), None),
        )

    async def switch(self, data: Path) -> None:
        """From now on queries are answered from another version; those that run end on the one they began on.

        Its workers are started first, so no query waits longer or is lost. Call it again only when it has returned.

        Raises:
            QueryFailed: that version cannot be opened; the pool is as it was.
        """
        options = replace(self._options, data=data)
        fresh: list[WorkerProcess] = []
        try:
            for _ in range(self._size):
                fresh.append(await WorkerProcess.start(options))  # noqa: PERF401 - what was started must be stopped
        except BaseException:
            await asyncio.gather(*(worker.stop() for worker in fresh))
            raise
        self._options = options
        self.workers.update(fresh)
        stale, self._idle = self._idle, []
        for worker in stale:
            self._end(self._retired(worker))
        # A query that was promised a worker takes it from the list: as many of the new ones count as promised already.
        self._idle.extend(fresh)
        for _ in range(len(fresh) - len(stale)):
            self._free.release()

    async def close(self) -> None:
        """Ends every worker; queries that run or wait fail."""
        self._closed = True
        for task in self._replacing:
            task.cancel()
        await asyncio.gather(*self._replacing, return_exceptions=True)
        for _ in range(self._waiting + 1):
            self._free.release()
        await asyncio.gather(*(worker.stop() for worker in self.workers))
        self.workers.clear()
        self._idle.clear()

    @asynccontextmanager
    async def _worker(self) -> AsyncIterator[WorkerProcess]:
        worker = await self._free_worker()
        try:
            yield worker
        finally:
            self._take_back(worker)

    async def _free_worker(self) -> WorkerProcess:
        if self._free.locked() and self._waiting >= self._most_waiting:
            raise QueryRefused("too many queries are waiting; try again soon", Refusal.BUSY)
        self._waiting += 1
        try:
            async with asyncio.timeout(self.deadline):
                await self._free.acquire()
        except TimeoutError as error:
            raise QueryRefused("no worker was free in time; try again soon", Refusal.BUSY) from error
        finally:
            self._waiting -= 1
        if self._closed:
            raise QueryRefused("the service is stopping", Refusal.BUSY)
        return self._idle.pop()

    def _take_back(self, worker: WorkerProcess) -> None:
        if self._closed:
            return
        if worker.options is not self._options:
            self._end(self._retired(worker))
        elif worker.can_be_asked and not worker.has_grown:
            self._hand_over(worker)
        else:
            self._replaced_so_far += 1
            self._end(self._replaced(worker))

    def _hand_over(self, worker: WorkerProcess) -> None:
        self._idle.append(worker)
        self._free.release()

    def _end(self, ending: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(ending)
        self._replacing.add(task)
        task.add_done_callback(self._replacing.discard)

    async def _retired(self, worker: WorkerProcess) -> None:
        await worker.stop()
        self.workers.discard(worker)

    async def _replaced(self, worker: WorkerProcess) -> None:
        await self._retired(worker)
        pause = 0.5
        while worker.options is self._options:  # else a switch has started workers in place of all
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
            self._hand_over(worker)
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
