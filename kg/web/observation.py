"""What happened to each request, told to whoever wants to know: the access log, the metrics."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.model.errors import (
    KgError,
    QueryFailed,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    ServiceFailed,
    UpstreamFailed,
)
from kg.query import Query

_KEY: Final = "kg.query"
_WRITE: Final = "kg.write"
_HASHED: Final = 16


@dataclass(slots=True, eq=False)  # not frozen, as below: each request has one, and that would take thrice as long
class QueryRun:
    """A client's query, run.

    Attributes:
        query: what was asked; observers tell its digest alone.
        seconds: from when it came to when it ended, its wait for a worker included.
        outcome: `answered`, `syntax`, `timeout`, `failed`, `upstream` (the other server fails), `service` (one that
            the query asks fails), `left` (the client went away), or why it was refused:
            `federation`, `update`, `size`, `format`, `busy`, `budget`.
        rows: how many rows or triples it answered; None where it answers none.
        cache: where the answer came from: `hit`, `shared` or `miss`; empty where there is none, or no cache was asked.
    """

    query: Query
    seconds: float
    outcome: str
    rows: int | None = None
    cache: str = ""

    @property
    def digest(self) -> str:
        """The first 16 hexadecimal digits of the SHA-256 of its text: equal queries are recognised, none is told."""
        return hashlib.sha256(self.query.text.encode(errors="surrogatepass")).hexdigest()[:_HASHED]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteRun:
    """A write that came to the gate.

    Attributes:
        kind, outcome: as in `kg.model.writes`, or `unknown` for a write that was broken off.
        seconds: until it was published and served, its wait for other writes included.
    """

    kind: str
    outcome: str
    seconds: float


@dataclass(slots=True, eq=False)
class Exchange:
    """A request and its response. For an answer that is kept and sent at once it is the same one each time.

    Attributes:
        path: as the client wrote it, undecoded; the part behind `?` is left out, since it may hold a query.
        route: the pattern of our route, such as `/doc/{path:path}`; None where none was found.
        status: 0 where no response was begun.
        seconds: until the last byte was handed over; 0 for what was kept and sent at once, within microseconds.
        size: bytes of the body that was sent.
    """

    method: str
    path: str
    route: str | None
    status: int
    seconds: float
    size: int
    query: QueryRun | None
    write: WriteRun | None = None


Observer = Callable[[Exchange], None]


def note_write(scope: Scope, run: WriteRun) -> None:
    """Notes a write in the request that asked for it."""
    scope[_WRITE] = run


class QueryNote:
    """What a query's answer leaves for the record: its rows, and where it came from."""

    rows: int | None = None
    cache: str = ""


@contextmanager
def noted_query(scope: Scope, query: Query) -> Iterator[QueryNote]:
    """Notes the run of a query in the request that asked for it; the block says in what it is given what came of it."""
    note, outcome, began = QueryNote(), "left", time.perf_counter()
    try:
        yield note
        outcome = "answered"
    except KgError as error:
        outcome = _outcome(error)
        raise
    finally:
        scope[_KEY] = QueryRun(
            query=query,
            seconds=time.perf_counter() - began,
            outcome=outcome,
            rows=note.rows,
            cache=note.cache,
        )


_OUTCOMES: Final[Mapping[type[KgError], str]] = {
    QuerySyntaxError: "syntax",
    QueryTimeout: "timeout",
    UpstreamFailed: "upstream",
    ServiceFailed: "service",
    QueryFailed: "failed",
}


def _outcome(error: KgError) -> str:
    if isinstance(error, QueryRefused):
        return error.kind.value
    return _OUTCOMES.get(type(error), type(error).__name__)


class Observed:
    """Tells observers of each exchange once it is over, whatever became of it."""

    def __init__(self, app: ASGIApp, observers: Iterable[Observer]) -> None:
        self._app, self._observers = app, tuple(observers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on and watches its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, size = time.perf_counter(), 0, 0

        async def send_on(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        finally:
            exchange = Exchange(
                method=scope["method"],
                path=(scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0].decode("latin-1"),
                route=getattr(scope.get("route"), "path", None),
                status=status,
                seconds=time.perf_counter() - began,
                size=size,
                query=scope.get(_KEY),
                write=scope.get(_WRITE),
            )
            self.tell(exchange)

    def tell(self, exchange: Exchange) -> None:
        """Tells the observers of an exchange that did not pass here."""
        for observer in self._observers:
            observer(exchange)
