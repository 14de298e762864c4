"""A query with parts put in place of others, and where its own text stands behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: Stands in a text where rows are put behind it.
WORD = " VALUES "


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """Rows in place of a part of a text.

    Attributes:
        start, end: offsets of that part.
        rows: what follows the word VALUES.
    """

    start: int
    end: int
    rows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Woven:
    """A text with some of its parts replaced.

    Attributes:
        text: as it was.
        patches: in their order; none overlaps another.
    """

    text: str
    patches: tuple[Patch, ...]

    @property
    def bare(self) -> str:
        """The text with the word alone in place of each part."""
        return "".join(piece for piece, _ in self._pieces())

    @property
    def insets(self) -> tuple[tuple[int, str], ...]:
        """The rows, each with its offset in the bare text."""
        at, found = 0, []
        for piece, rows in self._pieces():
            at += len(piece)
            if rows:
                found.append((at, rows))
        return tuple(found)

    def origin(self, line: int, column: int) -> tuple[int, Patch | None]:
        """What stands at a line and a column of the whole: its offset in the text as it was, or the rows it is in."""
        at = _offset(inset(self.bare, self.insets), line, column)
        shift = 0  # from an offset in the text to one in the whole
        for patch in self.patches:
            if at < patch.start + shift:
                break
            put = len(WORD) + len(patch.rows)
            if at < patch.start + shift + put:
                return patch.start, patch
            shift += put - (patch.end - patch.start)
        return at - shift, None

    def _pieces(self) -> Iterable[tuple[str, str]]:
        at = 0
        for patch in self.patches:
            yield self.text[at : patch.start] + WORD, patch.rows
            at = patch.end
        yield self.text[at:], ""


def inset(text: str, insets: Iterable[tuple[int, str]]) -> str:
    """A text with others put into it, each at its offset."""
    pieces, at = [], 0
    for offset, each in insets:
        pieces += [text[at:offset], each]
        at = offset
    return "".join([*pieces, text[at:]])


def _offset(text: str, line: int, column: int) -> int:
    at = 0
    for _ in range(line - 1):
        at = text.find("\n", at) + 1
    return at + column - 1
