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
from typing import BinaryIO

import typer

from kg.model.errors import UsageError

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


def printable(words: str) -> str:
    """The words with control characters, which a terminal might obey, as replacement characters, one for one."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", words)


def plural(number: int, noun: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
