"""One writer at a time: an advisory lock that ends with the process that holds it, however that ends."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from kg.model.errors import StoreLocked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LONGEST = 4096
_held: set[int] = set()


@contextmanager
def locked(path: Path, command: str) -> Iterator[None]:
    """Hold the lock file at this path; while it is held, it names this process and its command.

    The file stays when the lock is let go: to delete it would let two processes lock two files of one name.

    Raises:
        StoreLocked: another holder has it; the error names the process and its command.
        OSError: the file cannot be opened.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreLocked(str(path.parent), _holder(handle)) from None
        _held.add(handle)
        _inscribe(handle, f"{os.getpid()} {' '.join(command.split())}\n")
        try:
            yield
        finally:
            with suppress(OSError):  # what was done under the lock is done; the next holder writes its own name
                _inscribe(handle, "")
    finally:
        _held.discard(handle)
        os.close(handle)


def _inscribe(handle: int, text: str) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, text.encode(), 0)


def _holder(handle: int) -> str:
    pid, _, command = os.pread(handle, _LONGEST, 0).decode("utf-8", "replace").strip().partition(" ")
    return f"process {pid} ({command})" if command else f"process {pid or 'unknown'}"


def _let_go_in_child() -> None:
    """A forked child shares its parent's lock and would keep it after the parent's death."""
    null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    for handle in _held:
        os.dup2(null, handle, inheritable=False)
    os.close(null)


os.register_at_fork(after_in_child=_let_go_in_child)
