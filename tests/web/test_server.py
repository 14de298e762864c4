"""The server as a process: ready, stopped by a signal, and free again when a client goes away."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

import httpx
import pytest

from kg.model.errors import UsageError
from kg.model.imprint import Imprint
from kg.rdf.dataset import Census, Edition
from kg.web import serve

EDITION = Edition(base="http://127.0.0.1:8000/", name="v1", imprint=Imprint())
ENDLESS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?q ?o "
    "FILTER(CONCAT(STR(?a), STR(?d), STR(?g), STR(?j), STR(?m)) = 'never') }"
)
SCRIPT = """
import sys
from pathlib import Path
from kg.model.imprint import Imprint
from kg.rdf.dataset import Census, Edition
from kg.web import serve

edition = Edition(base="http://127.0.0.1:8000/", name="v1", imprint=Imprint())
serve(Path(sys.argv[1]), edition=edition, census=Census(triples=1), questions=Path(sys.argv[2]), port=0,
      deadline=60, workers=1, on_ready=lambda address: print(address, flush=True))
print("stopped", flush=True)
"""


@contextmanager
def served(data, questions):
    """A server of its own process, and the address it gave when it was ready."""
    command = [sys.executable, "-W", "error", "-c", SCRIPT, str(data), str(questions)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_serves_until_a_signal(data, questions, stop):
    """It serves once it says so, ends cleanly at a signal, and says nothing on the way."""
    with served(data, questions) as (process, address):
        assert httpx.get(address).status_code == 200
        process.send_signal(stop)
        assert process.wait(20) == 0
        assert (process.stdout.read(), process.stderr.read()) == ("stopped\n", "")


def test_client_that_goes_away_frees_its_worker(data, questions):
    """When a client hangs up, its query ends, and the only worker answers the next client long before the deadline."""
    with served(data, questions) as (_, address):
        place = urlsplit(address)
        with socket.create_connection((place.hostname, place.port)) as client:
            client.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: kg\r\n\r\n".encode())
        answer = httpx.get(f"{address}sparql", params={"query": "ASK {}"}, timeout=20)
        assert answer.json()["boolean"] is True


def test_long_query_in_the_address(data, questions):
    """A query fits into an address though each of its letters takes six characters there."""
    with served(data, questions) as (_, address):
        query = "ASK {} #" + "é" * 10_000
        assert httpx.get(f"{address}sparql", params={"query": query}).status_code == 200


def test_port_in_use(data, questions):
    """An address in use is an error that names it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port}"):
            serve(data, edition=EDITION, census=Census(triples=1), questions=questions, port=port)
