"""Documents: where they are, what they show, what is not there."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, parse

BASE = "http://127.0.0.1:8000/"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
REPORT = "report/drc-2021-267"


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        (BROWSER["Accept"], ""),
        ("*/*", ""),
        ("text/turtle", ".ttl"),
        ("application/ld+json", ".jsonld"),
        ("application/n-triples", ".nt"),
        ("application/rdf+xml", ".rdf"),
        ("text/html;q=0.5, text/turtle;q=0.6", ".ttl"),
        ("application/trig", ""),
    ],
)
def test_id_leads_to_the_document(get, accept, suffix):
    """A thing's IRI leads to the document about it, in the format asked for."""
    response = get(f"/id/{REPORT}", headers={"Accept": accept})
    assert (response.status_code, response.headers["location"]) == (303, f"/doc/{REPORT}{suffix}")
    assert "Accept" in response.headers["vary"]


@pytest.mark.parametrize(
    ("path", "accept", "media_type"),
    [
        (".html", "text/turtle", "text/html; charset=utf-8"),
        (".ttl", "text/html", "text/turtle; charset=utf-8"),
        (".nt", "*/*", "application/n-triples"),
        (".jsonld", "*/*", "application/ld+json"),
        (".rdf", "*/*", "application/rdf+xml"),
        ("", "*/*", "text/html; charset=utf-8"),
        ("", "text/turtle", "text/turtle; charset=utf-8"),
        ("", "application/trig", "application/trig"),
    ],
)
def test_formats(get, path, accept, media_type):
    """A suffix says the format; without one the client does."""
    response = get(f"/doc/{REPORT}{path}", headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, media_type)


def test_not_acceptable(get):
    """A format we do not write is refused, for the name as for the document."""
    assert get(f"/doc/{REPORT}", headers={"Accept": "image/png"}).status_code == 406
    assert get(f"/id/{REPORT}", headers={"Accept": "image/png"}).status_code == 406


def test_graph_holds_claims_with_their_words(get):
    """A thing's RDF document holds its statements and the claims about it, with their passages."""
    payload = get("/doc/mechanism/jp-drc-2021-267.nt").content
    said = {(quad.subject.value, quad.object.value) for quad in parse(payload, format=RdfFormat.N_TRIPLES)}
    assert (f"{BASE}id/mechanism/jp-drc-2021-267", f"{BASE}id/body/jp-csti") in said
    assert (f"{BASE}id/{REPORT}#char=400,420", "It makes no laws.") in said


def test_report_page(get):
    """A report's page shows its metadata, its mechanism, lessons and gaps, each statement with words and place."""
    page = get(f"/doc/{REPORT}", headers=BROWSER).text
    for shown in (
        "Shen Hengchao",
        "Research Department of Innovation, DRC",
        "2021-09-15",
        "How Japan coordinates science and technology.",
        "Has component",
        '<a href="/doc/body/jp-csti" lang="en">Council for Science, Technology and Innovation</a>',
        "the Council for Science, Technology &amp; &lt;Innovation&gt;",
        "pages/drc-2021-267.txt:7:12",
        "pages/drc-2021-267.txt#page=3:9:1",
        "statement/components",
        "Put one council above the ministries.",
        "China should put one council above the ministries.",
        "no line names a research team",
        '<strong class="denied">not</strong>',
        'id="char=163,214"',
    ):
        assert shown in page
    assert "<script" not in page


def test_body_page(get):
    """A body's page shows its names with their languages, who states what about it, and links to the report's words."""
    page = get("/doc/body/jp-csti", headers=BROWSER).text
    for shown in (
        '<span lang="ja">総合科学技術・イノベーション会議</span>',
        "has component",
        "the Council for Science, Technology &amp; &lt;Innovation&gt;",
        f'href="/doc/{REPORT}#char=163,214"',
        "What points here",
        'href="https://www8.cao.go.jp/cstp/"',
    ):
        assert shown in page
    assert 'href="javascript:' not in page


def test_concept_page(get):
    """Concepts of the vocabularies have documents here, too, with what points to them."""
    page = get("/doc/concept/function/resource-allocation", headers=BROWSER).text
    assert "Resource allocation" in page
    assert 'href="/doc/mechanism/jp-drc-2021-267"' in page


@pytest.mark.parametrize(
    "path",
    [
        "/doc/body/nowhere",
        "/doc/body/nowhere.ttl",
        f"/doc/{REPORT}.pdf",
        "/doc/",
        "/doc/a%20b",
        "/doc/a%3E%20%3Fp%20%3Fo%20%7D%20%23",
        "/doc/%3C%3E%22%7B%7D",
        "/doc/a%00b",
        "/doc/%ff",
        "/nowhere",
    ],
)
def test_unknown(get, path):
    """What the graph does not know, or no IRI can be, is not found: as a problem document or a page."""
    problem = get(path)
    assert (problem.status_code, problem.headers["content-type"]) == (404, "application/problem+json")
    page = get(path, headers=BROWSER)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
