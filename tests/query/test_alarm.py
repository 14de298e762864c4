"""What happens unless something comes before, by a clock and a loop of the test's own."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kg.query import alarm
from kg.query.alarm import Alarm


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
def ringing(monkeypatch):
    """A loop, an alarm in it, what sets that for so many seconds, and when it rang."""
    now, rung = [0.0], []
    monkeypatch.setattr(alarm.time, "monotonic", lambda: now[0])
    loop = Loop(now)
    found = Alarm(loop)
    return loop, found, lambda seconds: found.set(seconds, lambda: rung.append(now[0])), rung


def test_alarm_rings_for_the_last_time_that_it_was_set(ringing):
    """It rings when so many seconds have passed since it was set last, and once."""
    loop, _, set_for, rung = ringing
    for second in (0.0, 1.0, 4.5):
        loop.until(second)
        set_for(5.0)
    loop.until(9.4)
    assert rung == []
    loop.until(30.0)
    assert rung == [9.5]


def test_alarm_that_is_unset_does_not_ring(ringing):
    """What came in time rings nothing, however long it takes; the next time counts."""
    loop, found, set_for, rung = ringing
    set_for(5.0)
    loop.until(1.0)
    found.unset()
    loop.until(60.0)
    assert (rung, loop.timers) == ([], [])
    set_for(5.0)
    loop.until(100.0)
    assert rung == [65.0]


def test_alarm_can_be_set_for_an_earlier_time(ringing):
    """A shorter time is kept though the timer for a longer one runs."""
    loop, _, set_for, rung = ringing
    set_for(60.0)
    set_for(0.5)
    loop.until(100.0)
    assert rung == [0.5]


def test_alarm_may_be_set_again_as_it_rings(ringing):
    """What is called may set it for another time."""
    loop, found, _, rung = ringing
    found.set(1.0, lambda: found.set(2.0, lambda: rung.append("again")))
    loop.until(2.9)
    assert rung == []
    loop.until(3.0)
    assert rung == ["again"]


def test_many_times_take_one_timer(ringing):
    """A thousand times set one timer."""
    loop, found, set_for, _ = ringing
    for _ in range(1000):
        set_for(5.0)
        found.unset()
    assert len(loop.timers) == 1


def test_nothing_is_left_of_an_alarm_that_is_cancelled(ringing):
    """Its timer goes with it."""
    loop, found, set_for, rung = ringing
    set_for(5.0)
    found.cancel()
    loop.until(60.0)
    assert (rung, loop.timers) == ([], [])
