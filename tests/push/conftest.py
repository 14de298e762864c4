"""A graph store in memory that fails when it is told to, and a version to push."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

EX = "http://example.org/"
BASE = "http://kg.example.org/"
SAYS = NamedNode(f"{EX}says")


class Shelf(BaseHTTPRequestHandler):
    """Keeps graphs as sets of lines, and notes what it is asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """A graph, or 404."""
        held = self.server.graphs.get(self._graph())
        if not self._fails("GET"):
            self._answer(404 if held is None else 200, b"".join(sorted(held or ())))

    def do_PUT(self):
        """A graph instead of what was there."""
        body = self._body()
        if not self._fails("PUT"):
            self.server.graphs[self._graph()] = set(body.splitlines(keepends=True))
            self._answer(204)

    def do_POST(self):
        """Lines that are added."""
        body = self._body()
        if not self._fails("POST"):
            self.server.graphs.setdefault(self._graph(), set()).update(body.splitlines(keepends=True))
            self._answer(204)

    def do_DELETE(self):
        """A graph no more."""
        if not self._fails("DELETE"):
            self._answer(204 if self.server.graphs.pop(self._graph(), None) is not None else 404)

    def log_message(self, *_):
        """Nothing is logged."""

    def _graph(self):
        fields = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        return "" if "default" in fields else fields["graph"][0]

    def _body(self):
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _fails(self, method):
        self.server.asked.append((method, self._graph()))
        self.server.shown.append(self.headers.get("Authorization"))
        fault = self.server.fault(method, self._graph())
        if fault is None:
            return False
        if fault == "cut":
            self.close_connection = True
            self.connection.close()
        else:
            status, headers, body = fault
            self._answer(status, body, headers)
        return True

    def _answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/n-triples")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def shelf():
    """A server on this machine: `graphs`, `asked`, and `fault`, which may name a failure."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shelf)
    server.graphs, server.asked, server.shown, server.fault = {}, [], [], lambda _method, _graph: None
    server.url = f"http://127.0.0.1:{server.server_port}/store"
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield server
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def version():
    """A store with a default graph and these named graphs, each of them a few statements."""

    def make(**graphs):
        store = Store()
        for name, words in graphs.items():
            for word in words:
                triple = (NamedNode(f"{EX}{word}"), SAYS, Literal(f'{word} "in"\n words', language="en"))
                store.add(Quad(*triple, NamedNode(BASE + name)))
                store.add(Quad(*triple, DefaultGraph()))
        return store

    return make
