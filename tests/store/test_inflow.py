"""Statements that flow in: all of them or none, while they are made, and wherever the process may run."""

import os
import sys

import pytest
from pyoxigraph import Store

from kg.store import inflow
from kg.store.inflow import Inflow


def line(number):
    """A statement in N-Quads syntax."""
    return f'<http://e.org/{number}> <http://e.org/says> "{number}" <http://e.org/graph> .\n'.encode()


def ended(flow):
    """All of it has come."""
    flow.close()
    flow.end()


@pytest.fixture
def store(tmp_path):
    """A store on the disk."""
    return Store(tmp_path / "store")


def test_what_flows_in_is_in_the_store_at_the_end(store, monkeypatch):
    """In however many bits it came, each of them once."""
    monkeypatch.setattr(inflow, "_BLOCK", 1000)
    flow = Inflow(store)
    for number in range(1000):
        flow.feed(line(number))
    ended(flow)
    assert sorted(int(quad.object.value) for quad in store) == list(range(1000))


def test_an_empty_bit_is_not_the_end(store, monkeypatch):
    """A page may have nothing to say."""
    monkeypatch.setattr(inflow, "_BLOCK", 1)
    flow = Inflow(store)
    for bit in (line(1), b"", line(2)):
        flow.feed(bit)
    ended(flow)
    assert len(store) == 2


def test_what_was_given_up_left_nothing(store, monkeypatch):
    """The engine lets in what it has read when a load ends, and this one does not end."""
    monkeypatch.setattr(inflow, "_BLOCK", 1)
    flow = Inflow(store)
    flow.feed(line(1))
    flow.give_up()
    assert len(store) == 0


def test_an_error_reaches_who_feeds(store, monkeypatch):
    """Nobody feeds a load that has failed, and it does not end as if it had not."""
    monkeypatch.setattr(inflow, "_BLOCK", 1)
    flow = Inflow(store)
    flow.feed(b"no statement\n")
    with pytest.raises(SyntaxError):
        ended(flow)
    with pytest.raises(SyntaxError):
        flow.feed(line(1))


def test_a_load_waits_while_memory_is_short_and_not_for_ever(store, monkeypatch):
    """What else takes the memory may never let go of it."""
    monkeypatch.setattr(inflow, "_CROWDED", 0)
    monkeypatch.setattr(inflow, "_PATIENCE", 0.05)
    flow = Inflow(store)
    flow.feed(line(1))
    ended(flow)
    assert len(store) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="processors can be chosen on Linux alone")
def test_a_load_may_use_every_processor_once_it_has_begun(store, monkeypatch):
    """One processor is what the engine is shown, and not where the load stays."""
    allowed = []
    monkeypatch.setattr(inflow, "_resident", lambda: allowed.append(os.sched_getaffinity(0)) or 0)
    flow = Inflow(store)
    flow.feed(line(1))
    ended(flow)
    assert {frozenset(each) for each in allowed} == {frozenset(os.sched_getaffinity(0))}
