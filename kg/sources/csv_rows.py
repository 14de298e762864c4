"""CSV as RFC 4180 has it → rows whose cells know where they stand.

Python's csv module tells no places. Besides the RFC, a quote within a cell that does not begin with one is itself, and
space around a cell is no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from kg.sources.rows import BOM, BadRow, Cell, Row, Table, row_text, too_long, trimmed


def csv_rows(table: Table) -> Iterator[Row | BadRow]:
    """The rows below the first one, which names the columns.

    Raises:
        SettingsError: a column that the mapping names is not among them.
    """
    grammar = _Grammar(table.mapping.delimiter)
    names: list[str] | None = None
    for raw in _raw_rows(table, grammar):
        if names is None:
            try:
                names = [cell.value for cell in grammar.cells(raw.text())]
            except ValueError as error:
                yield raw.bad(f"no row of column names: {error}")
                return
            table.need_columns(names)
        else:
            yield _row(raw, names, grammar)


@dataclass(slots=True)
class _Raw:
    """A row as it stands in the file: its lines from the first to the last, or what is wrong with them."""

    first: int
    last: int
    lines: list[bytes]
    size: int = 0
    wrong: str = ""

    def take(self, number: int, line: bytes, most_bytes: int) -> None:
        """Takes one more line; what is too long is passed by, and not kept."""
        self.last, self.size = number, self.size + len(line)
        if self.size > most_bytes + len(b"\r\n"):
            self.lines, self.wrong = [], too_long(most_bytes)
        else:
            self.lines.append(line)

    def payload(self) -> bytes:
        """Its bytes, without a byte order mark and the line end."""
        return b"".join(self.lines).removeprefix(BOM.encode()).rstrip(b"\r\n")

    def text(self) -> str:
        """Its text.

        Raises:
            ValueError: it cannot be read.
        """
        if self.wrong:
            raise ValueError(self.wrong)
        return row_text(self.payload())

    def bad(self, reason: str) -> BadRow:
        """Why it cannot be read, and which lines are lost with it."""
        lost = f"; lines {self.first} to {self.last} are not read" if self.last > self.first else ""
        return BadRow(self.first, reason + lost)


def _raw_rows(table: Table, grammar: _Grammar) -> Iterator[_Raw]:
    """The rows; one goes on while a quote is open. Blank lines are none."""
    raw: _Raw | None = None
    for number, line in table.lines():
        if line is None:
            first, raw = raw.first if raw else number, None
            yield _Raw(first, number, [], wrong=too_long(table.most_bytes))
            continue
        inside = raw is not None
        raw = raw or _Raw(number, number, [])
        raw.take(number, line, table.most_bytes)
        if grammar.leaves_open(line.decode(errors="replace"), inside=inside):
            continue
        if raw.wrong or raw.payload().strip():
            yield raw
        raw = None
    if raw:
        raw.wrong = "a quote is opened and never closed"
        yield raw


def _row(raw: _Raw, names: list[str], grammar: _Grammar) -> Row | BadRow:
    try:
        cells = grammar.cells(raw.text())
    except ValueError as error:
        return raw.bad(str(error))
    if len(cells) != len(names):
        return raw.bad(f"the row has {len(cells)} cells; the first row names {len(names)} columns")
    filled = {name: (cell,) for name, cell in zip(names, cells, strict=True) if cell.value}
    return Row(line=raw.first, payload=raw.payload(), cells=filled)


@dataclass(frozen=True)
class _Grammar:
    """The cells of a row, for one delimiter; every pattern is linear in the row's length."""

    delimiter: str

    @cached_property
    def _cell(self) -> re.Pattern[str]:
        other = f"[^{re.escape(self.delimiter)}]*"
        return re.compile(rf'"(?P<quoted>(?:[^"]++|"")*+)(?:(?P<close>")(?P<behind>{other}))?|(?P<plain>{other})')

    @cached_property
    def _rest(self) -> re.Pattern[str]:
        return re.compile(rf'(?:[^"]++|"")*+(?P<close>"[^{re.escape(self.delimiter)}]*)?')

    def leaves_open(self, line: str, *, inside: bool) -> bool:
        """Whether a quote is open at the end of the line.

        Args:
            line: the line.
            inside: whether one is open at its beginning.
        """
        at = 0
        if inside:
            rest = self._rest.match(line)
            if rest is None or rest["close"] is None:
                return True
            at = rest.end() + 1
        return any(cell["quoted"] is not None and cell["close"] is None for cell in self._matches(line, at))

    def cells(self, row: str) -> list[Cell]:
        """The cells of a row.

        Raises:
            ValueError: there are words behind a closing quote.
        """
        cells: list[Cell] = []
        for match in self._matches(row, 0):
            if match["behind"] and match["behind"].strip():
                raise ValueError(f"words stand behind the closing quote of cell {len(cells) + 1}")
            start, end = trimmed(row, *match.span("plain" if match["quoted"] is None else "quoted"))
            words = row[start:end]
            cells.append(Cell(start, end, words if match["quoted"] is None else words.replace('""', '"')))
        return cells

    def _matches(self, row: str, at: int) -> Iterator[re.Match[str]]:
        while at <= len(row):
            match = self._cell.match(row, at)
            if match is None:
                raise TypeError("a cell may be empty, and so matches everywhere")
            yield match
            at = match.end() + 1
