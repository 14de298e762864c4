"""Lines in a file, each known by where it begins: a ledger of a hundred thousand pages is not held in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import accumulate
from typing import IO, Final

_PIECE: Final = 1024 * 1024  # bytes; so many are in memory, and few lines need no file


class Lines:
    """Lines that can be added to and read again; their file goes with them.

    Args:
        file: where they stand already; it is read, and never written.
    """

    def __init__(self, file: IO[bytes] | None = None) -> None:
        self._file = file
        self._written = 0
        self._waiting = bytearray()

    def __del__(self) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, line: bytes) -> int:
        """Adds a line, which ends with a line feed; where it begins.

        Raises:
            OSError: the disk fails.
        """
        begins = self._written + len(self._waiting)
        self._waiting += line
        if len(self._waiting) >= _PIECE:
            self._write()
        return begins

    def add_all(self, lines: bytes) -> list[int]:
        """Adds several lines; where each of them begins."""
        *begins, _ = accumulate(
            map(len, lines.split(b"\n")[:-1]), lambda at, size: at + size + 1, initial=self.add(lines)
        )
        return begins

    def at(self, begins: int) -> bytes:
        """The line that begins there."""
        if self._file is None or (self._waiting and begins >= self._written):
            begins -= self._written
            return bytes(self._waiting[begins : self._waiting.index(b"\n", begins) + 1])
        self._file.seek(begins)
        return self._file.readline()

    def __iter__(self) -> Iterator[bytes]:
        """All of them, in order; nothing may be added or looked up meanwhile."""
        if self._file is not None:
            self._file.seek(0)
            yield from self._file
        yield from bytes(self._waiting).splitlines(keepends=True)

    def batches(self) -> Iterator[list[bytes]]:
        """The same, some hundred lines at a time."""
        if self._file is not None:
            self._file.seek(0)
            while batch := self._file.readlines(_PIECE):
                yield batch
        if self._waiting:
            yield bytes(self._waiting).splitlines(keepends=True)

    def between(self, begins: int, ends: int) -> bytes:
        """The lines of a file that was given, from where one begins to where another one ends."""
        if self._file is None:
            raise ValueError("there is no file")
        self._file.seek(begins)
        return self._file.read(ends - begins)

    def pieces(self) -> Iterator[bytes]:
        """The same in pieces of many lines."""
        if self._file is not None:
            self._file.seek(0)
            while piece := self._file.read(_PIECE):
                yield piece
        yield bytes(self._waiting)

    def _write(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as this
        self._file.seek(self._written)
        self._written += self._file.write(self._waiting)
        self._waiting.clear()
