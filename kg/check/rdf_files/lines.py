"""Offsets as lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from kg.model.evidence import Place

_LINE_END: Final = re.compile("\n")


class Lines:
    """The lines of one text; lines and columns count from 1, columns in code points, as Oxigraph's messages do."""

    def __init__(self, source: str, text: str) -> None:
        self._source = source
        self.text = text
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def number(self, offset: int) -> int:
        """The number of the line that holds an offset."""
        return bisect_right(self._starts, offset)

    def line(self, number: int) -> str:
        """The line of this number, without its end."""
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[self._starts[number - 1] : end].rstrip("\r\n")

    def place(self, start: int, end: int) -> Place:
        """The place of the words between two offsets."""
        line = self.number(start)
        column = start - self._starts[line - 1] + 1
        return Place(source=self._source, line=line, column=column, quote=self.text[start:end])
