# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Research teams in a byline, known by the theme they work on."""

from __future__ import annotations

import re

from kg.extract.organisations import ACRONYM, ORGANISATION, is_organisation
from kg.extract.pieces import trimmed
from kg.model.evidence import Span

_TEAM_WORDS = r"(?:Research|Project|Study|Task|Subject)\s+(?:Team|Group|Force)"
_TEAM = re.compile(
    r"(?=[CDHLMPRSTt])(?:(?:(?:Team\s+|Project\s+)?(?:Members?|Leader|Head|Coordinator)\s+of\s+)?(?:[Tt]he\s+)?(?:DRC(?:'s)?\s+)?"
    rf"{_TEAM_WORDS}(?:\s+(?:on|of|for)\s+|\s*[:,]?\s*(?=[“\"])))"
)
_TEAM_BEHIND = re.compile(rf"(?P<mark>[”\"])\s*{_TEAM_WORDS}\b")
_OPENING, _STRAIGHT = "“‘「『", '"'
_FIRST_MARK = re.compile(r"(?:[Tt]he\s+)?(?P<mark>[“\"])")
_LAST_MARK = re.compile(r"[”’」』\"](?=\s*(?:[,(]|$))")


def team_and_theme(text: str, group: Span) -> tuple[Span | None, Span | None]:
    """The span of the team's mention, and that of its theme without the outer quotation marks.

    Marks may be nested or unbalanced: the theme ends at the last mark that stands before a comma or the group's end,
    or, where none does, at the comma before an organisation.
    """
    cue = _TEAM.search(text, group.start, group.end)
    if not cue:
        return _team_behind(text, group)
    quoted = text[cue.end()] in _OPENING + _STRAIGHT
    start = cue.end() + quoted
    end = _closing(text, start, group.end) if quoted else None
    if end is not None:
        return Span(cue.start(), end + 1), next(trimmed(text, start, end), None)
    end = _before_organisation(text, start, group.end)
    theme = next(trimmed(text, start, end), None)
    if theme and not quoted and is_organisation(text, theme):
        return Span(cue.start(), start), None
    return Span(cue.start(), end), theme


def _team_behind(text: str, group: Span) -> tuple[Span | None, Span | None]:
    """The same where the theme stands before the word: "the “Theme” Project Team"."""
    cue = _TEAM_BEHIND.search(text, group.start, group.end)
    opening = _FIRST_MARK.search(text, group.start, cue.start()) if cue else None
    if cue is None or opening is None:
        return None, None
    return Span(opening.start(), cue.end()), next(trimmed(text, opening.end("mark"), cue.start()), None)


def _closing(text: str, start: int, end: int) -> int | None:
    """The last closing mark of text[start:end] that stands before a comma or the end."""
    marks = [match.start() for match in _LAST_MARK.finditer(text, start, end)]
    return marks[-1] if marks else None


def _before_organisation(text: str, start: int, end: int) -> int:
    """The first comma of text[start:end] behind which an organisation stands, else the end."""
    comma = text.find(",", start, end)
    while comma >= 0:
        behind = text.find(",", comma + 1, end)
        following = text[comma + 1 : end if behind < 0 else behind].strip()
        if ORGANISATION.search(following) or ACRONYM.fullmatch(following):
            return comma
        comma = behind
    return end
