"""What a request asks of the gate."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kg.model.writes import WriteKind, WriteOutcome, Written

BASE = "http://127.0.0.1:8000/"
TURTLE = {"Content-Type": "text/turtle"}
UPDATE = {"Content-Type": "application/sparql-update"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PUBLISHED = Written(outcome=WriteOutcome.PUBLISHED, version="v4", added=2, removed=1)
CREATED = replace(PUBLISHED, created=True)


def test_updates_come_with_their_dataset(site):
    """Graphs may be named in the address or in a form; relative IRIs have the public base."""
    site("POST", "/update?using-graph-uri=x:a&using-named-graph-uri=x:b", UPDATE, b"CLEAR ALL")
    site("POST", "/update", FORM, b"using-graph-uri=x:a&update=CLEAR+ALL&using-named-graph-uri=x:b")
    for write in site.gate.asked:
        assert (write.kind, write.body, write.base) == (WriteKind.UPDATE, b"CLEAR ALL", BASE)
        assert (write.using_graphs, write.using_named_graphs) == (("x:a",), ("x:b",))


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        (FORM, b"update=CLEAR+ALL&update=CLEAR+ALL", 400),
        (FORM, b"query=ASK{}", 400),
        (FORM, b"update=CLEAR+ALL&query=ASK{}", 400),
        (FORM, b"", 400),
        (FORM, b"update=%ff", 400),
        (UPDATE, b"\xff", 400),
        ({"Content-Type": "application/sparql-update; charset=utf-16"}, b"C", 415),
        ({"Content-Type": "text/plain"}, b"CLEAR ALL", 415),
        ({"Content-Type": "application/sparql-query"}, b"CLEAR ALL", 415),
        ({}, b"CLEAR ALL", 415),
        ({**UPDATE, "Content-Encoding": "gzip"}, b"x", 415),
        (UPDATE, b"#" * 10_001, 413),
    ],
)
def test_an_update_that_is_none(site, headers, body, status):
    """It is refused with its reason, recorded, and the gate never sees it."""
    response = site("POST", "/update", headers, body)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert (site.gate.asked, site.told[0]["status"]) == ([], status)


@pytest.mark.parametrize(
    ("method", "address", "kind", "target"),
    [
        ("PUT", "/graphs?default", WriteKind.PUT_GRAPH, ""),
        ("PUT", "/graphs?graph=http://x/g%2525", WriteKind.PUT_GRAPH, "http://x/g%25"),
        ("POST", "/graph/a/b%20c", WriteKind.POST_GRAPH, f"{BASE}graph/a/b%20c"),
        ("DELETE", "/graphs/x", WriteKind.DELETE_GRAPH, f"{BASE}graphs/x"),
    ],
)
def test_graphs_are_named_as_in_reading(site, method, address, kind, target):
    """By a field or by their own address; relative IRIs in a graph have its name as their base."""
    site(method, address, TURTLE, b"<> <x:p> 1 .")
    (write,) = site.gate.asked
    assert (write.kind, write.target, write.base, write.media_type) == (kind, target, target or BASE, "text/turtle")


@pytest.mark.parametrize(
    ("method", "address", "headers", "status"),
    [
        ("PUT", "/graphs", TURTLE, 400),
        ("PUT", "/graphs?default", {**TURTLE, "Content-Range": "bytes 0-0/1"}, 400),
        ("DELETE", "/graphs", {}, 400),
        ("DELETE", "/graphs?graph=", {}, 400),
        ("PUT", "/graphs?graph=relative", TURTLE, 400),
        ("PUT", "/graphs?graph=http://x/a%20b", TURTLE, 400),
        ("PUT", "/graphs?graph=http://x/a&default", TURTLE, 400),
        ("PUT", "/graph/a?default", TURTLE, 400),
        ("PATCH", "/graphs?default", TURTLE, 415),
        ("PUT", "/graphs?default", {"Content-Type": "text/turtle; charset=latin-1"}, 415),
        ("PUT", "/reports/A", {"Content-Type": "text/plain"}, 404),
        ("PUT", "/reports/a", {"Content-Type": "image/png"}, 415),
        ("PUT", "/reports/a", {}, 415),
    ],
)
def test_a_place_or_format_that_is_none(site, method, address, headers, status):
    """It is refused before the gate sees it."""
    assert site(method, address, headers, b"x").status_code == status
    assert site.gate.asked == []


def test_a_graph_posted_to_the_store_gets_a_name(site):
    """The name is new each time, and is where the graph can be had."""
    site.gate.answers = [CREATED, CREATED]
    first, second = (site("POST", "/graphs", TURTLE, b"<x:a> <x:b> 1 .") for _ in range(2))
    assert [first.status_code, second.status_code] == [201, 201]
    assert first.headers["location"] == site.gate.asked[0].target != second.headers["location"]
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/graph/curated/[0-9a-f-]{36}", first.headers["location"])


def test_parts_of_a_form_come_with_their_boundary(site):
    """The gate parts them: what clients wrote is not parsed here."""
    head = "multipart/form-data; boundary=x"
    site("POST", "/graph/a", {"Content-Type": head}, b"--x--")
    assert [(write.media_type, write.body) for write in site.gate.asked] == [(head, b"--x--")]


def test_a_graph_posted_again_with_its_key_has_its_first_name(site):
    """Else the gate would take it for another write; another author's is another graph."""
    for _ in range(2):
        site("POST", "/graphs", {**TURTLE, "Idempotency-Key": "k"}, b"")
    site.token("bob")
    site("POST", "/graphs", {**TURTLE, "Idempotency-Key": "k"}, b"")
    first, again, other = (write.target for write in site.gate.asked)
    assert first == again != other


def test_a_page_comes_as_it_is(site):
    """With its key and its media type, byte for byte."""
    site("PUT", "/reports/drc-2021-267", {"Content-Type": "text/html; charset=gbk"}, b"\xd6\xd0")
    (write,) = site.gate.asked
    assert (write.kind, write.target, write.body) == (WriteKind.PUT_PAGE, "drc-2021-267", b"\xd6\xd0")
    assert write.media_type == "text/html"


def test_a_report_leads_to_its_document(site):
    """What was put under a key can be read there."""
    response = site("GET", "/reports/drc-2021-267")
    assert (response.status_code, response.headers["location"]) == (303, "/doc/report/drc-2021-267")


@pytest.mark.parametrize(
    ("address", "reading", "writing"),
    [
        ("/update", "OPTIONS", "OPTIONS, POST"),
        ("/graphs", "GET, HEAD, OPTIONS", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
        ("/graph/a", "GET, HEAD, OPTIONS", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
        ("/reports/a", "GET, HEAD, OPTIONS", "DELETE, GET, HEAD, OPTIONS, PUT"),
    ],
)
def test_options_say_what_is_on(opened, address, reading, writing):
    """Where writing is off, only how to read is told."""
    site = opened()
    assert site("OPTIONS", address).headers["allow"] == reading
    site.token()
    site.secret = None
    assert site("OPTIONS", address).headers["allow"] == writing


def test_the_service_says_where_updates_are_taken(opened):
    """Its description names the endpoint of updates while they are on, and not else."""
    site, described = opened(), {"Accept": "text/turtle"}
    assert "Update" not in site("GET", "/sparql", described).text
    site.token()
    assert "sd:supportedLanguage sd:SPARQL11Update" in site("GET", "/sparql", described).text
    assert f"<{BASE}update>" in site("GET", "/sparql", described).text
