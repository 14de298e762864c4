"""How far long work is: a bar on a terminal, a plain line now and then elsewhere, since a log wants no bars."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from kg.cli.console import plural, say

if TYPE_CHECKING:
    from kg.build import Listener
    from kg.summary import Summary

_EVERY: Final = 30.0  # seconds
_MINUTE: Final = 60.0
#: What a bar begins with: until the last page is read, and while what pages break together is judged, and published.
_READING, _TOGETHER = "Reading", "All together"
_LEAST: Final = 0.1  # seconds, below which nothing is divided by them


@contextmanager
def progress(count: Callable[[], int], *, quiet: bool) -> Iterator[Listener]:
    """Tells of pages that are read: how many of all, statements a second, findings, and the time left.

    Args:
        count: counts the pages that there are; asked only where it is told.
        quiet: tells nothing.
    """
    if quiet:
        yield _silent
        return
    if not sys.stderr.isatty():
        yield _lines(count)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("pages"),
        TextColumn("{task.fields[speed]:,.0f} statements/s, {task.fields[findings]:,} findings"), TimeRemainingColumn(),
        TextColumn("left"),
    )  # fmt: skip
    begun = time.monotonic()
    with Progress(*columns, console=Console(stderr=True)) as bar:
        total = count()
        task = bar.add_task(_READING, total=total, speed=0.0, findings=0)

        def listen(source: str, summary: Summary) -> None:
            done, speed = _done(summary), summary.statements / max(time.monotonic() - begun, _LEAST)
            whole = max(total, done) if source else done  # an archive is one file and many pages
            stage = _READING if source else _TOGETHER
            bar.update(
                task, description=stage, completed=done, total=whole, speed=speed, findings=len(summary.findings)
            )

        yield listen


@contextmanager
def counting(title: str, unit: str, total: int) -> Iterator[Callable[[int], None]]:
    """Tells on a terminal how many of something are done; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TextColumn(unit), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done: bar.update(task, completed=done)


class Course:
    """How far a long run is, told now and then.

    Args:
        count: counts the pages that there are; asked when it is first told of.
        every: seconds between two.
    """

    def __init__(self, count: Callable[[], int], every: float) -> None:
        self._total = cache(count)
        self._every = every
        self._begun = self._last = time.monotonic()

    def passed(self, summary: Summary) -> Passed | None:
        """What was done so far, where it is time to tell."""
        now = time.monotonic()
        if now - self._last < self._every:
            return None
        self._last = now
        done, seconds, total = _done(summary), now - self._begun, self._total()
        return Passed(
            done=done,
            total=max(total, done),
            seconds=seconds,
            speed=summary.statements / seconds,
            left=max(total - done, 0) * seconds / max(done, 1),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """How far a run is: pages done and in all, seconds since it began and still to go, statements a second."""

    done: int
    total: int
    seconds: float
    left: float
    speed: float


def _lines(count: Callable[[], int]) -> Listener:
    """Says how far a long run is, twice a minute."""
    course = Course(count, _EVERY)

    def listen(_source: str, summary: Summary) -> None:
        if passed := course.passed(summary):
            findings = plural(len(summary.findings), "finding")
            say(
                f"{passed.done:,} of {plural(passed.total, 'page')}, {passed.speed:,.0f} statements/s, {findings}, "
                f"{passed.left / _MINUTE:,.1f} min left"
            )

    return listen


def _done(summary: Summary) -> int:
    return summary.pages + len(summary.repeated) + len(summary.unreadable)


def _silent(_source: str, _summary: Summary) -> None:
    return
