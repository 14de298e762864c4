"""The SPARQL protocol: ways to ask, formats of answers, refusals."""

from __future__ import annotations

import json

import pytest

from kg.web.asking import read_address
from kg.web.bodies import MOST_BYTES, read_form

REPORTS = "SELECT ?r { ?r a <https://w3id.org/policy-kg/coord#Report> }"
GRAPH = "CONSTRUCT WHERE { ?s <http://purl.org/dc/terms/title> ?o }"
ENDLESS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?q ?o "
    "FILTER(CONCAT(STR(?a), STR(?d), STR(?g), STR(?j), STR(?m)) = 'never') }"
)
BROWSER = {"Accept": "text/html"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUERY = {"Content-Type": "application/sparql-query"}


def is_problem(response, status):
    """Whether a response is a problem document with this status."""
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == response.status_code == status
    return response.json()


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("GET", {"params": {"query": REPORTS}}),
        ("POST", {"data": {"query": REPORTS}}),
        ("POST", {"content": REPORTS, "headers": QUERY}),
        ("POST", {"content": REPORTS, "headers": {"Content-Type": "application/sparql-query; charset=UTF-8"}}),
        ("QUERY", {"data": {"query": REPORTS}}),
        ("QUERY", {"content": REPORTS, "headers": QUERY}),
    ],
    ids=["get", "form", "direct", "direct with charset", "query form", "query direct"],
)
def test_ways_to_ask(web, method, given):
    """A query is answered the same whichever way the protocol carries it."""
    response = web(method, "/sparql", **given)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/sparql-results+json"
    rows = response.json()["results"]["bindings"]
    assert [row["r"]["value"] for row in rows] == ["http://127.0.0.1:8000/id/report/drc-2021-267"]


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        (REPORTS, "*/*", "application/sparql-results+json"),
        (REPORTS, "application/sparql-results+xml", "application/sparql-results+xml"),
        (REPORTS, "text/csv", "text/csv; charset=utf-8"),
        (REPORTS, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        (REPORTS, "text/turtle, text/csv;q=0.1", "text/csv; charset=utf-8"),
        ("ASK {}", "application/json", "application/sparql-results+json"),
        (GRAPH, "*/*", "text/turtle; charset=utf-8"),
        (GRAPH, "application/n-triples", "application/n-triples"),
        (GRAPH, "application/ld+json", "application/ld+json"),
        (GRAPH, "application/rdf+xml", "application/rdf+xml"),
        (GRAPH, "text/csv, text/turtle;q=0.1", "text/turtle; charset=utf-8"),
        (REPORTS, "text/html", "text/html; charset=utf-8"),
        (GRAPH, "text/html", "text/html; charset=utf-8"),
    ],
)
def test_formats(get, query, accept, media_type):
    """The answer comes in the most liked format that can hold its kind."""
    response = get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, media_type)
    assert "Accept" in response.headers["vary"]


@pytest.mark.parametrize(("query", "accept"), [(REPORTS, "text/turtle"), (GRAPH, "text/csv"), (REPORTS, "image/png")])
def test_not_acceptable(get, query, accept):
    """An answer that no accepted format can hold is refused as such."""
    is_problem(get("/sparql", params={"query": query}, headers={"Accept": accept}), 406)


@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_dataset(web, way):
    """The protocol's dataset is the query's, whichever way it comes."""
    query = "ASK { ?s a <https://w3id.org/policy-kg/coord#Report> }"
    graph = {"default-graph-uri": "http://127.0.0.1:8000/graph/authority"}
    asked = {
        "get": lambda: web("GET", "/sparql", params={"query": query, **graph}),
        "form": lambda: web("POST", "/sparql", data={"query": query, **graph}),
        "direct": lambda: web("POST", "/sparql", params=graph, content=query, headers=QUERY),
    }
    assert asked[way]().json()["boolean"] is False


def test_dataset_of_a_form_in_its_address(web):
    """A form's dataset may stand in the address beside it."""
    asked = {"params": {"default-graph-uri": "http://127.0.0.1:8000/graph/none"}, "data": {"query": "ASK { ?s ?p ?o }"}}
    assert web("POST", "/sparql", **asked).json()["boolean"] is False


def test_default_graph_as_rdflib_names_it(get):
    """The default graph may be asked for by the name that rdflib has for it."""
    params = {"query": "ASK { ?s a <https://w3id.org/policy-kg/coord#Claim> }"}
    assert get("/sparql", params={**params, "default-graph-uri": "urn:x-rdflib:default"}).json()["boolean"] is True


def test_named_graphs(get):
    """Named graphs are those of the protocol's dataset."""
    params = {"query": "SELECT DISTINCT ?g { GRAPH ?g {} }", "named-graph-uri": "http://127.0.0.1:8000/graph/authority"}
    rows = get("/sparql", params=params).json()["results"]["bindings"]
    assert [row["g"]["value"] for row in rows] == ["http://127.0.0.1:8000/graph/authority"]


def test_syntax_error(get):
    """A syntax error says where it is."""
    problem = is_problem(get("/sparql", params={"query": "SELECT *\nWHER { ?s ?p ?o }"}), 400)
    assert problem["line"] == 2
    assert problem["column"] > 1


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("ASK {\n  SERVICE <http://127.0.0.1:9/> {} }", (2, 3)),
        ("ASK { \\u0053ervice <http://127.0.0.1:9/> {} }", None),
        ("BASE <http://x/>\n\n DELETE DATA {}", (3, 2)),
        ("ASK\n" + "{" * 65, (2, 65)),
        ("ASK { ?s ?p\n'open }", (2, 1)),
        ("ASK {} #" + "x" * 65_536, None),
    ],
    ids=["service", "escaped", "update", "deep", "unclosed", "long"],
)
def test_problems_say_where(web, query, place):
    """A problem of the query's text names line and column, where one word is at fault."""
    problem = web("POST", "/sparql", content=query, headers=QUERY).json()
    assert (problem["line"], problem["column"]) == place if place else "line" not in problem


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("ASK { SERVICE <http://127.0.0.1:9/> {} }", 403),
        ("ASK { \\u0053ervice <http://127.0.0.1:9/> {} }", 403),
        ("LOAD <http://127.0.0.1:9/>", 403),
        ("INSERT DATA { <a> <b> <c> }", 400),
        ("CLEAR ALL", 400),
        ("ASK " + "{" * 65, 413),
        ("ASK {} #" + "x" * 65_536, 413),
        ("ASK {" + " 1" * 20_000 + "}", 413),
        ("", 400),
    ],
    ids=["service", "escaped", "load", "insert", "clear", "deep", "long", "tokens", "empty"],
)
def test_refusals(web, query, status):
    """Federation is forbidden, updates are no queries, and too much is too large."""
    is_problem(web("POST", "/sparql", content=query, headers=QUERY), status)


def test_deadline(web, get):
    """A query that never ends gives way at the deadline; meanwhile and afterwards others are served."""
    response = web("POST", "/sparql", content=ENDLESS, headers=QUERY)
    is_problem(response, 503)
    assert int(response.headers["retry-after"]) > 0
    assert get("/sparql", params={"query": "ASK {}"}).status_code == 200


def test_crash(web, get):
    """A query that kills its worker fails alone, and never as an error of the server."""
    is_problem(web("POST", "/sparql", content="ASK { FILTER(" + "!" * 19_000 + "1) }", headers=QUERY), 422)
    assert get("/sparql", params={"query": "ASK {}"}).status_code == 200


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"content": "x", "headers": {"Content-Type": "text/plain"}}, 415),
        ({"content": "x"}, 415),
        ({"content": "ASK {}", "headers": {"Content-Type": "application/sparql-update"}}, 415),
        ({"content": "ASK {}", "headers": {"Content-Type": "application/sparql-query; charset=utf-16"}}, 415),
        ({"files": {"query": b"ASK {}"}}, 415),
        ({"content": b"ASK { ?s ?p '\xff' }", "headers": QUERY}, 400),
        ({"content": b"query=%ff", "headers": FORM}, 400),
        ({"content": b"query=ASK%7B%7D&query=ASK%7B%7D", "headers": FORM}, 400),
        ({"content": b"update=CLEAR+ALL", "headers": FORM}, 400),
        ({"content": b"other=1", "headers": FORM}, 400),
        ({"content": b"a&" * 200, "headers": FORM}, 400),
        ({"content": b"ASK {}", "headers": QUERY, "params": {"query": "ASK {}"}}, 400),
        ({"content": b"query=ASK%7B%7D", "headers": FORM, "params": {"query": "ASK {}"}}, 400),
        ({"content": b"ASK {}", "headers": QUERY, "params": {"default-graph-uri": "no iri"}}, 400),
        ({"content": b"ASK {}", "headers": {**QUERY, "Content-Encoding": "gzip"}}, 415),
        ({"content": b"x" * (MOST_BYTES + 1), "headers": QUERY}, 413),
        ({"content": b"query=" + b"x" * MOST_BYTES, "headers": FORM}, 413),
    ],
)
def test_bad_requests(web, given, status):
    """A request that is no SPARQL request is told what is wrong with it."""
    is_problem(web("POST", "/sparql", **given), status)


def test_endless_body_is_not_read_to_its_end(web):
    """Reading stops where the limit is, however much a client goes on to send."""
    sent = 0

    async def chunks():
        nonlocal sent
        for _ in range(1000):
            sent += 1
            yield b"x" * 65_536

    is_problem(web("POST", "/sparql", content=chunks(), headers=QUERY), 413)
    assert sent < 10


def test_no_query(get, web):
    """A program that sends no query where one must be is told so; a browser gets a form."""
    is_problem(get("/sparql", headers={"Accept": "application/sparql-results+json"}), 400)
    is_problem(web("POST", "/sparql", content=b"", headers=FORM), 400)
    page = get("/sparql", headers=BROWSER)
    assert page.status_code == 200
    assert "<textarea" in page.text
    assert "Which reports are there?" in page.text


def test_table_page(get):
    """A browser gets rows as a table, linked to our documents, and its query back in the form."""
    page = get("/sparql", params={"query": REPORTS}, headers=BROWSER).text
    assert '<a href="/doc/report/drc-2021-267">report/drc-2021-267</a>' in page
    assert "SELECT ?r { ?r a &lt;https://w3id.org/policy-kg/coord#Report&gt; }" in page


def test_pages_escape_what_the_graph_holds(get):
    """Markup in literals, and scripts in IRIs, are text on a page."""
    page = get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"}, headers=BROWSER).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page
    assert 'href="javascript:' not in page
    assert "<script" not in get("/sparql", params={"query": GRAPH}, headers=BROWSER).text
    assert "<script" not in get("/sparql", params={"query": "</textarea><script>"}, headers=BROWSER).text


def test_truth_page(get):
    """A browser gets yes or no."""
    assert ">Yes<" in get("/sparql", params={"query": "ASK {}"}, headers=BROWSER).text


def test_error_page(get):
    """A browser gets the problem on the page of the form, with the status that programs get."""
    response = get("/sparql", params={"query": "SELECT *\nWHER"}, headers=BROWSER)
    assert response.status_code == 400
    assert "Line 2, column" in response.text


def test_other_sites_may_ask(get, web):
    """Scripts of other sites may ask."""
    other = {"Origin": "https://example.org"}
    assert get("/sparql", params={"query": "ASK {}"}, headers=other).headers["access-control-allow-origin"] == "*"
    for method in ("POST", "QUERY"):
        asked = {**other, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": "content-type"}
        assert web("OPTIONS", "/sparql", headers=asked).status_code == 200


def test_other_methods(web):
    """A method the protocol does not know is a problem document, and names those there are."""
    response = web("DELETE", "/sparql")
    is_problem(response, 405)
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST, QUERY"


def test_options(web):
    """OPTIONS says how queries may come."""
    response = web("OPTIONS", "/sparql")
    assert (response.status_code, response.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST, QUERY")
    assert "application/sparql-query" in response.headers["accept-query"]


@pytest.mark.parametrize(("method", "status"), [("POST", 403), ("GET", 405)])
def test_updates_are_refused(web, method, status):
    """The address for updates refuses them: what is published never changes."""
    is_problem(web(method, "/update", params={"update": "CLEAR ALL"}), status)


@pytest.mark.parametrize("accept", ["*/*", "text/turtle", "application/rdf+xml;q=0.5, application/n-triples"])
def test_service_description(get, accept):
    """Without a query a program gets what the service says of itself."""
    response = get("/sparql", headers={"Accept": accept})
    assert response.status_code == 200
    assert "http://127.0.0.1:8000/sparql#service" in response.text
    assert "SPARQL11Query" in response.text


def test_head(web):
    """HEAD is answered like GET."""
    assert web("HEAD", "/sparql", params={"query": "ASK {}"}).status_code == 200


def test_problem_is_json(get):
    """A problem document keeps quotes and lines of a query's own text as JSON."""
    response = get("/sparql", params={"query": 'ASK { ?s ?p "\n }'})
    assert json.loads(response.content)["title"] == "Bad Request"


@pytest.mark.parametrize("written", [
    b"ASK+%7B%7D", b"a=b", b"%", b"%%", b"%4", b"%g1", b"%41%", b"%%41", b"a%0Ab", b"%C3%A9", b"+%2B=%3D", b"_", b"",
])  # fmt: skip
def test_address_is_read_as_a_form(written):
    """The short way of reading an address that holds a query alone finds what reading it as a form does."""
    assert read_address(b"query=" + written) == read_form("query=" + written.decode())
