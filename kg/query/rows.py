"""How many rows an answer holds, told from its bytes as they are written: the engine writes rows and does not say."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Final

from kg.rdf.formats import ResultsFormat

_EMPTY: Final = b'"bindings":[]}}'
_RESULT: Final = b"<result>"


class RowCounter(ABC):
    """Counts the rows of an answer to SELECT, given piece by piece; pieces may end anywhere."""

    @abstractmethod
    def add(self, piece: bytes) -> None:
        """Counts what follows."""

    @property
    @abstractmethod
    def rows(self) -> int:
        """The rows begun so far; once the last piece was given, all."""


def row_counter(results: ResultsFormat) -> RowCounter:
    """The counter for a format."""
    return _COUNTERS[results]()


def whole_rows(results: ResultsFormat, answer: bytes) -> int:
    """The rows of an answer that is given whole."""
    if results is ResultsFormat.JSON:
        rows = _rows_at_a_glance(answer)
        if rows is not None:
            return rows
    counter = row_counter(results)
    counter.add(answer)
    return counter.rows


def _rows_at_a_glance(answer: bytes) -> int | None:
    """The rows of an answer in JSON, None where that takes a closer look; this one takes a tenth of the time.

    Without escapes no string holds a quote. A `},{` between two quotes is then between rows, unless it is a string of
    its own, and those begin behind a colon.
    """
    if b"\\" in answer:
        return None
    between = answer.count(b'"}},{"')
    if between != answer.count(b"},{") or b':"}},{"' in answer:
        return None
    return 0 if answer.endswith(_EMPTY) else between + 1


class _JsonRows(RowCounter):
    """Outside of strings, `},{` stands between rows alone."""

    def __init__(self) -> None:
        self._between = self._inside = 0
        self._rest = b""
        self._end = b""

    def add(self, piece: bytes) -> None:
        """Looks at all but what follows the last quote: an escape, or `},{`, may end in the next piece."""
        text = self._rest + piece
        if b"\\" in text:
            text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
        *segments, self._rest = text.split(b'"')
        self._between += b'"'.join(segments[self._inside :: 2]).count(b"},{")
        self._inside = (self._inside + len(segments)) % 2
        self._end = (self._end + piece[-len(_EMPTY) :])[-len(_EMPTY) :]

    @property
    def rows(self) -> int:
        if self._end == _EMPTY:
            return 0
        return self._between + (0 if self._inside else self._rest.count(b"},{")) + 1


class _XmlRows(RowCounter):
    """`<` is escaped in texts."""

    def __init__(self) -> None:
        self._rows = 0
        self._rest = b""

    def add(self, piece: bytes) -> None:
        text = self._rest + piece
        self._rows += text.count(_RESULT)
        self._rest = text[-len(_RESULT) + 1 :]

    @property
    def rows(self) -> int:
        return self._rows


class _CsvRows(RowCounter):
    """A line for each row, and one before them; in quotes a line may end as well."""

    def __init__(self) -> None:
        self._lines = self._inside = 0

    def add(self, piece: bytes) -> None:
        segments = piece.split(b'"')
        self._lines += b'"'.join(segments[self._inside :: 2]).count(b"\n")
        self._inside = (self._inside + len(segments) - 1) % 2

    @property
    def rows(self) -> int:
        return max(0, self._lines - 1)


class _TsvRows(RowCounter):
    """A line for each row, and one before them; ends of lines are escaped in texts."""

    def __init__(self) -> None:
        self._lines = 0

    def add(self, piece: bytes) -> None:
        self._lines += piece.count(b"\n")

    @property
    def rows(self) -> int:
        return max(0, self._lines - 1)


_COUNTERS: Final[Mapping[ResultsFormat, Callable[[], RowCounter]]] = {
    ResultsFormat.JSON: _JsonRows,
    ResultsFormat.XML: _XmlRows,
    ResultsFormat.CSV: _CsvRows,
    ResultsFormat.TSV: _TsvRows,
}
