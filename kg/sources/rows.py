"""What tables of records consist of, whatever their format: rows, and cells that know where they stand."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from kg.model.errors import SettingsError
from kg.model.mapping import RecordMapping

_PIECE: Final = 64 * 1024
_LINE_END: Final = re.compile(r"\r\n?")
#: So many names are listed for people.
_LISTED: Final = 40
BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and the words that say it, by their place in the row's text."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row: the line where it starts, its bytes without the line end, and the cells of each column it fills."""

    line: int
    payload: bytes
    cells: Mapping[str, tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file of records, open for reading."""

    stream: BinaryIO | gzip.GzipFile
    source: str
    mapping: RecordMapping
    most_bytes: int

    def lines(self) -> Iterator[tuple[int, bytes | None]]:
        """The lines with their ends and numbers from 1; None for one that is too long, passed by piece after piece."""
        number = 0
        while line := self.stream.readline(self.most_bytes + 1):
            number += 1
            if len(line) <= self.most_bytes or line.endswith(b"\n"):
                yield number, line
                continue
            while (rest := self.stream.readline(_PIECE)) and not rest.endswith(b"\n"):
                pass
            yield number, None

    def need_columns(self, known: Iterable[str]) -> None:
        """Refuses a mapping that names a column the file has not.

        Raises:
            SettingsError: it names one; the error lists those that exist.
        """
        names = list(dict.fromkeys(known))
        for field, column in self.mapping.columns:
            if column not in names:
                listed = ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "")
                setting = f"records.{self.mapping.name}.columns.{field}"
                raise SettingsError(setting, column, f"a column of {self.source}: {listed}")


def too_long(most_bytes: int) -> str:
    """Why a row of more bytes is not read."""
    return f"the row is too long; a page may have {most_bytes:,} (setting most_page_bytes)"


def row_text(payload: bytes) -> str:
    """The row as the text of its page will be, so that places in one are places in the other.

    Raises:
        ValueError: it is no UTF-8.
    """
    try:
        return _LINE_END.sub("\n", payload.decode())
    except UnicodeDecodeError as error:
        raise ValueError(f"no UTF-8: byte {payload[error.start]:#04x} at offset {error.start} of the row") from error


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The place without the space around it."""
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return start, start + len(words.strip())
