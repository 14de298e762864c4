"""Turns: whoever waits longest is served first, and nothing gets lost."""

from __future__ import annotations

import asyncio

import pytest

from kg.model.errors import QueryRefused
from kg.query.turns import Turns


def in_loop(work):
    """What the work returns."""
    return asyncio.run(work())


async def begun(*works):
    """Tasks that have come to where they wait."""
    tasks = [asyncio.create_task(work) for work in works]
    await asyncio.sleep(0)
    return tasks


def test_first_come_first_served():
    """Things go to those who wait in the order in which they came; what nobody waits for is free."""

    async def work():
        turns = Turns[str](10)
        tasks = await begun(turns.take(), turns.take())
        for thing in "abc":
            turns.give(thing)
        return [await task for task in tasks], await turns.take(), len(turns)

    assert in_loop(work) == (["a", "b"], "c", 0)


def test_who_leaves_gives_back_what_came():
    """A thing that comes as its taker leaves goes to the next."""

    async def work():
        turns = Turns[str](10)
        leaving, staying = await begun(turns.take(), turns.take())
        turns.give("a")
        leaving.cancel()
        return await staying, leaving.cancelled(), turns.free

    assert in_loop(work) == ("a", True, [])


@pytest.mark.parametrize(
    ("given", "words"),
    [({"patience": 0.01}, "no worker was free in time"), ({"patience": 10, "most_waiting": 0}, "too many queries")],
)
def test_waiting_has_an_end(given, words):
    """Neither for ever nor in any number."""

    async def work():
        with pytest.raises(QueryRefused, match=words):
            await Turns[str](**given).take()

    in_loop(work)


def test_closing_refuses_all():
    """Those who wait and those who come are told that the service stops."""

    async def work():
        turns = Turns[str](10)
        (waiting,) = await begun(turns.take())
        turns.close()
        for each in (waiting, turns.take()):
            with pytest.raises(QueryRefused, match="stopping"):
                await each

    in_loop(work)


def test_who_cancels_a_promise_makes_room():
    """The line has room again when one who awaits nothing leaves it, and what comes passes to those behind."""

    async def work():
        turns = Turns[str](10, most_waiting=2)
        left, behind = turns.promise(), turns.promise()
        with pytest.raises(QueryRefused, match="too many queries"):
            turns.promise()
        left.cancel()
        await asyncio.sleep(0)
        last = turns.promise()
        for thing in "abc":
            turns.give(thing)
        return await behind, await last, turns.free, len(turns)

    assert in_loop(work) == ("a", "b", ["c"], 0)
