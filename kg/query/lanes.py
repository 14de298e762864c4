"""Two pools for what clients ask: each query is tried for a moment where the quick ones go, and finished elsewhere.

Nobody can tell beforehand how long a query takes. So each begins in the quick lane and has a tenth of a second there;
one that needs more, or has a long answer, is begun anew in the slow lane, where it may run until the deadline. However
many slow queries wait, a quick one finds a worker soon: one of the quick lane is never held for longer than a moment.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from types import TracebackType
from typing import Final, Self

from kg.model.errors import QueryTimeout
from kg.query.conversation import Stream, whole
from kg.query.messages import Answer, Query
from kg.query.pool import QueryPool
from kg.query.process import WorkerOptions
from kg.query.state import PoolState

#: Seconds that a query has in the quick lane.
MOMENT: Final = 0.1
#: How much workers of the slow lane yield to all others.
_NICER: Final = 15


class Lanes:
    """A quick and a slow lane over one version of the store, started by `async with`.

    Attributes:
        deadline: seconds a query may run in the slow lane, and seconds it may wait for each of the two.
    """

    def __init__(self, options: WorkerOptions, *, workers: int, deadline: float, moment: float = MOMENT) -> None:
        """Lanes with so many workers for slow queries, and one more than that for quick ones."""
        self.deadline = deadline
        self.quick = QueryPool(options, workers=workers + 1, deadline=min(moment, deadline), patience=deadline)
        self.slow = QueryPool(replace(options, niceness=_NICER), workers=workers, deadline=deadline)
        self._started = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.quick)
            await stack.enter_async_context(self.slow)
            self._started = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def run(self, query: Query) -> Answer:
        """The whole answer to a query; raises what `ask` and its stream raise."""
        return await whole(await self.ask(query))

    async def ask(self, query: Query, charge: Callable[[float], None] = lambda _: None) -> Answer | Stream:
        """The answer to a query where it is short, else its stream; as `QueryPool.ask`, which says what it raises."""
        spent = 0.0

        def note(seconds: float) -> None:
            nonlocal spent
            spent += seconds

        try:
            found = await self.quick.ask(query if query.seconds is None else replace(query, seconds=None), note)
        except QueryTimeout:
            return await self.slow.ask(query, lambda seconds: charge(spent + seconds))
        except BaseException:
            charge(spent)
            raise
        if isinstance(found, Stream):
            found.close()
            return await self.slow.ask(query, lambda seconds: charge(spent + seconds))
        charge(spent)
        return found

    @property
    def pools(self) -> tuple[QueryPool, QueryPool]:
        """Both, for whoever moves them to another version."""
        return self.slow, self.quick

    @property
    def state(self) -> PoolState:
        """How both lanes are doing, added up."""
        quick, slow = self.quick.state, self.slow.state
        return PoolState(
            workers=quick.workers + slow.workers,
            idle=quick.idle + slow.idle,
            waiting=quick.waiting + slow.waiting,
            replaced=quick.replaced + slow.replaced,
            spooled=quick.spooled + slow.spooled,
            is_in_memory=quick.is_in_memory and slow.is_in_memory,
            sandbox=quick.sandbox or slow.sandbox,
        )

    async def close(self) -> None:
        """Ends every worker; queries that run or wait fail."""
        await self._started.aclose()
