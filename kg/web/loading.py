"""Documents that an update LOADs, fetched before it comes to the gate, whose processes reach no other machine.

SPARQL 1.1 Update, section 3.1.4. What is fetched is not parsed here.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from kg.model.errors import QueryRefused, Refusal, RemoteError, ServiceFailed, UsageError
from kg.model.reach import Reach
from kg.model.writes import Loaded
from kg.network import Address, Remote, Request
from kg.query.gate import position
from kg.rdf.federation import Token, tokenise

#: Documents of one update, and their bytes.
MOST_DOCUMENTS: Final = 8
MOST_BYTES: Final = 8 * 1024 * 1024

_AT_ONCE: Final = 2  # updates whose documents are fetched
_LONGEST: Final = 1024 * 1024  # characters of an update that is looked through; the gate takes no longer one
_WORD: Final = re.compile(r"\bload\b", re.IGNORECASE)
_ACCEPT: Final = "text/turtle, application/n-triples, application/ld+json;q=0.9, application/rdf+xml;q=0.8"
#: What servers say of files that they do not know; then the name tells.
_UNTOLD: Final = frozenset({"", "text/plain", "application/octet-stream"})
_SUFFIXES: Final = {".ttl": "text/turtle", ".nt": "application/n-triples", ".jsonld": "application/ld+json"}
_ELSEWHERE: Final = range(300, 400)
_PATIENCE: Final = 3600.0  # seconds: longer than any deadline, which counts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Load:
    iri: str
    is_silent: bool
    start: int


class Loading:
    """Fetches the documents of a list."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def documents(self, update: str, deadline: float) -> tuple[Loaded, ...]:
        """The documents of an update that are of the list; of others the gate says what becomes of the update.

        One that is to be loaded in silence and cannot be had is left out.

        Args:
            update: as it came.
            deadline: seconds for all of them together.

        Raises:
            ServiceFailed: a document cannot be had; the place is that of its LOAD.
            QueryRefused: the update loads too many.
        """
        if _WORD.search(update) is None or len(update) > _LONGEST:
            return ()
        asked = await asyncio.to_thread(_asked, update, self._reach)
        if len(asked) > MOST_DOCUMENTS:
            reason = f"the update loads {len(asked)} documents; at most {MOST_DOCUMENTS} are"
            raise QueryRefused(reason, Refusal.SIZE)
        if not asked:
            return ()
        until = asyncio.get_running_loop().time() + deadline
        found: list[Loaded] = []
        for each in asked:
            left = MOST_BYTES - sum(len(document.payload) for document in found)
            try:
                found.append(await self._fetched(each.iri, position(update, each.start), until, left))
            except ServiceFailed:
                if not each.is_silent:
                    raise
        return tuple(found)

    async def _fetched(self, iri: str, place: tuple[int, int], until: float, most: int) -> Loaded:
        try:
            async with asyncio.timeout_at(until), self._turn:
                # In a thread, since reading the certificates that are trusted takes a while.
                remote = await asyncio.to_thread(Remote, Address.read(iri), patience=_PATIENCE, hosts=self._reach.hosts)
                return await _document(iri, remote, most)
        except TimeoutError as error:
            raise ServiceFailed(iri, "has not come in time", place, is_late=True) from error
        except (RemoteError, UsageError) as error:
            reason = error.reason if isinstance(error, RemoteError) else str(error)
            raise ServiceFailed(iri, f"cannot be had: {reason}", place) from error


async def _document(iri: str, remote: Remote, most: int) -> Loaded:
    request = Request(method="GET", target=remote.address.target, headers={"Accept": _ACCEPT})
    async with remote.exchange(request) as response:
        if response.status in _ELSEWHERE:
            reason = f"its server sends elsewhere (status {response.status}), and nobody is followed"
            raise RemoteError(response.server, reason)
        if response.status != HTTPStatus.OK:
            raise RemoteError(response.server, f"its server answers with status {response.status}")
        if response.headers.get("content-encoding", "identity") != "identity":
            raise RemoteError(response.server, "it comes packed, which was not asked for")
        return Loaded(iri=iri, media_type=_media_type(iri, response.media_type), payload=await response.read(most))


def _media_type(iri: str, told: str) -> str:
    if told not in _UNTOLD:
        return told
    return next((media_type for suffix, media_type in _SUFFIXES.items() if iri.endswith(suffix)), told)


def _asked(update: str, reach: Reach) -> list[_Load]:
    """The documents of the list that an update loads, each once: in silence where it is everywhere."""
    found: dict[str, _Load] = {}
    for load in _loads(list(tokenise(update))):
        if reach.may_load(load.iri) and (load.iri not in found or found[load.iri].is_silent):
            found[load.iri] = load
    return list(found.values())


def _loads(tokens: Sequence[Token]) -> Iterator[_Load]:
    """The operations LOAD [SILENT] <IRI> among these tokens."""
    for at in _outside(tokens):
        words = [token.text.upper() for token in tokens[at : at + 2]]
        if words[:1] != ["LOAD"] or tokens[at].kind != "word":
            continue
        is_silent = words[1:] == ["SILENT"]
        named = tokens[at + 1 + is_silent : at + 2 + is_silent]
        if named and named[0].kind == "iri":
            yield _Load(iri=named[0].text[1:-1], is_silent=is_silent, start=tokens[at].start)


def _outside(tokens: Iterable[Token]) -> Iterator[int]:
    """The indexes of the tokens outside of all braces, where operations begin."""
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0:
            yield at
