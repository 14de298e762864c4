# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Where sentences begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.model.evidence import Span

#: Its first character is told before all else, so that a search passes over all others quickly.
_END = re.compile(
    r"[.!?。！？\n](?:(?<=[.!?])(?<![.!?].)[.!?]*[\"'”’)\]]*(?=\s|$)|(?<=[。！？])[。！？]*[”’」』）]*"
    r"|(?<=\n)(?:[ \t]*(?=\n)|(?=[ \t]*(?:[-•*·]|\d{1,3}[.)])\s)))"
)
_ABBREVIATION = re.compile(
    r"\b(?:No|NO|Nos|Vol|vs|Dr|Mr|Mrs|Ms|Prof|St|Art|Sec|Fig|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
    r"|e\.g|i\.e|cf|al|etc|approx|Inc|Ltd|Co|[A-Z](?:\.[A-Z])*)\.$"
)
_LOOKBACK = 12


def sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of text[start:end], without the white space around them.

    A sentence ends at a full stop, question or exclamation mark (not that of an abbreviation or an initial unless the
    text ends there), at an empty line, and before a list item.
    """
    begin = start
    for match in _END.finditer(text, start, end):
        if match.start() < begin or _continues(text, match, end):
            continue
        if span := _trimmed(text, begin, match.end()):
            yield span
        begin = match.end()
    if span := _trimmed(text, begin, end):
        yield span


def _continues(text: str, match: re.Match[str], end: int) -> bool:
    """Whether the stop belongs to an abbreviation in mid-sentence."""
    if match.group()[0] != ".":
        return False
    if not _ABBREVIATION.search(text, max(0, match.start() - _LOOKBACK), match.start() + 1):
        return False
    following = text[match.end() : min(match.end() + 2, end)].strip()
    initial = text[match.start() - 1].isupper()
    return bool(following) and (
        not initial or not following[0].isupper() or text[match.start() - 2 : match.start() - 1] == "."
    )


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return None
    left = start + piece.index(stripped[0])
    return Span(left, left + len(stripped))
