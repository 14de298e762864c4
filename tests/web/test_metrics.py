"""Metrics: what is counted, and that clients cannot make them grow."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kg.model.imprint import Imprint
from kg.query import Query
from kg.rdf.dataset import Edition
from kg.web.metrics import Metrics
from kg.web.observation import Exchange, QueryRun

EDITION = Edition(base="http://127.0.0.1:8000/", name="v7", imprint=Imprint())


@pytest.fixture
def ask(observed):
    """Sends a request to an application of its own whose metrics are fresh."""
    metrics = Metrics()
    with observed(EDITION, 5.0, observers=[metrics.observe], parts=[metrics.router]) as asked:
        yield asked


def counted(ask):
    """Each sample of the metrics, by its name and the values of its labels."""
    families = text_string_to_metric_families(ask("GET", "/metrics").text)
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def test_queries_and_requests_are_counted(ask):
    """Queries count by outcome with their rows, requests by route and status."""
    for query in ("SELECT * { VALUES ?n { 1 2 3 } }", "ASK {}", "ASK {", "DROP ALL"):
        ask("GET", "/sparql", params={"query": query})
    found = counted(ask)
    assert found["kg_queries_total", "answered"] == 2
    assert found["kg_queries_total", "syntax"] == found["kg_queries_total", "update"] == 1
    assert found["kg_query_rows_total",] == 3
    assert found["kg_query_seconds_count",] == 4
    assert found["kg_requests_total", "GET", "/sparql", "200"] == 2
    assert found["kg_requests_total", "GET", "/sparql", "400"] == 2


def test_workers_and_version(ask):
    """The lanes and the version are told as they are at that moment."""
    found = counted(ask)
    assert found["kg_workers", "queries", "idle"] == 1
    assert found["kg_workers", "queries", "busy"] == found["kg_queries_waiting", "pages"] == 0
    assert found["kg_workers_replaced_total", "queries"] == 0
    assert found["kg_version", "v7"] == 1


def test_clients_make_no_labels(ask):
    """Addresses and methods that nobody knows are counted together: no client makes the service grow."""
    for number in range(20):
        ask("GET", f"/nowhere/{number}")
        ask(f"M{number}", "/")
        ask("GET", f"/doc/body/{number}")
    names = {key for key in counted(ask) if key[0] == "kg_requests_total"}
    assert {key[1] for key in names} == {"GET", "other"}
    assert len(names) <= 5


def test_formats(ask):
    """The text format is what comes unasked, OpenMetrics where it is asked for; neither is kept by caches."""
    plain = ask("GET", "/metrics")
    modern = ask("GET", "/metrics", headers={"Accept": "application/openmetrics-text"})
    assert plain.headers["content-type"].startswith("text/plain; version=")
    assert modern.headers["content-type"].startswith("application/openmetrics-text")
    assert modern.text.endswith("# EOF\n")
    assert plain.headers["cache-control"] == "no-store"


def test_the_same_exchange_counts_each_time(observed):
    """Whatever is told again and again counts as often, beside many others."""
    metrics = Metrics()
    run = QueryRun(query=Query(text="ASK {}"), seconds=0.0, outcome="answered", rows=7)
    told = {"method": "GET", "path": "/sparql", "route": "/sparql", "status": 200, "size": 1, "query": run}
    same = Exchange(seconds=0.0, **told)
    for _ in range(1000):
        metrics.observe(same)
        metrics.observe(Exchange(seconds=0.2, **told))
    with observed(EDITION, 5.0, parts=[metrics.router]) as ask:
        found = counted(ask)
    assert found["kg_requests_total", "GET", "/sparql", "200"] == found["kg_queries_total", "answered"] == 2000
    assert found["kg_request_seconds_bucket", "0.005", "/sparql"] == 1000
    assert found["kg_request_seconds_bucket", "0.25", "/sparql"] == 2000
    assert found["kg_request_seconds_sum", "/sparql"] == pytest.approx(200)
    assert found["kg_query_rows_total",] == 14_000
