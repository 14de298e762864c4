"""The SHA-256 of a store's files, worked out while the engine still writes others."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from kg.store.records import file_digest

if TYPE_CHECKING:
    from pathlib import Path

_TABLES: Final = ".sst"  # written once, from the beginning to the end

#: What a file has that nobody wrote to since: device, number, size, and time of the last write.
_Mark = tuple[int, int, int, int]


class Hashing:
    """Files that come into a folder are hashed when they are finished, and known again by what links share.

    Args:
        folder: of a store that is open; of what lies there already most will soon be gone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._before = frozenset(self._tables())
        self._known: dict[_Mark, str] = {}

    def look(self) -> None:
        """Hashes what was finished since the last look: all but the newest, since the engine writes one by one.

        One that was not is another file for `digest` when it is.

        Raises:
            OSError: the disk fails.
        """
        for name in sorted(self._tables() - self._before)[:-1]:
            file = self._folder / name
            with suppress(FileNotFoundError):
                mark = _mark(file)
                if mark not in self._known:
                    self._known[mark] = file_digest(file)

    def digest(self, file: Path) -> str:
        """The SHA-256 of a file; one that is known, by whatever name, is not read.

        Raises:
            OSError: it cannot be read.
        """
        return self._known.get(_mark(file)) or file_digest(file)

    def _tables(self) -> set[str]:
        return {file.name for file in self._folder.iterdir() if file.suffix == _TABLES}


def _mark(file: Path) -> _Mark:
    found = file.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
