"""Evaluations that several requests wait for, as long as one of them does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from kg.model.errors import QueryRefused, Refusal
from kg.query import Stream
from kg.web.kept import Kept


class Flight:
    """An evaluation that requests wait for; it is cancelled when none does any more.

    It is made for the client who began it: that one's budget pays, and that one's place in the queue is waited in.
    """

    def __init__(self, number: int, work: Coroutine[Any, Any, Kept | Stream], end: Callable[[Flight], object]) -> None:
        """An evaluation with its place in the order in which requests and evaluations came."""
        self._number = number
        self._task = asyncio.create_task(work)
        self._task.add_done_callback(self._over)
        self._end = end
        self._waiting = 0
        self._is_taken = False

    def ended_alone(self, error: QueryRefused | asyncio.CancelledError, came: int) -> bool:
        """Whether this error says nothing to one who came at this place in the order and is still here.

        An evaluation that was begun after that one came has waited for a worker no shorter than a new one would have.
        """
        if isinstance(error, QueryRefused):
            return error.kind is Refusal.BUDGET or (error.kind is Refusal.BUSY and self._number < came)
        here = asyncio.current_task()
        return self._task.cancelled() and here is not None and not here.cancelling()

    async def result(self) -> Kept | Stream | None:
        """The answer; None where it is a stream that another one has taken."""
        self._waiting += 1
        try:
            found = await asyncio.shield(self._task)
        except asyncio.CancelledError:
            self._waiting -= 1
            if not self._waiting:
                self._give_up()
            raise
        if isinstance(found, Stream):
            if self._is_taken:
                return None
            self._is_taken = True
        return found

    def _give_up(self) -> None:
        self._end(self)  # nobody shall join it any more
        if not self._task.cancel() and not self._is_taken and not self._task.cancelled():
            found = None if self._task.exception() else self._task.result()
            if isinstance(found, Stream):
                found.close()

    def _over(self, task: asyncio.Task[Kept | Stream]) -> None:
        self._end(self)
        if not task.cancelled():
            task.exception()  # seen, though all may have left
