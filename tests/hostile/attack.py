"""A real server over a small graph that explodes, its attackers, and what of it can be watched from outside."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import resource
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

from kinds import BROKEN_OFF, EX, Kind
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.rdf.vocab import COORD, SKOS, TYPE
from kg.store import Facts, VersionStore

BASE = "http://127.0.0.1:8000/"
NODES, CLIQUE = 2_000, 60
MEMORY = 512 * 1024**2
#: Each kind comes from an address of its own, since no budget of a client shall protect the server here.
_ATTACKERS = [f"127.0.2.{number}" for number in range(1, 255)]
_LAST_WORDS = 200  # lines
_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
_GRAPH = DefaultGraph()


def write_store(folder: Path) -> None:
    """Publishes a graph of a ring, a clique and a hub: 15,000 statements, more products than anybody can count."""
    with VersionStore(folder).writer("test") as writer:
        writer.store.extend(_quads())
        writer.publish(Facts(inputs={}, shapes="", code="1"))


def _quads() -> Iterator[Quad]:
    nodes = [NamedNode(f"{EX}n{number}") for number in range(NODES)]
    hub = NamedNode(f"{EX}hub")
    for number, node in enumerate(nodes):
        words = f"word {number} " + " ".join(str((number * step) % 997) for step in range(1, 30))
        yield Quad(node, NamedNode(f"{EX}next"), nodes[(number + 1) % NODES], _GRAPH)
        yield Quad(node, NamedNode(f"{EX}number"), Literal(number), _GRAPH)
        yield Quad(node, NamedNode(f"{EX}text"), Literal(words), _GRAPH)
        yield Quad(hub, NamedNode(f"{EX}member"), node, _GRAPH)
        yield Quad(node, NamedNode(f"{EX}number"), Literal(number), NamedNode(f"{EX}g{number % 50}"))
    for first in nodes[:CLIQUE]:
        yield from (Quad(first, NamedNode(f"{EX}link"), second, _GRAPH) for second in nodes[:CLIQUE])
    council = NamedNode(f"{BASE}id/body/council")
    yield Quad(council, TYPE, COORD("CoordinatingBody"), _GRAPH)
    yield Quad(council, SKOS("prefLabel"), Literal("Council of Councils", language="en"), _GRAPH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """What one hostile query got: a status, and the milliseconds that the server's own clock counted for it."""

    kind: Kind
    status: int
    milliseconds: float


class Server:
    """`kg serve` as a process, with what its log says of each query."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process, parts = process, urlsplit(address)
        self.host, self.port = parts.hostname or "", parts.port or 0
        self._told: dict[str, float] = {}
        self._news = threading.Condition()
        self._ended = threading.Event()
        self.peak = 0
        self._attackers = cycle(_ATTACKERS)
        self._errors: deque[str] = deque(maxlen=_LAST_WORDS)
        watching = (self._read_log, self._read_errors, self._weigh)
        self._threads = [threading.Thread(target=run, daemon=True) for run in watching]
        for thread in self._threads:
            thread.start()

    def ask(self, kind: Kind) -> Blow:
        """Sends a hostile query, from an address of its own, and waits for the log's line of it."""
        connection = http.client.HTTPConnection(
            self.host, self.port, timeout=60, source_address=(next(self._attackers), 0)
        )
        headers = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json, text/turtle"}
        connection.request("POST", "/sparql", kind.text.encode(), headers)
        response = connection.getresponse()
        status = response.status
        try:
            while response.read(1024 * 1024):
                pass
        except (http.client.IncompleteRead, ConnectionError):
            status = BROKEN_OFF
        finally:
            response.close()
            connection.close()
        digest = hashlib.sha256(kind.text.encode()).hexdigest()[:16]
        with self._news:
            if not self._news.wait_for(lambda: digest in self._told, 10):
                raise AssertionError(f"the log has no line for {kind.name}, answered {status}")
            return Blow(kind=kind, status=status, milliseconds=self._told.pop(digest))

    def health(self) -> Mapping[str, object]:
        """What the server says of itself."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        with closing(connection):
            connection.request("GET", "/health")
            return json.loads(connection.getresponse().read())

    def rest(self, *, seconds: float) -> None:
        """Lets good clients alone with the server."""
        self._ended.wait(seconds)

    def close(self) -> None:
        """Ends the server and the watching of it."""
        self._ended.set()
        self.process.kill()
        for thread in self._threads:
            thread.join()

    @property
    def last_words(self) -> str:
        """What it wrote last on its standard error."""
        return "".join(self._errors)

    def _read_errors(self) -> None:
        self._errors.extend(self.process.stderr or ())

    def _read_log(self) -> None:
        for line in self.process.stdout or ():
            told = json.loads(line)
            if "query" in told:
                with self._news:
                    self._told[told["query"]] = told["ms"]
                    self._news.notify_all()

    def _weigh(self) -> None:
        """Adds up what the server and its children hold, ten times a second."""
        while not self._ended.wait(0.1):
            self.peak = max(self.peak, sum(_resident(pid) for pid in _family(self.process.pid)))


@contextmanager
def serving(store: Path, *, deadline: float, workers: int = 2) -> Iterator[Server]:
    """A server over the store, killed at the end."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(_ROOT),
        "KG_DEADLINE": str(deadline),
        "KG_WORKERS": str(workers),
        "KG_WORKER_MEMORY": str(MEMORY),
        "KG_CLIENT_SECONDS": "0",  # else the attacker would soon be refused, and most of the corpus never run
    }
    command = [sys.executable, "-m", "kg", "serve", "--port", "0", "--store", str(store), "--log-json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=store.parent
    ) as process:
        address = next(found[1] for line in process.stderr if (found := re.search(r"Open (http\S+)", line)))
        server = Server(process, address)
        try:
            yield server
        finally:
            server.close()


@contextmanager
def good_clients(server: Server, number: int) -> Iterator[dict[str, object]]:
    """Good clients ask while the block runs; afterwards what is yielded holds what they saw."""
    command = [sys.executable, str(_HERE / "good.py"), server.host, str(server.port), str(number)]
    seen: dict[str, object] = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield seen
            seen.update(json.loads(process.communicate(timeout=60)[0]))
        finally:
            process.kill()


def attacked(server: Server, kinds: Iterable[Kind], *, attackers: int) -> list[Blow]:
    """What each kind got, some at a time."""
    with ThreadPoolExecutor(attackers) as executor:
        return list(executor.map(server.ask, kinds))


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        threads = [path.name for path in Path(f"/proc/{pid}/task").iterdir()]
        children = " ".join(Path(f"/proc/{pid}/task/{thread}/children").read_text() for thread in threads)
    except OSError:
        return [pid]
    return [pid, *(each for child in children.split() for each in _family(int(child)))]


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0
