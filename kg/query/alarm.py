"""What must happen unless something comes before: one timer for all the times that it is put off."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class Alarm:
    """Calls when its time has come, unless it is unset or set anew before.

    A timer for each time would cost more than finding an answer. So one runs on, however often the alarm is set and
    unset meanwhile; when it goes off it looks how much is left.
    """

    __slots__ = ("_call", "_due", "_loop", "_timer")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._due: float | None = None
        self._call: Callable[[], object] = self.unset
        self._timer: tuple[float, asyncio.TimerHandle] | None = None

    def set(self, seconds: float, call: Callable[[], object]) -> None:
        """Calls in so many seconds."""
        due = time.monotonic() + seconds
        if self._timer is not None and self._timer[0] > due:
            self.cancel()
        self._due, self._call = due, call
        if self._timer is None:
            self._wait(due, seconds)

    def unset(self) -> None:
        """Calls no more."""
        self._due = None

    def cancel(self) -> None:
        """The same, and leaves no timer behind."""
        self._due = None
        if self._timer is not None:
            self._timer[1].cancel()
            self._timer = None

    def _wait(self, due: float, seconds: float) -> None:
        self._timer = due, self._loop.call_later(seconds, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._due is None:
            return
        left = self._due - time.monotonic()
        if left > 0:
            self._wait(self._due, left)
        else:
            self._due = None
            self._call()
