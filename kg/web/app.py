"""The application: routes, problem documents and the headers every response bears."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

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
from kg.web.answers import Answers
from kg.web.clients import Budgets, Places
from kg.web.direct import DirectAnswers
from kg.web.heads import Heads, Plain, plain_request
from kg.web.loading import Loading
from kg.web.observation import Observed, Observer
from kg.web.origins import WritesOfGuests
from kg.web.problems import Problem, answer_problem
from kg.web.prompt import Asker, Prompt, begun_prompt
from kg.web.readers import ReadersOnly
from kg.web.replies import Reply
from kg.web.representations import Representations
from kg.web.security import SecurityHeaders
from kg.web.site import Bounds, Site
from kg.web.writing import Writing

_STATIC: Final = Path(__file__).parent / "static"
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
    app.observed = Observed(SecurityHeaders(ReadersOnly(DirectAnswers(app.framework), access)), observers)
    app.is_open = access.readers is Readers.ANYONE
    return app


class _Application(FastAPI):
    """The framework's application behind what is done for each request: a kept answer never comes to it.

    Attributes:
        framework: the application by itself.
        observed: what a request comes to.
        is_open: whether anyone may read.
        heads: what stood around the queries of plain requests.
    """

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 - the framework's own business
        super().__init__(**given)
        self.framework: ASGIApp = super().__call__
        self.observed = Observed(self.framework, ())
        self.is_open = False
        self.heads = Heads()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        await self.observed(scope, receive, send)

    def plain(self, scope: Scope) -> Plain | None:
        """What a request asks that a server may answer without calling this; None where it must."""
        return plain_request(scope) if self.is_open else None

    def at_once(self, plain: Plain) -> Reply | None:
        """The reply that is kept for a plain request; None where none is.

        It is the response that calling the application would give, and is told to observers.
        """
        return self._told(self.state.site.answers.asked_before(plain.wording))

    def again(self, request: bytes) -> Reply | None:
        """The same for a request that is remembered by its bytes."""
        return self._told(self.state.site.answers.heard_before(request))

    def remember(self, request: bytes, plain: Plain, reply: Reply | None) -> None:
        """Remembers bytes that began a plain request: its head, and where it had a reply at once all of it."""
        if self.heads.learn(request, plain) and reply is not None:
            self.state.site.answers.heard.remember(request, reply)

    def begin(self, plain: Plain, asker: Asker) -> Prompt | None:
        """Begins the query of a plain request at once; None where it is out of the ordinary, or has to wait."""
        return begun_prompt(self.state.site, plain, asker, self.observed.tell)

    def _told(self, reply: Reply | None) -> Reply | None:
        if reply is not None:
            self.observed.tell(reply.exchange)
        return reply
