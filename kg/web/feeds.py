"""The newest reports as an Atom feed (RFC 4287), in pages that link to one another (RFC 5005, section 3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response

from kg.rdf.vocab import DCAT, DCTERMS, TITLE
from kg.web.lookup import Properties, iris_in, read_properties, read_rows
from kg.web.names import Names, read_names
from kg.web.problems import Problem
from kg.web.queries import newest_reports, overall
from kg.web.site import Site, site_of
from kg.web.terms import Row

router = APIRouter()

MEDIA_TYPE: Final = "application/atom+xml"
_PAGE: Final = 50  # entries
_MOST_PAGES: Final = 200  # each is kept, in some 50 kB
_NEVER: Final = "1970-01-01T00:00:00Z"
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TITLE, _ABSTRACT, _KEYWORD = TITLE.value, DCTERMS("abstract").value, DCAT("keyword").value
_CREATOR = DCTERMS("creator").value


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """A report as a feed tells it; `updated` is its day of issue, or else of its posting."""

    iri: str
    title: str
    updated: str
    link: str
    summary: str
    authors: tuple[str, ...]
    keywords: tuple[str, ...]


@router.get("/feed.atom")
@router.head("/feed.atom")
async def feed(request: Request) -> Response:
    """A page of the feed: `?page=2` for the second."""
    site, page = site_of(request), _page(request)
    kept = site.feed_pages if site.published else {}  # what another server holds may change at any time
    if page not in kept:
        kept[page] = (await _written(site, page)).encode()
    return site.answer(kept[page], MEDIA_TYPE)


async def _written(site: Site, page: int) -> str:
    """A page's text; the query for it takes 2 s over 100,000 reports, all else some milliseconds."""
    rows = await read_rows(site, overall(newest_reports(limit=_PAGE + 1, offset=(page - 1) * _PAGE)))
    if not rows and page > 1:
        raise Problem(HTTPStatus.NOT_FOUND, f"the feed has no page {page}")
    entries = await _entries(site, rows[:_PAGE])
    imprint = site.edition.imprint
    return site.templates.get_template("feed.xml").render(
        site=site,
        entries=entries,
        page=page,
        more=len(rows) > _PAGE and page < _MOST_PAGES,
        address=f"{site.addresses.base}feed.atom",
        updated=entries[0].updated if entries else _NEVER,
        author=_clean(imprint.publisher or "; ".join(imprint.authors) or site.title),
    )


def _page(request: Request) -> int:
    text = request.query_params.get("page", "1")
    if not re.fullmatch("[1-9][0-9]{0,2}", text) or int(text) > _MOST_PAGES:
        raise Problem(HTTPStatus.NOT_FOUND, f"the feed has no page {text[:20]!r}; expected one of 1 to {_MOST_PAGES}")
    return int(text)


async def _entries(site: Site, rows: Sequence[Row]) -> list[FeedEntry]:
    days = {row["report"].text: row["day"].text for row in reversed(rows)}  # the newest of several
    reports = list(dict.fromkeys(row["report"].text for row in rows))
    known = await read_properties(site, reports, (_TITLE, _ABSTRACT, _KEYWORD, _CREATOR))
    people = {term.text for properties in known.values() for term in properties.get(_CREATOR, ())}
    names = await read_names(site, iris_in(rows) | people)
    return [_entry(names, known, report, days[report]) for report in reports]


def _entry(names: Names, known: Properties, report: str, day: str) -> FeedEntry:
    said = known.get(report, {})
    return FeedEntry(
        iri=report,
        title=_clean(names.thing(report).text),
        updated=moment(day),
        link=names.addresses.absolute(report),
        summary=_clean(" ".join(sorted(term.text for term in said.get(_ABSTRACT, ())))),
        authors=tuple(sorted(_clean(names.value(term).text) for term in said.get(_CREATOR, ()))),
        keywords=tuple(sorted(_clean(term.text) for term in said.get(_KEYWORD, ()))),
    )


def moment(day: str) -> str:
    """The first moment of a day, month or year, in UTC (RFC 3339), as a feed must give one.

    >>> moment("2021-11")
    '2021-11-01T00:00:00Z'
    """
    year, _, rest = day.partition("-")
    month, _, date = rest.partition("-")
    return f"{year}-{month or '01'}-{date or '01'}T00:00:00Z"


def _clean(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
