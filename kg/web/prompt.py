"""Queries of programs answered without a task, as most are: begun at once, sent when a worker has the answer.

A task, its timers and the framework's way of sending take longer than many a query. What is out of the ordinary goes
their way, `direct`, before anything was begun, or with what was begun: an error, a long answer, one that must be packed
beside the loop, or a second client who asks the same meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from starlette.types import Scope

from kg.model.errors import QueryRefused
from kg.query import Answer, Begun, Query, Stream, is_plain
from kg.web.answers import is_volatile
from kg.web.asking import query_of, read_address, wanted_by
from kg.web.direct import BEGUN, plain_wording
from kg.web.formats import Page, Wanted
from kg.web.kept import ACCEPT, ENCODING, FIELDS, Kept, Origin, Rendering, Wording
from kg.web.negotiate import prefers_html
from kg.web.observation import QueryRun
from kg.web.problems import Problem
from kg.web.site import Site

_LONGEST: Final = 2048  # characters of a query that is looked through at once
_LONGEST_ACCEPT: Final = 500  # bytes of headers that are remembered


@dataclass(frozen=True, slots=True)
class Ways:
    """How an exchange may end.

    Attributes:
        send: sends a whole answer, its rendering and what its headers say beside that; the run is for observers.
        pass_on: has the request answered by a task of its own.
        left: the client has gone; the run is for observers.
    """

    send: Callable[[Kept, Rendering, QueryRun], None]
    pass_on: Callable[[], None]
    left: Callable[[QueryRun], None]


class Prompt:
    """A query that was begun, until its answer is sent or its request passed on."""

    def __init__(self, asked: _Asked, begun: Begun, ways: Ways) -> None:
        self._site, self._scope, self._wording, self._query = asked.site, asked.scope, asked.wording, asked.query
        self._begun, self._ways = begun, ways
        self._came = time.perf_counter()
        self._is_over = False
        self._site.answers.prompt[self._query] = self.pass_on
        begun.first.add_done_callback(self._found)

    def leave(self) -> None:
        """The client has gone."""
        if self._end():
            self._begun.leave()
            self._ways.left(self._run("left", None))

    def pass_on(self) -> None:
        """Lets a task of its own await the answer: others can wait for that with it."""
        if self._end():
            self._scope[BEGUN] = self._begun
            self._ways.pass_on()

    def _found(self, first: asyncio.Future[Answer | Stream]) -> None:
        if self._is_over:
            return
        found = None if first.cancelled() or first.exception() is not None else first.result()
        if isinstance(found, Answer):
            self._send(found)
        else:
            self.pass_on()

    def _send(self, answer: Answer) -> None:
        kept = Kept(query=self._query, answer=answer, told=self._site.told)
        rendering = kept.rendering_at_once(self._wording[ENCODING].decode("latin-1"))
        if rendering is None:
            self.pass_on()
        elif self._end():
            self._site.answers.keep_new(self._wording, kept, rendering)
            self._ways.send(kept, rendering, self._run("answered", answer.rows))

    def _end(self) -> bool:
        """Whether it was not over before."""
        was_over, self._is_over = self._is_over, True
        if not was_over:
            del self._site.answers.prompt[self._query]
        return not was_over

    def _run(self, outcome: str, rows: int | None) -> QueryRun:
        return QueryRun(
            query=self._query,
            seconds=time.perf_counter() - self._came,
            outcome=outcome,
            rows=rows,
            cache=Origin.WORKER.value if outcome == "answered" else "",
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A plain request, and its query."""

    site: Site
    scope: Scope
    wording: Wording
    query: Query


def begun_prompt(site: Site, scope: Scope, ways: Ways) -> Prompt | None:
    """A request's query, begun; None where the request is not a plain one, or its query is refused."""
    wording = plain_wording(scope)
    query = None if wording is None else _plain_query(site, wording)
    if wording is None or query is None or site.answers.is_known(query):
        return None
    first = site.answers.prompt.get(query)
    if first is not None:
        first()
        return None
    try:
        begun = site.begin(scope, query)
    except QueryRefused:
        return None  # told where errors are
    return None if begun is None else Prompt(_Asked(site, scope, wording, query), begun, ways)


def _plain_query(site: Site, wording: Wording) -> Query | None:
    """The query of an address that holds nothing else, where it gives the same each time to a program."""
    how = _formats(wording[ACCEPT]) if len(wording[ACCEPT]) <= _LONGEST_ACCEPT else None
    if how is None:
        return None
    try:
        form = read_address(wording[FIELDS])
    except Problem:
        return None
    is_query = len(form) == 1 and form[0][0] == "query"
    return query_of(form, how, site.bounds) if is_query and _is_plain_text(form[0][1]) else None


@lru_cache(512)
def _formats(accept: bytes) -> Wanted | None:
    """What a program's headers want; None where they want a page, or what there is not."""
    accepted = accept.decode("latin-1") or None
    try:
        how = wanted_by((), accepted)
    except Problem:
        return None
    is_page = prefers_html(accepted) or isinstance(how.results, Page) or isinstance(how.graph, Page)
    return None if is_page else how


def _is_plain_text(text: str) -> bool:
    return len(text) <= _LONGEST and is_plain(text) and not is_volatile(text)
