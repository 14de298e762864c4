# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Who signs a report: authors in order, their team, departments and institution, each with its words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kg.extract.header import Header
from kg.extract.layouts import NameOrder
from kg.extract.people import Byline, Signature, name_parts, read_byline
from kg.extract.resolve import Query, Resolver
from kg.extract.spelling import other_spellings
from kg.extract.widths import narrow
from kg.model.evidence import Evidence, Found, Span
from kg.model.records import Author, Gap, Named, ThingKind

_WESTERN = (NameOrder.GIVEN_FIRST, NameOrder.INVERTED)
_WITH_ACRONYM = re.compile(r"(?P<name>\S.*?)\s*[(（](?P<acronym>[A-Z][A-Za-z&-]{1,9})[)）]")
_ACRONYM = re.compile(r"[A-Z][A-Z&-]{1,9}")


@dataclass(slots=True, kw_only=True)
class Signatures:
    """Who wrote, with evidence."""

    authors: tuple[Found[Author], ...] = ()
    team: Found[str] | None = None
    departments: tuple[Found[str], ...] = ()
    institution: Found[Named] | None = None
    gaps: list[Gap] = field(default_factory=list)


def signatures(header: Header, resolver: Resolver) -> Signatures:
    """The byline's people and organisations; the masthead's institution where the byline names none."""
    read = Signatures()
    if header.has("byline"):
        byline = _joined(header)
        _take(header, byline, read)
        read.institution = _institution(header, resolver, byline.institution, header.method("byline"))
    if header.has("institution"):
        masthead = header.fields["institution"].span
        read.institution = _institution(header, resolver, masthead, header.method("institution")) or read.institution
    return read


def _joined(header: Header) -> Byline:
    """The byline, or the lines that a layout gives an author each as one."""
    order = header.layout.name_order
    spans = [field.span for field in header.all("byline")]
    first, *others = [read_byline(header.plain, span.start, span.end, order) for span in spans]
    for other in others:
        first.authors += other.authors
        first.team = first.team or other.team
        first.departments += other.departments
        first.institution = first.institution or other.institution
        first.odd += other.odd
    return first


def _take(header: Header, byline: Byline, read: Signatures) -> None:
    content, method = header.text.content, header.method("byline")
    if not byline.authors and not byline.team:
        read.gaps.append(header.gap("byline", f"no author's name was understood in “{header.words('byline')}”"))
    read.gaps += [
        Gap(field="byline", reason=f"“{content[odd.start : odd.end]}” is neither a person nor an organisation", at=odd)
        for odd in byline.odd
    ]
    read.authors = tuple(_author(header, at, signed) for at, signed in enumerate(byline.authors, start=1))
    read.departments = tuple(_words(header, department, method) for department in byline.departments)
    read.team = _words(header, byline.team, method) if byline.team else None


def _author(header: Header, position: int, signed: Signature) -> Found[Author]:
    method = header.method("byline")
    evidence = _quote(header, signed.name)
    parts = name_parts(narrow(evidence.quote), header.layout.name_order)
    order = header.layout.name_order
    inverted = parts and order is NameOrder.INVERTED
    author = Author(
        position=position,
        name=" ".join(reversed(parts)) if parts and inverted else evidence.quote,
        family=parts[0] if parts else None,
        given=parts[1] if parts else None,
        affiliation=_words(header, signed.affiliation, method) if signed.affiliation else None,
        spellings=() if order in _WESTERN else other_spellings(evidence.quote),
    )
    return Found(value=author, evidence=evidence, method=method)


def _institution(header: Header, resolver: Resolver, span: Span | None, method: str) -> Found[Named] | None:
    """The institution, its bracketed acronym told apart; an acronym alone is both."""
    if span is None:
        return None
    match = _WITH_ACRONYM.fullmatch(_quote(header, span).quote)
    evidence = _quote(header, Span(span.start, span.start + match.end("name")) if match else span)
    name = evidence.quote
    acronym = _acronym(header, span, match)
    jurisdiction = header.layout.jurisdiction
    printed = acronym.value if acronym else None
    query = Query(kind=ThingKind.INSTITUTION, name=name, acronym=printed, jurisdiction=jurisdiction)
    thing = Named(
        kind=ThingKind.INSTITUTION,
        name=name,
        acronym=acronym,
        resolution=resolver.resolve(query),
    )
    return Found(value=thing, evidence=evidence, method=method)


def _acronym(header: Header, span: Span, match: re.Match[str] | None) -> Found[str] | None:
    if match:
        return _words(
            header, Span(span.start + match.start("acronym"), span.start + match.end("acronym")), "name/acronym"
        )
    return _words(header, span, "name/acronym") if _ACRONYM.fullmatch(_quote(header, span).quote) else None


def _words(header: Header, span: Span, method: str) -> Found[str]:
    evidence = _quote(header, span)
    return Found(value=evidence.quote, evidence=evidence, method=method)


def _quote(header: Header, span: Span) -> Evidence:
    return header.text.evidence(span)
