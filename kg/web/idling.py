"""How long a connection may say nothing: one timer for all the pauses of a connection."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class Idling:
    """Ends a connection whose pause lasts too long.

    A timer for each pause would cost more than finding an answer. So one runs on, however many pauses begin and end
    meanwhile; when it goes off it looks how long the last one has lasted.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, most: float, end: Callable[[], object]) -> None:
        """Pauses of at most so many seconds, after which the end is called."""
        self._loop, self._most, self._end = loop, most, end
        self._since: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """An answer was sent, and nothing is under way."""
        self._since = time.monotonic()
        if self._timer is None:
            self._timer = self._loop.call_later(self._most, self._look)

    def over(self) -> None:
        """Something came."""
        self._since = None

    def cancel(self) -> None:
        """The connection has ended."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        if self._since is None:
            return
        left = self._since + self._most - time.monotonic()
        if left > 0:
            self._timer = self._loop.call_later(left, self._look)
        else:
            self._end()
