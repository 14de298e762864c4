"""The line that a finding is about, with the words in it that it points to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.model.evidence import Place, Span
from kg.model.origins import Lines
from kg.model.page import Text

_AROUND = 240  # characters kept on either side of the words, more than any terminal shows
_MOST_TRIED = 1000  # occurrences of the words in a text that is not its file


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A line in three parts: what stands before the words, the words as far as they stand on it, what stands behind.

    Attributes:
        cut_before: whether the line begins before `before` does.
        cut_after: whether the line goes on behind `after`.
    """

    before: str
    words: str
    after: str
    cut_before: bool = False
    cut_after: bool = False


def excerpts(text: Text, places: Iterable[Place]) -> dict[Place, Excerpt]:
    """The lines of a page's text that places are about; a place that the text does not hold has none.

    Of a web page, a PDF or a row the line is that of the text that was read, which is what a person sees.
    """
    starts = Lines.of(text.content).starts if text.origins is None else ()
    found: dict[Place, Excerpt] = {}
    for place in places:
        offset = _offset(text, place) if text.origins else _line_offset(text.content, starts, place)
        if offset is not None:
            found[place] = _around(text.content, offset, len(place.quote))
    return found


def line_excerpt(line: str, column: int, quote: str) -> Excerpt:
    """A line of a file with the words that start at a column (from 1)."""
    return _around(line, min(column - 1, len(line)), len(quote))


def _offset(text: Text, place: Place) -> int | None:
    """Where the place's words start in a text that is not its file."""
    at = -1
    for _ in range(_MOST_TRIED if place.quote else 0):
        at = text.content.find(place.quote, at + 1)
        if at < 0:
            return None
        here = text.place(Span(at, at + len(place.quote)))
        if (here.source, here.line, here.column) == (place.source, place.line, place.column):
            return at
    return None


def _line_offset(content: str, starts: Sequence[int], place: Place) -> int | None:
    if place.line > len(starts):
        return None
    end = content.find("\n", starts[place.line - 1])
    return min(starts[place.line - 1] + place.column - 1, end if end >= 0 else len(content))


def _around(content: str, offset: int, length: int) -> Excerpt:
    start = content.rfind("\n", 0, offset) + 1
    end = content.find("\n", offset)
    end = len(content) if end < 0 else end
    words_end = min(offset + min(length, _AROUND), end)
    first, last = max(start, offset - _AROUND), min(end, words_end + _AROUND)
    return Excerpt(
        before=content[first:offset],
        words=content[offset:words_end],
        after=content[words_end:last],
        cut_before=first > start,
        cut_after=last < end,
    )
