"""What commands say: results to standard output, all else to standard error."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import typer

from kg.cli.staged import staged
from kg.model.errors import UsageError

#: The exit code after Ctrl-C.
INTERRUPTED: Final = 130
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Told(SystemExit):
    """The command ends with this exit code, and the user was told why."""


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
        with staged(file.resolve()) as out:
            yield out
    except OSError as error:
        raise UsageError(f"cannot write {named}: {error.strerror or error}") from error


def printable(words: str) -> str:
    """The words with control characters, which a terminal might obey, as replacement characters, one for one."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", words)


def plural(number: int, noun: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
