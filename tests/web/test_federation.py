"""Queries over HTTP that ask other services: their answers, their failures, and what is said of them."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import httpx
import pytest
from endpoints import endpoints
from pyoxigraph import Literal, NamedNode, Quad, Store

sys.path.insert(0, str(Path(__file__).parents[1] / "hostile"))

from kinds.kind import NOWHERE
from kinds.reaching import REACHING

from kg.model.reach import Hosts, Reach

BASE = "http://127.0.0.1:8000/"
JP = NamedNode(f"{BASE}id/jurisdiction/jp")
BROWSER = {"Accept": "text/html"}


@pytest.fixture
def conversed(application):
    """The responses to requests (query and headers) that may ask these services, and what was observed of them."""

    def converse(services, *requests, **bounds):
        exchanges = []
        reach = Reach(services=frozenset(services), hosts=Hosts.ANY)

        async def main():
            async with (
                application(observers=[exchanges.append], reach=reach, **bounds) as (app, _),
                httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as client,
            ):
                return [
                    await client.get("sparql", params={"query": query} if query else {}, headers=headers)
                    for query, headers in requests
                ]

        return asyncio.run(main()), exchanges

    return converse


@pytest.fixture
def elsewhere():
    """A service that knows how many people live in Japan: its address, and what it was asked."""
    store = Store()
    store.add(Quad(JP, NamedNode("http://x/people"), Literal(124)))
    with endpoints({"/sparql": store, "/down": (500, "text/plain", b"")}) as (base, sent):
        yield base, sent


def population(base, path="/sparql"):
    """A query that joins what is known here with what the service knows."""
    return (
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        f"SELECT ?name ?n {{ ?s skos:notation ?name . SERVICE <{base}{path}> {{ ?s <http://x/people> ?n }} }}"
    )


def test_answer_is_joined_and_never_kept(conversed, elsewhere):
    """Each request asks the service anew, and nobody is told to keep what may be another answer soon."""
    base, sent = elsewhere
    query = population(base)
    answers, exchanges = conversed([f"{base}/sparql"], *[(query, {"Accept": "text/csv"})] * 2)
    for answer in answers:
        assert answer.text.split() == ["name,n", "JP,124"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cache-status"] == "policy-kg; fwd=miss"
        assert "last-modified" not in answer.headers
    assert len(sent) == 2
    assert [exchange.query.outcome for exchange in exchanges] == ["answered"] * 2


def test_page_for_people(conversed, elsewhere):
    """A person gets the same rows as a page, which is kept as little."""
    base, _ = elsewhere
    (page,), _ = conversed([f"{base}/sparql"], (population(base), BROWSER))
    assert page.headers["cache-control"] == "no-store"
    assert "124" in page.text


def test_other_queries_are_kept(conversed, elsewhere):
    """A query that only names something "service" is kept as ever."""
    base, _ = elsewhere
    query = "SELECT ?service { ?service ?p 'SERVICE' }"
    (_, again), _ = conversed([f"{base}/sparql"], *[(query, {})] * 2)
    assert again.headers["cache-status"] == "policy-kg; hit"
    assert again.headers["cache-control"] == "public, no-cache"


def test_failing_service(conversed, elsewhere):
    """A service that fails is 502, with its name and the place of its clause, for a program and a person."""
    base, _ = elsewhere
    requests = [(population(base, "/down"), {}), (population(base, "/down"), BROWSER)]
    (problem, page), exchanges = conversed([f"{base}/down"], *requests)
    assert (problem.status_code, page.status_code) == (502, 502)
    assert problem.headers["content-type"] == "application/problem+json"
    told = problem.json()
    assert (told["service"], told["line"], told["column"]) == (f"{base}/down", 2, 44)
    assert told["detail"] == f"<{base}/down> gives no answer: it answers with status 500"
    assert "status 500" in page.text
    assert [exchange.query.outcome for exchange in exchanges] == ["service"] * 2


def test_service_that_is_not_of_the_list(conversed, elsewhere):
    """Another one is refused with 403, as all are where there is no list; nobody is asked."""
    base, sent = elsewhere
    for services in ([f"{base}/other"], []):
        (answer,), exchanges = conversed(services, (population(base), {}))
        assert answer.status_code == 403
        assert answer.json()["line"] == 2
        assert exchanges[0].query.outcome == "federation"
    assert sent == []


def test_faults_of_the_query_are_the_clients(conversed, elsewhere):
    """A query that is none behind its clause is 400 with the line and column that the client wrote."""
    base, _ = elsewhere
    text = f"SELECT * {{ SERVICE <{base}/sparql> {{\n ?s ?p ?o }} ?a ?b }}"
    (answer,), _ = conversed([f"{base}/sparql"], (text, {}))
    assert answer.status_code == 400
    assert (answer.json()["line"], answer.json()["column"]) == (2, len(" ?s ?p ?o } ?a ?b }") + 1)


def test_services_are_paid_for(conversed, elsewhere):
    """The seconds that a service took are the client's: with a budget that it used up, the next query is 429."""
    base, _ = elsewhere
    answers, _ = conversed([f"{base}/down"], *[(population(base, "/down"), {})] * 2, client_seconds=1e-6)
    assert [answer.status_code for answer in answers] == [502, 429]


@pytest.mark.parametrize("federates", [True, False])
def test_description(conversed, federates):
    """The service description says whether queries may ask others."""
    services = ["https://example.org/sparql"] if federates else []
    (described,), _ = conversed(services, ("", {"Accept": "text/turtle"}))
    assert ("BasicFederatedQuery" in described.text) is federates


def test_hostile_queries_reach_nobody(conversed, elsewhere):
    """Where one service may be asked, no query of the hostile corpus reaches another one on this machine."""
    base, sent = elsewhere
    requests = [(kind.text.replace(NOWHERE, f"{base}/other/"), {}) for kind in REACHING]
    answers, _ = conversed([f"{base}/sparql"], *requests)
    for kind, answer in zip(REACHING, answers, strict=True):
        assert answer.status_code in kind.statuses or "SILENT" in kind.text, kind.name  # in silence it is nothing
    assert sent == []
