"""Servers on this machine that answer as the tests tell them, and remember what they were asked."""

from __future__ import annotations

import gc
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from pyoxigraph import QueryResultsFormat, Store

ROWS = "application/sparql-results+json"


class _Handler(BaseHTTPRequestHandler):
    """Answers as the path's entry says: with a store, with bytes, or by a function of this handler."""

    def do_POST(self):
        """A query, by the SPARQL protocol."""
        self._answer(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["query"][0])

    def do_GET(self):
        """A document."""
        self._answer("")

    def _answer(self, query):
        self.server.asked.append((self.path, query, dict(self.headers)))
        found = self.server.answers.get(self.path)
        if callable(found):
            found(self)
        elif isinstance(found, Store):
            self.give(200, ROWS, found.query(query).serialize(format=QueryResultsFormat.JSON))
        elif found is None:
            self.give(404, "text/plain", b"not here")
        else:
            self.give(*found)

    def give(self, status, media_type, payload, **headers):
        """Sends a response."""
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(payload)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_):
        """Nothing is logged."""


@contextmanager
def endpoints(answers):
    """A server with an answer for each path: its address, and what it was asked (path, query, headers)."""
    gc.collect()  # what other tests left of the engine's must not end in a thread that did not begin it
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.answers, server.asked, server.daemon_threads = answers, [], True
        serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", server.asked
        finally:
            server.shutdown()
            serving.join()
