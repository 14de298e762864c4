"""`kg serve` as a process over a store in which versions are published and rolled back meanwhile."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import httpx
import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.store import Facts, VersionStore

SAYS = NamedNode("http://example.org/says")
SLOW = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?s{n} ?p{n} ?o{n}" for n in range(9)) + " FILTER(?o1 = ?o8 + 1) }"


def publish(store, word):
    """Publishes a version in which a statement holds this word; its name."""
    with store.writer("test") as writer:
        writer.store.extend(
            Quad(NamedNode(f"http://example.org/{n}"), SAYS, Literal(word if n == 0 else n), DefaultGraph())
            for n in range(50)
        )
        return writer.publish(Facts(inputs={}, shapes="", code="1")).name


@contextmanager
def serving(store, *options, **environment):
    """A server of its own process: it, and the address that its welcome gives."""
    command = [sys.executable, "-m", "kg", "serve", "--port", "0", "--store", str(store.path), *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    ) as process:
        try:
            address = next(found[1] for line in process.stderr if (found := re.search(r"Open (http\S+)", line)))
            yield process, address
        finally:
            process.kill()


def word(client, address):
    """The word that the served version holds."""
    query = "SELECT ?o { <http://example.org/0> ?p ?o }"
    answer = client.get(f"{address}sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    return answer.text.split()[-1]


@contextmanager
def clients(address, number):
    """Clients that ask without a pause: the words they saw, and what went wrong."""
    seen, failures, ended = [], [], threading.Event()

    def ask():
        with httpx.Client(timeout=30) as client:
            while not ended.is_set():
                try:
                    seen.append(word(client, address))
                except (AssertionError, httpx.HTTPError) as error:
                    failures.append(error)

    asking = [threading.Thread(target=ask) for _ in range(number)]
    for each in asking:
        each.start()
    try:
        yield seen, failures
    finally:
        ended.set()
        for each in asking:
            each.join()


def until(told, wanted):
    """Asks until the answer is the wanted one."""
    while told() != wanted:
        pass


def test_new_version_is_served_and_no_request_is_lost(tmp_path):
    """While four clients ask without a pause, versions come and go: every request is answered, soon by the new one."""
    store = VersionStore(tmp_path / "store")
    publish(store, "first")
    with (
        serving(store) as (_, address),
        httpx.Client(timeout=30) as client,
        clients(address, 4) as (seen, failures),
    ):
        until(lambda: word(client, address), "first")
        assert publish(store, "second") == "v2"
        until(lambda: word(client, address), "second")
        store.rollback()
        until(lambda: word(client, address), "first")
        until(lambda: client.get(f"{address}health").json()["version"], "v1")
    assert failures == []
    assert set(seen) == {"first", "second"}


def test_request_under_way_at_the_signal_is_answered(tmp_path):
    """SIGTERM ends the service after the running query has its answer, here that it took too long, and cleanly."""
    store = VersionStore(tmp_path / "store")
    publish(store, "first")
    answers = []
    with serving(store, KG_DEADLINE="2", KG_WORKERS="1") as (process, address):

        def ask():
            answers.append(httpx.get(f"{address}sparql", params={"query": SLOW}, timeout=30))

        asking = threading.Thread(target=ask)
        asking.start()
        while httpx.get(f"{address}health").json()["lanes"]["queries"]["idle"]:
            pass
        process.send_signal(signal.SIGTERM)
        asking.join()
        assert process.wait(20) == 0
    assert answers[0].status_code == 503
    assert "2 s" in answers[0].json()["detail"]


def test_log_json(tmp_path):
    """With --log-json each request is a line of JSON on stdout; without it stdout stays empty."""
    store = VersionStore(tmp_path / "store")
    publish(store, "first")
    with serving(store, "--log-json") as (process, address), httpx.Client() as client:
        word(client, address)
        found = json.loads(process.stdout.readline())
    assert (found["path"], found["rows"], found["outcome"]) == ("/sparql", 1, "answered")


@pytest.mark.skipif(sys.platform != "linux", reason="what is in force elsewhere is another list")
def test_health_tells_what_is_in_force(tmp_path):
    """Metrics and health name the version; health also both lanes, and each means that keeps queries in their place."""
    store = VersionStore(tmp_path / "store")
    publish(store, "first")
    with serving(store, KG_WORKERS="2") as (_, address):
        health = httpx.get(f"{address}health").json()
        assert 'kg_version{version="v1"} 1.0' in httpx.get(f"{address}metrics").text
    assert (health["status"], health["version"]) == ("live", "v1")
    assert health["lanes"]["queries"] == {"workers": 2, "idle": 2, "waiting": 0, "replaced": 0}
    assert health["isolation"]["barrier"] in {"seccomp", "network-namespace", "descriptors"}
    assert health["isolation"]["memory"] == 1024**3
    assert health["isolation"]["parent"] is True
    assert set(health["isolation"]) == {
        "barrier", "programs", "files", "memory", "processor", "parent", "priority", "missing",
    }  # fmt: skip
