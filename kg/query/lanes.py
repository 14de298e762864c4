"""Two lanes for what clients ask: each query begins in the quick one, and changes to the slow one if it takes longer.

Nobody can tell beforehand how long a query takes. So each has a tenth of a second in the quick lane; one that needs
more, or has a long answer, goes on in the slow lane, where it may run until the deadline and its worker yields to the
others. Lanes are places of one pool, which has a worker for each: nothing is begun anew unless the slow lane is full.
However many slow queries wait, a quick one finds a place soon: none of the quick lane is held for longer than a moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from types import TracebackType
from typing import Any, Final, Self

from kg.model.errors import QueryTimeout
from kg.query.conversation import Pace, Stream, whole
from kg.query.messages import Answer, Query
from kg.query.pool import QueryPool
from kg.query.process import WorkerOptions
from kg.query.promise import Promise
from kg.query.state import PoolState
from kg.query.turns import Turns

#: Seconds that a query has in the quick lane.
MOMENT: Final = 0.1


class Lanes:
    """A quick and a slow lane over one version of the store, started by `async with`.

    Attributes:
        deadline: seconds a query may run, and seconds it may wait for a place in each of the two.
    """

    def __init__(self, options: WorkerOptions, *, workers: int, deadline: float, moment: float = MOMENT) -> None:
        """Lanes with places for so many slow queries, and one more than that for quick ones."""
        self.deadline = deadline
        self._pool = QueryPool(options, workers=2 * workers + 1, deadline=deadline)
        self._moment = min(moment, deadline)
        self._quick, self._slow = _lane(workers + 1, deadline), _lane(workers, deadline)

    async def __aenter__(self) -> Self:
        await self._pool.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for lane in (self._quick, self._slow):
            lane.close()
        await self._pool.close()

    async def run(self, query: Query) -> Answer:
        """The whole answer to a query; raises what `ask` and its stream raise."""
        return await whole(await self.ask(query))

    async def ask(self, query: Query, charge: Callable[[float], None] = lambda _: None) -> Answer | Stream:
        """The answer to a query where it is short, else its stream; as `QueryPool.ask`, which says what it raises."""
        journey = self._journey(query, charge)
        try:
            await journey.enter(self._quick)
            return await self._asked(query, journey)
        except QueryTimeout:
            if not journey.begins_anew:
                raise
        return await self._asked_anew(query, journey)

    def begin(self, query: Query, charge: Callable[[float], None]) -> Begun:
        """A query that passed the gate, begun as soon as there is a place for it; no task waits for that.

        Raises:
            QueryRefused: too many wait already, or the service is stopping.
        """
        journey = self._journey(query, charge)
        begun = Begun(journey, partial(self._run, query, journey), partial(self._asked_anew, query, journey))
        if journey.enter_at_once():
            begun.run()
        else:
            begun.wait(self._quick.promise())
        return begun

    def _run(self, query: Query, journey: _Journey, first: Promise[Answer | Stream]) -> Callable[[], object]:
        """Runs the query in the place that it has; where no worker is good just now, a task waits for one.

        Returns:
            what ends it.
        """
        conversation = self._pool.begin(query, journey.end, self._pace(journey), first)
        if conversation is not None:
            return conversation.leave
        task = asyncio.ensure_future(self._asked(query, journey))
        first.follow(task)
        return task.cancel

    def _journey(self, query: Query, charge: Callable[[float], None]) -> _Journey:
        deadline = self.deadline if query.seconds is None else query.seconds
        return _Journey(self._quick, self._slow, charge, deadline - self._moment)

    def _pace(self, journey: _Journey) -> Pace:
        return Pace(self._moment, journey.change)

    async def _asked(self, query: Query, journey: _Journey) -> Answer | Stream:
        return await self._pool.ask(query, journey.end, pace=self._pace(journey))

    async def _asked_anew(self, query: Query, journey: _Journey) -> Answer | Stream:
        await journey.enter(self._slow)
        return await self._asked(query, journey)

    @property
    def pools(self) -> tuple[QueryPool, ...]:
        """What is moved to another version."""
        return (self._pool,)

    @property
    def state(self) -> PoolState:
        """How the lanes are doing."""
        return self._pool.state.beside(len(self._quick) + len(self._slow))


class Begun:
    """A query that was begun before anybody awaits it: it runs, or waits for its place.

    Attributes:
        first: becomes the answer where that is short, else its stream, or an error.
    """

    __slots__ = ("_anew", "_journey", "_leave", "_place", "_run", "first")

    def __init__(
        self,
        journey: _Journey,
        run: Callable[[Promise[Answer | Stream]], Callable[[], object]],
        anew: Callable[[], Coroutine[Any, Any, Answer | Stream]],
    ) -> None:
        self.first = Promise[Answer | Stream]()
        self._journey, self._run, self._anew = journey, run, anew
        self._leave: Callable[[], object] = self._turn_away

    def run(self) -> None:
        """Runs it in the place that it has."""
        self._leave = self._run(self.first)

    def wait(self, place: asyncio.Future[None]) -> None:
        """Runs it once it has its place."""
        self._place = place
        place.add_done_callback(self._enter)

    async def outcome(self) -> Answer | Stream:
        """The answer, as `Lanes.ask` gives it; cancelling this leaves the query."""
        try:
            return await self.first
        except asyncio.CancelledError:
            self.leave()
            raise
        except QueryTimeout:
            if not self._journey.begins_anew:
                raise
        return await self._anew()

    def leave(self) -> None:
        """Nobody wants the answer any more."""
        self._leave()

    def _turn_away(self) -> None:
        self.first.cancel()
        self._place.cancel()

    def _enter(self, place: asyncio.Future[None]) -> None:
        error = None if place.cancelled() else place.exception()
        if place.cancelled() or error is not None:
            self._journey.end(0.0)
            if error is not None:
                self.first.fail(error)
            return
        self._journey.enter_promised()
        if self.first.is_cancelled:
            self._journey.end(0.0)  # its place came as it was left
            return
        self.run()


def _lane(places: int, patience: float) -> Turns[None]:
    lane = Turns[None](patience)
    lane.free = [None] * places
    return lane


class _Journey:
    """A query on its way through the lanes: the place that it has, and what it has cost.

    Attributes:
        begins_anew: whether it was stopped in the quick lane, as the slow one was full.
    """

    __slots__ = ("_charge", "_lane", "_more", "_quick", "_slow", "_spent", "begins_anew")

    def __init__(self, quick: Turns[None], slow: Turns[None], charge: Callable[[float], None], more: float) -> None:
        self.begins_anew = False
        self._quick, self._slow, self._charge, self._more = quick, slow, charge, more
        self._lane: Turns[None] | None = None
        self._spent = 0.0

    async def enter(self, lane: Turns[None]) -> None:
        """Waits for a place; raises what `Turns.take` raises."""
        self.begins_anew = False
        try:
            await lane.take()
        except BaseException:
            self._charge(self._spent)
            raise
        self._lane = lane

    def enter_at_once(self) -> bool:
        """Takes a place of the quick lane, if one is free; whether it was."""
        if not self._quick.free:
            return False
        self._quick.free.pop()
        self._lane = self._quick
        return True

    def enter_promised(self) -> None:
        """Takes the place of the quick lane that it was given."""
        self._lane = self._quick

    def change(self) -> float | None:
        """Goes over to the slow lane: the seconds that the query has there, None where that is full."""
        if self._lane is self._slow:
            return self._more
        if not self._slow.free:
            self.begins_anew = True
            return None
        self._leave()
        self._slow.free.pop()
        self._lane = self._slow
        return self._more

    def end(self, seconds: float) -> None:
        """No worker is busy with it any more."""
        self._spent += seconds
        self._leave()
        if not self.begins_anew:
            self._charge(self._spent)

    def _leave(self) -> None:
        if self._lane is not None:
            self._lane.give(None)
            self._lane = None
