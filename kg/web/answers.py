"""Answers kept in memory: each query of a version is evaluated once, however many ask, while there is room for it.

A version never changes, so what is kept is never stale; another version has another cache. Kept are whole answers that
come out the same each time: no errors, nothing that was broken off, and no query that asks for the time or for chance.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any, Final

from kg.model.errors import QueryRefused, Refusal
from kg.query import Answer, Query, Stream
from kg.web.kept import Kept, Origin, Rendering, Told, Wording
from kg.web.replies import Heard, Reply

_OVERHEAD: Final = 2048  # bytes that an entry takes beside its texts
_WORDINGS: Final = 8  # of one query that are remembered
_LARGEST_SHARE: Final = 8  # no answer takes more than this part of the cache
_SIGNS: Final = ("NOW", "RAND", "UUID", "\\U")  # looked for first: that takes a tenth of the time
_VOLATILE: Final = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID)\b|\\u", re.IGNORECASE)


@dataclass(slots=True)
class AnswerCounts:
    """How often answers came from where, since the service was started."""

    of: dict[Origin, int] = field(default_factory=lambda: dict.fromkeys(Origin, 0))


class Answers:
    """The answers of one version. When there is no room the oldest go first, unless they were asked for meanwhile.

    Attributes:
        most: bytes that are kept; with 0 none are.
        size: bytes that are kept now.
        heard: requests that were answered at once from what is kept.
        prompt: evaluations that nobody else can wait for yet, by what makes that possible.
    """

    def __init__(self, most: int, counts: AnswerCounts | None = None) -> None:
        self.most, self.size = most, 0
        self.counts = counts or AnswerCounts()
        self.prompt: dict[Query, Callable[[], None]] = {}
        self.heard = Heard()
        self._kept: OrderedDict[Query, Kept] = OrderedDict()
        self._wordings: dict[Wording, Reply] = {}
        self._flights: dict[Query, _Flight] = {}
        self._order = count()

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._kept)

    def renewed(self) -> Answers:
        """An empty cache for another version, which goes on counting."""
        return Answers(self.most, self.counts)

    def asked_before(self, wording: Wording) -> Reply | None:
        """The reply to a request whose address and headers were the same to the byte."""
        return self._asked_again(self._wordings.get(wording))

    def heard_before(self, request: bytes) -> Reply | None:
        """The reply to a request that was the same to the byte, and is remembered by all of them."""
        return self._asked_again(self.heard.reply(request))

    def remember(self, wording: Wording, kept: Kept, rendering: Rendering) -> None:
        """Lets a request be recognised, while its answer is kept and has not been asked for in many ways."""
        if self.most and self._kept.get(kept.query) is kept:
            if len(kept.wordings) < _WORDINGS and wording not in self._wordings:
                kept.wordings.append(wording)
                self._wordings[wording] = Reply(kept, rendering)
            self._weigh(kept)

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
        if told.lasts and not is_volatile(query.text):
            found, origin = await self._in_flight(query, partial(self._evaluated, query, told, evaluate))
            if found is not None:
                return found, self._counted(origin)
        return await _held(query, told, evaluate), self._counted(Origin.WORKER)

    def is_known(self, query: Query) -> bool:
        """Whether its answer is kept, or comes from an evaluation that others wait for."""
        return query in self._kept or query in self._flights

    def keep_new(self, kept: Kept) -> None:
        """Keeps an answer that a worker gave, and counts it."""
        self._counted(Origin.WORKER)
        self.keep(kept)

    def keep(self, kept: Kept) -> None:
        """Keeps an answer that came out whole, and comes out the same each time, if it takes no more than its share."""
        if _LARGEST_SHARE * (_OVERHEAD + len(kept.answer.payload)) <= self.most and kept.query not in self._kept:
            self._kept[kept.query] = kept
            self._weigh(kept)

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
        flight = self._flights[query] = _Flight(next(self._order), evaluated(), partial(self._landed, query))
        return await flight.result(), Origin.WORKER

    def _landed(self, query: Query, flight: _Flight) -> None:
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
        texts = len(kept.query.text) + len(kept.answer.payload)
        packed = sum(len(each.body) for encoding, each in kept.renderings.items() if encoding is not None)
        return _OVERHEAD + texts + packed + sum(sum(map(len, wording)) for wording in kept.wordings)

    def _weigh(self, kept: Kept) -> None:
        weight = self._weight(kept)
        self.size += weight - kept.size
        kept.size = weight
        while self.size > self.most:
            oldest = next(iter(self._kept.values()))
            if oldest.is_asked:
                oldest.is_asked = False
                self._kept.move_to_end(oldest.query)
            else:
                self._forget(oldest)

    def _forget(self, kept: Kept) -> None:
        del self._kept[kept.query]
        self.size -= kept.size
        for wording in kept.wordings:
            self.heard.forget(self._wordings.pop(wording))
        kept.wordings.clear()


def is_volatile(text: str) -> bool:
    """Whether a query may ask for what differs each time: the time, or chance."""
    return any(map(text.upper().__contains__, _SIGNS)) and _VOLATILE.search(text) is not None


async def _held(query: Query, told: Told, evaluate: Callable[[], Awaitable[Answer | Stream]]) -> Kept | Stream:
    found = await evaluate()
    return Kept(query=query, answer=found, told=told) if isinstance(found, Answer) else found


class _Flight:
    """An evaluation that requests wait for; it is cancelled when none does any more.

    It is made for the client who began it: that one's budget pays, and that one's place in the queue is waited in.
    """

    def __init__(self, number: int, work: Coroutine[Any, Any, Kept | Stream], end: Callable[[_Flight], object]) -> None:
        """An evaluation with its place in the order in which requests and evaluations came."""
        self._number = number
        self._task = asyncio.create_task(work)
        self._task.add_done_callback(self._over)
        self._end = end
        self._waiting = 0
        self._is_taken = False

    def ended_alone(self, error: QueryRefused | asyncio.CancelledError, came: int) -> bool:
        """Whether this error says nothing to one who came at this place in the order and is still here.

        An evaluation that was begun after that one came has waited for a worker no shorter than a new one would have.
        """
        if isinstance(error, QueryRefused):
            return error.kind is Refusal.BUDGET or (error.kind is Refusal.BUSY and self._number < came)
        here = asyncio.current_task()
        return self._task.cancelled() and here is not None and not here.cancelling()

    async def result(self) -> Kept | Stream | None:
        """The answer; None where it is a stream that another one has taken."""
        self._waiting += 1
        try:
            found = await asyncio.shield(self._task)
        except asyncio.CancelledError:
            self._waiting -= 1
            if not self._waiting:
                self._give_up()
            raise
        if isinstance(found, Stream):
            if self._is_taken:
                return None
            self._is_taken = True
        return found

    def _give_up(self) -> None:
        self._end(self)  # nobody shall join it any more
        if not self._task.cancel() and not self._is_taken and not self._task.cancelled():
            found = None if self._task.exception() else self._task.result()
            if isinstance(found, Stream):
                found.close()

    def _over(self, task: asyncio.Task[Kept | Stream]) -> None:
        self._end(self)
        if not task.cancelled():
            task.exception()  # seen, though all may have left
