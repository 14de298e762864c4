"""The two lanes: quick queries pass slow ones, and each query ends as it would in one."""

from __future__ import annotations

import asyncio

import pytest

from kg.model.errors import QueryRefused, QuerySyntaxError, QueryTimeout
from kg.query import AnswerKind, Lanes, Query, Stream
from kg.query.conversation import whole

EX = "http://example.org/"
SMALL = Query(text=f"ASK {{ <{EX}a> ?p ?o }}")
_NUMBERS = " . ".join(f"?s{n} <{EX}number> ?n{n}" for n in range(4))
ENDLESS = Query(text=f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{EX}numbers> {{ {_NUMBERS} }} FILTER(?n0+?n1+?n2+?n3 < 0) }}")
LONG = Query(text="SELECT ?a ?b ?c { " + " ".join(f"VALUES ?{name} {{ {'1111 ' * 60} }}" for name in "abc") + " }")
NEVER = 1e-6  # seconds in the quick lane: none is answered there


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

    answer = in_lanes(options, work, moment=NEVER)
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
        idle = (lanes.quick.state.waiting, (await lanes.run(SMALL)).kind)
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
