"""What catalogues and crawlers find: the description of what is served."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

BASE = "http://127.0.0.1:8000/"
DCAT, VOID = "http://www.w3.org/ns/dcat#", "http://rdfs.org/ns/void#"
VERSION = NamedNode(f"{BASE}dataset/v3")


def triples(response, form):
    """The triples of an answer."""
    return {quad.triple for quad in parse(response.content, form)}


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [("*/*", "ttl"), ("text/html", "ttl"), ("application/ld+json", "jsonld"), ("application/rdf+xml", "rdf")],
)
def test_the_well_known_place_leads_to_the_description(get, accept, suffix):
    """Turtle unless another format is asked for; crawlers that take pages only get it, too."""
    response = get("/.well-known/void", headers={"Accept": accept})
    assert (response.status_code, response.headers["location"]) == (302, f"/catalog.{suffix}")


def test_every_format_holds_the_same(get):
    """One description, however it is written."""
    turtle = triples(get("/catalog.ttl"), RdfFormat.TURTLE)
    assert turtle == triples(get("/catalog.nt"), RdfFormat.N_TRIPLES)
    assert turtle == triples(get("/catalog.rdf"), RdfFormat.RDF_XML)
    assert turtle == triples(get("/catalog.jsonld"), RdfFormat.JSON_LD)
    assert turtle == triples(get("/catalog", headers={"Accept": "text/turtle"}), RdfFormat.TURTLE)


def test_it_tells_what_is_served_and_where_to_ask(get):
    """The catalogue's dataset and version, the number of statements, the licence, and the endpoint."""
    told = triples(get("/catalog.ttl"), RdfFormat.TURTLE)
    integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    for triple in (
        Triple(NamedNode(f"{BASE}catalog"), NamedNode(f"{DCAT}dataset"), VERSION),
        Triple(NamedNode(f"{BASE}dataset"), NamedNode(f"{DCAT}hasCurrentVersion"), VERSION),
        Triple(VERSION, NamedNode(f"{VOID}sparqlEndpoint"), NamedNode(f"{BASE}sparql")),
        Triple(VERSION, NamedNode(f"{VOID}triples"), Literal("123", datatype=integer)),
        Triple(VERSION, NamedNode(f"{VOID}uriSpace"), Literal(f"{BASE}id/")),
        Triple(
            VERSION,
            NamedNode("http://purl.org/dc/terms/license"),
            NamedNode("https://spdx.org/licenses/CC-BY-4.0"),
        ),
        Triple(VERSION, NamedNode("http://purl.org/dc/terms/identifier"), Literal("sum-sha256-groups:00ff")),
    ):
        assert triple in told


def test_it_claims_no_count_of_what_was_not_counted(get):
    """How many classes, properties and entities there are is left to releases, which count them."""
    predicates = {
        triple.predicate.value.removeprefix(VOID) for triple in triples(get("/catalog.nt"), RdfFormat.N_TRIPLES)
    }
    assert not predicates & {"classes", "properties", "entities", "distinctSubjects"}


def test_the_page_tells_people(get):
    """Title, publisher and licence as a page, with links to the other formats."""
    page = get("/catalog", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Institute &lt;of&gt; Policy" in page.text
    assert 'href="/catalog.jsonld"' in page.text


@pytest.mark.parametrize("path", ["/dataset", "/dataset/v3"])
def test_the_names_of_the_dataset_lead_to_its_description(get, path):
    """What stands in the description as an IRI can be followed."""
    seen = get(path, headers={"Accept": "text/turtle"})
    assert (seen.status_code, seen.headers["location"]) == (303, "/catalog.ttl")
    assert get(path, headers={"Accept": "text/html"}).headers["location"] == "/catalog"


@pytest.mark.parametrize("path", ["/dataset/v2", "/catalog.csv"])
def test_what_is_not_there_is_said(get, path):
    """Another version, and a format that is not written."""
    assert get(path).status_code == 404


def test_a_client_that_has_it_gets_nothing_again(get):
    """The tag of one format answers for that format alone."""
    first = get("/catalog.ttl")
    again = get("/catalog.ttl", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert get("/catalog.nt", headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_every_page_links_to_the_description(get):
    """In its head, where crawlers look."""
    for path in ("/", "/catalog", "/doc/report/drc-2021-267.html"):
        head = get(path, headers={"Accept": "text/html"}).text.partition("</head>")[0]
        assert 'rel="describedby" type="text/turtle"' in head
        assert 'type="application/atom+xml"' in head
