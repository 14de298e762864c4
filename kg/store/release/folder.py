"""A release's folder: it appears whole or not at all, and is never written over."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from kg.model.errors import UsageError
from kg.store.durable import move_folder, sync_folder, sync_tree
from kg.store.release.contents import sha256
from kg.store.release.words import CHECKSUMS, checksums

if TYPE_CHECKING:
    from collections.abc import Iterator

_MODE = 0o755
_TAKEN = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR)
_STAGED = "kg-release-"


class Outcome(Enum):
    """What became of a release; the value says it to people."""

    WRITTEN = "written"
    SAME = "there already, the same in every byte"


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """An empty folder beside the target, on the same disk, that is gone after the `with` block unless it was placed.

    It is locked while it is filled, so that the next release of this target knows those of dead ones, and removes them.

    Raises:
        UsageError: the target is no folder, or one with something else in it; or nothing can be written there.
    """
    _refuse_other(target)
    parent, prefix = target.absolute().parent, f".{target.name}.{_STAGED}"
    try:
        _sweep(parent, prefix)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror or error}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(handle)
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(parent: Path, prefix: str) -> None:
    for inner in parent.iterdir():
        if inner.name.startswith(prefix) and _is_nobodys(inner):
            shutil.rmtree(inner, ignore_errors=True)


def _is_nobodys(folder: Path) -> bool:
    """Whether whoever locked a folder is dead."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            os.close(handle)
        return True
    return False


def place(folder: Path, target: Path) -> Outcome:
    """Write the checksums, push all to the disk, and give the folder its name in one step.

    Raises:
        UsageError: the target holds another release, or came to hold something while this one was made.
        OSError: the disk fails.
    """
    sums = "".join(f"{line}\n" for line in checksums(_digests(folder)))
    (folder / CHECKSUMS).write_text(sums, encoding="utf-8")
    if _holds_something(target):
        if _is(target, sums):
            return Outcome.SAME
        raise UsageError(f"{target} holds another release; choose another folder")
    folder.chmod(_MODE)
    sync_tree(folder)
    try:
        move_folder(folder, target)  # onto an empty folder, too, and onto nothing else
    except OSError as error:
        if error.errno not in _TAKEN:
            raise
        raise UsageError(f"cannot write {target}: {error.strerror or error}") from error
    sync_folder(target.absolute().parent)
    return Outcome.WRITTEN


def _refuse_other(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is no folder; choose a name that is not taken")
    if _holds_something(target) and not (target / CHECKSUMS).is_file():
        raise UsageError(f"{target} is not empty and holds no release; choose a name that is not taken")


def _holds_something(target: Path) -> bool:
    return target.is_dir() and any(target.iterdir())


def _is(target: Path, sums: str) -> bool:
    """Whether a folder holds these files and no others, in every byte."""
    try:
        if (target / CHECKSUMS).read_text("utf-8", "replace") != sums:
            return False
        return "".join(f"{line}\n" for line in checksums(_digests(target))) == sums
    except OSError:
        return False


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.iterdir()):
        if file.name != CHECKSUMS:
            yield sha256(file), file.name
