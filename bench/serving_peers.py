"""The servers that are compared: where each one's program is, how it takes the data, and how it is started.

Nothing is downloaded. A server whose program is not there is left out, and `absence` says why.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

ROOT: Final = Path(__file__).resolve().parents[1]
MERGED: Final = "urn:x-bench:merged"
_STARTS_WITHIN: Final = 900.0  # seconds: rdflib reads its data first
_ANSWERS_WITHIN: Final = 120.0
_LOOK: Final = 0.05  # seconds
_LOOKS: Final = 200
_SCHEDULED: Final = 2  # with a process's number, the clock of its processor time (clock_getcpuclockid(3) of Linux)


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """What all servers are given.

    Attributes:
        store: the published store.
        quads: all of it in N-Quads, the merged graph as the default graph.
        merged, named: the same in two files, for a server without a default graph of its own.
        triples: in the merged graph.
    """

    folder: Path
    store: Path
    quads: Path
    merged: Path
    named: Path
    triples: int


class Peer(ABC):
    """A server.

    Attributes:
        variable: environment variable with the place of its program.
        program: its name where it stands in PATH.
        path: of its SPARQL endpoint.
        fields: sent with each query.
    """

    name: str
    variable: str
    program: str
    path: str
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def place(self) -> str | None:
        """Where its program is."""
        return os.environ.get(self.variable) or shutil.which(self.program)

    def absence(self, data: Data) -> str | None:
        """Why it cannot be compared, if so."""
        del data
        if self.place is None:
            return f"no {self.program} in PATH, and {self.variable} does not name one"
        return None

    def load(self, data: Data, into: Path) -> None:  # noqa: B027 - not every server has this step
        """Takes the data in, where that is a step of its own."""

    @abstractmethod
    def command(self, data: Data, into: Path, port: int) -> Sequence[str | Path]:
        """The command line that serves it."""

    @property
    def environment(self) -> dict[str, str]:
        """Variables that it is started with."""
        return {}

    def settle(self, data: Data, port: int) -> None:  # noqa: B027 - others are as they will be once they answer
        """Returns when it answers as it will from then on."""

    def target(self, query: str) -> str:
        """Path and query of the request for a query, the query last."""
        return f"{self.path}?{urlencode([*self.fields, ('query', query)])}"


class PolicyKg(Peer):
    """Our own."""

    name, variable, program, path = "kg", "KG_BENCH_PYTHON", "python", "/sparql"

    @property
    def place(self) -> str | None:
        """This checkout, by the interpreter that runs the comparison."""
        return sys.executable

    @property
    def environment(self) -> dict[str, str]:
        """This checkout's code."""
        return {"PYTHONPATH": str(ROOT)}

    def settle(self, data: Data, port: int) -> None:
        """It answers from disk at first, and a version that fits from memory."""
        from kg.query.nursery import data_bytes  # noqa: PLC0415 - of this checkout, found when the comparison runs

        most = int(os.environ.get("KG_MEMORY_STORE_BYTES", "0"))
        if data_bytes(next((data.store / "versions").glob("v*")) / "data") > most:
            return
        until = time.monotonic() + _STARTS_WITHIN
        while json.loads(fetched(port, "/health", "application/json")[2])["store"] != "memory":
            if time.monotonic() > until:
                raise RuntimeError("our server does not answer from memory")
            time.sleep(0.1)

    def command(self, data: Data, into: Path, port: int) -> Sequence[str | Path]:
        """The command line."""
        del into
        return [sys.executable, "-m", "kg", "serve", "--store", data.store, "--port", str(port)]


class Oxigraph(Peer):
    """Oxigraph's own server, on the engine that ours has, too."""

    name, variable, program, path = "oxigraph", "KG_BENCH_OXIGRAPH", "oxigraph", "/query"

    def load(self, data: Data, into: Path) -> None:
        """Into its own store."""
        program = self.place or self.program
        _ran([program, "load", "--location", into, "--file", data.quads, "--lenient"])
        _ran([program, "optimize", "--location", into])

    def command(self, data: Data, into: Path, port: int) -> Sequence[str | Path]:
        """The command line."""
        del data
        return [self.place or self.program, "serve-read-only", "--location", into, "--bind", f"127.0.0.1:{port}"]


class Fuseki(Peer):
    """Apache Jena Fuseki over TDB2."""

    name, variable, program, path = "fuseki", "KG_BENCH_FUSEKI", "jena-fuseki-server.jar", "/ds/query"
    _java: Final = ("java", "-Xmx3g")

    def absence(self, data: Data) -> str | None:
        """A jar needs its Java."""
        return super().absence(data) or (None if shutil.which("java") else "no java in PATH")

    def load(self, data: Data, into: Path) -> None:
        """By its own loader."""
        _ran([*self._java, "-cp", self.place or "", "tdb2.tdbloader", f"--loc={into}", data.quads])

    def command(self, data: Data, into: Path, port: int) -> Sequence[str | Path]:
        """The command line."""
        del data
        served = ["--tdb2", f"--loc={into}", "--localhost", "--port", str(port), "/ds"]
        return [*self._java, "-jar", self.place or "", *served]


_INI: Final = """
[Database]
DatabaseFile = {into}/virtuoso.db
ErrorLogFile = {into}/virtuoso.log
TransactionFile = {into}/virtuoso.trx
xa_persistent_file = {into}/virtuoso.pxa
LockFile = {into}/virtuoso.lck
[TempDatabase]
DatabaseFile = {into}/temp.db
TransactionFile = {into}/temp.trx
[Parameters]
ServerPort = {sql}
ServerThreads = 100
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
DirsAllowed = {files}
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 80
KeepAliveTimeout = 30
MaxKeepAlives = 80
[SPARQL]
DefaultQuery = ask {{}}
"""


class Virtuoso(Peer):
    """Virtuoso, whose default graph is the bag of all graphs: so it is asked for the merged graph by a name."""

    name, variable, program, path = "virtuoso", "KG_BENCH_VIRTUOSO", "virtuoso-t", "/sparql"
    fields = (("default-graph-uri", MERGED),)

    def absence(self, data: Data) -> str | None:
        """It is told what to load by its own client."""
        return super().absence(data) or (None if shutil.which("isql-vt") else "no isql-vt in PATH")

    def load(self, data: Data, into: Path) -> None:
        """By its bulk loader: the merged graph under a name, the others under theirs."""
        port = free_port()
        command = self.command(data, into, port)
        sql = str(_sql_port(port))
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            try:
                _wait(port, running)
                where = data.folder
                steps = [
                    f"ld_dir('{where}', '{data.merged.name}', '{MERGED}');",
                    f"ld_dir('{where}', '{data.named.name}', 'urn:x-bench:unused');",
                    "rdf_loader_run();",
                    "checkpoint;",
                ]
                said = _ran(["isql-vt", sql, "dba", "dba", f"exec={' '.join(steps)}"])
                failed = _ran(
                    ["isql-vt", sql, "dba", "dba", "exec=select ll_error from load_list where ll_error is not null;"]
                )
                if "0 Rows" not in failed:
                    raise RuntimeError(f"Virtuoso could not load: {said} {failed}")
            finally:
                running.terminate()

    def command(self, data: Data, into: Path, port: int) -> Sequence[str | Path]:
        """The command line; its settings are a file."""
        into.mkdir(exist_ok=True)
        settings = into / f"virtuoso-{port}.ini"
        settings.write_text(_INI.format(into=into, files=data.folder, port=port, sql=_sql_port(port)))
        return [self.place or self.program, "+foreground", "+configfile", settings]


class RdflibEndpoint(Peer):
    """rdflib-endpoint over rdflib's own store in memory."""

    name, variable, program, path = "rdflib-endpoint", "KG_BENCH_RDFLIB_ENDPOINT", "rdflib-endpoint", "/"
    _most: Final = 1_500_000

    def absence(self, data: Data) -> str | None:
        """Its store takes about 1 GB of memory and a minute of processor time a million statements."""
        if data.triples > self._most:
            return f"{data.triples:,} triples, and above {self._most:,} its store in memory takes too long to fill"
        return super().absence(data)

    def command(self, data: Data, into: Path, port: int) -> Sequence[str | Path]:
        """The command line."""
        del into
        return [self.place or self.program, "serve", data.quads, "--host", "127.0.0.1", "--port", str(port)]


PEERS: Final = (PolicyKg(), Oxigraph(), Fuseki(), Virtuoso(), RdflibEndpoint())


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers.

    Attributes:
        used: the seconds of each of its processes.
    """

    peer: Peer
    port: int
    pid: int
    used: dict[int, float] = field(default_factory=dict)

    @property
    def processor(self) -> float:
        """Seconds of processor time that it and all its children have used, to the nanosecond.

        Of a child that has ended it is what it had used when it was looked at last.
        """
        for pid in _tree(self.pid):
            with suppress(OSError):  # it has ended meanwhile
                self.used[pid] = time.clock_gettime(~pid << 3 | _SCHEDULED)
        return sum(self.used.values())

    def wait_for_rest(self) -> None:
        """Returns when it is done with what clients gave up: when it uses less than a tenth of a processor."""
        for _ in range(_LOOKS):
            before = self.processor
            time.sleep(_LOOK)
            if self.processor - before < _LOOK / 10:
                return

    @property
    def memory(self) -> float:
        """Megabytes it and its children hold, shared pages counted once."""
        kilobytes = 0
        for pid in _tree(self.pid):
            with suppress(OSError):
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return kilobytes / 1024


@contextmanager
def served(peer: Peer, data: Data, into: Path) -> Iterator[Running]:
    """The server, once it answers."""
    port = free_port()
    log = data.folder / f"{peer.name}.log"
    environment = {**os.environ, **peer.environment}
    with log.open("wb") as out:
        process = subprocess.Popen(peer.command(data, into, port), stdout=out, stderr=out, env=environment, cwd=into)
    try:
        _wait(port, process)
        target = peer.target("SELECT * WHERE { ?s ?p ?o } LIMIT 1")
        fetched(port, target, "application/sparql-results+json")
        peer.settle(data, port)
        yield Running(peer, port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def fetched(port: int, target: str, accept: str) -> tuple[int, str, bytes]:
    """Status, media type and body of one answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_ANSWERS_WITHIN)
    try:
        connection.request("GET", target, headers={"Accept": accept})
        sent = connection.getresponse()
        return sent.status, sent.headers.get_content_type(), sent.read()
    finally:
        connection.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def _sql_port(port: int) -> int:
    return port + 1 if port < 65000 else port - 1  # noqa: PLR2004 - beside it, whatever it is


def _ran(command: Sequence[str | Path]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr[-2000:]} {done.stdout[-500:]}")
    return done.stdout + done.stderr


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with status {process.returncode}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"{process.args!r} does not listen")


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _tree(pid: int) -> list[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                parents[int(entry.name)] = int(_stat(int(entry.name))[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found
