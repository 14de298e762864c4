"""Queries of programs answered without a task, as most are: begun at once, sent when a worker has the answer.

A task, its timers and the framework's way of sending take longer than many a query. What is out of the ordinary goes
their way, `direct`, before anything was begun, or with what was begun: an error, a long answer, one that must be packed
beside the loop, or a second client who asks the same meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, Protocol

from kg.model.errors import QueryRefused
from kg.query import Answer, Begun, Query, is_lasting
from kg.web.asking import query_for, read_query
from kg.web.heads import Plain
from kg.web.kept import CACHE_STATUS, Kept, Origin, Rendering, as_sent
from kg.web.observation import Exchange, QueryRun
from kg.web.replies import PATH
from kg.web.security import SECURITY
from kg.web.site import Bounds, Site

_LONGEST: Final = 2048  # characters of a query that is looked through at once
_OK: Final = HTTPStatus.OK.value
_CACHE: Final = Origin.WORKER.value
_NEW: Final = as_sent([*SECURITY, (b"cache-status", CACHE_STATUS[Origin.WORKER])])


class Asker(Protocol):
    """Who waits for the answer to a query that was begun."""

    client: tuple[str, int] | None

    def answer(self, headers: bytes, body: bytes) -> None:
        """Sends a whole answer."""

    def pass_on(self, begun: Begun) -> None:
        """Has the request answered by a task of its own, which goes on with what was begun."""


class Prompt:
    """A query that was begun, until its answer is sent or its request passed on."""

    __slots__ = ("_asker", "_begun", "_came", "_is_over", "_plain", "_query", "_site", "_tell")

    def __init__(
        self, site: Site, asked: tuple[Plain, Query, Begun], asker: Asker, tell: Callable[[Exchange], None]
    ) -> None:
        self._site, self._asker, self._tell = site, asker, tell
        self._plain, self._query, self._begun = asked
        self._came = time.perf_counter()
        self._is_over = False
        site.answers.prompt[self._query] = self.pass_on
        self._begun.first.then(self._found)

    def leave(self) -> None:
        """The client has gone."""
        if not self._is_over:
            self._end()
            self._begun.leave()
            self._note(QueryRun(self._query, time.perf_counter() - self._came, "left"))

    def pass_on(self) -> None:
        """Lets a task of its own await the answer: others can wait for that with it."""
        if not self._is_over:
            self._is_over, prompts = True, self._site.answers.prompt
            prompts[self._query] = _nothing
            self._asker.pass_on(self._begun)
            asyncio.get_running_loop().call_soon(prompts.pop, self._query)  # when that task is there to be waited for

    def _found(self) -> None:
        """Sends a short answer that came."""
        if self._is_over:
            return
        found, site = self._begun.first.found, self._site
        if not isinstance(found, Answer):
            self.pass_on()
            return
        kept = Kept(query=self._query, answer=found, told=site.told)
        rendering = kept.rendering_at_once(self._plain.head.encoding.decode("latin-1"))
        if rendering is None:
            self.pass_on()
            return
        self._end()
        site.answers.keep_new(self._plain.wording, kept, rendering)
        self._asker.answer(rendering.sent + _NEW, rendering.body)
        self._note(QueryRun(self._query, time.perf_counter() - self._came, "answered", found.rows, _CACHE), rendering)

    def _end(self) -> None:
        self._is_over = True
        del self._site.answers.prompt[self._query]

    def _note(self, run: QueryRun, sent: Rendering | None = None) -> None:
        status, size = (0, 0) if sent is None else (_OK, len(sent.body))
        self._tell(Exchange("GET", PATH, PATH, status, run.seconds, size, run))


def _nothing() -> None:
    """Was passed on already."""


def begun_prompt(site: Site, plain: Plain, asker: Asker, tell: Callable[[Exchange], None]) -> Prompt | None:
    """A request's query, begun; None where it is not a plain one, or is refused."""
    query = _plain_query(plain, site.bounds)
    if query is None or site.answers.is_known(query):
        return None
    first = site.answers.prompt.get(query)
    if first is not None:
        first()
        return None
    try:
        begun = site.begin({"client": asker.client, "headers": plain.head.headers}, query)
    except QueryRefused:
        return None  # told where errors are
    return None if begun is None else Prompt(site, (plain, query, begun), asker, tell)


def _plain_query(plain: Plain, bounds: Bounds) -> Query | None:
    """The query of an address that holds nothing else, where it gives the same each time to a program."""
    how = plain.head.how
    text = None if how is None else read_query(plain.fields)
    if how is None or text is None or len(text) > _LONGEST:
        return None
    return query_for(text, how, bounds) if is_lasting(text) else None
