"""The feed of new reports."""

from __future__ import annotations

import asyncio
import shutil
import xml.etree.ElementTree as ET
from contextlib import contextmanager

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg.rdf.vocab import COORD, DCTERMS, TITLE, TYPE, XSD
from kg.web.feeds import moment

ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "http://127.0.0.1:8000/"
DAYS = (*(f"2021-{1 + day // 28:02}-{1 + day % 28:02}" for day in range(118)), "2020", "2019-11", None)


@pytest.fixture(scope="module")
def many(tmp_path_factory, questions, opened):
    """Gets pages of a feed of 120 dated reports, two of them of partial dates, and one without a date."""
    folder = tmp_path_factory.mktemp("many") / "data"
    store = Store(str(folder))
    for number, day in enumerate(DAYS):
        report = NamedNode(f"{BASE}id/report/r{number:03}")
        triples = [(TYPE, COORD("Report")), (TITLE, Literal(f"Report {number} \x0c & <more>"))]
        if day:
            kind = {4: "gYear", 7: "gYearMonth"}.get(len(day), "date")
            triples.append((DCTERMS("available" if number % 2 else "issued"), Literal(day, datatype=XSD(kind))))
        store.extend(Quad(report, *triple, DefaultGraph()) for triple in triples)
    store.flush()
    with application(opened, folder, questions) as get:
        get.folder = folder
        yield get


@contextmanager
def application(opened, folder, questions):
    """Gets from an application of its own over the store in a folder."""
    with asyncio.Runner() as runner:
        site = opened(folder, questions)
        client = runner.run(site.__aenter__())

        def get(url, **given):
            return runner.run(client.get(url, **given))

        yield get
        runner.run(site.__aexit__(None, None, None))


def parsed(response):
    """The feed's element."""
    assert response.status_code == 200, response.text
    return ET.fromstring(response.content)  # noqa: S314 - of our own making


def ids(feed):
    """The IRIs of the entries, in order."""
    return [each.findtext(f"{ATOM}id") for each in feed.iter(f"{ATOM}entry")]


def link(feed, relation):
    """Where a link of the feed leads, if there is one."""
    found = [each.get("href") for each in feed.findall(f"{ATOM}link") if each.get("rel") == relation]
    return found[0] if found else None


def test_an_entry_tells_of_a_report(get):
    """Name, day, authors, summary, keywords and a link to the page; what is hostile stays text."""
    response = get("/feed.atom")
    assert response.headers["content-type"] == "application/atom+xml"
    feed = parsed(response)
    (entry,) = feed.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"{BASE}id/report/drc-2021-267"
    assert entry.findtext(f"{ATOM}title") == "Japan's science <script>alert(1)</script> system"
    assert entry.findtext(f"{ATOM}updated") == "2021-09-15T00:00:00Z"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Shen Hengchao"
    assert entry.findtext(f"{ATOM}summary") == "How Japan coordinates science and technology."
    assert entry.find(f"{ATOM}category").get("term") == "coordination"
    assert entry.find(f"{ATOM}link").get("href") == f"{BASE}doc/report/drc-2021-267"


def test_the_feed_has_what_the_standard_requires(get):
    """Id, title, author and the day of its newest entry (RFC 4287, section 4.1.1), and where it is."""
    feed = parsed(get("/feed.atom"))
    assert feed.findtext(f"{ATOM}id") == link(feed, "self") == f"{BASE}feed.atom"
    assert feed.findtext(f"{ATOM}updated") == "2021-09-15T00:00:00Z"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Institute <of> Policy"
    assert feed.findtext(f"{ATOM}title")


def test_pages_follow_one_another_and_hold_every_dated_report_once(many):
    """The links lead from the newest to the oldest, each report on one page, and back."""
    found, days, url, pages = [], [], "/feed.atom", 0
    before = None
    while url:
        feed = parsed(many(url))
        found += ids(feed)
        days += [each.findtext(f"{ATOM}updated") for each in feed.iter(f"{ATOM}entry")]
        assert link(feed, "previous") == before
        before, url, pages = link(feed, "self"), link(feed, "next"), pages + 1
    assert (pages, len(found)) == (3, 120)
    assert set(found) == {f"{BASE}id/report/r{number:03}" for number in range(120)}
    assert days == sorted(days, reverse=True)


def test_what_xml_cannot_hold_is_replaced(many):
    """A form feed in a title ends no reader."""
    assert parsed(many("/feed.atom")).findtext(f"{ATOM}entry/{ATOM}title").endswith(" \ufffd & <more>")


@pytest.mark.parametrize("page", ["0", "4", "-1", "1e1", "999999999999", "201", ""])
def test_pages_that_are_none_are_not_found(many, page):
    """Beyond the last, and what is no number."""
    assert many(f"/feed.atom?page={page}").status_code == 404


def test_a_client_that_has_it_gets_nothing_again(many):
    """The tag of one page answers for that page alone."""
    first = many("/feed.atom")
    known = {"If-None-Match": f'"other", W/{first.headers["etag"]}'}
    assert many("/feed.atom", headers=known).status_code == 304
    assert many("/feed.atom?page=2", headers=known).status_code == 200


def test_the_same_version_gives_the_same_bytes(many, opened, questions, tmp_path):
    """No clock is read: an application over another copy of the graph writes what this one wrote."""
    first = {page: many(f"/feed.atom?page={page}").content for page in (1, 2, 3)}
    shutil.copytree(many.folder, tmp_path / "data")
    with application(opened, tmp_path / "data", questions) as get:
        assert {page: get(f"/feed.atom?page={page}").content for page in (1, 2, 3)} == first


@pytest.mark.parametrize(
    ("day", "first"),
    [
        ("2021-09-15", "2021-09-15T00:00:00Z"),
        ("2021-09", "2021-09-01T00:00:00Z"),
        ("2021", "2021-01-01T00:00:00Z"),
    ],
)
def test_a_partial_date_begins_with_its_first_day(day, first):
    """A feed knows moments only."""
    assert moment(day) == first
