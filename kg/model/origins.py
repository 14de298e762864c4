"""Where a text's characters stand in the file that it was read from, when text and file are not the same."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class Origin(NamedTuple):
    """A place in a file: line and column from 1; where it has numbered pages, those on the page of this number."""

    line: int
    column: int
    sheet: int | None = None


class Origins(Protocol):
    """Tells where each character of a text came from."""

    def locate(self, offset: int) -> Origin:
        """Where the character at this offset of the text stands in the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The offsets at which lines start, and the number of the first line."""

    starts: Sequence[int]
    first: int = 1

    @classmethod
    def of(cls, content: str, first: int = 1) -> Lines:
        """The lines of a text whose lines end in single line feeds, the first with this number."""
        starts = [0]
        at = content.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = content.find("\n", at + 1)
        return cls(starts=starts, first=first)

    def locate(self, offset: int) -> Origin:
        """The line and column of an offset."""
        line = bisect_right(self.starts, offset)
        return Origin(line + self.first - 1, offset - self.starts[line - 1] + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """A text copied from a file in runs, with markup between them.

    Attributes:
        starts: where each run starts in the text, ascending, the first at 0.
        sources: where it starts in the file's characters.
        lines: the lines of the file.
    """

    starts: Sequence[int]
    sources: Sequence[int]
    lines: Lines

    def locate(self, offset: int) -> Origin:
        """Where the character stands; what was put between runs stands at the end of the run before."""
        run = max(bisect_right(self.starts, offset) - 1, 0)
        source = self.sources[run] + offset - self.starts[run]
        if run + 1 < len(self.starts):
            source = min(source, self.sources[run + 1])
        return self.lines.locate(source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """A text put together from the numbered pages of one file, whose lines count from 1 on each of them.

    Attributes:
        starts: where each page starts in the text, ascending, the first at 0.
        lines: the lines of the text.
    """

    starts: Sequence[int]
    lines: Lines

    def locate(self, offset: int) -> Origin:
        """The line and column on the page, and the page's number."""
        sheet = max(bisect_right(self.starts, offset), 1)
        here, first = self.lines.locate(offset), self.lines.locate(self.starts[sheet - 1])
        return Origin(here.line - first.line + 1, here.column, sheet)
