"""What every handler needs: the two pools, the addresses, and the templates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from functools import cached_property, partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.types import Scope

from kg.model.errors import QueryRefused
from kg.model.reach import Reach
from kg.query import (
    MOST_BYTES,
    MOST_ROWS,
    Answer,
    Begun,
    Federation,
    Lanes,
    Query,
    QueryPool,
    Stream,
    has_clauses,
    whole,
)
from kg.rdf.dataset import Census, Edition
from kg.web.addresses import Addresses
from kg.web.answers import Answers
from kg.web.clients import Budgets, Places, Proxies
from kg.web.federation import ask_federated
from kg.web.kept import Told
from kg.web.leaving import UnlessLeft
from kg.web.loading import Loading
from kg.web.observation import noted_query

if TYPE_CHECKING:
    from collections.abc import Mapping


#: The next version answers at the same address: an answer may be kept, and is asked about before it is used again.
_REVALIDATED: Final = "public, no-cache"


#: What lets scripts of any site read an answer (CORS).
SHARED: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Allow, Accept-Query, Age, Cache-Status",
}
#: What answers say of themselves that services of others have a part in: nobody knows how long they hold.
FLEETING: Final = {"Cache-Control": "no-store"}
_FLEETING: Final = Told(
    headers=tuple((name.lower().encode(), value.encode()) for name, value in {**FLEETING, **SHARED}.items()),
    lasts=False,
)


def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("kg.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a deployment lets clients have.

    Attributes:
        answer_bytes: bytes of the answer to a query; a longer one fails.
        answer_rows: rows or triples of it; more fail.
        cache: bytes of answers that are kept in memory, a quarter of them for our own pages; 0 for none.
        client_seconds: seconds of workers that one client may use in a minute; 0 for as many as there are.
        graph_seconds: seconds in which a graph is sent as it is read, however long; 0: it is an answer like others.
        long_reads: how many of those may take longer than a query at once.
        proxies: those whose word is taken for whom they ask.
        reach: the other servers that are asked for them.
    """

    answer_bytes: int = MOST_BYTES
    answer_rows: int = MOST_ROWS
    cache: int = 128 * 1024 * 1024
    client_seconds: float = 0.0
    graph_seconds: float = 600.0
    long_reads: int = 1
    proxies: Proxies = field(default_factory=Proxies)
    reach: Reach = field(default_factory=Reach)


@dataclass(frozen=True, kw_only=True)
class Site:
    """One published version on the web.

    Attributes:
        queries: the lane for queries that clients write.
        pages: the lane for queries of our own pages, so that these still come when the other one is full.
        questions: folder with example queries, `*.rq`.
        published: when the version came to be, which is when its answers were last changed.
        census: what the version holds, as far as it was counted.
        bounds: what clients may have.
        answers: the answers of this version to clients that are kept.
        page_answers: those to our own pages, so that no client's queries push them out.
        budgets: the seconds of workers that each client has left.
        long_reads: places for graphs that are read for longer than a query may take.
        feed_pages: the pages of the feed that were asked for: what they are made from never changes.
        federation: asks the services of clients' queries; None where none may be asked.
        loading: fetches the documents of updates; None where none may be.
    """

    title: str
    edition: Edition
    census: Census
    addresses: Addresses
    queries: QueryPool | Lanes
    pages: QueryPool
    questions: Path
    published: datetime | None = None
    bounds: Bounds = field(default_factory=Bounds)
    answers: Answers = field(default_factory=lambda: Answers(0))
    page_answers: Answers = field(default_factory=lambda: Answers(0))
    budgets: Budgets = field(default_factory=lambda: Budgets(0))
    long_reads: Places = field(default_factory=lambda: Places(0))
    templates: Environment = field(default_factory=_templates)
    feed_pages: dict[int, bytes] = field(default_factory=dict)
    federation: Federation | None = None
    loading: Loading | None = None

    async def ask(self, scope: Scope, query: Query) -> Answer | Stream:
        """The answer of a worker to a client's query, within the site's limits and the client's budget.

        Raises:
            OverBudget: the client has used its share; otherwise as `QueryPool.ask` and `Federation.answered`.
        """
        charge = self.budgets.begin(self.bounds.proxies.client(scope))
        try:
            if self.federation is not None and self.is_federated(query):
                return await ask_federated(self.federation, self.queries, query, self.addresses.base, charge)
            return await self.queries.ask(query, charge)
        except BaseException:
            charge(0.0)  # where no worker was busy with it
            raise

    def begin(self, scope: Scope, query: Query) -> Begun | None:
        """The same for a query that passed the gate, which no task waits for; None where the workers cannot.

        Raises:
            QueryRefused: the client has used its share, or too many queries wait already.
        """
        if not isinstance(self.queries, Lanes):
            return None
        charge = self.budgets.begin(self.bounds.proxies.client(scope))
        try:
            return self.queries.begin(query, charge)
        except QueryRefused:
            charge(0.0)
            raise

    async def read(self, query: Query) -> Answer:
        """The answer to a query of our own pages: kept, or of one worker for all who ask meanwhile.

        Raises what `QueryPool.run` raises.
        """
        found, _ = await self.page_answers.answer(query, self.told, partial(self.pages.run, query))
        return await whole(found) if isinstance(found, Stream) else found.answer

    def told_of(self, query: Query) -> Told:
        """What the answer to a query says beside itself: one that services have a part in may be another soon."""
        return _FLEETING if self.is_federated(query) else self.told

    def is_federated(self, query: Query) -> bool:
        """Whether services of others have a part in the answer to a query."""
        return self.federation is not None and has_clauses(query.text)

    def page(
        self,
        template: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        headers: Mapping[str, str] | None = None,
        **context: object,
    ) -> Response:
        """A page for people."""
        written = self.templates.get_template(template).render(site=self, **context)
        return Response(written, status, {"Cache-Control": _REVALIDATED, **(headers or {})}, "text/html")

    def answer(self, payload: bytes, media_type: str) -> Response:
        """What the graph answers, to be kept by whoever asks again whether it is still so."""
        return Response(payload, media_type=media_type, headers={"Vary": "Accept", **self.dated})

    @cached_property
    def dated(self) -> dict[str, str]:
        """What every answer of this version says of its age."""
        if self.published is None:
            return {"Cache-Control": _REVALIDATED}
        return {"Cache-Control": _REVALIDATED, "Last-Modified": format_datetime(self.published, usegmt=True)}

    @cached_property
    def told(self) -> Told:
        """What answers to queries of programs say beside themselves; scripts of any site may read them."""
        told = {name.lower(): value for name, value in {**self.dated, **SHARED}.items()}
        raw = tuple((name.encode(), value.encode()) for name, value in told.items())
        return Told(headers=raw, known={name: told[name] for name in ("last-modified",) if name in told})


def site_of(request: Request) -> Site:
    """The site that a request came to."""
    site: Site = request.app.state.site
    return site


async def run_for(request: Request, query: Query) -> Answer:
    """The answer to a client's query, from its budget, unless the client goes away: then the query ends too.

    The request's body must have been read.
    """
    site = site_of(request)
    with UnlessLeft(request.receive), noted_query(request.scope, query) as note:
        answer = await whole(await site.ask(request.scope, query))
        note.rows = answer.rows
        return answer
    raise HTTPException(HTTPStatus.BAD_REQUEST, "the client went away")
