"""Another server's graph store: graphs are put, added to, counted and deleted; what may pass is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus
from typing import Final, TypeVar
from urllib.parse import quote

from kg.model.errors import RemoteError
from kg.network import Remote, Request, Response
from kg.push.contents import DEFAULT

_NTRIPLES: Final = "application/n-triples"
#: Both are lines of one triple each; the second is the older name.
_LINES: Final = frozenset({_NTRIPLES, "text/plain"})
_PASSING: Final = frozenset({429, 502, 503, 504})
_TRIES: Final = 6
_LONGEST_PAUSE: Final = 60.0
_HINTS: Final = {
    401: "give it a credential by --token-file or KG_REMOTE_TOKEN",
    403: "its credential may not write there, or the server is read-only",
    404: "there is no graph store at that address",
    405: "the address takes no graphs; a graph store is needed, such as Fuseki's /DATASET/data",
    413: "it takes no graph as large as this one; raise its limit, or that of the proxy before it",
}

Body = Callable[[], Iterable[bytes]]
_Asked = tuple[str, str, Body | None]  # method, graph, body
_Used = TypeVar("_Used")


class GraphStore:
    """The graph store of another server (SPARQL 1.1 Graph Store HTTP Protocol, section 4.2: indirect names)."""

    def __init__(self, remote: Remote, *, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._remote, self._pause = remote, pause

    @property
    def server(self) -> str:
        """Host and port."""
        return self._remote.address.authority

    async def put(self, graph: str, body: Body) -> None:
        """Puts these triples (N-Triples) in the place of what a graph holds (section 5.3).

        Raises:
            RemoteError: the server refuses, or fails each time.
        """
        await self._answered(("PUT", graph, body), self._check)

    async def add(self, graph: str, triples: bytes) -> None:
        """Adds triples (N-Triples) to a graph (section 5.5); to add them twice changes nothing.

        Raises:
            RemoteError: as `put`.
        """
        await self._answered(("POST", graph, lambda: (triples,)), self._check)

    async def delete(self, graph: str) -> None:
        """Deletes a graph; that it is gone already is no error.

        Raises:
            RemoteError: as `put`.
        """

        async def gone(response: Response) -> None:
            if response.status != HTTPStatus.NOT_FOUND:
                await self._check(response)

        await self._answered(("DELETE", graph, None), gone)

    async def count(self, graph: str) -> int | None:
        """How many triples a graph holds, as counted on the way; None where the server writes no N-Triples.

        Raises:
            RemoteError: it cannot be read.
        """

        async def counted(response: Response) -> int | None:
            if response.status == HTTPStatus.NOT_FOUND:
                return 0
            await self._check(response)
            return await _lines(response) if response.media_type in _LINES else None

        return await self._answered(("GET", graph, None), counted)

    async def read(self, graph: str, most: int) -> tuple[str, bytes] | None:
        """The media type and text of a graph; None where there is none.

        Raises:
            RemoteError: it cannot be read, or is longer than `most` bytes.
        """

        async def taken(response: Response) -> tuple[str, bytes] | None:
            if response.status == HTTPStatus.NOT_FOUND:
                return None
            await self._check(response)
            return response.media_type, await response.read(most)

        return await self._answered(("GET", graph, None), taken)

    async def _check(self, response: Response) -> None:
        if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            return
        said = await response.explained()
        if response.status < HTTPStatus.BAD_REQUEST:
            said += f" leads to {response.headers.get('location', 'nowhere')!r}, and no redirect is followed"
        hint = _HINTS.get(response.status)
        raise RemoteError(self.server, said + (f"; {hint}" if hint else ""), may_pass=False)

    async def _answered(self, asked: _Asked, use: Callable[[Response], Awaitable[_Used]]) -> _Used:
        """What is made of the response, after as many tries as it takes: all that is asked may be asked twice."""
        for attempt in range(_TRIES - 1):
            pause = 2.0**attempt
            try:
                async with self._remote.exchange(self._request(*asked)) as response:
                    if response.status not in _PASSING:
                        return await use(response)
                    pause = _told_pause(response) or pause
            except RemoteError as error:
                if not error.may_pass:
                    raise
            await self._pause(min(pause, _LONGEST_PAUSE))
        async with self._remote.exchange(self._request(*asked)) as response:
            return await use(response)

    def _request(self, method: str, graph: str, body: Body | None) -> Request:
        target = self._remote.address.target
        name = "default" if graph == DEFAULT else f"graph={quote(graph, safe='')}"
        headers = {"Content-Type": _NTRIPLES} if body else {"Accept": f"{_NTRIPLES}, text/plain;q=0.9, */*;q=0.1"}
        return Request(
            method=method,
            target=f"{target}{'&' if '?' in target else '?'}{name}",
            headers=headers,
            body=None if body is None else body(),
        )


def _told_pause(response: Response) -> float | None:
    """The seconds that `Retry-After` tells (RFC 9110, section 10.2.3); a date is passed over."""
    told = response.headers.get("retry-after", "")
    return float(told) if told.isdecimal() and told.isascii() else None


async def _lines(response: Response) -> int:
    """The lines that hold a triple."""
    rest, found = b"", 0
    async for chunk in response.chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        found += sum(1 for line in lines if _is_triple(line))
    return found + _is_triple(rest)


def _is_triple(line: bytes) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith(b"#")
