"""Clients that ask one server as fast as it answers, each on a connection of its own that is kept open.

Run as a program it is one process of such clients: what to do comes as JSON on standard input, and what was seen goes
to standard output. Two processes with 32 clients each take more processor time for an answer than a fast server does:
where wrk is there, it asks for what comes quickly (`serving_wrk.py`).
"""

from __future__ import annotations

import json
import selectors
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import Enum
from itertools import count
from typing import Final

_CHUNK: Final = 256 * 1024
_LONGEST_ERROR: Final = 200
_PATIENCE: Final = 60.0  # seconds for the last answers


class Mode(Enum):
    """Whether any two requests are the same."""

    COLD = "cold"  # each query ends with a comment of its own, so that no answer can have been kept
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What clients do.

    Attributes:
        target: path and query of the request, without what makes it unlike others.
        clients: connections, each with one request under way.
        seconds: for how long new requests are sent.
        most: requests in all, however much time is left.
        first: number of the first request, so that no two processes or runs send the same one.
    """

    port: int
    target: str
    accept: str
    mode: str
    clients: int
    seconds: float
    most: int = 1_000_000
    first: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What clients saw.

    Attributes:
        median, p99: seconds of a whole answer.
        errors: answers with another status than 200, and those that never came.
        error: the first of them.
        seconds: from the first request to the last answer that came in time.
    """

    answers: int
    median: float
    p99: float
    errors: int
    error: str
    seconds: float


def run_load(load: Load, processes: int) -> Seen:
    """What so many processes of clients see together."""
    shares = [load.clients // processes + (at < load.clients % processes) for at in range(processes)]
    loads = [
        Load(**{**asdict(load), "clients": share, "first": load.first + at * 10_000_000})
        for at, share in enumerate(shares)
        if share
    ]
    running = [
        subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in loads
    ]
    for process, share in zip(running, loads, strict=True):
        process.stdin.write(json.dumps(asdict(share)) + "\n")
        process.stdin.flush()
    for process in running:
        process.stdout.readline()  # connected
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    parts = [_Share(**json.loads(process.communicate()[0])) for process in running]
    latencies = sorted(latency for part in parts for latency in part.latencies)
    return Seen(
        answers=len(latencies),
        median=statistics.median(latencies),
        p99=latencies[int(len(latencies) * 0.99)],
        errors=sum(part.errors for part in parts),
        error=next((part.error for part in parts if part.error), ""),
        seconds=max(part.seconds for part in parts),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Share:
    """What the clients of one process saw: as `Seen`, and seconds of each whole answer in the order they came."""

    latencies: list[float]
    errors: int
    error: str
    seconds: float


class _Client:
    """A connection and the answer that comes over it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(0.0)
        self.began = 0.0
        self.status = b""
        self._buffer = bytearray()
        self._ends = self._body = -1
        self._is_chunked = self._closes = False

    def ask(self, request: bytes) -> None:
        """Sends a request; it is short enough for the socket's buffer."""
        self._buffer.clear()
        self._ends = self._body = -1
        self.began = time.perf_counter()
        self.socket.send(request)

    def receive(self) -> int | None:
        """Takes what has come; the number of bytes of the body when it is whole."""
        got = self.socket.recv(_CHUNK)
        self._buffer += got
        if self._body < 0:
            self._read_head()
        if self._body >= 0 and self._is_whole(got):
            return len(self._buffer) - self._body
        if not got:
            raise ConnectionError("the server closed the connection in the middle of an answer")
        return None

    @property
    def closes(self) -> bool:
        """Whether the server takes no more requests on this connection."""
        return self._closes

    def error(self) -> str:
        """The beginning of an answer that is an error."""
        return bytes(self._buffer[: self._body + _LONGEST_ERROR]).decode("utf-8", "replace")

    def _read_head(self) -> None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._buffer[:end]).lower()
        self._body = end + 4
        self.status = head[9:12]
        self._closes = b"connection: close" in head or head.startswith(b"http/1.0")
        self._is_chunked = b"transfer-encoding: chunked" in head
        length = head.find(b"content-length:")
        if length >= 0:
            self._ends = self._body + int(head[length + 15 :].split(b"\r\n", 1)[0])
        elif self._is_chunked:
            self._ends = self._body

    def _is_whole(self, got: bytes) -> bool:
        if not self._is_chunked:
            return len(self._buffer) >= self._ends if self._ends >= 0 else not got
        while True:  # `_ends` is where the next chunk begins
            line = self._buffer.find(b"\r\n", self._ends)
            if line < 0:
                return False
            size = int(self._buffer[self._ends : line].split(b";")[0], 16)
            if len(self._buffer) < line + 4 + size:
                return False
            self._ends = line + 4 + size
            if size == 0:
                return True


def _requests(load: Load) -> Iterator[bytes]:
    head = f"GET {load.target}"
    tail = f" HTTP/1.1\r\nHost: 127.0.0.1:{load.port}\r\nAccept: {load.accept}\r\n\r\n"
    if Mode(load.mode) is Mode.REPEATED:
        same = (head + tail).encode()
        while True:
            yield same
    for number in count(load.first):
        yield f"{head}%0A%23{number}{tail}".encode()


class _Crowd:
    """Clients of one process, and what they have seen."""

    def __init__(self, load: Load) -> None:
        self._load, self._requests = load, _requests(load)
        self._clients = [_Client(load.port) for _ in range(load.clients)]
        self._left = load.most
        self._latencies: list[float] = []
        self._errors, self._error = 0, ""

    def run(self) -> _Share:
        """Asks until time is up; answers under way are waited for, since one that is given up costs a server more."""
        with selectors.DefaultSelector() as ready:
            began = self._last = time.perf_counter()
            self._until = began + self._load.seconds
            for client in self._clients:
                self._ask(client, ready)
            while ready.get_map() and time.perf_counter() < self._until + _PATIENCE:
                for key, _ in ready.select(1.0):
                    if key.data.receive() is not None:
                        ready.unregister(key.data.socket)
                        self._note(key.data)
                        self._ask(key.data, ready)
        seen = self._last - began
        return _Share(latencies=self._latencies, errors=self._errors, error=self._error, seconds=seen)

    def _note(self, client: _Client) -> None:
        """Answers that came too late do not count, unless there was none in time."""
        now = time.perf_counter()
        if now > self._until and self._latencies:
            return
        self._latencies.append(now - client.began)
        self._last = now
        if client.status != b"200":
            self._errors, self._error = self._errors + 1, self._error or client.error()

    def _ask(self, client: _Client, ready: selectors.BaseSelector) -> None:
        if self._left <= 0 or time.perf_counter() >= self._until:
            return
        if client.closes:
            client.socket.close()
            client = _Client(self._load.port)
        self._left -= 1
        ready.register(client.socket, selectors.EVENT_READ, client)
        client.ask(next(self._requests))


def main() -> None:
    """One process of clients: connects, says so, and begins when it is told."""
    crowd = _Crowd(Load(**json.loads(sys.stdin.readline())))
    print("connected", flush=True)
    sys.stdin.readline()
    print(json.dumps(asdict(crowd.run())))


if __name__ == "__main__":
    main()
