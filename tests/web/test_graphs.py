"""Graphs read by their names, as the Graph Store Protocol has it."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, parse

AUTHORITY = "http://127.0.0.1:8000/graph/authority"
WAYS = [
    ("/graphs", {"graph": AUTHORITY}),
    ("/graphs?graph=http://127.0.0.1:8000/graph/authority", None),
    ("/graph/authority", None),
]


def triples(response, form=RdfFormat.TURTLE):
    """The triples in a response."""
    return {str(quad.triple) for quad in parse(response.content, format=form)}


@pytest.mark.parametrize(("address", "params"), WAYS, ids=["indirect", "unescaped", "direct"])
def test_a_graph_by_its_name(get, address, params):
    """A graph is had by a field that names it, and by its own address."""
    response = get(address, params=params)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/turtle; charset=utf-8")
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{AUTHORITY}> {{ ?s ?p ?o }} }}"
    assert triples(response) == triples(get("/sparql", params={"query": query}))


def test_the_default_graph(get):
    """The default graph is had by ?default, in the format asked for; it has the evidence, named graphs have none."""
    response = get("/graphs?default", headers={"Accept": "application/n-triples"})
    assert response.headers["content-type"] == "application/n-triples"
    assert any("coord#Claim" in line for line in triples(response, RdfFormat.N_TRIPLES))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/graphs", 400),
        ("/graphs?default&graph=http://x/", 400),
        ("/graphs?graph=http://x/a&graph=http://x/b", 400),
        ("/graphs?graph=no%20iri", 400),
        ("/graph/authority?default", 400),
        ("/graphs?graph=http://127.0.0.1:8000/graph/none", 404),
        ("/graphs?graph=http://127.0.0.1:8000/graph/authorit%2579", 404),
        ("/graph/none", 404),
        ("/graph/authorit%79", 404),
        ("/graphs/person/4.ttl", 404),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_such_graph(web, method, address, status):
    """An address that names no graph, or more than one, is a bad one; names are taken as they are, unescaped once."""
    assert web(method, address).status_code == status


def test_head_is_get_without_the_graph(web):
    """HEAD tells what GET would."""
    told = [web(method, "/graph/authority").headers for method in ("GET", "HEAD")]
    assert [each["etag"] for each in told[:1]] == [each["etag"] for each in told[1:]]
    assert told[0]["content-length"] == told[1]["content-length"]


def test_a_graph_needs_a_format_for_graphs(get):
    """A table cannot hold a graph."""
    assert get("/graph/authority", headers={"Accept": "text/csv"}).status_code == 406


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("address", ["/graphs?default", "/graphs/person/1.ttl", "/graph/authority"])
def test_graphs_are_only_read(web, method, address):
    """Whatever would change a graph is refused, and told what is allowed."""
    response = web(method, address, content=b"<a> <b> <c> .", headers={"Content-Type": "text/turtle"})
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert "kg build" in response.json()["detail"]


def test_options(web):
    """OPTIONS says what may be done with a graph."""
    response = web("OPTIONS", "/graphs")
    assert (response.status_code, response.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
