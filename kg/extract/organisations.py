# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Organisations in a byline: what is one, and which is a part of which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kg.model.evidence import Span

ORGANISATION = re.compile(
    r"(?=[ABCDFGILMOSU])\b(?:Academy|Agency|Association|Bank|Bureau|Cent(?:er|re)|College|Commission|Committee|Company|Corporation|"
    r"Council|Department|Division|Faculty|Foundation|Group|Institute|Institution|Laboratory|Ministry|Office|School|"
    r"Section|Society|Unit|University)\b"
)
_UNIT = re.compile(r"(?=[DOSU])\b(?:Department|Division|Section|Unit|Office)\b")
_ARTICLE = re.compile(r"[Tt]he\s+")
ACRONYM = re.compile(r"[A-Z][A-Z&-]{1,9}")
BRACKETED = re.compile(r"[(（](?P<words>[^()（）]*(?:[(（][^()（）]*[)）][^()（）]*)?)[)）]$")
_JOB = re.compile(
    r"(?:(?:the|a|its)\s+)?(?:(?:Senior|Deputy|Vice|Former|Associate|Assistant|Chief|Principal|Research|Executive|Honorary|"
    r"Visiting)[\s-]+)*(?:President|Director(?:[\s-]General)?|Dean|Professor|Fellow|Researcher|Minister|Head|"
    r"Secretary(?:[\s-]General)?|Economist|Editor|Analyst|Chair(?:man|woman|person)?|Scholar|Lecturer|Engineer)"
    r"(?:\s+(?:of|at|for|in|with)\s+(?P<place>\S.*))?",
    re.IGNORECASE,
)
#: A unit and the body that it is part of: "Research Department of Rural Economy of DRC".
_OWNED = re.compile(
    r"(?P<unit>(?:[A-Z]\w+\s+)*(?:Department|Institute|Division|Office|Section|School)\s+(?:of|for|on)\s+[^,]+?"
    r"|(?:[A-Z]\w+\s+)+(?:Department|Institute|Division|Office|Section|School))"
    r"\s+(?:of|at|under)\s+(?:the\s+)?"
    r"(?P<owner>[A-Z][A-Z&-]{1,9}|(?:[A-Z]\w+\s+)*(?:Center|Centre|Academy|University)\b[^,]*)"
)


def without_jobs(text: str, parts: Iterable[Span]) -> Iterator[Span]:
    """The parts that are no job titles; of "Director of the X Department" the department stays."""
    for part in parts:
        job = _JOB.fullmatch(text, part.start, part.end)
        if job is None:
            yield part
        elif job["place"]:
            yield Span(*job.span("place"))


def is_unit(text: str, span: Span) -> bool:
    """Whether an organisation is part of one that is not named: "the Research Department of …"."""
    return bool(_UNIT.search(text[span.start : span.end]))


def is_organisation(text: str, span: Span) -> bool:
    """Whether the words name an organisation, or are an acronym."""
    words = text[span.start : span.end]
    plain = BRACKETED.sub("", words).rstrip()
    return bool(ORGANISATION.search(plain) or ACRONYM.fullmatch(plain))


def without_article(text: str, span: Span) -> Span:
    """The words without "the" before them."""
    match = _ARTICLE.match(text, span.start, span.end)
    return Span(match.end(), span.end) if match else span


def owned(text: str, organisation: Span) -> Iterator[Span]:
    """An organisation, or a unit and the body that it is said to be part of."""
    match = _OWNED.fullmatch(text, organisation.start, organisation.end)
    if match:
        yield Span(*match.span("unit"))
        yield Span(*match.span("owner"))
    else:
        yield organisation
