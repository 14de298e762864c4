# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Bylines: authors, their team, departments and institution, told apart by grammar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg.extract.grammar import INVERTED_PERSON, PARTICLE, PERSON
from kg.extract.layouts import NameOrder
from kg.extract.organisations import (
    BRACKETED,
    ORGANISATION,
    is_organisation,
    is_unit,
    owned,
    without_article,
    without_jobs,
)
from kg.extract.pieces import parts, trimmed
from kg.extract.teams import team_and_theme
from kg.model.evidence import Span

_PERSON = re.compile(rf"(?:(?:Dr|Prof|Mr|Ms|Mrs)\.?\s+)?(?P<name>{PERSON})")
_GIVEN_FIRST = re.compile(rf"(?P<given>.+?)\s+(?P<family>(?:{PARTICLE}\s+)*\S+)")
_INVERTED = re.compile(INVERTED_PERSON)
#: What a person is to the work; printed before the name or in brackets behind it, and no affiliation.
_ROLE = (
    r"(?:(?:(?:Team|Project|Group|Research|Principal|Lead|Co|Corresponding|First|Chief)[\s-]+)*"
    r"(?:Leaders?|Heads?|Coordinators?|Convenors?|Members?|Authors?|Writers?|Investigators?|Drafters?|Editors?))"
)
_ROLE_ALONE = re.compile(_ROLE, re.IGNORECASE)
_ROLE_BEFORE = re.compile(rf"{_ROLE}\s*:\s*", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"[(（](?:[^()（）]|[(（][^()（）]*[)）])*[)）]|(?P<join>\s*(?:&|＆|、|\band\b)\s*)")


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
    groups = list(parts(text, Span(start, end), ";；/／"))
    for group in groups:
        _read_group(text, group, byline, order, several=len(groups) > 1)
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
    match = _GIVEN_FIRST.fullmatch(name)
    return (match["family"], match["given"]) if match else None


def _read_group(text: str, group: Span, byline: Byline, order: NameOrder, *, several: bool) -> None:
    team, theme = team_and_theme(text, group)
    byline.team = byline.team or theme
    people: list[Signature] = []
    organisations: list[Span] = []
    for part in without_jobs(text, _unrolled(text, parts(text, group, ",，", skip=team))):
        found = list(_people(text, part))
        if found:
            people += found
        elif is_organisation(text, part):
            organisations += owned(text, without_article(text, part))
        else:
            byline.odd.append(part)
    if not organisations and order is NameOrder.FAMILY_FIRST:
        organisations += _bracketed(text, people)
    if several and organisations:
        whole = Span(organisations[0].start, organisations[-1].end)
        people = [Signature(person.name, person.affiliation or whole) for person in people]
    if organisations and not is_unit(text, organisations[-1]):
        institution = organisations.pop()
        byline.institution = byline.institution or institution
    byline.departments += organisations
    byline.authors += people


def _people(text: str, part: Span) -> Iterator[Signature]:
    """The persons of one part, or none where any piece of it is no person."""
    found: list[Signature] = []
    at = part.start
    for join in [*_BETWEEN_NAMES.finditer(text, part.start, part.end), None]:
        if join and join["join"] is None:
            continue
        pieces = list(trimmed(text, at, join.start() if join else part.end))
        at = join.end() if join else part.end
        signatures = [_signature(text, piece) for piece in pieces]
        if None in signatures:
            return
        found += filter(None, signatures)
    yield from found


def _signature(text: str, piece: Span) -> Signature | None:
    bracket = BRACKETED.search(text, piece.start, piece.end) if text[piece.end - 1] in ")）" else None
    role = _ROLE_BEFORE.match(text, piece.start, piece.end) if text.find(":", piece.start, piece.end) >= 0 else None
    start = role.end() if role else piece.start
    before = next(trimmed(text, start, bracket.start()), None) if bracket else Span(start, piece.end)
    match = _PERSON.fullmatch(text, before.start, before.end) if before else None
    if not match or ORGANISATION.search(match["name"]):
        return None
    words = next(trimmed(text, *bracket.span("words")), None) if bracket else None
    affiliation = None if words and _ROLE_ALONE.fullmatch(text, words.start, words.end) else words
    return Signature(Span(*match.span("name")), affiliation)


def _unrolled(text: str, pieces: Iterable[Span]) -> Iterator[Span]:
    """The pieces; a bracket that tells who is what in a team, "(Leader: A; Members: B, C)", as the pieces in it."""
    for piece in pieces:
        bracket = BRACKETED.fullmatch(text, piece.start, piece.end)
        if bracket and _ROLE_BEFORE.match(text, bracket.start("words")):
            yield from parts(text, Span(*bracket.span("words")), ",;")
        else:
            yield piece


def _bracketed(text: str, people: Iterable[Signature]) -> Iterator[Span]:
    """The units and the institution that stand in brackets behind persons, each once; none where no unit does."""
    seen: dict[str, Span] = {}
    for affiliation in (person.affiliation for person in people if person.affiliation):
        pieces = list(without_jobs(text, parts(text, affiliation, ",")))
        named = [each for each in pieces if is_organisation(text, each)] if len(pieces) > 1 else []
        for span in (span for each in named for span in owned(text, without_article(text, each))):
            words = text[span.start : span.end]
            seen[words] = seen.pop(words, span)
    yield from seen.values()
