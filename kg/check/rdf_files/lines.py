"""Offsets as lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from kg.model.evidence import Place
from kg.model.excerpt import Excerpt, line_excerpt

_LINE_END: Final = re.compile("\n")
_SHOWN: Final = 300  # characters on either side of the words, more than an excerpt keeps


class Lines:
    """The lines of one text; lines and columns count from 1, columns in code points, as Oxigraph's messages do."""

    def __init__(self, source: str, text: str) -> None:
        self._source = source
        self.text = text
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def number(self, offset: int) -> int:
        """The number of the line that holds an offset."""
        return bisect_right(self._starts, offset)

    def excerpt(self, place: Place) -> Excerpt:
        """The line of a place, as far as it is shown: a file may be one line of many megabytes."""
        start = self._starts[place.line - 1]
        end = self._starts[place.line] if place.line < len(self._starts) else len(self.text)
        at = start + place.column - 1
        first, last = max(start, at - _SHOWN), min(end, at + len(place.quote) + _SHOWN)
        return line_excerpt(self.text[first:last].rstrip("\r\n"), at - first + 1, place.quote)

    def place(self, start: int, end: int) -> Place:
        """The place of the words between two offsets."""
        line = self.number(start)
        column = start - self._starts[line - 1] + 1
        return Place(source=self._source, line=line, column=column, quote=self.text[start:end])
