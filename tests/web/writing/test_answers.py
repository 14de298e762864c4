"""What became of a write, as a response."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyoxigraph import RdfFormat, parse

from kg.model.errors import StoreError
from kg.model.evidence import Place
from kg.model.verdict import Finding, Severity
from kg.model.writes import WriteOutcome, Written
from kg.rdf.vocab import SH

BASE = "http://127.0.0.1:8000/"
TURTLE = {"Content-Type": "text/turtle"}
UPDATE = {"Content-Type": "application/sparql-update"}
PUBLISHED = Written(outcome=WriteOutcome.PUBLISHED, version="v4", added=2, removed=1)
CREATED = replace(PUBLISHED, created=True)
FINDING = Finding(
    shape="http://example.org/Report-title",
    focus="http://127.0.0.1:8000/id/report/a",
    path="http://purl.org/dc/terms/title",
    value=None,
    severity=Severity.VIOLATION,
    message="A report has a title.",
    where=Place(source="a.txt", line=3, column=7, quote="Titel"),
    component=SH("MinCountConstraintComponent").value,
)


def test_a_published_write(site):
    """The version and the numbers, when queries are answered from it and not before."""
    response = site("POST", "/update", UPDATE, b"CLEAR ALL")
    assert (response.status_code, response.headers["kg-version"]) == (200, "v4")
    assert response.json() == {"version": "v4", "created": False, "added": 2, "removed": 1, "findings": []}
    assert site.gate.events == ["applied", "served"]
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("/graph/a", f"{BASE}graph/a"),
        ("/graphs?graph=http://x/g", "http://x/g"),
        ("/reports/a-1", f"{BASE}id/report/a-1"),
    ],
)
def test_what_was_created_is_told(site, address, location):
    """201 with where it can be had."""
    site.gate.answers = [CREATED]
    response = site("PUT", address, {"Content-Type": "text/plain"}, b"x")
    assert (response.status_code, response.headers["location"]) == (201, location)
    assert response.json()["location"] == location


def test_a_write_that_changes_nothing(site):
    """204 without a body; nothing needs to be served."""
    site.gate.answers = [Written(outcome=WriteOutcome.UNCHANGED, version="v3")]
    response = site("PUT", "/graph/authority", TURTLE, b"")
    assert (response.status_code, response.content, response.headers["kg-version"]) == (204, b"", "v3")
    assert site.gate.events == ["applied"]


REASONS = [
    (WriteOutcome.FORBIDDEN, 403),
    (WriteOutcome.MALFORMED, 400),
    (WriteOutcome.UNSUPPORTED, 415),
    (WriteOutcome.IMPOSSIBLE, 409),
    (WriteOutcome.MISSING, 404),
    (WriteOutcome.STALE, 412),
    (WriteOutcome.REUSED, 422),
    (WriteOutcome.UNCONFIRMED, 409),
    (WriteOutcome.TOO_LARGE, 413),
    (WriteOutcome.TIMED_OUT, 503),
    (WriteOutcome.BUSY, 503),
    (WriteOutcome.FAILED, 500),
]


def test_each_outcome_has_its_answer():
    """None is left out here."""
    told = {outcome for outcome, _ in REASONS}
    assert {*told, WriteOutcome.PUBLISHED, WriteOutcome.UNCHANGED, WriteOutcome.REFUSED} == set(WriteOutcome)


@pytest.mark.parametrize(("outcome", "status"), REASONS)
def test_a_write_that_was_not_done(site, outcome, status):
    """A problem document with the gate's reason and the version that still is current; the log has the outcome."""
    site.gate.answers = [Written(outcome=outcome, version="v3", reason="because", line=2, column=5)]
    response = site("POST", "/update", UPDATE, b"CLEAR ALL")
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    problem = response.json()
    assert problem["detail"].startswith("because")
    assert (problem["outcome"], problem["line"], problem["column"]) == (outcome.value, 2, 5)
    assert response.headers["kg-version"] == "v3"
    assert ("retry-after" in response.headers) is (outcome in {WriteOutcome.BUSY, WriteOutcome.TIMED_OUT})
    assert (site.told[-1]["outcome"], site.told[-1]["id"]) == (outcome.value, response.headers["request-id"])
    assert site.gate.events == ["applied"]


def test_an_unconfirmed_deletion_says_how_to_confirm_it(site):
    """With the header's name and the numbers."""
    site.gate.answers = [Written(outcome=WriteOutcome.UNCONFIRMED, removed=900, reason="deletes 900 of 1000")]
    problem = site("POST", "/update", UPDATE, b"CLEAR ALL").json()
    assert problem["removed"] == 900
    assert problem["detail"].endswith("send it again with the header KG-Confirm: deletion")


def test_a_writer_that_fails_is_told_without_its_inside(site, caplog):
    """The client gets 500, and the reason goes to the server's log."""
    site.gate.answers = [StoreError("/srv/store", "disk full")]
    response = site("POST", "/update", UPDATE, b"CLEAR ALL")
    assert response.status_code == 500
    assert "/srv" not in response.text
    assert "disk full" in caplog.text
    assert site.told[-1]["outcome"] == "failed"


REFUSED = Written(outcome=WriteOutcome.REFUSED, version="v3", findings=(FINDING,))


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "application/problem+json", "text/csv"])
def test_a_verdict_as_a_problem(site, accept):
    """By default, findings come with shape, node, message and place."""
    site.gate.answers = [REFUSED]
    headers = {"Accept": accept} if accept else {}
    response = site("POST", "/update", {**UPDATE, **headers}, b"CLEAR ALL")
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    problem = response.json()
    assert problem["found"] == 1
    (found,) = problem["findings"]
    assert (found["shape"], found["focus"], found["message"]) == (FINDING.shape, FINDING.focus, FINDING.message)
    assert (found["source"], found["line"], found["column"], found["quote"]) == ("a.txt", 3, 7, "Titel")


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/n-triples", RdfFormat.N_TRIPLES),
    ],
)
def test_a_verdict_as_a_report(site, accept, form):
    """A SHACL validation report, where the client likes RDF better."""
    site.gate.answers = [REFUSED]
    response = site("POST", "/update", {**UPDATE, "Accept": accept}, b"CLEAR ALL")
    assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (422, accept)
    found = {(quad.predicate.value, quad.object.value) for quad in _literal(parse(response.content, format=form))}
    assert (SH("conforms").value, "false") in found
    assert (SH("sourceShape").value, FINDING.shape) in found


def _literal(quads):
    return [quad for quad in quads if hasattr(quad.object, "value")]


def test_a_person_sees_a_page(site):
    """A browser gets the reason as a page."""
    site.gate.answers = [REFUSED]
    response = site("POST", "/update", {**UPDATE, "Accept": "text/html"}, b"CLEAR ALL")
    assert (response.status_code, response.headers["content-type"]) == (422, "text/html; charset=utf-8")
