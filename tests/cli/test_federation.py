"""`kg serve` that asks another `kg serve`, by the options and settings that allow it."""

from __future__ import annotations

import httpx
import pytest
from endpoints import endpoints

NAMES = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"


def asked(address, query):
    """The answer to a query, as a client of the SPARQL protocol asks for it."""
    headers = {"Accept": "application/sparql-results+json", "Content-Type": "application/sparql-query"}
    return httpx.post(f"{address}sparql", content=query, headers=headers, timeout=60)


def test_two_servers(kg):
    """Rows of one server are joined with those of another; only where its operator allowed it, and it said so."""
    kg.examples()
    assert kg("build", "examples").code == 0
    with kg.serving() as there:
        clause = f"SERVICE <{there}sparql> {{ ?body skos:altLabel|skos:prefLabel ?name }}"
        query = f"{NAMES}SELECT (COUNT(*) AS ?n) {{ ?body skos:prefLabel ?label {clause} }}"
        alone = f"{NAMES}SELECT (COUNT(*) AS ?n) {{ ?body skos:prefLabel ?l ; skos:altLabel|skos:prefLabel ?name }}"
        with kg.serving("--allow-service", f"{there}sparql", KG_SERVICE_HOSTS="any") as here:
            joined = asked(here, query)
            assert joined.status_code == 200, joined.text
            assert joined.json()["results"] == asked(here, alone).json()["results"]
            assert int(joined.json()["results"]["bindings"][0]["n"]["value"]) > 0
        with kg.serving(KG_SERVICES=f"{there}sparql https://example.org/sparql") as public:
            refused = asked(public, query)
            assert refused.status_code == 502
            assert "not of the public internet" in refused.json()["detail"]
        assert asked(there, query).status_code == 403


@pytest.mark.parametrize("option", ["--allow-service", "--allow-load"])
def test_option_that_is_no_address(kg, option):
    """What cannot be asked ends the start, with exit code 2 and the words that were given."""
    ran = kg("serve", option, "example.org/sparql")
    assert ran.code == 2
    assert f"{option} 'example.org/sparql' is no http or https IRI" in " ".join(ran.err.split())


def test_document_that_is_loaded(kg):
    """An update loads a document of the list into a graph of curated facts; another one is refused."""
    kg.examples()
    assert kg("build", "examples").code == 0
    base = "http://127.0.0.1:8000/"
    fact = f"<{base}id/body/jp-csti> <http://www.w3.org/ns/org#reportsTo> <{base}id/body/jp-cabinet-office>"
    with endpoints({"/data/facts.ttl": (200, "text/turtle", f"{fact} .".encode())}) as (elsewhere, sent):
        options = ("--open-writes", "--allow-load", f"{elsewhere}/data/")

        def loads(address, document):
            update = f"LOAD <{elsewhere}/{document}> INTO GRAPH <{base}graph/curated/facts>"
            headers = {"Content-Type": "application/sparql-update"}
            return httpx.post(f"{address}update", content=update, headers=headers, timeout=60)

        with kg.serving(*options, KG_SERVICE_HOSTS="any") as address:
            assert loads(address, "other/facts.ttl").status_code == 403
            assert loads(address, "data/none.ttl").status_code == 502
            written = loads(address, "data/facts.ttl")
            assert written.status_code in {200, 204}, written.text
            assert asked(address, f"ASK {{ {fact} }}").json()["boolean"] is True
        with kg.serving(*options) as address:
            assert loads(address, "data/facts.ttl").status_code == 502  # in a private network
    assert [path for path, *_ in sent] == ["/data/none.ttl", "/data/facts.ttl"]
