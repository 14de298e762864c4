"""Writes that survive a power cut: contents first, then names, each pushed to the disk before the next step."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Push a folder's list of names to the disk."""
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def sync_tree(folder: Path, safe: Path | None = None) -> None:
    """Push a folder and all that it contains to the disk, contents before names.

    Args:
        folder: what is to be safe.
        safe: a folder that is; a file that is the very same one in both needs nothing.
    """
    for inner in sorted(folder.iterdir()):
        twin = safe and safe / inner.name
        if inner.is_dir():
            sync_tree(inner, twin)
        elif twin is None or not is_same(inner, twin):
            _sync(inner, os.O_RDONLY)
    sync_folder(folder)


def is_same(file: Path, other: Path) -> bool:
    """Whether both names are of one file; False where the other one is none."""
    try:
        return file.samefile(other)
    except FileNotFoundError:
        return False


def share_file(source: Path, target: Path) -> None:
    """Give a file another name, or make a copy where the file system has no links.

    Raises:
        OSError: the disk fails.
    """
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def move_folder(source: Path, target: Path) -> None:
    """Give a folder that is safe on the disk its final name; there must be nothing of that name."""
    source.rename(target)
    sync_folder(target.parent)


def replace_text(path: Path, text: str, *, temporary: Path) -> None:
    """Set a file's text in one step: a reader finds the old text or the new, never a part.

    When the last step fails, after the new text has become visible, the old one is put back.

    Raises:
        OSError: the file holds what it held before.
    """
    before = path.read_text("utf-8") if path.exists() else None
    with temporary.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(temporary, path)  # noqa: PTH105 - the one atomic step, spelled as the system call is
    try:
        sync_folder(path.parent)
    except OSError:
        _put_back(path, before, temporary)
        raise


def _put_back(path: Path, before: str | None, temporary: Path) -> None:
    with suppress(OSError):
        if before is None:
            path.unlink()
        else:
            temporary.write_text(before, "utf-8")
            os.replace(temporary, path)  # noqa: PTH105 - as above


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
