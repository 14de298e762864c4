"""What commands say: results to standard output, all else to standard error."""

from __future__ import annotations

import os
import re
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import typer

from kg.model.errors import UsageError

if TYPE_CHECKING:
    from kg.build import Listener
    from kg.summary import Summary

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
def progress(total: int, *, quiet: bool) -> Iterator[Listener]:
    """A progress bar on a terminal; elsewhere nothing, since a log wants no bars."""
    if quiet or not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("Reading"), BarColumn(), MofNCompleteColumn(), TextColumn("pages"),
        TextColumn("{task.fields[statements]} statements, {task.fields[findings]} findings"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("pages", total=total, statements=0, findings=0)

        def listen(_source: str, summary: Summary) -> None:
            done = summary.pages + len(summary.repeated) + len(summary.unreadable)
            bar.update(task, completed=done, statements=summary.statements, findings=len(summary.findings))

        yield listen


def _silent(_source: str, _summary: Summary) -> None:
    return


def printable(words: str) -> str:
    """The words with control characters, which a terminal might obey, as replacement characters, one for one."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", words)


def plural(number: int, noun: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
