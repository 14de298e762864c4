"""Wires between processes: what is sent comes whole, and an end that is gone is noticed."""

from __future__ import annotations

import socket
import threading

import pytest

from kg.build.wire import Wire, ready


@pytest.mark.parametrize("size", [0, 1, 150_000, 5_000_000])
def test_values_come_whole_and_in_order(size):
    """Whatever their size, also where the wire holds only a part of them at a time."""
    one, other = Wire.pair()
    values = [("first", b"x" * size), ("second", b"y" * size)]
    sender = threading.Thread(target=lambda: [one.send(value) for value in values])
    sender.start()
    assert [other.receive() for _ in values] == values
    sender.join()
    one.close()
    other.close()


def test_an_end_that_is_gone_is_noticed():
    """By who waits for a value, also in the middle of one; and it counts as ready, so that nobody waits for ever."""
    one, other = Wire.pair()
    one.close()
    assert ready([other], 30.0) == {other.number}
    with pytest.raises(EOFError):
        other.receive()
    other.close()
    end, rest = socket.socketpair()
    half = Wire(rest)
    end.sendall((100).to_bytes(8) + b"half of it")
    end.close()
    with pytest.raises(EOFError):
        half.receive()
    half.close()


def test_only_wires_on_which_something_came_are_ready():
    """Nobody waits longer than told."""
    (one, other), (silent, waiting) = Wire.pair(), Wire.pair()
    one.send("news")
    assert ready([other, waiting], 30.0) == {other.number}
    assert ready([waiting], 0.0) == frozenset()
    for end in (one, other, silent, waiting):
        end.close()
