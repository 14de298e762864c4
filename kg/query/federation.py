"""SERVICE, answered by the service itself: workers reach no other machine, so what they need is fetched before.

Each clause becomes a query of its own, `SELECT * { … }` of its group, and its rows take the clause's place as inline
data. By SPARQL 1.1 Federated Query (section 2.4, and 4 for the semantics) a clause is evaluated by itself and its
solutions are joined with the rest, which is what inline data is. A clause within a clause is fetched first, so that no
server is sent a SERVICE.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from kg.model.errors import KgError, QueryRefused, QuerySyntaxError, Refusal, RemoteError, ServiceFailed
from kg.model.reach import Reach
from kg.network import Address, Remote, Request, Response
from kg.query.clauses import Clause, read_clauses
from kg.query.foreign import Foreign
from kg.query.gate import position
from kg.query.messages import Query
from kg.query.rows_xml import XML
from kg.query.values import JSON, NOTHING, ROWS
from kg.query.woven import Patch, Woven, inset

#: Bytes of one answer, rows of it, and bytes of all that a query is given by services.
MOST_BYTES: Final = 4 * 1024 * 1024
MOST_ROWS: Final = 50_000
MOST_IN_ALL: Final = 8 * 1024 * 1024
#: Queries that ask services at once, and connections of all of them: what is kept of answers stays below 200 MB.
_QUERIES_AT_ONCE: Final = 8
_CONNECTIONS: Final = 16

_ACCEPT: Final = f"{ROWS}, {XML};q=0.5"
_FORM: Final = "application/x-www-form-urlencoded"
_TAKEN: Final = JSON | {XML}
_ELSEWHERE: Final = range(300, 400)
_PATIENCE: Final = 3600.0  # seconds: longer than any query's deadline, which counts
_SHORT: Final = 2048  # characters of a query that are looked through within a few milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Federated:
    """A query whose services have answered.

    Attributes:
        query: what a worker is asked.
        woven: its text, with what services put there.
        clauses: those whose place was taken.
    """

    query: Query
    woven: Woven
    clauses: tuple[Clause, ...]

    def blamed(self, error: QuerySyntaxError) -> KgError:
        """What a worker finds wrong with the text, at its place in the client's; or with what a service put there."""
        if error.line is None or error.column is None:
            return error
        at, patch = self.woven.origin(error.line, error.column)
        place = position(self.woven.text, at)
        if patch is None:
            return QuerySyntaxError(error.reason, *place)
        service = next(clause.service for clause in self.clauses if clause.start == patch.start)
        return ServiceFailed(service, "answers a term that is none by RDF 1.1", place=place)


class Federation:
    """Asks the services of queries, within bounds.

    Attributes:
        reach: which may be asked.
    """

    def __init__(self, reach: Reach) -> None:
        """A federation with the services of a list.

        Raises:
            UsageError: one of them is no address.
        """
        self.reach = reach
        self.remotes = {
            iri: Remote(Address.read(iri), patience=_PATIENCE, hosts=reach.hosts) for iri in sorted(reach.services)
        }
        self.connections = asyncio.Semaphore(_CONNECTIONS)
        self.parsing = asyncio.Lock()  # an answer that is read takes ten times its bytes: one at a time
        self._queries = asyncio.Semaphore(_QUERIES_AT_ONCE)

    @asynccontextmanager
    async def answered(
        self, query: Query, base: str, deadline: float, charge: Callable[[float], None] = lambda _: None
    ) -> AsyncIterator[Federated]:
        """A query whose services have answered; while the block lasts, it counts as one of those under way.

        Args:
            query: with its SERVICE clauses.
            base: what relative IRIs are resolved against, by services as by workers.
            deadline: seconds that its services have, together and with the wait for a place.
            charge: is told how many seconds they were asked, however that ended.

        Raises:
            QueryRefused: it asks one that is not of the list, or is not to be run for another reason.
            QuerySyntaxError: a clause is none.
            ServiceFailed: a service refuses, fails or is late, and its clause is not SILENT.
        """
        text, until = query.text, asyncio.get_running_loop().time() + deadline
        clauses = await asyncio.to_thread(read_clauses, text) if len(text) > _SHORT else read_clauses(text)
        self._check_list(text, clauses.outer)
        async with self._place(until):
            asking = _Asking(self, text, clauses.prologue, base, until)
            began = time.perf_counter()
            try:
                woven = Woven(text=text, patches=await asking.patches(clauses.outer))
            finally:
                charge(time.perf_counter() - began)
            asked = replace(query, text=woven.bare, insets=woven.insets)
            yield Federated(query=asked, woven=woven, clauses=clauses.outer)

    def _check_list(self, text: str, clauses: Iterable[Clause]) -> None:
        """Lets services pass that are on the list; of others those that fail in silence, and are never asked."""
        for clause in clauses:
            if clause.service in self.remotes:
                self._check_list(text, clause.inner)
            elif not clause.is_silent:
                reason = f"<{clause.service}> is none of the services that queries may ask here"
                raise QueryRefused(reason, Refusal.FEDERATION, *position(text, clause.start))

    @asynccontextmanager
    async def _place(self, until: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout_at(until):
                await self._queries.acquire()
        except TimeoutError as error:
            raise QueryRefused("too many queries ask other services; try again soon", Refusal.BUSY) from error
        try:
            yield
        finally:
            self._queries.release()


class _Asking:
    """The services of one query, being asked."""

    def __init__(self, federation: Federation, text: str, prologue: str, base: str, until: float) -> None:
        self._federation, self._text, self._until = federation, text, until
        self._prologue = f"BASE <{base}>\n{prologue}"
        self._left = MOST_IN_ALL
        self._blank = f"{base}.well-known/genid/{secrets.token_hex(8)}"

    async def patches(self, clauses: Sequence[Clause]) -> tuple[Patch, ...]:
        """What takes the places of these clauses; they are asked at the same time."""
        asked = [asyncio.ensure_future(self._rows(clause)) for clause in clauses]
        try:
            rows = await asyncio.gather(*asked)
        finally:
            for each in asked:
                each.cancel()
            await asyncio.gather(*asked, return_exceptions=True)
        return tuple(
            Patch(start=clause.start, end=clause.end, rows=each) for clause, each in zip(clauses, rows, strict=True)
        )

    async def _rows(self, clause: Clause) -> str:
        remote = self._federation.remotes.get(clause.service)
        if remote is None:
            return NOTHING
        try:
            patches = await self.patches(clause.inner)
            return await self._fetched(clause, remote, self._asked(clause, patches))
        except ServiceFailed:
            if not clause.is_silent:
                raise
            return NOTHING

    def _asked(self, clause: Clause, patches: Iterable[Patch]) -> str:
        """The query that a service is sent."""
        moved = (replace(each, start=each.start - clause.opened, end=each.end - clause.opened) for each in patches)
        woven = Woven(text=self._text[clause.opened : clause.end], patches=tuple(moved))
        return f"{self._prologue}SELECT * WHERE {inset(woven.bare, woven.insets)}"

    async def _fetched(self, clause: Clause, remote: Remote, query: str) -> str:
        failed = partial(ServiceFailed, clause.service, place=position(self._text, clause.start))
        try:
            async with asyncio.timeout_at(self._until), self._federation.connections:
                answer = await _answer(remote, query)
            async with asyncio.timeout_at(self._until), self._federation.parsing:
                rows = await self._foreign(clause, answer).inline()
        except TimeoutError as error:
            raise failed("has not answered before the query's deadline", is_late=True) from error
        except RemoteError as error:
            raise failed(f"gives no answer: {error.reason}") from error
        except ValueError as error:
            raise failed(f"gives no answer: {error}") from error
        self._left -= len(rows.encode())
        if self._left < 0:
            raise failed(f"answers too much: a query is given {MOST_IN_ALL:,} bytes by all its services")
        return rows

    def _foreign(self, clause: Clause, answer: tuple[str, bytes]) -> Foreign:
        """An answer; its blank nodes have names in this query alone."""
        media_type, payload = answer
        return Foreign(
            payload=payload,
            media_type=media_type,
            variables=clause.variables,
            most_rows=MOST_ROWS,
            blank=f"{self._blank}/{clause.start}/",
        )


async def _answer(remote: Remote, query: str) -> tuple[str, bytes]:
    """What a service answers, and its media type (SPARQL 1.1 Protocol, section 2.1.2).

    Raises:
        RemoteError: it answers no rows, or too many bytes.
    """
    body = urlencode([("query", query)]).encode()
    headers = {"Content-Type": _FORM, "Content-Length": str(len(body)), "Accept": _ACCEPT}
    async with remote.exchange(
        Request(method="POST", target=remote.address.target, headers=headers, body=[body])
    ) as got:
        if got.status != HTTPStatus.OK:
            raise RemoteError(got.server, await _refusal(got))
        if got.media_type not in _TAKEN or got.headers.get("content-encoding", "identity") != "identity":
            raise RemoteError(got.server, f"it answers {got.media_type!r} where {ROWS} was asked for")
        return got.media_type, await got.read(MOST_BYTES)


async def _refusal(response: Response) -> str:
    """What a status says; the server's own words where they are about the query."""
    if response.status == HTTPStatus.BAD_REQUEST:
        return f"it refuses what it is asked: {await response.explained()}"
    if response.status in _ELSEWHERE:
        return f"it sends elsewhere (status {response.status}), and nobody is followed"
    return f"it answers with status {response.status}"
