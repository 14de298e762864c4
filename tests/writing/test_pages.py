"""Pages that clients put as reports and take away again."""

from __future__ import annotations

import pytest
from desks import BASE, SEED, build, number

from kg.build import Extent
from kg.model.writes import WriteOutcome
from kg.store import content_digest, summary

REPORT = f"<{BASE}id/report/drc-2021-268>"
HTML = b"<!DOCTYPE html><html><body><pre>" + number(268) + b"</pre></body></html>"


def test_a_page_that_is_put_is_a_report(desk):
    """It is read, mapped and checked as a page of a build is."""
    written = desk.put_page("drc-2021-268", number(268))
    assert (written.outcome, written.created) == (WriteOutcome.PUBLISHED, True)
    assert desk.ask(f"GRAPH <{BASE}graph/report/drc-2021-268> {{ {REPORT} a ?class }}")
    assert desk.ask('?page <https://w3id.org/policy-kg/coord#sourcePath> "deposit:drc-2021-268.txt"')


def test_a_page_takes_the_place_of_the_one_before(desk):
    """Nothing is left of the old page, and counts and digests are what a pass over the store finds."""
    desk.put_page("drc-2021-268", number(268))
    again = desk.put_page("drc-2021-268", HTML, media_type="text/html")
    assert (again.outcome, again.created) == (WriteOutcome.PUBLISHED, False)
    assert not desk.ask('?page <https://w3id.org/policy-kg/coord#sourcePath> "deposit:drc-2021-268.txt"')
    manifest, counted = desk.current.manifest, summary(desk.open)
    assert manifest.digest == content_digest(desk.open)
    assert (manifest.counts.statements, manifest.counts.reports) == (counted.statements, counted.reports)
    assert set(manifest.deposits) == {"pages/drc-2021-268.html"}


def test_the_same_page_again_changes_nothing(desk):
    """No version is made."""
    desk.put_page("drc-2021-268", number(268))
    before = desk.state()
    assert desk.put_page("drc-2021-268", number(268)).outcome is WriteOutcome.UNCHANGED
    assert desk.state() == before


def test_a_report_of_another_key_is_not_taken(desk):
    """The answer says which report the page is."""
    written = desk.put_page("drc-2021-269", number(268))
    assert written.outcome is WriteOutcome.MALFORMED
    assert "drc-2021-268" in written.reason


@pytest.mark.parametrize(
    ("page", "media_type", "outcome"),
    [
        (b"Flour and eggs.", "text/plain", WriteOutcome.MALFORMED),
        (b"\x00\x01", "text/plain", WriteOutcome.MALFORMED),
        (b"no PDF", "application/pdf", WriteOutcome.MALFORMED),
        (number(268), "text/csv", WriteOutcome.UNSUPPORTED),
    ],
)
def test_what_is_no_report_is_not_taken(desk, page, media_type, outcome):
    """What is published is as it was, to the byte."""
    before = desk.state()
    assert desk.put_page("drc-2021-268", page, media_type=media_type).outcome is outcome
    assert desk.state() == before


@pytest.mark.parametrize("key", ["", "..", "a/b", "A-1", "x" * 201])
def test_what_is_no_key_is_malformed(desk, key):
    """Keys are words of small letters and digits with hyphens between."""
    assert desk.put_page(key, SEED).outcome is WriteOutcome.MALFORMED


def test_a_page_that_clashes_with_another_report_is_refused(desk):
    """No. 0267 of a series is No. 267 written otherwise."""
    clashing = SEED.replace(b"No.267", b"No.0267").replace(b"6332", b"6340")
    before = desk.state()
    written = desk.put_page("drc-2021-0267", clashing)
    assert written.outcome is WriteOutcome.REFUSED
    assert written.findings
    assert desk.state() == before


def test_a_page_that_is_deleted_is_gone(desk):
    """The version is what it was before the page was put."""
    digest = desk.current.manifest.digest
    desk.put_page("drc-2021-268", number(268))
    assert desk.delete_page("drc-2021-268").outcome is WriteOutcome.PUBLISHED
    assert desk.current.manifest.digest == digest
    assert desk.delete_page("drc-2021-268").outcome is WriteOutcome.MISSING


def test_a_page_of_the_sources_is_not_deleted(desk):
    """It is taken away where it lies."""
    written = desk.delete_page("drc-2021-267")
    assert written.outcome is WriteOutcome.FORBIDDEN
    assert "pages/a.txt" in written.reason


def test_a_page_may_not_leave_facts_without_a_report(desk):
    """Curated facts about a report hold its page fast."""
    desk.put_page("drc-2021-268", number(268))
    note = f'{REPORT} <http://purl.org/dc/terms/available> "2021-11-11"^^<http://www.w3.org/2001/XMLSchema#date> .'
    assert desk.put("notes", note).outcome is WriteOutcome.PUBLISHED
    before = desk.state()
    assert desk.delete_page("drc-2021-268").outcome is WriteOutcome.REFUSED
    assert desk.state() == before


def test_a_page_wins_over_that_of_the_sources(desk):
    """A build keeps it, and names the page that it took the place of; when it is deleted, the next build reads that."""
    desk.put_page("drc-2021-267", SEED + b"\nMore.\n")
    name = desk.current.name
    again = build(desk.store, {"a.txt": SEED})
    assert again.version.name == name
    assert again.quarantined == ["pages/a.txt"]
    everything = build(desk.store, {"a.txt": SEED}, extent=Extent.ALL)
    assert everything.version.name == name
    assert everything.findings == again.findings
    desk.delete_page("drc-2021-267")
    assert not desk.ask(f"GRAPH <{BASE}graph/report/drc-2021-267> {{ ?s ?p ?o }}")
    assert build(desk.store, {"a.txt": SEED}).reports == 1
    assert desk.ask('?page <https://w3id.org/policy-kg/coord#sourcePath> "pages/a.txt"')
