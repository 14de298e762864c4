"""Workers that ask another server: its answers, its failures, and what it may not do to us."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from kg.model.errors import KgError, QueryFailed, QueryRefused, QuerySyntaxError, Refusal, UpstreamFailed
from kg.network import Credential
from kg.query import AnswerKind, Query, UpstreamOptions, run_once
from kg.rdf.formats import GraphFormat, ResultsFormat

ROWS = "application/sparql-results+json"
TRIPLES = "application/n-triples"
ONE = b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal","value":"x, y"}}]}}'


class Endpoint(BaseHTTPRequestHandler):
    """Answers what it was told to."""

    def do_POST(self):
        """One answer to whatever is asked."""
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.server.asked.append((parse_qs(body.decode()), self.headers.get("Authorization"), self.path))
        status, media_type, payload = self.server.answer
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Location", "http://127.0.0.1:9/")
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_):
        """Nothing is logged."""


@pytest.fixture
def endpoint():
    """A server on this machine; `answer` is what it says, `asked` what it was asked."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    server.answer, server.asked = (200, ROWS, ONE), []
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield server
    server.shutdown()
    serving.join()
    server.server_close()


def ask(endpoint, query, *, deadline=20, credential=None):
    """The answer of a worker that asks the endpoint."""
    url = f"http://127.0.0.1:{endpoint.server_port}/sparql?x=1"
    return run_once(query, UpstreamOptions(url=url, credential=credential), deadline=deadline)


def test_rows_in_each_format(endpoint):
    """Rows come as JSON and leave as the client wants them, counted."""
    answer = ask(endpoint, Query(text="SELECT ?a { ?s ?p ?a }", results=ResultsFormat.CSV))
    assert (answer.kind, answer.rows, answer.payload) == (AnswerKind.SOLUTIONS, 1, b'a\r\n"x, y"\r\n')
    assert endpoint.asked[0][0] == {"query": ["SELECT ?a { ?s ?p ?a }"]}
    assert endpoint.asked[0][2] == "/sparql?x=1"


def test_graphs_and_truth(endpoint):
    """Triples come as N-Triples, a truth value as JSON."""
    endpoint.answer = (200, TRIPLES, b'<http://a/b> <http://a/c> "d"@en .\n')
    answer = ask(endpoint, Query(text="DESCRIBE <http://a/b>", graph=GraphFormat.JSONLD))
    assert answer.kind is AnswerKind.GRAPH
    assert b'"@value": "d"' in answer.payload or b'"@value":"d"' in answer.payload
    endpoint.answer = (200, ROWS, b'{"head":{},"boolean":true}')
    assert ask(endpoint, Query(text="ASK {}")).kind is AnswerKind.BOOLEAN


def test_dataset_and_credential_are_passed_on(endpoint):
    """The graphs of the protocol's dataset and the credential reach the server."""
    query = Query(text="SELECT * { ?s ?p ?a }", default_graphs=("http://a/g",), named_graphs=("http://a/h",))
    ask(endpoint, query, credential=Credential("t0ken"))
    form, shown, _ = endpoint.asked[0]
    assert (form["default-graph-uri"], form["named-graph-uri"], shown) == (
        ["http://a/g"],
        ["http://a/h"],
        "Bearer t0ken",
    )


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("ASK { SERVICE <http://169.254.169.254/> {} }", QueryRefused),
        ("ASK { \\u0053ERVICE <http://169.254.169.254/> {} }", QueryRefused),
        ("DROP ALL", QueryRefused),
        ("ASK {", QuerySyntaxError),
        ("SELECT ?x { ?x !<java:x> [] ", QuerySyntaxError),
    ],
)
def test_what_is_no_query_of_ours_never_leaves(endpoint, query, error):
    """The gate and our own engine read a query before the other server does."""
    with pytest.raises(error):
        ask(endpoint, Query(text=query))
    assert endpoint.asked == []


@pytest.mark.parametrize(
    ("answer", "error", "reason"),
    [
        ((500, "text/html", b"<h1>secret stack trace</h1>"), UpstreamFailed, "status 500"),
        ((401, "text/plain", b"who?"), UpstreamFailed, "status 401"),
        ((302, "text/plain", b""), UpstreamFailed, "status 302"),
        ((200, "text/html", b"<h1>hello</h1>"), UpstreamFailed, "'text/html'"),
        ((200, ROWS, b'{"head":'), UpstreamFailed, "cannot be read"),
        ((200, ROWS, b"[" * 1_500), KgError, "cannot be read|worker"),
        (
            (200, ROWS, b'{"head":{"vars":["a"]},"results":{"bindings":[' + b" " * 3000 + b"]}}"),
            UpstreamFailed,
            "more than",
        ),
        ((400, "text/plain", b"Parse error: no such thing"), QuerySyntaxError, "Parse error: no such thing"),
        ((503, "text/plain", b"Query timed out"), QueryRefused, "busy, or stopped"),
    ],
)
def test_answers_that_are_none(endpoint, answer, error, reason):
    """Whatever the server sends in place of an answer is an error that a client is told; its inner words are not."""
    endpoint.answer = answer
    with pytest.raises(error, match=reason) as told:
        ask(endpoint, Query(text="SELECT * { ?s ?p ?a }", most_bytes=2000))
    assert "secret" not in str(told.value)


def test_busy_is_told_as_busy(endpoint):
    """429 of the other server is a refusal that may pass."""
    endpoint.answer = (429, "text/plain", b"")
    with pytest.raises(QueryRefused) as told:
        ask(endpoint, Query(text="ASK {}"))
    assert told.value.kind is Refusal.BUSY


def test_nobody_listens():
    """A server that is gone is an error, not a crash."""
    with pytest.raises(UpstreamFailed, match="no connection"):
        run_once(Query(text="ASK {}"), UpstreamOptions(url="http://127.0.0.1:1/"), deadline=20)


def test_limits_hold(endpoint):
    """An answer of more rows than are sent fails, as one of the store's own would."""
    endpoint.answer = (200, TRIPLES, b"".join(b"<http://a/%d> <http://a/c> <http://a/d> .\n" % n for n in range(50)))
    with pytest.raises(QueryFailed, match="more than 10 rows"):
        ask(endpoint, Query(text="CONSTRUCT WHERE { ?s ?p ?o }", most_rows=10))
