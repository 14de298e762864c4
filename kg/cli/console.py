"""What commands say: results to standard output, all else to standard error."""

from __future__ import annotations

import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import typer

from kg.model.errors import UsageError

if TYPE_CHECKING:
    from kg.build import Listener
    from kg.summary import Summary

_EVERY = 30.0  # seconds
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def say(words: str = "") -> None:
    """Tells the user something that is no result."""
    typer.echo(words, err=True)


@contextmanager
def output(file: Path | None) -> Iterator[BinaryIO]:
    """Where results go: standard output, or a file that appears whole or not at all.

    A device or a pipe (`/dev/null`, `/dev/stdout`) is written to, never replaced; of a link, the file it leads to is.

    Raises:
        UsageError: the file cannot be written.
    """
    if file is None:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `kg export | head` ends as other tools do
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    named = file
    try:
        if file.exists() and not file.is_file():
            with file.open("wb") as out:
                yield out
            return
        file = file.resolve()
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(handle, "wb") as out:
                yield out
            Path(name).chmod(0o644)
            Path(name).replace(file)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write {named}: {error.strerror or error}") from error


@contextmanager
def progress(count: Callable[[], int], *, quiet: bool) -> Iterator[Listener]:
    """A progress bar on a terminal; elsewhere a plain line now and then, since a log wants no bars."""
    if quiet:
        yield _silent
        return
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("Reading"), BarColumn(), MofNCompleteColumn(), TextColumn("pages"),
        TextColumn("{task.fields[speed]:,.0f} statements/s, {task.fields[findings]:,} findings"), TimeRemainingColumn(),
    )  # fmt: skip
    begun = time.monotonic()
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("pages", total=count(), speed=0.0, findings=0)

        def listen(_source: str, summary: Summary) -> None:
            speed = summary.statements / max(time.monotonic() - begun, 0.1)
            bar.update(task, completed=_done(summary), speed=speed, findings=len(summary.findings))

        yield listen


def _lines() -> Listener:
    """Says how far a long run is, twice a minute."""
    begun = last = time.monotonic()

    def listen(_source: str, summary: Summary) -> None:
        nonlocal last
        if (now := time.monotonic()) - last >= _EVERY:
            last = now
            speed = summary.statements / (now - begun)
            findings = plural(len(summary.findings), "finding")
            say(f"{plural(_done(summary), 'page')} so far, {speed:,.0f} statements/s, {findings}")

    return listen


def _done(summary: Summary) -> int:
    return summary.pages + len(summary.repeated) + len(summary.unreadable)


def _silent(_source: str, _summary: Summary) -> None:
    return


def printable(words: str) -> str:
    """The words with control characters, which a terminal might obey, as replacement characters, one for one."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", words)


def plural(number: int, noun: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
