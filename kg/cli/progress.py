"""How far long work is: a bar on a terminal, a plain line now and then elsewhere, since a log wants no bars."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from kg.cli.console import plural, say

if TYPE_CHECKING:
    from kg.build import Listener
    from kg.summary import Summary

_EVERY: Final = 30.0  # seconds
_MINUTE: Final = 60.0
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
        TextColumn("Reading"), BarColumn(), MofNCompleteColumn(), TextColumn("pages"),
        TextColumn("{task.fields[speed]:,.0f} statements/s, {task.fields[findings]:,} findings"), TimeRemainingColumn(),
        TextColumn("left"),
    )  # fmt: skip
    begun = time.monotonic()
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("pages", total=count(), speed=0.0, findings=0)

        def listen(_source: str, summary: Summary) -> None:
            speed = summary.statements / max(time.monotonic() - begun, _LEAST)
            bar.update(task, completed=_done(summary), speed=speed, findings=len(summary.findings))

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


def _lines(count: Callable[[], int]) -> Listener:
    """Says how far a long run is, twice a minute."""
    begun = last = time.monotonic()
    total: int | None = None

    def listen(_source: str, summary: Summary) -> None:
        nonlocal last, total
        now = time.monotonic()
        if now - last < _EVERY:
            return
        last, total = now, count() if total is None else total
        done, seconds = _done(summary), now - begun
        findings = plural(len(summary.findings), "finding")
        left = max(total - done, 0) * seconds / max(done, 1)
        say(
            f"{done:,} of {plural(total, 'page')}, {summary.statements / seconds:,.0f} statements/s, {findings}, "
            f"{plural(round(left / _MINUTE), 'minute')} left"
        )

    return listen


def _done(summary: Summary) -> int:
    return summary.pages + len(summary.repeated) + len(summary.unreadable)


def _silent(_source: str, _summary: Summary) -> None:
    return
