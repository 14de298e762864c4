"""A file that appears whole or not at all, and leaves nothing beside it when the command is ended."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

_MODE: Final = 0o644
_STAGED: Final = "kg-output-"


@contextmanager
def staged(file: Path) -> Iterator[BinaryIO]:
    """What is written takes the place of the file at the end; SIGTERM meanwhile is as Ctrl-C.

    It is locked while it is written, so that the next command that writes this file knows those of dead ones, and
    removes them.

    Raises:
        OSError: the file cannot be written.
        SystemExit: SIGTERM ended it.
    """
    prefix = f".{file.name}.{_STAGED}"
    with _ending():
        _sweep(file.parent, prefix)
        handle, name = _locked(file.parent, prefix)
        try:
            with os.fdopen(handle, "wb") as out:
                yield out
                out.flush()
                name.chmod(_MODE)
                name.replace(file)  # before it is closed, and with that unlocked
        finally:
            name.unlink(missing_ok=True)


def terminated(number: int, _frame: object) -> None:
    """Ends the command at a signal, as Ctrl-C does: what it made is removed."""
    sys.exit(128 + number)


@contextmanager
def _ending() -> Iterator[None]:
    """Lets SIGTERM end the block by an exception, unless somebody looks after it already."""
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, terminated)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _locked(folder: Path, prefix: str) -> tuple[int, Path]:
    """A new file that is locked, and that nobody took for a dead one's before it was."""
    while True:
        handle, name = tempfile.mkstemp(dir=folder, prefix=prefix)
        with suppress(OSError):  # a disk without locks: nobody can lock it there, so nobody sweeps either
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return handle, Path(name)
        os.close(handle)


def _sweep(folder: Path, prefix: str) -> None:
    """Removes the files that nobody has locked: whoever wrote them is dead."""
    for inner in folder.iterdir():
        if inner.name.startswith(prefix) and inner.is_file():
            with suppress(OSError), inner.open("rb") as left:
                fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
                inner.unlink()
