"""Things of which there are too few, handed to those who wait, one after the other."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import Final, Generic, TypeVar

from kg.model.errors import QueryRefused, Refusal

T = TypeVar("T")

#: Queries that may wait for one kind of thing.
WAITING: Final = 128


class Turns(Generic[T]):
    """Things that are free, or else a queue of those who wait for one.

    Attributes:
        free: what nobody has.
        patience: seconds that one waits.
    """

    def __init__(self, patience: float, most_waiting: int = WAITING) -> None:
        self.free: list[T] = []
        self.patience = patience
        self._most_waiting = most_waiting
        self._waiting: deque[asyncio.Future[T]] = deque()
        self._closed = False

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    async def take(self) -> T:
        """The next that is free; it must be given back.

        Raises:
            QueryRefused: too many wait already, none came in time, or the service is stopping.
        """
        if self.free and not self._closed:
            return self.free.pop()
        promised = self.promise()
        try:
            return await promised
        except asyncio.CancelledError:
            if promised.done() and not promised.cancelled() and promised.exception() is None:
                self.give(promised.result())  # it came as its taker left
            raise

    def promise(self) -> asyncio.Future[T]:
        """The same for who does not await it; who cancels it waits no longer.

        Raises:
            QueryRefused: too many wait already, or the service is stopping; that none came in time is the future's.
        """
        if self._closed:
            raise _stopping()
        if len(self._waiting) >= self._most_waiting:
            raise QueryRefused("too many queries are waiting; try again soon", Refusal.BUSY)
        loop = asyncio.get_running_loop()
        promised: asyncio.Future[T] = loop.create_future()
        self._waiting.append(promised)
        patience = loop.call_later(self.patience, _give_up, promised)

        def settle(promised: asyncio.Future[T]) -> None:
            patience.cancel()
            if promised.cancelled() or promised.exception() is not None:
                with suppress(ValueError):  # it was passed over already
                    self._waiting.remove(promised)

        promised.add_done_callback(settle)
        return promised

    def give(self, thing: T) -> None:
        """Hands a thing to who has waited longest; where nobody waits it is free."""
        while self._waiting:
            promised = self._waiting.popleft()
            if not promised.done():
                promised.set_result(thing)
                return
        self.free.append(thing)

    def close(self) -> None:
        """Refuses all who wait, and who will come."""
        self._closed = True
        for promised in self._waiting:
            if not promised.done():
                promised.set_exception(_stopping())


def _give_up(promised: asyncio.Future[T]) -> None:
    if not promised.done():
        promised.set_exception(QueryRefused("no worker was free in time; try again soon", Refusal.BUSY))


def _stopping() -> QueryRefused:
    return QueryRefused("the service is stopping", Refusal.BUSY)
