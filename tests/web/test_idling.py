"""How long connections may say nothing, by a clock and a loop of the test's own."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kg.web import idling
from kg.web.idling import Idling


class Loop:
    """A loop that calls when it is told that time passes."""

    def __init__(self, now):
        self._now, self.timers = now, []

    def call_later(self, seconds, call):
        """Remembers when to call."""
        timer = SimpleNamespace(due=self._now[0] + seconds, call=call)
        timer.cancel = lambda: self.timers.remove(timer) if timer in self.timers else None
        self.timers.append(timer)
        return timer

    def until(self, moment):
        """Lets time pass."""
        while due := [timer for timer in self.timers if timer.due <= moment]:
            first = min(due, key=lambda timer: timer.due)
            self._now[0] = first.due
            self.timers.remove(first)
            first.call()
        self._now[0] = moment


@pytest.fixture
def pausing(monkeypatch):
    """A loop, what watches a connection in it for 5 seconds, and when that was ended."""
    now, ended = [0.0], []
    monkeypatch.setattr(idling.time, "monotonic", lambda: now[0])
    loop = Loop(now)
    return loop, Idling(loop, 5.0, lambda: ended.append(now[0])), ended


def test_pause_that_lasts_too_long_ends_the_connection(pausing):
    """It ends when the last pause has lasted so long, not when the first began."""
    loop, idle, ended = pausing
    for second in (0.0, 1.0, 4.5):
        loop.until(second)
        idle.begin()
    loop.until(9.4)
    assert ended == []
    loop.until(20.0)
    assert ended == [9.5]


def test_connection_that_works_is_not_ended(pausing):
    """What came is no pause, however long it takes; the one behind it counts."""
    loop, idle, ended = pausing
    idle.begin()
    loop.until(1.0)
    idle.over()
    loop.until(60.0)
    assert (ended, loop.timers) == ([], [])
    idle.begin()
    loop.until(100.0)
    assert ended == [65.0]


def test_many_pauses_take_one_timer(pausing):
    """A thousand answers set one timer."""
    loop, idle, _ = pausing
    for _ in range(1000):
        idle.begin()
        idle.over()
    assert len(loop.timers) == 1


def test_nothing_is_left_of_a_connection_that_ended(pausing):
    """Its timer goes with it."""
    loop, idle, ended = pausing
    idle.begin()
    idle.cancel()
    loop.until(60.0)
    assert (ended, loop.timers) == ([], [])
