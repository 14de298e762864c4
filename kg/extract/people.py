# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Bylines: authors, their team, departments and institution, told apart by grammar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg.extract.grammar import INVERTED_PERSON, PARTICLE, PERSON
from kg.extract.layouts import NameOrder
from kg.model.evidence import Span

_PERSON = re.compile(rf"(?:(?:Dr|Prof|Mr|Ms|Mrs)\.?\s+)?(?P<name>{PERSON})")
_INVERTED = re.compile(INVERTED_PERSON)
_ORGANISATION = re.compile(
    r"\b(?:Academy|Agency|Association|Bank|Bureau|Cent(?:er|re)|College|Commission|Committee|Company|Corporation|"
    r"Council|Department|Division|Faculty|Foundation|Group|Institute|Institution|Laboratory|Ministry|Office|School|"
    r"Section|Society|Unit|University)\b"
)
_UNIT = re.compile(r"\b(?:Department|Division|Section|Unit|Office)\b")
_ACRONYM = re.compile(r"[A-Z][A-Z&-]{1,9}")
_BRACKETED = re.compile(r"[(（](?P<words>[^()（）]*(?:[(（][^()（）]*[)）][^()（）]*)?)[)）]$")
_TEAM = re.compile(r"(?:Member\s+of\s+)?(?:[Tt]he\s+)?Research\s+(?:Team|Group)\s+(?:on|of|for)\s+")
_JOB = re.compile(
    r"(?:(?:the|a|its)\s+)?(?:(?:Senior|Deputy|Vice|Former|Associate|Assistant|Chief|Principal|Research|Executive|Honorary|"
    r"Visiting)[\s-]+)*(?:President|Director(?:[\s-]General)?|Dean|Professor|Fellow|Researcher|Minister|Head|"
    r"Secretary(?:[\s-]General)?|Economist|Editor|Analyst|Chair(?:man|woman|person)?|Scholar|Lecturer|Engineer)"
    r"(?:\s+(?:of|at|for|in|with)\s+(?P<place>\S.*))?",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(r"\s*(?:&|＆|、|\band\b)\s*")
_OPENING, _STRAIGHT = "“‘「『", '"'
_OPENING_MARKS, _CLOSING_MARKS = "(（“「『", ")）”」』"
_MARK = re.compile(f"[{_OPENING_MARKS}{_CLOSING_MARKS},，;；/／]")
_LAST_MARK = re.compile(r"[”’」』\"](?=\s*(?:,|$))")


@dataclass(frozen=True, slots=True)
class Signature:
    """One author's name, and the affiliation printed with it."""

    name: Span
    affiliation: Span | None = None


@dataclass(slots=True)
class Byline:
    """Who wrote, as a byline says it."""

    authors: list[Signature] = field(default_factory=list)
    team: Span | None = None
    departments: list[Span] = field(default_factory=list)
    institution: Span | None = None
    odd: list[Span] = field(default_factory=list)  # parts that are neither person nor organisation


def read_byline(text: str, start: int, end: int, order: NameOrder = NameOrder.FAMILY_FIRST) -> Byline:
    """The byline in text[start:end]; it has no authors where the words are no byline.

    Groups of authors are parted by semicolons or slashes; within a group come persons, then a team, departments and the
    institution. Where there are several groups, each author's affiliation is all that their group names. Inverted names
    ("Sapir, Andre and Veugelers, Reinhilde") are parted by "and" and semicolons alone.
    """
    if order is NameOrder.INVERTED:
        return Byline(authors=[Signature(Span(*match.span())) for match in _INVERTED.finditer(text, start, end)])
    byline = Byline()
    groups = list(_parts(text, Span(start, end), ";；/／"))
    for group in groups:
        _read_group(text, group, byline, several=len(groups) > 1)
    return byline


def name_parts(name: str, order: NameOrder) -> tuple[str, str] | None:
    """Family and given name by the publisher's order; None where the name has no two clear parts.

    >>> name_parts("Shen Hengchao", NameOrder.FAMILY_FIRST)
    ('Shen', 'Hengchao')
    >>> name_parts("Bruno van Pottelsberghe", NameOrder.GIVEN_FIRST)
    ('van Pottelsberghe', 'Bruno')
    """
    words = name.split()
    if order is NameOrder.INVERTED:
        family, _, given = (part.strip() for part in name.partition(","))
        return (family, given) if family and given else None
    capitals = [word for word in words if word.isupper() and len(word) > 1]
    if order is NameOrder.FAMILY_CAPITALS and 0 < len(capitals) < len(words):
        return " ".join(capitals), " ".join(word for word in words if word not in capitals)
    if order in (NameOrder.FAMILY_FIRST, NameOrder.FAMILY_CAPITALS):
        return (words[0], " ".join(words[1:])) if len(words) == 2 else None  # noqa: PLR2004 - one family, one given name
    match = re.fullmatch(rf"(?P<given>.+?)\s+(?P<family>(?:{PARTICLE}\s+)*\S+)", name)
    return (match["family"], match["given"]) if match else None


def _read_group(text: str, group: Span, byline: Byline, *, several: bool) -> None:
    team, theme = _team(text, group)
    if theme and byline.team is None:
        byline.team = theme
    people: list[Signature] = []
    organisations: list[Span] = []
    for part in _without_jobs(text, _parts(text, group, ",，", skip=team)):
        found = list(_people(text, part))
        if _is_organisation(text, part):
            organisations.append(_without_article(text, part))
        elif found:
            people += found
        else:
            byline.odd.append(part)
    if several and organisations:
        whole = Span(organisations[0].start, organisations[-1].end)
        people = [Signature(person.name, person.affiliation or whole) for person in people]
    if organisations and not _only_unit(text, organisations[-1]):
        institution = organisations.pop()
        byline.institution = byline.institution or institution
    byline.departments += organisations
    byline.authors += people


def _without_jobs(text: str, parts: Iterable[Span]) -> Iterator[Span]:
    """The parts that are no job titles; of "Director of the X Department" the department stays."""
    for part in parts:
        job = _JOB.fullmatch(text, part.start, part.end)
        if job is None:
            yield part
        elif job["place"]:
            yield Span(*job.span("place"))


def _only_unit(text: str, span: Span) -> bool:
    """Whether an organisation is part of one that is not named: "the Research Department of …"."""
    return bool(_UNIT.search(text[span.start : span.end]))


def _is_organisation(text: str, span: Span) -> bool:
    words = text[span.start : span.end]
    plain = _BRACKETED.sub("", words).rstrip()
    return bool(_ORGANISATION.search(plain) or _ACRONYM.fullmatch(plain))


def _people(text: str, part: Span) -> Iterator[Signature]:
    """The persons of one part, or none where any piece of it is no person."""
    found: list[Signature] = []
    at = part.start
    for join in [*_BETWEEN_NAMES.finditer(text, part.start, part.end), None]:
        piece = Span(at, join.start() if join else part.end)
        at = join.end() if join else part.end
        signature = _signature(text, piece)
        if signature is None:
            return
        found.append(signature)
    yield from found


def _signature(text: str, piece: Span) -> Signature | None:
    bracket = _BRACKETED.search(text, piece.start, piece.end)
    before = next(_trimmed(text, piece.start, bracket.start() if bracket else piece.end), None)
    match = _PERSON.fullmatch(text, before.start, before.end) if before else None
    if not match:
        return None
    affiliation = next(_trimmed(text, *bracket.span("words")), None) if bracket else None
    return Signature(Span(*match.span("name")), affiliation)


def _team(text: str, group: Span) -> tuple[Span | None, Span | None]:
    """The span of the team's mention, and that of its theme without the outer quotation marks.

    Marks may be nested or unbalanced: the theme ends at the last mark that stands before a comma or the group's end,
    or, where none does, at the comma before an organisation.
    """
    cue = _TEAM.search(text, group.start, group.end)
    if not cue:
        return None, None
    quoted = text[cue.end()] in _OPENING + _STRAIGHT
    start = cue.end() + quoted
    end = _closing(text, start, group.end) if quoted else None
    if end is not None:
        return Span(cue.start(), end + 1), next(_trimmed(text, start, end), None)
    end = _before_organisation(text, start, group.end)
    return Span(cue.start(), end), next(_trimmed(text, start, end), None)


def _closing(text: str, start: int, end: int) -> int | None:
    """The last closing mark of text[start:end] that stands before a comma or the end."""
    marks = [match.start() for match in _LAST_MARK.finditer(text, start, end)]
    return marks[-1] if marks else None


def _before_organisation(text: str, start: int, end: int) -> int:
    """The first comma of text[start:end] behind which an organisation stands, else the end."""
    for comma in re.finditer(",", text[start:end]):
        following = text[start + comma.end() : end].partition(",")[0].strip()
        if _ORGANISATION.search(following) or _ACRONYM.fullmatch(following):
            return start + comma.start()
    return end


def _parts(text: str, span: Span, separators: str, skip: Span | None = None) -> Iterator[Span]:
    """The pieces between separators outside brackets and curly quotation marks, without `skip`."""
    depth = 0
    start = span.start
    for mark in _MARK.finditer(text, span.start, span.end):
        at, letter = mark.start(), mark.group()
        if skip and skip.start <= at < skip.end:
            continue
        if skip and start <= skip.start < at:
            yield from _trimmed(text, start, skip.start)
            start = skip.end
        if letter in _OPENING_MARKS:
            depth += 1
        elif letter in _CLOSING_MARKS:
            depth -= depth > 0
        elif letter in separators and depth == 0:
            yield from _trimmed(text, start, at)
            start = at + 1
    if skip and start <= skip.start:
        yield from _trimmed(text, start, skip.start)
        start = skip.end
    yield from _trimmed(text, start, span.end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end].strip()
    if piece:
        left = text.index(piece, start)
        yield Span(left, left + len(piece))


def _without_article(text: str, span: Span) -> Span:
    match = re.match(r"(?:the|The)\s+", text[span.start : span.end])
    return Span(span.start + match.end(), span.end) if match else span
