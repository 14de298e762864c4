"""Writing over HTTP: who may, what is asked of the gate, what its outcomes are as responses, and what is recorded."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from kg.model.access import Readers, Scope
from kg.model.errors import StoreError
from kg.model.evidence import Place
from kg.model.imprint import Imprint
from kg.model.verdict import Finding, Severity
from kg.model.writes import WriteKind, WriteOutcome, Written
from kg.query import QueryPool, WorkerOptions
from kg.rdf.dataset import Census, Edition
from kg.rdf.vocab import SH
from kg.tokens import TokenFile, add_token, revoke_token
from kg.web import create_app
from kg.web.access import Access
from kg.web.audit import AuditLog
from kg.web.writing import Writing

BASE = "http://127.0.0.1:8000/"
EDITION = Edition(base=BASE, name="v3", imprint=Imprint())
TURTLE = {"Content-Type": "text/turtle"}
UPDATE = {"Content-Type": "application/sparql-update"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PUBLISHED = Written(outcome=WriteOutcome.PUBLISHED, version="v4", added=2, removed=1)
CREATED = replace(PUBLISHED, created=True)
FINDING = Finding(
    shape="http://example.org/Report-title",
    focus="http://127.0.0.1:8000/id/report/a",
    path="http://purl.org/dc/terms/title",
    value=None,
    severity=Severity.VIOLATION,
    message="A report has a title.",
    where=Place(source="a.txt", line=3, column=7, quote="Titel"),
    component=SH("MinCountConstraintComponent").value,
)
#: A write of each kind: method, address, headers and body.
WRITES = [
    ("POST", "/update", UPDATE, b"CLEAR ALL"),
    ("POST", "/update", FORM, b"update=CLEAR+ALL"),
    ("PUT", "/graphs?default", TURTLE, b""),
    ("POST", "/graphs", TURTLE, b""),
    ("PATCH", "/graphs?graph=http://x/g", UPDATE, b"CLEAR ALL"),
    ("DELETE", "/graph/authority", {}, b""),
    ("PUT", "/reports/drc-2021-267", {"Content-Type": "text/plain"}, b"x"),
    ("DELETE", "/reports/drc-2021-267", {}, b""),
]


class Gate:
    """Answers each write with what the test wants, and keeps what was asked."""

    def __init__(self):
        self.asked, self.answers, self.events = [], [], []

    async def apply(self, write):
        """What became of it."""
        self.asked.append(write)
        self.events.append("applied")
        answer = self.answers.pop(0) if self.answers else PUBLISHED
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def served(self):
        """Queries are answered from what was written."""
        self.events.append("served")


@pytest.fixture(scope="module")
def runner():
    """A loop."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def pool(data, runner):
    """Answers queries for all tests here."""
    pool = QueryPool(WorkerOptions(data=data, base=BASE), workers=1, deadline=5.0)
    runner.run(pool.__aenter__())
    yield pool
    runner.run(pool.close())


class Desk:
    """A site that takes writes: its gate, its tokens, its audit log, and a client."""

    def __init__(self, folder, send):
        self.gate, self.file, self.log, self._send = Gate(), folder / "tokens.json", folder / "audit.jsonl", send
        self.now = datetime(2026, 11, 1, tzinfo=UTC)
        self.secret = None

    def token(self, name="ada", scope=Scope.CURATE, expires=None):
        """A new token; it is shown from now on."""
        self.secret = add_token(self.file, name, scope, expires).secret
        return self.secret

    def __call__(self, method, address, headers=None, content=b"", **given):
        """Sends a request with the token that was made last."""
        shown = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        return self._send(method, address, headers={**shown, **(headers or {})}, content=content, **given)

    @property
    def told(self):
        """The lines of the audit log."""
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []


@pytest.fixture
def opened(tmp_path, runner, pool, questions):
    """Opens a site over the one store."""

    def made(*, readers=Readers.ANYONE, is_open=False, most_bytes=10_000):
        async def asked(method, address, **given):
            transport = httpx.ASGITransport(app, client=("192.0.2.7", 4321))
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
                return await client.request(method, address, **given)

        desk = Desk(tmp_path, lambda method, address, **given: runner.run(asked(method, address, **given)))
        access = Access(tokens=TokenFile(desk.file), readers=readers, is_open=is_open, now=lambda: desk.now)
        app = create_app(
            queries=pool,
            pages=pool,
            edition=EDITION,
            census=Census(triples=1),
            questions=questions,
            access=access,
            writing=Writing(
                gate=desk.gate,
                access=access,
                audit=AuditLog(desk.log, lambda: desk.now),
                served=desk.gate.served,
                most_bytes=most_bytes,
            ),
        )
        return desk

    return made


@pytest.fixture
def site(opened):
    """A site with one token, which may write."""
    desk = opened()
    desk.token()
    return desk


# Who may


@pytest.mark.parametrize(("method", "address", "headers", "body"), WRITES)
def test_without_any_token_nothing_is_written(opened, method, address, headers, body):
    """Writing is off until there is a token for it; one that reads does not turn it on."""
    site = opened()
    site.token(scope=Scope.READ)
    response = site(method, address, headers, body)
    assert response.status_code == (405 if "graph" in address else 403)
    assert "kg token add" in response.json()["detail"]
    assert (site.gate.asked, site.told) == ([], [])


@pytest.mark.parametrize(("method", "address", "headers", "body"), WRITES)
def test_a_write_needs_a_token(site, method, address, headers, body):
    """Without one a client learns how to show it, and the log that it tried."""
    site.secret = None
    response = site(method, address, headers, body)
    assert (response.status_code, response.headers["www-authenticate"]) == (401, 'Bearer realm="kg"')
    assert site.gate.asked == []
    assert [(told["event"], told["status"]) for told in site.told] == [("refused", 401)]


@pytest.mark.parametrize(("method", "address", "headers", "body"), WRITES)
def test_a_token_lets_write(site, method, address, headers, body):
    """With one each kind of write comes to the gate, under the token's name."""
    assert site(method, address, headers, body).status_code == 200
    assert [write.author for write in site.gate.asked] == ["ada"]


@pytest.mark.parametrize(
    "shown",
    ["Bearer", "Bearer kgt_wrong", "Basic YTpi", "kgt_", "Bearer é", "Bearer {digest}", "Bearer {secret} {secret}"],
)
def test_another_token_is_none(site, shown):
    """What is no token of ours, or its digest, is refused as such."""
    digest = json.loads(site.file.read_text())["tokens"][0]["sha256"]
    shown = shown.format(digest=digest, secret=site.secret).encode("latin-1")
    response = site("POST", "/update", {**UPDATE, "Authorization": shown}, b"CLEAR ALL")
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Bearer realm="kg", error="invalid_token"'
    assert site.gate.asked == []


def test_a_token_in_the_address_counts_for_nothing(site):
    """It would end up in logs."""
    secret, site.secret = site.secret, None
    assert site("POST", f"/update?access_token={secret}", UPDATE, b"CLEAR ALL").status_code == 401


def test_a_token_of_too_small_a_scope(site):
    """403 says which scope is needed."""
    site.token("bob", Scope.READ)
    response = site("POST", "/update", UPDATE, b"CLEAR ALL")
    assert response.status_code == 403
    assert response.headers["www-authenticate"].endswith('error="insufficient_scope", scope="curate"')
    assert site.gate.asked == []


def test_a_token_is_good_until_it_expires(site):
    """From its end on it is none."""
    end = site.now + timedelta(days=1)
    site.token("bob", expires=end)
    assert site("POST", "/update", UPDATE, b"CLEAR ALL").status_code == 200
    site.now = end
    assert site("POST", "/update", UPDATE, b"CLEAR ALL").status_code == 401


def test_a_revoked_token_is_refused_at_once(site):
    """The server need not be started again."""
    ada = site.secret
    site.token("bob")
    assert site("POST", "/update", UPDATE, b"CLEAR ALL").status_code == 200
    revoke_token(site.file, "bob")
    assert site("POST", "/update", UPDATE, b"CLEAR ALL").status_code == 401
    site.secret = ada
    assert site("POST", "/update", UPDATE, b"CLEAR ALL").status_code == 200


def test_a_damaged_file_of_tokens_lets_nobody_in(site):
    """It says so in the server's log, and to the client only that it cannot be read."""
    site.file.write_text("{")
    response = site("POST", "/update", UPDATE, b"CLEAR ALL")
    assert response.status_code == 503
    assert str(site.file) not in response.text
    assert site.gate.asked == []


def test_no_secret_is_told(site, caplog):
    """Neither the audit log nor the server's has it, whatever is sent."""
    site("POST", "/update", UPDATE, b"CLEAR ALL")
    site("POST", "/update", {**UPDATE, "Authorization": f"Basic {site.secret}"}, b"CLEAR ALL")
    site("POST", "/update", {**UPDATE, "Authorization": f"Bearer {site.secret}x"}, b"CLEAR ALL")
    assert site.secret not in site.log.read_text() + caplog.text


# Who may read


PRIVATE = [("/", "read"), ("/sparql", "read"), ("/graphs?default", "read"), ("/ontology", "read"), ("/health", "admin")]


@pytest.mark.parametrize(("address", "scope"), PRIVATE)
def test_reading_may_need_a_token(opened, address, scope):
    """Where the deployment wants it, everything does but what shows that the service lives."""
    site = opened(readers=Readers.TOKENS)
    assert site("GET", address).status_code == 401
    for held in Scope:
        site.token(held.value, held)
        response = site("GET", address)
        assert (response.status_code == 200) is held.covers(Scope(scope))
    assert "public" not in response.headers["cache-control"]
    assert "Authorization" in response.headers["vary"]
    site.secret = None
    assert [site("GET", path).status_code for path in ("/health/live", "/static/style.css")] == [200, 200]


def test_reading_is_open_else(site):
    """A token for writing does not close what anyone may read."""
    site.secret = None
    response = site("GET", "/graphs?default")
    assert (response.status_code, response.headers["cache-control"]) == (200, "public, no-cache")


# Other sites


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8000"}, 200),
        ({"Origin": "http://localhost:8000", "Host": "localhost:8000"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:8001"}, 403),
    ],
)
@pytest.mark.parametrize("is_open", [True, False])
def test_forms_of_other_sites_are_refused(opened, headers, status, is_open):
    """What a browser sends for another site is refused, token or not; programs say no origin."""
    site = opened(is_open=is_open)
    site.token()
    assert site("POST", "/update", {**FORM, **headers}, b"update=CLEAR+ALL").status_code == status
    assert len(site.gate.asked) == (status == 200)
    assert [told["event"] for told in site.told] == (["began", "ended"] if status == 200 else ["refused"])


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("127.9.9.9", 200),
        ("localhost", 200),
        ("LOCALHOST:80", 200),
        ("[::1]:8000", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example:8000", 421),
        ("evil.example@localhost", 421),
        ("[::1", 421),
        ("192.0.2.1", 421),
        ("", 421),
    ],
)
def test_open_writes_are_for_this_machine(opened, host, status):
    """A name that was bound to this machine does not let its pages write: nobody asks for a token here."""
    site = opened(is_open=True)
    assert site("POST", "/update", {**UPDATE, "Host": host}, b"CLEAR ALL").status_code == status
    assert [write.author for write in site.gate.asked] == [""] * (status == 200)


def test_browsers_learn_that_other_sites_may_not_write(site):
    """The preflight of a write from elsewhere allows none of its methods."""
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "PUT"}
    response = site("OPTIONS", "/graphs?default", asked)
    assert "PUT" not in response.headers.get("access-control-allow-methods", "")


# What comes to the gate


def test_updates_come_with_their_dataset(site):
    """Graphs may be named in the address or in a form; relative IRIs have the public base."""
    site("POST", "/update?using-graph-uri=x:a&using-named-graph-uri=x:b", UPDATE, b"CLEAR ALL")
    site("POST", "/update", FORM, b"using-graph-uri=x:a&update=CLEAR+ALL&using-named-graph-uri=x:b")
    for write in site.gate.asked:
        assert (write.kind, write.body, write.base) == (WriteKind.UPDATE, b"CLEAR ALL", BASE)
        assert (write.using_graphs, write.using_named_graphs) == (("x:a",), ("x:b",))


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        (FORM, b"update=CLEAR+ALL&update=CLEAR+ALL", 400),
        (FORM, b"query=ASK{}", 400),
        (FORM, b"update=CLEAR+ALL&query=ASK{}", 400),
        (FORM, b"", 400),
        (FORM, b"update=%ff", 400),
        (UPDATE, b"\xff", 400),
        ({"Content-Type": "application/sparql-update; charset=utf-16"}, b"C", 415),
        ({"Content-Type": "text/plain"}, b"CLEAR ALL", 415),
        ({"Content-Type": "application/sparql-query"}, b"CLEAR ALL", 415),
        ({}, b"CLEAR ALL", 415),
        ({**UPDATE, "Content-Encoding": "gzip"}, b"x", 415),
        (UPDATE, b"#" * 10_001, 413),
    ],
)
def test_an_update_that_is_none(site, headers, body, status):
    """It is refused with its reason, recorded, and the gate never sees it."""
    response = site("POST", "/update", headers, body)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert (site.gate.asked, site.told[0]["status"]) == ([], status)


@pytest.mark.parametrize(
    ("method", "address", "kind", "target"),
    [
        ("PUT", "/graphs?default", WriteKind.PUT_GRAPH, ""),
        ("PUT", "/graphs?graph=http://x/g%2525", WriteKind.PUT_GRAPH, "http://x/g%25"),
        ("POST", "/graph/a/b%20c", WriteKind.POST_GRAPH, f"{BASE}graph/a/b%20c"),
        ("DELETE", "/graphs/x", WriteKind.DELETE_GRAPH, f"{BASE}graphs/x"),
    ],
)
def test_graphs_are_named_as_in_reading(site, method, address, kind, target):
    """By a field or by their own address; relative IRIs in a graph have its name as their base."""
    site(method, address, TURTLE, b"<> <x:p> 1 .")
    (write,) = site.gate.asked
    assert (write.kind, write.target, write.base, write.media_type) == (kind, target, target or BASE, "text/turtle")


@pytest.mark.parametrize(
    ("method", "address", "headers", "status"),
    [
        ("PUT", "/graphs", TURTLE, 400),
        ("DELETE", "/graphs", {}, 400),
        ("DELETE", "/graphs?graph=", {}, 400),
        ("PUT", "/graphs?graph=relative", TURTLE, 400),
        ("PUT", "/graphs?graph=http://x/a%20b", TURTLE, 400),
        ("PUT", "/graphs?graph=http://x/a&default", TURTLE, 400),
        ("PUT", "/graph/a?default", TURTLE, 400),
        ("PATCH", "/graphs?default", TURTLE, 415),
        ("PUT", "/graphs?default", {"Content-Type": "text/turtle; charset=latin-1"}, 415),
        ("PUT", "/reports/A", {"Content-Type": "text/plain"}, 404),
        ("PUT", "/reports/a", {"Content-Type": "image/png"}, 415),
        ("PUT", "/reports/a", {}, 415),
    ],
)
def test_a_place_or_format_that_is_none(site, method, address, headers, status):
    """It is refused before the gate sees it."""
    assert site(method, address, headers, b"x").status_code == status
    assert site.gate.asked == []


def test_a_graph_posted_to_the_store_gets_a_name(site):
    """The name is new each time, and is where the graph can be had."""
    site.gate.answers = [CREATED, CREATED]
    first, second = (site("POST", "/graphs", TURTLE, b"<x:a> <x:b> 1 .") for _ in range(2))
    assert [first.status_code, second.status_code] == [201, 201]
    assert first.headers["location"] == site.gate.asked[0].target != second.headers["location"]
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/graphs/[0-9a-f-]{36}", first.headers["location"])


def test_parts_of_a_form_come_with_their_boundary(site):
    """The gate parts them: what clients wrote is not parsed here."""
    head = "multipart/form-data; boundary=x"
    site("POST", "/graph/a", {"Content-Type": head}, b"--x--")
    assert [(write.media_type, write.body) for write in site.gate.asked] == [(head, b"--x--")]


def test_a_graph_posted_again_with_its_key_has_its_first_name(site):
    """Else the gate would take it for another write; another author's is another graph."""
    for _ in range(2):
        site("POST", "/graphs", {**TURTLE, "Idempotency-Key": "k"}, b"")
    site.token("bob")
    site("POST", "/graphs", {**TURTLE, "Idempotency-Key": "k"}, b"")
    first, again, other = (write.target for write in site.gate.asked)
    assert first == again != other


def test_a_page_comes_as_it_is(site):
    """With its key and its media type, byte for byte."""
    site("PUT", "/reports/drc-2021-267", {"Content-Type": "text/html; charset=gbk"}, b"\xd6\xd0")
    (write,) = site.gate.asked
    assert (write.kind, write.target, write.body) == (WriteKind.PUT_PAGE, "drc-2021-267", b"\xd6\xd0")
    assert write.media_type == "text/html"


def test_a_report_leads_to_its_document(site):
    """What was put under a key can be read there."""
    response = site("GET", "/reports/drc-2021-267")
    assert (response.status_code, response.headers["location"]) == (303, "/doc/report/drc-2021-267")


@pytest.mark.parametrize(
    ("address", "reading", "writing"),
    [
        ("/update", "OPTIONS", "OPTIONS, POST"),
        ("/graphs", "GET, HEAD, OPTIONS", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
        ("/graph/a", "GET, HEAD, OPTIONS", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
        ("/reports/a", "GET, HEAD, OPTIONS", "DELETE, GET, HEAD, OPTIONS, PUT"),
    ],
)
def test_options_say_what_is_on(opened, address, reading, writing):
    """Where writing is off, only how to read is told."""
    site = opened()
    assert site("OPTIONS", address).headers["allow"] == reading
    site.token()
    site.secret = None
    assert site("OPTIONS", address).headers["allow"] == writing


# Conditions


@pytest.mark.parametrize(
    ("headers", "version"),
    [
        ({}, None),
        ({"If-Match": '"v3"'}, "v3"),
        ({"If-Match": '"v2.0f", W/"v3.00ff-zstd"'}, "v3"),
        ({"If-Match": "*"}, "v3"),
        ({"If-None-Match": '"v2"'}, None),
    ],
)
def test_a_condition_that_holds_is_kept_in_the_gate(site, headers, version):
    """What was seen must still be so when it is written."""
    assert site("PUT", "/graph/authority", {**TURTLE, **headers}, b"").status_code == 200
    assert [write.version for write in site.gate.asked] == [version]


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("/graph/authority", {"If-Match": '"v2"'}),
        ("/graph/authority", {"If-Match": '"v33.00ff"'}),
        ("/graph/authority", {"If-Match": "nonsense"}),
        ("/graph/authority", {"If-None-Match": "*"}),
        ("/graphs?default", {"If-None-Match": "*"}),
        ("/graph/authority", {"If-None-Match": '"v3"'}),
        ("/graph/none", {"If-Match": "*"}),
        ("/reports/none", {"If-Match": "*", "Content-Type": "text/plain"}),
        ("/reports/drc-2021-267", {"If-None-Match": "*", "Content-Type": "text/plain"}),
    ],
)
def test_a_condition_that_does_not_hold(site, address, headers):
    """412, with what is current; the gate is not asked, and the log says so."""
    response = site("PUT", address, {**TURTLE, **headers}, b"")
    assert response.status_code == 412
    assert site.gate.asked == []
    assert [(told["event"], told["status"]) for told in site.told] == [("refused", 412)]


def test_only_what_is_not_there_is_created(site):
    """If-None-Match: * lets a new graph pass."""
    site.gate.answers = [CREATED]
    assert site("PUT", "/graph/none", {**TURTLE, "If-None-Match": "*"}, b"").status_code == 201


def test_the_tag_of_a_graph_names_its_version(site):
    """What GET gave is what If-Match takes, packed or not."""
    for encoding in ("identity", "gzip"):
        tag = site("GET", "/graph/authority", {"Accept-Encoding": encoding}).headers["etag"]
        assert site("PUT", "/graph/authority", {**TURTLE, "If-Match": tag}, b"").status_code == 200
    assert [write.version for write in site.gate.asked] == ["v3", "v3"]


def test_another_write_in_between_changes_nothing_about_a_graph(site):
    """A condition on a graph's being there is looked at again when another version was published meanwhile."""
    site.gate.answers = [Written(outcome=WriteOutcome.STALE, version="v4"), CREATED]
    assert site("PUT", "/graph/none", {**TURTLE, "If-None-Match": "*"}, b"").status_code == 201
    assert site.gate.events == ["applied", "served", "applied", "served"]


def test_another_write_in_between_makes_a_version_stale(site):
    """A condition on the version itself is not tried twice."""
    site.gate.answers = [Written(outcome=WriteOutcome.STALE, version="v4", reason="v4 is current")]
    response = site("PUT", "/graph/authority", {**TURTLE, "If-Match": '"v3"'}, b"")
    assert (response.status_code, response.headers["kg-version"]) == (412, "v4")
    assert len(site.gate.asked) == 1


@pytest.mark.parametrize(
    ("written", "key"), [('"a b"', "a b"), ("a-7", "a-7"), (r'"a\"b\\"', 'a"b\\'), ('"x"', "x"), ("x" * 255, "x" * 255)]
)
def test_a_key_comes_to_the_gate(site, written, key):
    """As a string of RFC 9651, or as a word."""
    site("POST", "/update", {**UPDATE, "Idempotency-Key": written}, b"CLEAR ALL")
    assert [write.idempotency_key for write in site.gate.asked] == [key]


@pytest.mark.parametrize("written", ["", '""', '"a', 'a"', "a b", "é", "x" * 256, '"a", "b"'])
def test_a_key_that_is_none(site, written):
    """It is refused: a client that believes to be safe must not be mistaken."""
    headers = {**UPDATE, "Idempotency-Key": written.encode("latin-1")}
    assert site("POST", "/update", headers, b"CLEAR ALL").status_code == 400
    assert site.gate.asked == []


def test_a_retry_with_a_key_gets_the_first_answer_though_its_condition_no_longer_holds(site):
    """The write itself is why: only the gate knows."""
    site.gate.answers = [CREATED, Written(outcome=WriteOutcome.STALE, version="v5")]
    headers = {**TURTLE, "If-None-Match": "*", "Idempotency-Key": "k"}
    assert site("PUT", "/graph/authority", headers, b"").status_code == 201
    second = site("PUT", "/graph/authority", headers, b"")
    assert (second.status_code, second.json()["detail"]) == (412, "it is there already, and If-None-Match is *")
    assert [write.version for write in site.gate.asked] == ["v0", "v0"]


@pytest.mark.parametrize(
    ("value", "confirmed", "status"), [(None, False, 200), ("deletion", True, 200), ("1", None, 400)]
)
def test_a_large_deletion_is_confirmed(site, value, confirmed, status):
    """By a header that says what it confirms."""
    headers = UPDATE if value is None else {**UPDATE, "KG-Confirm": value}
    assert site("POST", "/update", headers, b"CLEAR ALL").status_code == status
    assert [write.is_deletion_confirmed for write in site.gate.asked] == ([] if confirmed is None else [confirmed])


# What comes back


def test_a_published_write(site):
    """The version and the numbers, when queries are answered from it and not before."""
    response = site("POST", "/update", UPDATE, b"CLEAR ALL")
    assert (response.status_code, response.headers["kg-version"]) == (200, "v4")
    assert response.json() == {"version": "v4", "created": False, "added": 2, "removed": 1, "findings": []}
    assert site.gate.events == ["applied", "served"]
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("/graph/a", f"{BASE}graph/a"),
        ("/graphs?graph=http://x/g", "http://x/g"),
        ("/reports/a-1", f"{BASE}id/report/a-1"),
    ],
)
def test_what_was_created_is_told(site, address, location):
    """201 with where it can be had."""
    site.gate.answers = [CREATED]
    response = site("PUT", address, {"Content-Type": "text/plain"}, b"x")
    assert (response.status_code, response.headers["location"]) == (201, location)
    assert response.json()["location"] == location


def test_a_write_that_changes_nothing(site):
    """204 without a body; nothing needs to be served."""
    site.gate.answers = [Written(outcome=WriteOutcome.UNCHANGED, version="v3")]
    response = site("PUT", "/graph/authority", TURTLE, b"")
    assert (response.status_code, response.content, response.headers["kg-version"]) == (204, b"", "v3")
    assert site.gate.events == ["applied"]


REASONS = [
    (WriteOutcome.FORBIDDEN, 403),
    (WriteOutcome.MALFORMED, 400),
    (WriteOutcome.UNSUPPORTED, 415),
    (WriteOutcome.MISSING, 404),
    (WriteOutcome.STALE, 412),
    (WriteOutcome.REUSED, 422),
    (WriteOutcome.UNCONFIRMED, 409),
    (WriteOutcome.TOO_LARGE, 413),
    (WriteOutcome.TIMED_OUT, 503),
    (WriteOutcome.BUSY, 503),
    (WriteOutcome.FAILED, 500),
]


def test_each_outcome_has_its_answer():
    """None is left out here."""
    told = {outcome for outcome, _ in REASONS}
    assert {*told, WriteOutcome.PUBLISHED, WriteOutcome.UNCHANGED, WriteOutcome.REFUSED} == set(WriteOutcome)


@pytest.mark.parametrize(("outcome", "status"), REASONS)
def test_a_write_that_was_not_done(site, outcome, status):
    """A problem document with the gate's reason and the version that still is current; the log has the outcome."""
    site.gate.answers = [Written(outcome=outcome, version="v3", reason="because", line=2, column=5)]
    response = site("POST", "/update", UPDATE, b"CLEAR ALL")
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    problem = response.json()
    assert problem["detail"].startswith("because")
    assert (problem["outcome"], problem["line"], problem["column"]) == (outcome.value, 2, 5)
    assert response.headers["kg-version"] == "v3"
    assert ("retry-after" in response.headers) is (outcome in {WriteOutcome.BUSY, WriteOutcome.TIMED_OUT})
    assert site.told[-1]["outcome"] == outcome.value
    assert site.gate.events == ["applied"]


def test_an_unconfirmed_deletion_says_how_to_confirm_it(site):
    """With the header's name and the numbers."""
    site.gate.answers = [Written(outcome=WriteOutcome.UNCONFIRMED, removed=900, reason="deletes 900 of 1000")]
    problem = site("POST", "/update", UPDATE, b"CLEAR ALL").json()
    assert problem["removed"] == 900
    assert problem["detail"].endswith("send it again with the header KG-Confirm: deletion")


def test_a_writer_that_fails_is_told_without_its_inside(site, caplog):
    """The client gets 500, and the reason goes to the server's log."""
    site.gate.answers = [StoreError("/srv/store", "disk full")]
    response = site("POST", "/update", UPDATE, b"CLEAR ALL")
    assert response.status_code == 500
    assert "/srv" not in response.text
    assert "disk full" in caplog.text
    assert site.told[-1]["outcome"] == "failed"


REFUSED = Written(outcome=WriteOutcome.REFUSED, version="v3", findings=(FINDING,))


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "application/problem+json", "text/csv"])
def test_a_verdict_as_a_problem(site, accept):
    """By default, findings come with shape, node, message and place."""
    site.gate.answers = [REFUSED]
    headers = {"Accept": accept} if accept else {}
    response = site("POST", "/update", {**UPDATE, **headers}, b"CLEAR ALL")
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    problem = response.json()
    assert problem["found"] == 1
    (found,) = problem["findings"]
    assert (found["shape"], found["focus"], found["message"]) == (FINDING.shape, FINDING.focus, FINDING.message)
    assert (found["source"], found["line"], found["column"], found["quote"]) == ("a.txt", 3, 7, "Titel")


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/n-triples", RdfFormat.N_TRIPLES),
    ],
)
def test_a_verdict_as_a_report(site, accept, form):
    """A SHACL validation report, where the client likes RDF better."""
    site.gate.answers = [REFUSED]
    response = site("POST", "/update", {**UPDATE, "Accept": accept}, b"CLEAR ALL")
    assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (422, accept)
    found = {(quad.predicate.value, quad.object.value) for quad in _literal(parse(response.content, format=form))}
    assert (SH("conforms").value, "false") in found
    assert (SH("sourceShape").value, FINDING.shape) in found


def _literal(quads):
    return [quad for quad in quads if hasattr(quad.object, "value")]


def test_a_person_sees_a_page(site):
    """A browser gets the reason as a page."""
    site.gate.answers = [REFUSED]
    response = site("POST", "/update", {**UPDATE, "Accept": "text/html"}, b"CLEAR ALL")
    assert (response.status_code, response.headers["content-type"]) == (422, "text/html; charset=utf-8")


# The audit log


def test_each_write_is_recorded_before_and_after(site):
    """Who, from where, what by its digest, and what became of it."""
    response = site("PUT", "/graph/a%20b", {**TURTLE, "KG-Confirm": "deletion"}, b"hello")
    before, after = site.told
    assert before == {
        "time": "2026-11-01T00:00:00.000+00:00",
        "event": "began",
        "id": response.headers["request-id"],
        "address": "192.0.2.7",
        "method": "PUT",
        "path": "/graph/a%20b",
        "token": "ada",
        "kind": "put-graph",
        "target": f"{BASE}graph/a%20b",
        "media_type": "text/turtle",
        "bytes": 5,
        "sha256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
        "confirmed": True,
        "version": "v3",
    }
    assert (after["event"], after["id"], after["outcome"]) == ("ended", before["id"], "published")
    assert (after["version"], after["added"], after["removed"], after["findings"]) == ("v4", 2, 1, 0)


def test_the_log_is_for_its_owner(site):
    """Others may not read who wrote."""
    site("POST", "/update", UPDATE, b"CLEAR ALL")
    assert site.log.stat().st_mode & 0o777 == 0o600


def test_a_write_that_cannot_be_recorded_is_not_done(site):
    """503, and the gate is not asked."""
    site.log.mkdir()
    response = site("POST", "/update", UPDATE, b"CLEAR ALL")
    assert response.status_code == 503
    assert site.gate.asked == []


def test_a_write_whose_end_cannot_be_recorded_is_told(site, caplog):
    """It is done, so the client must know; the server's log says what is missing."""
    site.gate.answers = [PUBLISHED]

    class Blocking:
        """Takes the log's place while the write is under way."""

        async def apply(self, _write):
            site.log.unlink()
            site.log.mkdir()
            return PUBLISHED

    gate, site.gate.apply = site.gate.apply, Blocking().apply
    assert site("POST", "/update", UPDATE, b"CLEAR ALL").status_code == 200
    assert "cannot be recorded" in caplog.text
    site.gate.apply = gate
    assert site("POST", "/update", UPDATE, b"CLEAR ALL").status_code == 503


def test_no_control_characters_in_the_log(site):
    """A line is one line of ASCII, whatever a client writes, and a cut-off line ends where the next begins."""
    site.log.write_text('{"cut')
    site("PUT", "/graphs?graph=x:%C3%A9", {"Content-Type": "text/\x1b[31mturtle\xe9".encode("latin-1")}, b"")
    lines = site.log.read_bytes()
    assert lines.startswith(b'{"cut\n{')
    assert all(0x20 <= byte < 0x7F or byte == 0x0A for byte in lines)


def test_a_write_that_was_interrupted_is_recorded_as_unknown(site):
    """It may have been published; the log does not claim to know."""
    site.gate.answers = [asyncio.CancelledError()]
    with pytest.raises(asyncio.CancelledError):
        site("POST", "/update", UPDATE, b"CLEAR ALL")
    assert [(told["event"], told.get("outcome")) for told in site.told] == [("began", None), ("ended", "unknown")]
