"""The application: routes, problem documents and the headers every response bears."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.model.access import Readers
from kg.model.errors import KgError
from kg.query import Federation, Lanes, QueryPool
from kg.rdf.dataset import Census, Edition
from kg.web import (
    catalogue,
    feeds,
    graph_writes,
    graphs,
    health,
    home,
    ontology,
    openapi,
    reports,
    resources,
    sparql,
    updates,
)
from kg.web.access import Access
from kg.web.addresses import Addresses
from kg.web.answers import Answers, Origin
from kg.web.clients import Budgets, Places
from kg.web.direct import PATH, DirectAnswers, cache_headers, kept_response
from kg.web.heard import Heard
from kg.web.kept import Kept, Rendering
from kg.web.loading import Loading
from kg.web.observation import Exchange, Observed, Observer, QueryRun, digest_of
from kg.web.origins import WritesOfGuests
from kg.web.problems import Problem, answer_problem
from kg.web.prompt import Ways, begun_prompt
from kg.web.readers import ReadersOnly
from kg.web.representations import Representations
from kg.web.site import Bounds, Site
from kg.web.writing import Writing

_STATIC: Final = Path(__file__).parent / "static"
_HEADERS: Final = (
    (
        b"content-security-policy",
        (
            b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
            b"base-uri 'none'; frame-ancestors 'none'"
        ),
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_NAMES: Final = frozenset(name for name, _ in _HEADERS)

#: Our own pages have this part of what is kept of answers.
_PAGES_SHARE: Final = 4
_ANYONE: Final = Access()  # reads; nobody writes


def create_app(  # noqa: PLR0913 - each is a part of the site
    *,
    queries: QueryPool | Lanes,
    pages: QueryPool,
    edition: Edition,
    census: Census,
    questions: Path,
    published: datetime | None = None,
    title: str = "Policy KG",
    observers: Iterable[Observer] = (),
    parts: Iterable[APIRouter] = (),
    access: Access = _ANYONE,
    writing: Writing | None = None,
    bounds: Bounds | None = None,
) -> FastAPI:
    """The application over pools that the caller has started and will close.

    Args:
        queries: answers what clients write at /sparql.
        pages: answers what our own pages ask, so that they come while the other pool is busy.
        edition: what is served, under which public base.
        census: what it holds, as far as it was counted.
        questions: folder with example queries.
        published: when the version came to be, with its zone.
        title: name of the site.
        observers: are told of each request when its response has been sent.
        parts: further routes.
        access: who may read.
        writing: how writes are taken; None where nothing is written.
        bounds: what clients may have; without it the usual.
    """
    bounds = bounds or Bounds()
    app = _Application(title=title, openapi_url=None, docs_url=None, redoc_url=None)
    app.state.site = Site(
        title=title,
        edition=edition,
        census=census,
        addresses=Addresses(edition.base),
        queries=queries,
        pages=pages,
        questions=questions,
        published=published,
        bounds=bounds,
        answers=Answers(bounds.cache - bounds.cache // _PAGES_SHARE),
        page_answers=Answers(bounds.cache // _PAGES_SHARE),
        budgets=Budgets(bounds.client_seconds),
        long_reads=Places(bounds.long_reads),
        federation=Federation(bounds.reach) if bounds.reach.services else None,
        loading=Loading(bounds.reach) if bounds.reach.loads else None,
    )
    app.state.writing = writing
    for part in (
        home,
        sparql,
        updates,
        graphs,
        graph_writes,
        reports,
        resources,
        ontology,
        catalogue,
        feeds,
        health,
        openapi,
    ):
        app.include_router(part.router)
    for router in parts:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=_STATIC))
    for error in (Problem, KgError, HTTPException):
        app.add_exception_handler(error, answer_problem)
    app.add_middleware(Representations)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST", "QUERY"],
        allow_headers=["*"],
        expose_headers=["ETag", "Allow", "Accept-Query", "Location", "Request-Id", "Retry-After"],
    )
    app.add_middleware(WritesOfGuests, origins=access.origins)
    app.observed = Observed(_SecurityHeaders(ReadersOnly(DirectAnswers(app.framework), access)), observers)
    app.is_open = access.readers is Readers.ANYONE
    return app


class _Application(FastAPI):
    """The framework's application behind what is done for each request: a kept answer never comes to it.

    Attributes:
        framework: the application by itself.
        observed: what a request comes to.
        is_open: whether anyone may read.
        heard: requests that were answered at once, for connections.
    """

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 - the framework's own business
        super().__init__(**given)
        self.framework: ASGIApp = super().__call__
        self.observed = Observed(self.framework, ())
        self.is_open = False
        self.heard = Heard()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        await self.observed(scope, receive, send)

    def at_once(self, scope: Scope) -> tuple[bytes, bytes] | None:
        """Headers and body of a kept answer, for a server that can send them without more ado; None where none is kept.

        It is the response that calling the application would give, and is told to observers.
        """
        began = time.perf_counter()
        scope["app"] = self
        found = kept_response(scope) if self.is_open else None
        if found is None:
            return None
        kept, rendering = found
        run = QueryRun(
            digest=digest_of(kept.query),
            seconds=0.0,
            outcome="answered",
            rows=kept.answer.rows,
            cache=Origin.KEPT.value,
        )
        self._tell(run, HTTPStatus.OK, len(rendering.body), time.perf_counter() - began)
        return _head(kept, rendering, Origin.KEPT), rendering.body

    def begin(
        self, scope: Scope, send: Callable[[bytes, bytes], None], pass_on: Callable[[], None]
    ) -> Callable[[], None] | None:
        """Begins a plain query at once; None where it is not one, or must wait.

        One of the two is called later: `send` with headers and body of the answer, or `pass_on` where the application
        must be called in the usual way. Where the client goes away before that, what is returned here is called.
        """
        scope["app"] = self
        if not self.is_open:
            return None

        def answer(kept: Kept, rendering: Rendering, run: QueryRun) -> None:
            send(_head(kept, rendering, Origin.WORKER), rendering.body)
            self._tell(run, HTTPStatus.OK, len(rendering.body), run.seconds)

        ways = Ways(answer, pass_on, lambda run: self._tell(run, 0, 0, run.seconds))
        prompt = begun_prompt(self.state.site, scope, ways)
        return None if prompt is None else prompt.leave

    def _tell(self, run: QueryRun, status: int, size: int, seconds: float) -> None:
        told = Exchange(method="GET", path=PATH, route=PATH, status=int(status), seconds=seconds, size=size, query=run)
        self.observed.tell(told)


def _head(kept: Kept, rendering: Rendering, origin: Origin) -> bytes:
    rendering.wire = rendering.wire or _wire([*rendering.headers, *_HEADERS])
    return rendering.wire + _wire(cache_headers(kept, origin))


def _wire(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    return b"".join(b"%s: %s\r\n" % header for header in headers)


class _SecurityHeaders:
    """Sets headers on every response without standing between a handler and its client."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                added = _HEADERS if given.isdisjoint(_NAMES) else [each for each in _HEADERS if each[0] not in given]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self._app(scope, receive, send_with_headers)
