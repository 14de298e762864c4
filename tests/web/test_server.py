"""The server as a process: ready, stopped by a signal, and free again when a client goes away."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
from contextlib import closing, contextmanager
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
ROWS = 50_000
LONG = f"SELECT * {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} LIMIT {ROWS}"
SCRIPT = """
import sys
from pathlib import Path
from kg.model.imprint import Imprint
from kg.rdf.dataset import Census, Edition
from kg.web import serve

edition = Edition(base="http://127.0.0.1:8000/", name="v1", imprint=Imprint())
serve(Path(sys.argv[1]), edition=edition, census=Census(triples=1), questions=Path(sys.argv[2]), port=0,
      deadline=float(sys.argv[3]), workers=1, on_ready=lambda address: print(address, flush=True))
print("stopped", flush=True)
"""


@contextmanager
def served(data, questions, deadline=60):
    """A server of its own process, and the address it gave when it was ready."""
    command = [sys.executable, "-W", "error", "-c", SCRIPT, str(data), str(questions), str(deadline)]
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


@contextmanager
def streaming(address):
    """A response of many mebibytes of which the first bytes were read."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
    with closing(connection):
        connection.connect()
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        connection.request("GET", f"/sparql?query={quote(LONG)}")
        response = connection.getresponse()
        assert response.headers["Transfer-Encoding"] == "chunked"
        yield response, response.read(1000)


def refused(address):
    """Whether new connections come to be refused."""
    place = urlsplit(address)
    for _ in range(100_000):
        try:
            socket.create_connection((place.hostname, place.port), 20).close()
        except ConnectionError:
            return True
    return False


def test_stream_at_the_signal_comes_whole(data, questions):
    """A long answer in flight at SIGTERM is sent to its end to who takes it; meanwhile nobody else comes in."""
    with served(data, questions) as (process, address), streaming(address) as (response, begun):
        process.send_signal(signal.SIGTERM)
        assert refused(address)
        assert process.poll() is None
        found = json.loads(begun + response.read())
        assert len(found["results"]["bindings"]) == ROWS
        assert process.wait(20) == 0


def test_stream_that_nobody_takes_at_the_signal_is_broken_off(data, questions):
    """A long answer whose client takes nothing holds the end up no longer than requests may, and is no whole one."""
    with served(data, questions, deadline=3) as (process, address), streaming(address) as (response, _):
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert refused(address)
        assert (process.stdout.read(), process.stderr.read()) == ("stopped\n", "")
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            response.read()


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
