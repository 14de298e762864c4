"""What every handler needs: the two pools, the addresses, and the templates."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from kg.query import Answer, Query, QueryPool
from kg.rdf.dataset import Census, Edition
from kg.web.addresses import Addresses
from kg.web.observation import noted_query

if TYPE_CHECKING:
    from collections.abc import Mapping


#: The next version answers at the same address: an answer may be kept, and is asked about before it is used again.
_REVALIDATED: Final = "public, no-cache"


def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("kg.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True, kw_only=True)
class Site:
    """One published version on the web.

    Attributes:
        queries: the lane for queries that clients write.
        pages: the lane for queries of our own pages, so that these still come when the other one is full.
        questions: folder with example queries, `*.rq`.
        published: when the version came to be, which is when its answers were last changed.
        census: what the version holds, as far as it was counted.
        feed_pages: the pages of the feed that were asked for: what they are made from never changes.
    """

    title: str
    edition: Edition
    census: Census
    addresses: Addresses
    queries: QueryPool
    pages: QueryPool
    questions: Path
    published: datetime | None = None
    templates: Environment = field(default_factory=_templates)
    feed_pages: dict[int, bytes] = field(default_factory=dict)

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
        return Response(payload, media_type=media_type, headers={"Vary": "Accept", **self._dated})

    @property
    def _dated(self) -> dict[str, str]:
        if self.published is None:
            return {"Cache-Control": _REVALIDATED}
        return {"Cache-Control": _REVALIDATED, "Last-Modified": format_datetime(self.published, usegmt=True)}


def site_of(request: Request) -> Site:
    """The site that a request came to."""
    site: Site = request.app.state.site
    return site


async def run_for(request: Request, pool: QueryPool, query: Query) -> Answer:
    """The answer to a query, unless the client goes away: then the query ends too.

    The request's body must have been read.
    """
    with noted_query(request.scope, query) as note:
        running = asyncio.create_task(pool.run(query))
        leaving = asyncio.create_task(_left(request))
        try:
            await asyncio.wait({running, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                running.cancel()
            note.answer = await running
        finally:
            leaving.cancel()
            running.cancel()
        return note.answer


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
