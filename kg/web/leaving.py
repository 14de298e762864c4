"""Clients that go away: what was done for them ends."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Final, Self

from starlette.types import Receive

#: Seconds after which it is watched whether the client is still there: most answers are there sooner.
_AFTER: Final = 0.02


class UnlessLeft:
    """Cancels the block it surrounds when the client goes away; the block then ends without an error.

    The request's body must have been read.

    Attributes:
        left: whether the client went away.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._task: asyncio.Task[object] | None = None
        self._watching: asyncio.Task[None] | None = None
        self.left = False

    def __enter__(self) -> Self:
        self._task = asyncio.current_task()
        self._timer = asyncio.get_running_loop().call_later(_AFTER, self._begin)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._timer.cancel()
        if self._watching is not None:
            self._watching.cancel()
        if not self.left or self._task is None:
            return False
        self._task.uncancel()
        return kind is asyncio.CancelledError

    def _begin(self) -> None:
        self._watching = asyncio.ensure_future(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.left = True
        if self._task is not None:
            self._task.cancel()
