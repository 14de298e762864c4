"""One published version served until a signal ends it."""

from __future__ import annotations

import asyncio
import logging
import math
import signal
import socket
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

import uvicorn
from fastapi import FastAPI

from kg.model.errors import UsageError
from kg.query import Lanes, QueryPool, UpstreamOptions, WorkerOptions
from kg.rdf.dataset import Census, Edition
from kg.web.access import Access
from kg.web.app import create_app
from kg.web.audit import AuditLog
from kg.web.following import Following, Published
from kg.web.noise import quieten
from kg.web.observation import Observer
from kg.web.residence import Residence
from kg.web.site import Bounds
from kg.web.writing import WriteSide, Writing

_LOG = logging.getLogger(__name__)
_GIB: Final = 1024**3
_PATIENCE: Final = 10.0  # seconds at least that each query of a page waits for a worker: readers wait, and come through
_LONGEST_FAREWELL: Final = 30  # seconds that running requests have after a signal


def serve(  # noqa: PLR0913  (each is a setting of its own)
    source: Path | UpstreamOptions,
    *,
    edition: Edition,
    census: Census,
    questions: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    deadline: float = 10.0,
    workers: int = 2,
    memory: int = _GIB,
    on_ready: Callable[[str], None] = lambda _: None,
    newer: Callable[[], Published | None] = lambda: None,
    observers: Iterable[Observer] = (),
    access: Access | None = None,
    writes: WriteSide | None = None,
    bounds: Bounds | None = None,
    memory_store: int = 0,
) -> None:
    """Serves a version's data until SIGINT or SIGTERM.

    Args:
        source: folder of a published version's store; or how another server is asked in its place.
        edition: what is served, under which public base; relative IRIs in queries are resolved against that.
        census: what it holds, as far as it was counted.
        questions: folder with example queries.
        host: address to listen on.
        port: 0 for any free one.
        deadline: seconds a query may run.
        workers: how many slow queries of clients run at once; quick ones and our own pages have workers of their own.
        memory: bytes of address space of each worker.
        on_ready: is given the address where the server listens, once it does.
        newer: the version to serve where that has changed since it was asked last; it is asked every second.
        observers: are told of each request when its response has been sent.
        access: who may read and write; without it anyone may read.
        writes: how writes are taken; without it nothing is written.
        bounds: what clients may have; without it the usual.
        memory_store: bytes on disk up to which a version is answered from memory; 0 for never.

    Raises:
        UsageError: the address cannot be listened on.
        QueryFailed: the version's store cannot be opened.
    """
    worker = source if isinstance(source, UpstreamOptions) else _local(source, edition.base, memory)
    with _listening(host, port) as listener:
        service = _Service(
            listener=listener,
            queries=_queries(worker, workers, deadline),
            pages=pages_lane(worker, workers=workers, deadline=deadline),
            edition=edition,
            census=census,
            questions=questions,
            published=None if isinstance(source, UpstreamOptions) else _since(source),
            access=access or Access(),
            writes=writes,
            bounds=_bounds(bounds or Bounds(), worker, workers),
            data=None if isinstance(source, UpstreamOptions) else source.absolute(),
            memory_store=memory_store,
        )
        _run(service.run(on_ready, newer, observers))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Service:
    listener: socket.socket
    queries: QueryPool | Lanes
    pages: QueryPool
    edition: Edition
    census: Census
    questions: Path
    published: datetime | None
    access: Access
    writes: WriteSide | None
    bounds: Bounds
    data: Path | None
    memory_store: int

    async def run(
        self,
        on_ready: Callable[[str], None],
        newer: Callable[[], Published | None],
        observers: Iterable[Observer],
    ) -> None:
        from kg.web.metrics import Metrics  # noqa: PLC0415 - who makes an application of their own counts as they like

        metrics = Metrics()
        residence = Residence((*self.queries.pools, self.pages), self.memory_store)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(residence.close)
            for pool in (self.queries, self.pages):
                await stack.enter_async_context(pool)
            app = create_app(
                queries=self.queries,
                pages=self.pages,
                edition=self.edition,
                census=self.census,
                questions=self.questions,
                published=self.published,
                observers=[*observers, metrics.observe],
                parts=[metrics.router],
                access=self.access,
                bounds=self.bounds,
            )
            if self.data is not None:
                residence.begin(self.data)
            following = Following(newer, partial(self._move, app, residence))
            if self.writes is not None:
                app.state.writing = self._writing(self.writes, following)
                stack.push_async_callback(self.writes.gate.close)
            config = uvicorn.Config(
                app,
                http=_protocol(),
                loop="none",
                ws="none",
                lifespan="off",
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                limit_concurrency=500,
                timeout_graceful_shutdown=1 + min(_LONGEST_FAREWELL, math.ceil(self.queries.deadline) + 1),
            )
            running = asyncio.create_task(following.run())
            try:
                await _Server(config, lambda: on_ready(_address(self.listener))).serve(sockets=[self.listener])
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)

    def _writing(self, side: WriteSide, following: Following) -> Writing:
        return Writing(
            gate=side.gate,
            access=self.access,
            audit=AuditLog(side.audit_log),
            served=following.catch_up,
            most_bytes=side.most_bytes,
        )

    async def _move(self, app: FastAPI, residence: Residence, to: Published) -> None:
        """Serves another version from now on: queries first, then what pages say of it."""
        data = to.data.absolute()
        await residence.move(data)
        published = _since(data)
        app.state.site = replace(
            app.state.site,
            edition=to.edition,
            census=to.census,
            published=published,
            answers=app.state.site.answers.renewed(),
            page_answers=app.state.site.page_answers.renewed(),
            feed_pages={},
        )


def _local(data: Path, base: str, memory: int) -> WorkerOptions:
    return WorkerOptions(data=data.absolute(), base=base, memory=memory)


def _bounds(given: Bounds, worker: WorkerOptions, workers: int) -> Bounds:
    """What another server answers may change at any time, and comes whole: nothing of it is kept, nor read for long.

    Of a store, all workers but one may be held by graphs that are read for long.
    """
    if isinstance(worker, UpstreamOptions):
        return replace(given, cache=0, graph_seconds=0.0)
    return replace(given, long_reads=workers - 1)


def _queries(worker: WorkerOptions, workers: int, deadline: float) -> QueryPool | Lanes:
    """What answers clients; another server would be asked twice, and would go on with what was stopped here."""
    if isinstance(worker, UpstreamOptions):
        return QueryPool(worker, workers=workers, deadline=deadline)
    return Lanes(worker, workers=workers, deadline=deadline)


def pages_lane(worker: WorkerOptions, *, workers: int, deadline: float) -> QueryPool:
    """What answers our own pages, beside so many workers for slow queries; a page asks a dozen queries, one by one."""
    return QueryPool(worker, workers=max(1, workers // 2), deadline=deadline, patience=max(_PATIENCE, deadline))


def _since(data: Path) -> datetime:
    """When a version came to be."""
    return datetime.fromtimestamp(data.stat().st_mtime, UTC)


def _run(service: Coroutine[None, None, None]) -> None:
    """Runs on the faster loop where this system has it; Windows has not."""
    loop = import_module("uvloop") if find_spec("uvloop") else asyncio
    loop.run(service)


def _protocol() -> type[asyncio.Protocol] | Literal["h11"]:
    """Connections with all their bounds, where their parser is installed; else the server's own."""
    if find_spec("httptools") is None:
        _LOG.info("httptools is not installed: slow and oversized requests are bounded less well")
        return "h11"
    connections = import_module("kg.web.connections")
    quieten()
    found: type[asyncio.Protocol] = connections.Connection
    return found


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise UsageError(f"cannot listen on {host}, port {port}: {error.strerror}") from error
    with listener:
        # Connections inherit it; without it each answer waits for the acknowledgement of its own head.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


class _Server(uvicorn.Server):
    """A server that says when it listens, and whose signals end it rather than the process."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._farewell = (config.timeout_graceful_shutdown or 1) - 1

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Takes nobody in any more, and lets requests end for a while."""
        late = asyncio.get_running_loop().call_later(self._farewell, self._break_off)
        await super().shutdown(sockets=sockets)
        late.cancel()
        self._break_off()

    def _break_off(self) -> None:
        """Leaves clients that do not take their answers: what they have is no whole one, and they hold up the end."""
        for connection in list(self.server_state.connections):
            cycle = getattr(connection, "cycle", None)  # what none of our connections lacks
            if cycle is not None and cycle.response_started and connection.transport is not None:
                connection.transport.abort()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._on_ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield  # signals come to the main thread alone
            return
        loop = asyncio.get_running_loop()
        for signum in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(signum, self.handle_exit, signum, None)
        yield
