"""`kg serve` as a process over a store in which versions are published and rolled back meanwhile."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import httpx
import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.model.access import Scope
from kg.store import Facts, VersionStore
from kg.tokens import add_token

SAYS = NamedNode("http://example.org/says")
THING = NamedNode("http://127.0.0.1:8000/id/thing/0")
SLOW = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?s{n} ?p{n} ?o{n}" for n in range(9)) + " FILTER(?o1 = ?o8 + 1) }"


def publish(store, word):
    """Publishes a version in which a statement holds this word; its name."""
    with store.writer("test") as writer:
        writer.store.extend(
            Quad(NamedNode(f"http://example.org/{n}"), SAYS, Literal(word if n == 0 else n), DefaultGraph())
            for n in range(50)
        )
        writer.store.add(Quad(THING, SAYS, Literal(word), DefaultGraph()))
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
    """Asks until the answer is the wanted one; what never comes fails the test, and does not hold up the others."""
    given_up = time.monotonic() + 60
    while (answer := told()) != wanted:
        assert time.monotonic() < given_up, f"still {answer!r}, not {wanted!r}"


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


def test_pages_are_of_the_version_that_is_served(tmp_path):
    """A page that was read before is made anew for another version, in people's form and as data."""
    store = VersionStore(tmp_path / "store")
    publish(store, "first")
    with serving(store) as (_, address), httpx.Client(timeout=30) as client:

        def told(version):
            until(lambda: client.get(f"{address}health").json()["version"], version)
            pages = [client.get(f"{address}doc/thing/0{suffix}").text for suffix in (".html", ".ttl") * 2]
            return [{word for word in ("first", "second") if word in page} for page in pages]

        seen = [told("v1")]
        publish(store, "second")
        seen.append(told("v2"))
        store.rollback()
        seen.append(told("v1"))
    assert seen == [[{"first"}] * 4, [{"second"}] * 4, [{"first"}] * 4]


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
        while not httpx.get(f"{address}health").json()["lanes"]["queries"]["replaced"]:
            pass  # until it has left the quick lane
        process.send_signal(signal.SIGTERM)
        asking.join()
        assert process.wait(20) == 0
    assert answers[0].status_code == 503
    assert "2 s" in answers[0].json()["detail"]


def update(address, text, **headers):
    """Sends an update."""
    return httpx.post(
        f"{address}update", content=text, headers={"Content-Type": "application/sparql-update", **headers}, timeout=60
    )


INSERT = "INSERT DATA { GRAPH <http://127.0.0.1:8000/graph/curated/mine> { %s } }"
PERSON = (
    "<http://127.0.0.1:8000/id/person/ada-lovelace> a <http://xmlns.com/foaf/0.1/Person> ; "
    '<http://xmlns.com/foaf/0.1/name> "Ada Lovelace"'
)


def test_who_shows_a_token_writes_and_reads_the_write_at_once(kg, seed):
    """A token that is given while the server runs is taken; what it writes is answered before the next request."""
    kg.page("page.txt", seed)
    assert kg("build", "page.txt").code == 0
    with serving(VersionStore(kg.folder / "kg-store")) as (_, address):
        query = "ASK { ?someone <http://xmlns.com/foaf/0.1/name> 'Ada Lovelace' }"
        assert httpx.get(f"{address}sparql", params={"query": query}).json()["boolean"] is False
        assert update(address, INSERT % PERSON).status_code == 403
        secret = kg("token", "add", "ada", "--scope", "curate").text.strip()
        assert update(address, INSERT % PERSON).status_code == 401
        shown = {"Authorization": f"Bearer {secret}"}
        assert update(address, INSERT % PERSON, **shown).json()["version"] == "v2"
        assert httpx.get(f"{address}sparql", params={"query": query}).json()["boolean"] is True
        refused = update(address, INSERT % PERSON.replace("foaf/0.1/name", "foaf/0.1/nonsense"), **shown)
        assert (refused.status_code, refused.headers["kg-version"]) == (422, "v2")
        assert (kg.folder / "kg-store/CURRENT").read_text() == "v2\n"
        kg("token", "revoke", "ada")
        assert update(address, INSERT % PERSON, **shown).status_code == 403
    told = [json.loads(line) for line in (kg.folder / "kg-store/audit.jsonl").read_text().splitlines()]
    assert [(each["event"], each.get("outcome")) for each in told] == [
        ("refused", None), ("began", None), ("ended", "published"), ("began", None), ("ended", "refused"),
    ]  # fmt: skip
    assert secret not in json.dumps(told)


def test_a_key_is_remembered_by_the_next_server(kg, seed):
    """After a kill, the same write under its key gets its first answer, and another write under that key is refused."""
    kg.page("page.txt", seed)
    kg("build", "page.txt")
    secret = kg("token", "add", "ada", "--scope", "curate").text.strip()
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": '"k1"'}
    answers = []
    for _ in range(2):
        with serving(VersionStore(kg.folder / "kg-store")) as (_, address):
            answers.append(update(address, INSERT % PERSON, **headers))
            reused = update(address, INSERT % PERSON.replace("Ada", "Eda"), **headers)
            assert (reused.status_code, reused.json()["outcome"]) == (422, "reused")
    assert [answer.json() for answer in answers] == [answers[0].json()] * 2
    assert answers[0].json()["version"] == "v2"
    assert (kg.folder / "kg-store/CURRENT").read_text() == "v2\n"


def test_where_reading_needs_a_token_kept_answers_need_one_too(tmp_path):
    """What was answered to one who may read is not given to one who may not, asked in the very same words."""
    store = VersionStore(tmp_path / "store")
    publish(store, "first")
    secret = add_token(store.path / "tokens.json", "ada", Scope.READ).secret
    shown = {"Authorization": f"Bearer {secret}"}
    with serving(store, KG_READERS="tokens") as (_, address), httpx.Client() as client:
        asked = {"params": {"query": "SELECT ?o { <http://example.org/0> ?p ?o }"}}
        for _ in range(2):
            assert [client.get(f"{address}sparql", headers=shown, **asked).status_code for _ in range(3)] == [200] * 3
            assert [client.get(f"{address}sparql", **asked).status_code for _ in range(3)] == [401] * 3
        assert client.get(f"{address}health", headers=shown).status_code == 403
        assert client.get(f"{address}health/ready").status_code == 200


def test_read_only(tmp_path):
    """With --read-only a token is of no use."""
    store = VersionStore(tmp_path / "store")
    publish(store, "first")
    secret = add_token(store.path / "tokens.json", "ada", Scope.CURATE).secret
    with serving(store, "--read-only") as (_, address):
        refused = update(address, INSERT % PERSON, Authorization=f"Bearer {secret}")
        assert httpx.options(f"{address}graphs").headers["allow"] == "GET, HEAD, OPTIONS"
    assert refused.status_code == 403
    assert "for reading alone" in refused.json()["detail"]


def test_open_writes_take_no_token(kg, seed):
    """For tests, on this machine; the audit log is where it should be, and nobody's name stands in it."""
    kg.page("page.txt", seed)
    kg("build", "page.txt")
    log = kg.folder / "log"
    with serving(VersionStore(kg.folder / "kg-store"), "--open-writes", "--audit-log", str(log)) as (_, address):
        assert update(address, INSERT % PERSON, Host="evil.example").status_code == 421
        assert update(address, "CLEAR ALL").status_code == 403  # by the gate
    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(each["event"], each.get("token")) for each in told] == [("refused", None), ("began", ""), ("ended", "")]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--open-writes", "--host", "0.0.0.0"], "0.0.0.0 can be reached from elsewhere"),  # noqa: S104 - refused
        (["--open-writes", "--host", "::"], ":: can be reached from elsewhere"),
        (["--open-writes", "--host", "kg.example.org"], "can be reached from elsewhere"),
        (["--open-writes", "--read-only"], "contradict each other"),
        (["--open-writes", "--upstream", "http://127.0.0.1:1/query"], "contradict each other"),
    ],
)
def test_open_writes_are_refused_where_others_could_write(kg, options, words):
    """The command says why, with exit code 2, before it serves anything."""
    ran = kg("serve", *options)
    assert (ran.code, ran.out) == (2, b"")
    assert words in ran.err


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
    assert health["lanes"]["queries"] == {"workers": 5, "idle": 5, "waiting": 0, "replaced": 0}
    assert health["isolation"]["barrier"] in {"seccomp", "network-namespace", "descriptors"}
    assert health["isolation"]["memory"] == 1024**3
    assert health["isolation"]["parent"] is True
    assert set(health["isolation"]) == {
        "barrier", "programs", "files", "memory", "processor", "parent", "priority", "missing",
    }  # fmt: skip


def test_bounds_of_a_deployment_reach_its_clients(tmp_path):
    """The option and the settings hold: workers, rows, seconds of a client behind a proxy, cache and memory."""
    store = VersionStore(tmp_path / "store")
    publish(store, "first")
    given = {
        "KG_ANSWER_ROWS": "10",
        "KG_CLIENT_SECONDS": "0.000001",
        "KG_TRUSTED_PROXIES": "127.0.0.1",
        "KG_CACHE_BYTES": "0",
        "KG_MEMORY_STORE_BYTES": "1000000000",
    }
    with serving(store, "--workers", "3", **given) as (_, address), httpx.Client(timeout=30) as client:

        def asked(query, who):
            return client.get(f"{address}sparql", params={"query": query}, headers={"X-Forwarded-For": who})

        assert client.get(f"{address}health").json()["lanes"]["queries"]["workers"] >= 3
        assert asked("SELECT * { ?s ?p ?o }", "192.0.2.1").status_code == 422
        assert asked("ASK {}", "192.0.2.1").status_code == 429
        found = [asked("ASK {}", f"192.0.2.{number}").headers["cache-status"] for number in (2, 3)]
        assert found == ["policy-kg; fwd=miss"] * 2
        if sys.platform == "linux":
            until(lambda: client.get(f"{address}health").json()["store"], "memory")
