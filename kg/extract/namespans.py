# ruff: noqa: RUF001 - brackets may be full-width
"""Names as spans of a text: what a name holds, and how it stands to the names and brackets beside it."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from kg.model.evidence import Span
from kg.model.records import ThingKind

#: A short form in brackets, and what may stand around it there: "(hereafter CSTI)", "(ANR, founded in 2005)".
_ACRONYM = re.compile(
    r"\s?[(（]\s*(?:(?:the|hereafter|hereinafter|henceforth|abbreviated(?:\s+(?:as|to))?|or|called|known\s+as)[\s,]+)*"
    r"(?P<quote>[“\"‘']?)(?P<acronym>[A-Z][\w&*/.+-]{1,14})[”\"’']?(?:\s*[,;]\s+[a-z\d][^()（）]{0,60})?\s*[)）]"
)
#: Fiscal years, quarters and numbers in brackets, which are short for no name.
_NO_ACRONYM = re.compile(r"(?:FY|CY|Q|H|No|Nos|Vol|Art|Sec|Ch)\.?\s?[\d’'][\w./~-]*")
_OWNER_LINK = re.compile(r"\s+(?:of|within|under|in)\s+(?:the\s+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class NameSpan:
    """A name as it stands in a text.

    Attributes:
        name: the span of the name alone; whole: that with its bracketed acronym.
        acronym: the span of the acronym, without its brackets.
        owner: the span of the thing it is part of, where the name says so.
        agent: for programmes, the span of the agent behind "coordinated by".
    """

    kind: ThingKind
    name: Span
    whole: Span
    acronym: Span | None = None
    body_type: str | None = None
    owner: Span | None = None
    agent: Span | None = None


def united(spans: list[Span], known: list[Span]) -> list[Span]:
    """The spans, each one that overlaps a known name drawn together with it."""
    result: list[Span] = []
    for span in sorted([*spans, *known]):
        if result and span.start < result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def covered(span: Span, names: list[NameSpan]) -> bool:
    """Whether a span lies within one of the names, which are in order and apart."""
    at = bisect_left(names, span.start + 1, key=lambda name: name.name.start)
    return at > 0 and span.end <= names[at - 1].name.end


def apart(before: NameSpan, name: NameSpan) -> bool:
    """Whether a name begins behind another and its bracketed acronym."""
    return name.name.start >= before.whole.end


def owned(text: str, name: NameSpan, behind: NameSpan | None) -> NameSpan:
    """The name with the owner that follows it: "the Center (C) of the Agency", "the Office within the Department"."""
    if behind is None or name.owner or not (name.kind is behind.kind is ThingKind.BODY):
        return name
    linked = _OWNER_LINK.fullmatch(text, name.whole.end, behind.name.start)
    return replace(name, owner=behind.name) if linked else name


def with_acronym(text: str, name: NameSpan, end: int) -> NameSpan:
    """The name with the acronym in brackets behind it, if there is one.

    What has two capitals is one; with a single capital ("Finep") its letters must be found in the name.
    """
    match = _ACRONYM.match(text, name.name.end, end)
    if not match or _NO_ACRONYM.fullmatch(match["acronym"]):
        return name
    short = match["acronym"]
    if sum(letter.isupper() for letter in short) < 2 and not stands_for(short, text[name.name.start : name.name.end]):  # noqa: PLR2004 - one capital may be a word
        return name
    return replace(name, acronym=Span(*match.span("acronym")), whole=Span(name.name.start, match.end()))


def stands_for(short: str, name: str) -> bool:
    """Whether a short form's letters stand in a name in their order, the first of both alike (Schwartz-Hearst)."""
    letters = [letter for letter in short.casefold() if letter.isalnum()]
    at = len(name)
    folded = name.casefold()
    for letter in reversed(letters[1:]):
        at = folded.rfind(letter, 0, at)
        if at < 0:
            return False
    return at > 0 and folded[0] == letters[0]


def place(name: NameSpan) -> Span:
    """Where the name stands, for putting names in order."""
    return name.name
