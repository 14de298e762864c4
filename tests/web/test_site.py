"""The start page, the ontology, health, and what every response bears."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

import kg.web
from kg.model.imprint import Imprint
from kg.query import Query, QueryPool, WorkerOptions
from kg.rdf.dataset import Census, Edition
from kg.web import create_app

BROWSER = {"Accept": "text/html"}
ENDLESS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?q ?o "
    "FILTER(CONCAT(STR(?a), STR(?d), STR(?g), STR(?j), STR(?m)) = 'never') }"
)


def test_start_page(get):
    """The start page counts what there is, overall and by jurisdiction, and lists reports and questions by number."""
    page = get("/", headers=BROWSER).text
    assert "Claims <strong>3</strong>" in page
    assert '<a href="/doc/jurisdiction/jp" lang="en">Japan</a>' in page
    assert '<a href="/doc/report/drc-2021-267" lang="en">' in page
    assert page.index("Is there &lt;anything&gt;?") < page.index("Which reports are there?")
    assert "One row a report." in page


def test_questions_run_on_a_click(get):
    """An example's link is its query."""
    page = get("/", headers=BROWSER).text
    link = page.split('<ul class="questions">')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    answer = get(link, headers=BROWSER)
    assert answer.status_code == 200
    assert ">Yes<" in answer.text


def test_ontology_page(get):
    """The ontology is listed with its definitions, each term at an anchor of its own."""
    page = get("/ontology", headers=BROWSER).text
    assert '<div id="hasComponent">' in page
    assert "A body it is made of." in page
    assert "Resource allocation" in page


@pytest.mark.parametrize(
    ("path", "accept", "form"),
    [
        ("/ontology", "text/turtle", RdfFormat.TURTLE),
        ("/ontology", "application/ld+json", RdfFormat.JSON_LD),
        ("/ontology.ttl", "*/*", RdfFormat.TURTLE),
    ],
)
def test_ontology_graph(get, path, accept, form):
    """The ontology is served as RDF, itself alone."""
    quads = list(parse(get(path, headers={"Accept": accept}).content, format=form))
    assert len(quads) == 14


def test_unknown_ontology_file(get):
    """A format we do not write is not found."""
    assert get("/ontology.pdf").status_code == 404


def test_health(get):
    """The service says that it lives, and that it can answer."""
    assert get("/health/live").json() == {"status": "live"}
    assert get("/health/ready").json() == {"status": "ready"}


@pytest.mark.parametrize("path", ["/", "/sparql", "/doc/nowhere", "/nowhere", "/static/style.css", "/health/live"])
def test_headers(get, path):
    """Every response forbids scripts and guessing of types."""
    headers = get(path, headers=BROWSER).headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "script" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_service_never_evaluates():
    """Evaluation, and with it the parser that a deep query brings down, is loaded by workers alone."""
    script = "import sys, kg.web; sys.exit('kg.query.evaluate' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
    assert not [path.name for path in Path(kg.web.__file__).parent.glob("*.py") if "pyoxigraph" in path.read_text()]


def test_pages_come_while_queries_hog_their_pool(data, tmp_path):
    """Our own pages have workers of their own."""

    async def main():
        options = WorkerOptions(data=data)
        async with (
            QueryPool(options, workers=1, deadline=30, waiting=0) as queries,
            QueryPool(options, workers=1, deadline=30) as pages,
        ):
            edition = Edition(base="http://127.0.0.1:8000/", name="v1", imprint=Imprint())
            app = create_app(
                queries=queries, pages=pages, edition=edition, census=Census(triples=1), questions=tmp_path
            )
            hog = asyncio.create_task(queries.run(Query(text=ENDLESS)))
            await asyncio.sleep(0)
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://kg") as client:
                statuses = [
                    (await client.get(path)).status_code for path in ("/", "/health/ready", "/sparql?query=ASK%7B%7D")
                ]
            hog.cancel()
            await asyncio.gather(hog, return_exceptions=True)
            return statuses

    assert asyncio.run(main()) == [200, 200, 503]
