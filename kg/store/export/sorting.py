"""Lines put in order on disk, however many there are."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_RUN = 32 * 1024 * 1024  # bytes held in memory at once


def sorted_lines(lines: Iterable[bytes], folder: Path) -> Iterator[bytes]:
    """The lines in the order of their bytes: sorted runs in files, merged; a single run stays in memory.

    Args:
        lines: each with its line end.
        folder: an empty folder for the runs.
    """
    run: list[bytes] = []
    files: list[Path] = []
    size = 0
    for line in lines:
        run.append(line)
        size += len(line)
        if size >= _RUN:
            files.append(_written(sorted(run), folder / str(len(files))))
            run, size = [], 0
    run.sort()
    return heapq.merge(*map(_read, files), run) if files else iter(run)


def _written(run: list[bytes], file: Path) -> Path:
    with file.open("wb") as out:
        out.writelines(run)
    return file


def _read(file: Path) -> Iterator[bytes]:
    with file.open("rb") as run:
        yield from run
