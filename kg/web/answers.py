"""Answers kept in memory: each query of a version is evaluated once, however many ask, while there is room for it.

A version never changes, so what is kept is never stale; another version has another cache. Kept are whole answers that
come out the same each time: no errors, nothing that was broken off, and no query that asks for the time or for chance.
A long answer is gathered while its first client reads it, and kept from its end on.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any, Final

from kg.model.errors import QueryRefused
from kg.query import Answer, Query, Stream
from kg.web.flights import Flight
from kg.web.gathering import Gathering, Passing
from kg.web.kept import Kept, Origin, Rendering, Told, Wording
from kg.web.replies import Heard, Reply

_OVERHEAD: Final = 2048  # bytes that an entry takes beside its texts
_WORDINGS: Final = 8  # of one query that are remembered
_LARGEST_SHARE: Final = 4  # no answer takes more than this part of the cache, nor do all that are gathered
_LONG_SHARE: Final = 2  # all long answers together
_SIGNS: Final = ("NOW", "RAND", "UUID", "\\U")  # looked for first: that takes a tenth of the time
_VOLATILE: Final = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID)\b|\\u", re.IGNORECASE)


@dataclass(slots=True)
class AnswerCounts:
    """How often answers came from where, since the service was started."""

    of: dict[Origin, int] = field(default_factory=lambda: dict.fromkeys(Origin, 0))


class Answers:
    """The answers of one version. When there is no room the oldest go first, unless they were asked for meanwhile.

    Attributes:
        most: bytes that are kept, gathered, or still being sent; with 0 none are.
        size: bytes that are kept now.
        heard: requests that were answered at once from what is kept.
        prompt: evaluations that nobody else can wait for yet, by what makes that possible.
    """

    def __init__(self, most: int, counts: AnswerCounts | None = None, passing: Passing | None = None) -> None:
        self.most, self.size = most, 0
        self.counts = counts or AnswerCounts()
        self._passing = passing or Passing(most // _LARGEST_SHARE)
        self._long = 0  # bytes of long answers that are kept
        self.prompt: dict[Query, Callable[[], None]] = {}
        self.heard = Heard()
        self._kept: OrderedDict[Query, Kept] = OrderedDict()
        self._wordings: dict[Wording, Reply] = {}
        self._flights: dict[Query, Flight] = {}
        self._order = count()

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._kept)

    def renewed(self) -> Answers:
        """An empty cache for another version, which goes on counting; this one keeps nothing any more."""
        successor = Answers(self.most, self.counts, self._passing)
        self._passing.give_up()
        self.most = 0
        for kept in list(self._kept.values()):
            self._forget(kept)
        return successor

    def asked_before(self, wording: Wording) -> Reply | None:
        """The reply to a request whose address and headers were the same to the byte."""
        return self._asked_again(self._wordings.get(wording))

    def heard_before(self, request: bytes) -> Reply | None:
        """The reply to a request that was the same to the byte, and is remembered by all of them."""
        return self._asked_again(self.heard.reply(request))

    def remember(self, wording: Wording, kept: Kept, rendering: Rendering) -> None:
        """Lets a request be recognised, while its answer is kept and has not been asked for in many ways.

        A long answer is not: it is not sent at once, but as fast as its client takes it.
        """
        if self._kept.get(kept.query) is kept and not kept.is_long:
            self._word(wording, kept, rendering)
            self._weigh(kept)

    def gathering(self, query: Query, told: Told, stream: Stream) -> Gathering:
        """What takes the pieces of a long answer as they pass, and keeps the answer where it comes to its end."""

        def keep(payload: bytes, digest: str) -> None:
            answer = Answer(kind=stream.kind, media_type=stream.media_type, payload=payload, rows=stream.rows)
            self.keep(Kept(query=query, answer=answer, told=told, digest=digest))

        gathering = Gathering(self._passing, stream, self._make_room, keep)
        if not self.most or not _is_lasting(query, told):
            gathering.give_up()
        return gathering

    @contextmanager
    def lent(self, kept: Kept) -> Iterator[None]:
        """While an answer is being sent: it counts until then, whatever becomes of it, and is not the one to go."""
        kept.readers += 1
        self._reweigh(kept)  # it may have been packed just now
        try:
            yield
        finally:
            kept.readers -= 1
            if not kept.readers and kept.lingers:
                self._passing.lingering -= kept.size
                kept.size, kept.lingers = 0, False

    async def answer(
        self, query: Query, told: Told, evaluate: Callable[[], Awaitable[Answer | Stream]]
    ) -> tuple[Kept | Stream, Origin]:
        """The answer to a query: kept, or that of one evaluation for all who ask meanwhile; a stream is for one alone.

        Raises what evaluating raises; what another one was refused for its own sake is asked anew. Who cancels this
        ends the evaluation if nobody else waits for it.
        """
        kept = self._kept.get(query)
        if kept is not None:
            kept.is_asked = True
            return kept, self._counted(Origin.KEPT)
        if _is_lasting(query, told):
            found, origin = await self._in_flight(query, partial(self._evaluated, query, told, evaluate))
            if found is not None:
                return found, self._counted(origin)
        return await _held(query, told, evaluate), self._counted(Origin.WORKER)

    def is_known(self, query: Query) -> bool:
        """Whether its answer is kept, or comes from an evaluation that others wait for."""
        return query in self._kept or query in self._flights

    def keep_new(self, wording: Wording, kept: Kept, rendering: Rendering) -> None:
        """Counts an answer that a worker gave to a plain query, and keeps it with its request, if it is not too large.

        What is plain comes out the same each time.
        """
        self._counted(Origin.WORKER)
        if self._has_room(kept):
            self._kept[kept.query] = kept
            self._word(wording, kept, rendering)
            self._weigh(kept)

    def keep(self, kept: Kept) -> None:
        """Keeps an answer that came out whole, if it comes out the same each time and takes no more than its share."""
        if self._has_room(kept) and _is_lasting(kept.query, kept.told):
            self._kept[kept.query] = kept
            self._weigh(kept)

    def _has_room(self, kept: Kept) -> bool:
        """Whether it takes no more than its share, and is not kept already."""
        is_small = _LARGEST_SHARE * (_OVERHEAD + len(kept.answer.payload)) <= self.most
        return is_small and kept.query not in self._kept

    def _word(self, wording: Wording, kept: Kept, rendering: Rendering) -> None:
        if len(kept.wordings) < _WORDINGS and wording not in self._wordings:
            kept.wordings.append(wording)
            self._wordings[wording] = Reply(kept, rendering)

    async def _in_flight(
        self, query: Query, evaluated: Callable[[], Coroutine[Any, Any, Kept | Stream]]
    ) -> tuple[Kept | Stream | None, Origin]:
        """What an evaluation gives that is under way, or is begun; None for a stream that another one reads."""
        came = next(self._order)
        while (flight := self._flights.get(query)) is not None:
            try:
                return await flight.result(), Origin.SHARED
            except (QueryRefused, asyncio.CancelledError) as error:
                if not flight.ended_alone(error, came):
                    raise
        flight = self._flights[query] = Flight(next(self._order), evaluated(), partial(self._landed, query))
        return await flight.result(), Origin.WORKER

    def _landed(self, query: Query, flight: Flight) -> None:
        if self._flights.get(query) is flight:  # else another one has taken its place
            del self._flights[query]

    async def _evaluated(
        self, query: Query, told: Told, evaluate: Callable[[], Awaitable[Answer | Stream]]
    ) -> Kept | Stream:
        found = await _held(query, told, evaluate)
        if isinstance(found, Kept):
            self.keep(found)
        return found

    def _asked_again(self, reply: Reply | None) -> Reply | None:
        if reply is not None:
            reply.kept.is_asked = True
            self.counts.of[Origin.KEPT] += 1
        return reply

    def _counted(self, origin: Origin) -> Origin:
        self.counts.of[origin] += 1
        return origin

    def _weight(self, kept: Kept) -> int:
        weight = _OVERHEAD + len(kept.query.text) + len(kept.answer.payload)
        for encoding, rendering in kept.renderings.items():
            if encoding is not None:
                weight += len(rendering.body)
        for wording in kept.wordings:
            weight += sum(map(len, wording))
        return weight

    def _reweigh(self, kept: Kept) -> None:
        if self._kept.get(kept.query) is kept:
            self._weigh(kept)

    def _weigh(self, kept: Kept) -> None:
        more = self._weight(kept) - kept.size
        kept.size += more
        self.size += more
        self._long += more * kept.is_long
        self._make_room()

    def _make_room(self) -> None:
        passing = self._passing
        while self._long + passing.lingering > self.most // _LONG_SHARE and (kept := self._oldest_long()) is not None:
            self._forget(kept)
        while self.size + passing.gathered + passing.lingering > self.most and (kept := self._oldest()) is not None:
            self._forget(kept)

    def _oldest(self) -> Kept | None:
        """The one to go first; None where all are being sent."""
        for _ in range(2 * len(self._kept)):
            kept = next(iter(self._kept.values()))
            if not (kept.is_asked or kept.readers):
                return kept
            kept.is_asked = False
            self._kept.move_to_end(kept.query)
        return None

    def _oldest_long(self) -> Kept | None:
        """The same of long answers, which are few."""
        unread = [kept for kept in self._kept.values() if kept.is_long and not kept.readers]
        for kept in unread:
            if not kept.is_asked:
                return kept
            kept.is_asked = False
        return unread[0] if unread else None

    def _forget(self, kept: Kept) -> None:
        del self._kept[kept.query]
        self.size -= kept.size
        self._long -= kept.size * kept.is_long
        if kept.readers:
            self._passing.lingering += kept.size
            kept.lingers = True
        else:
            kept.size = 0
        for wording in kept.wordings:
            self.heard.forget(self._wordings.pop(wording))
        kept.wordings.clear()


def is_volatile(text: str) -> bool:
    """Whether a query may ask for what differs each time: the time, or chance."""
    return any(map(text.upper().__contains__, _SIGNS)) and _VOLATILE.search(text) is not None


def _is_lasting(query: Query, told: Told) -> bool:
    """Whether the answer to a query is the same as long as its version is."""
    return told.lasts and not is_volatile(query.text)


async def _held(query: Query, told: Told, evaluate: Callable[[], Awaitable[Answer | Stream]]) -> Kept | Stream:
    found = await evaluate()
    return Kept(query=query, answer=found, told=told) if isinstance(found, Answer) else found
