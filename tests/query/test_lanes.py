"""The two lanes: quick queries pass slow ones, and each query ends as it would in one."""

from __future__ import annotations

import asyncio
import os
import sys

import pytest

from kg.model.errors import QueryRefused, QuerySyntaxError, QueryTimeout, Refusal
from kg.query import AnswerKind, Lanes, Query, Stream
from kg.query.conversation import whole
from kg.query.turns import WAITING

EX = "http://example.org/"
SMALL = Query(text=f"ASK {{ <{EX}a> ?p ?o }}")
_NUMBERS = " . ".join(f"?s{n} <{EX}number> ?n{n}" for n in range(4))
ENDLESS = Query(text=f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{EX}numbers> {{ {_NUMBERS} }} FILTER(?n0+?n1+?n2+?n3 < 0) }}")
LONG = Query(text="SELECT ?a ?b ?c { " + " ".join(f"VALUES ?{name} {{ {'1111 ' * 60} }}" for name in "abc") + " }")
SLOW = Query(text=LONG.text.replace("SELECT ?a ?b ?c", "SELECT (COUNT(*) AS ?n)"))
SLOWER = Query(
    text="SELECT (COUNT(*) AS ?n) { " + " ".join(f"VALUES ?{name} {{ {'1111 ' * 35} }}" for name in "abcd") + " }"
)
YIELDING = 15
NEVER = 1e-6  # seconds in the quick lane: none is answered there


linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at threads the Linux way")


def threads(process):
    """The niceness of each of its threads."""
    return {int(thread): os.getpriority(os.PRIO_PROCESS, int(thread)) for thread in os.listdir(f"/proc/{process}/task")}  # noqa: PTH208 - numbers


def in_lanes(options, work, **given):
    """What the work returns that is done in fresh lanes."""

    async def main():
        async with Lanes(options, **{"workers": 1, "deadline": 20.0, **given}) as lanes:
            return await work(lanes)

    return asyncio.run(main())


def test_quick_queries_pass_slow_ones(options):
    """While more slow queries run and wait than there are workers, small ones are answered, one after the other."""

    async def work(lanes):
        slow = [asyncio.create_task(lanes.run(ENDLESS)) for _ in range(4)]
        await asyncio.wait(slow, timeout=0.5)
        kinds = [(await lanes.run(SMALL)).kind for _ in range(20)]
        running = sum(not each.done() for each in slow)
        for each in slow:
            each.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        return kinds, running

    assert in_lanes(options, work) == ([AnswerKind.BOOLEAN] * 20, 4)


def test_slow_query_is_answered_in_the_slow_lane(options):
    """What is not done within a moment is done later, and the worker's whole time is charged, once."""
    charged = []

    async def work(lanes):
        return await lanes.ask(SMALL, charged.append)

    answer = in_lanes(options, work, moment=NEVER)  # it goes on in the slow lane
    assert answer.kind is AnswerKind.BOOLEAN
    assert len(charged) == 1
    assert charged[0] > NEVER


def test_quick_query_is_charged_once(options):
    """A quick query costs what it took."""
    charged = []

    async def work(lanes):
        return await lanes.ask(SMALL, charged.append)

    in_lanes(options, work, moment=20.0)
    assert len(charged) == 1


def test_long_answer_is_a_stream_of_the_slow_lane(options):
    """A long answer comes whole, and holds no worker of the quick lane meanwhile."""

    async def work(lanes):
        found = await lanes.ask(LONG)
        assert isinstance(found, Stream)
        idle = (lanes.state.waiting, (await lanes.run(SMALL)).kind)
        return idle, (await whole(found)).rows

    assert in_lanes(options, work, moment=20.0) == ((0, AnswerKind.BOOLEAN), 60**3)


def test_errors_are_those_of_one_lane(options):
    """A syntax error, a refusal and a timeout at the full deadline are told as ever."""

    async def work(lanes):
        with pytest.raises(QuerySyntaxError):
            await lanes.run(Query(text="ASK {"))
        with pytest.raises(QueryRefused):
            await lanes.run(Query(text="ASK { SERVICE <http://a/> {} }"))
        with pytest.raises(QueryTimeout) as error:
            await lanes.run(ENDLESS)
        return error.value.deadline

    assert in_lanes(options, work, deadline=0.7) == 0.7


@linux
def test_slow_query_goes_on_where_it_is(options):
    """What takes longer than a moment is not begun anew; its thread yields, and another one answers the next query."""

    async def work(lanes):
        (pool,) = lanes.pools
        before = {worker.pid for worker in pool.workers}
        await lanes.run(SMALL)  # its worker is the next one's, too, and has its thread from now on
        await lanes.run(SLOWER)
        (slowed,) = (worker.pid for worker in pool.workers if YIELDING in threads(worker.pid).values())
        yielding = threads(slowed)
        await lanes.run(SMALL)
        assert {worker.pid for worker in pool.workers} == before
        return yielding[slowed] < YIELDING, threads(slowed).keys() - yielding.keys() != set()

    assert in_lanes(options, work, moment=0.02) == (True, True)


def test_query_is_begun_anew_where_the_slow_lane_is_full(options):
    """Two that take long and one place for them: both are answered in the end, and charged once each."""
    charged = []

    async def work(lanes):
        answers = await asyncio.gather(*(lanes.ask(SLOW, charged.append) for _ in range(2)))
        return [answer.rows for answer in answers], lanes.state.waiting, len(charged)

    assert in_lanes(options, work, moment=0.001) == ([1, 1], 0, 2)


def test_begun_query_waits_for_a_place(options):
    """Where all places of the quick lane are taken, a query waits, and is answered like those before it."""
    charged = []

    async def work(lanes):
        begun = [lanes.begin(SMALL, charged.append) for _ in range(6)]
        waiting = lanes.state.waiting
        return waiting, [(await each.outcome()).kind for each in begun], lanes.state.waiting

    assert in_lanes(options, work) == (4, [AnswerKind.BOOLEAN] * 6, 0)
    assert len(charged) == 6


def test_who_leaves_the_queue_costs_nothing(options):
    """A query that is left before it has a place is charged nothing, and those behind it move up."""
    charged = []

    async def work(lanes):
        ahead = [lanes.begin(SMALL, lambda _: None) for _ in range(2)]
        left = [lanes.begin(SMALL, charged.append) for _ in range(3)]
        behind = lanes.begin(SMALL, lambda _: None)
        for each in left:
            each.leave()
        kinds = [(await each.outcome()).kind for each in (*ahead, behind)]
        return kinds, lanes.state.waiting, lanes.state.replaced

    assert in_lanes(options, work) == ([AnswerKind.BOOLEAN] * 3, 0, 0)
    assert charged == [0.0] * 3


def test_who_leaves_as_its_place_comes_gives_it_back(options):
    """Places that come for queries which were left in the same moment go to the next ones."""

    async def work(lanes):
        ahead = [lanes.begin(SMALL, lambda _: None) for _ in range(2)]
        left = [lanes.begin(SMALL, lambda _: None) for _ in range(2)]
        behind = lanes.begin(SMALL, lambda _: None)
        leaving = iter(left)
        for each in ahead:
            each.first.then(lambda: next(leaving).leave())
        return [(await each.outcome()).kind for each in (*ahead, behind, lanes.begin(SMALL, lambda _: None))]

    assert in_lanes(options, work, deadline=2.0) == [AnswerKind.BOOLEAN] * 4


def test_query_that_has_left_the_queue_can_still_be_left(options):
    """One that waited and runs now is stopped as any other when nobody wants it."""

    async def work(lanes):
        ahead = [lanes.begin(SMALL, lambda _: None) for _ in range(2)]
        waited = lanes.begin(ENDLESS, lambda _: None)
        for each in ahead:
            await each.outcome()
        while lanes.state.waiting or lanes.state.idle == lanes.state.workers:  # noqa: ASYNC110 - counts raise no event
            await asyncio.sleep(0)
        waited.leave()
        while not lanes.state.replaced:  # noqa: ASYNC110 - a count raises no event
            await asyncio.sleep(0)
        return waited.first.is_cancelled

    assert in_lanes(options, work, moment=5.0)


def test_line_is_bounded(options):
    """Who would be too many is refused at once, and a query that runs does not count."""

    async def work(lanes):
        refused, begun = [], []
        for _ in range(200):
            try:
                begun.append(lanes.begin(SMALL, lambda _: None))
            except QueryRefused as error:
                refused.append(error.kind)
        kinds = {(await each.outcome()).kind for each in begun}
        return kinds, len(begun), set(refused)

    assert in_lanes(options, work) == ({AnswerKind.BOOLEAN}, 2 + WAITING, {Refusal.BUSY})
