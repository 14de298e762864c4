"""`kg serve --upstream` over a real Apache Jena Fuseki that `kg push` has filled."""

from __future__ import annotations

import httpx
import pytest

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONCAT(STR(?a), STR(?d), STR(?g)) = 'x') }"


def asked(client, query, accept="text/csv"):
    """The answer to a query."""
    return client.get("/sparql", params={"query": query}, headers={"Accept": accept})


def test_site_over_fuseki(kg, fuseki):
    """Queries, pages and graphs are those of the store that was pushed; federation and endless queries are stopped."""
    kg.examples()
    assert kg("build", "examples").code == 0
    assert kg("push", f"{fuseki}/data").code == 0
    here = kg("query", COUNT, "--format", "csv").text.split()
    with (
        kg.serving("--upstream", f"{fuseki}/query", KG_DEADLINE="5") as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        assert asked(client, COUNT).text.split() == here
        assert asked(client, "ASK { ?s ?p ?o }", "application/sparql-results+xml").status_code == 200
        turtle = asked(client, "CONSTRUCT WHERE { ?s a <https://w3id.org/policy-kg/ontology#Report> }", "text/turtle")
        assert turtle.headers["content-type"].startswith("text/turtle")
        page = client.get("/doc/body/jp-csti", headers={"Accept": "text/html"})
        assert "Council for Science, Technology and Innovation" in page.text
        assert client.get("/", headers={"Accept": "text/html"}).status_code == 200
        assert client.get("/graphs?default", headers={"Accept": "application/n-triples"}).status_code == 200
        assert client.get("/health/ready").json() == {"status": "ready"}
        assert client.get("/feed.atom").status_code == 200
        assert asked(client, f"ASK {{ SERVICE <{fuseki}/query> {{ ?s ?p ?o }} }}").status_code == 403
        assert asked(client, "ASK {").status_code == 400
        assert asked(client, ENDLESS).status_code == 503
        assert asked(client, COUNT).text.split() == here


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/sparql", "nonsense"])
def test_upstream_that_is_none(kg, url):
    """An endpoint that cannot be asked ends the start with exit code 2 and its address."""
    ran = kg("serve", "--upstream", url)
    assert ran.code == 2
    assert url in ran.err
