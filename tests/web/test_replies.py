"""Replies: their headers as they are at the moment they are sent, and the requests that are known to get them."""

from __future__ import annotations

import pytest

from kg.query import Answer, AnswerKind, Query
from kg.web import kept, replies
from kg.web.kept import Kept, Told
from kg.web.replies import Heard, Reply

DATE = [(b"date", b"Sun, 01 Nov 2026 12:00:00 GMT")]
REQUEST = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: kg\r\n\r\n"


@pytest.fixture
def clock(monkeypatch):
    """What the clock says, in a list of one."""
    now = [100.0]
    for module in (kept, replies):
        monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def reply():
    """The reply of an answer that came at second 100."""
    answer = Answer(kind=AnswerKind.BOOLEAN, media_type="text/csv", payload=b"true")
    found = Kept(query=Query(text="ASK {}"), answer=answer, told=Told(), made=100.0)
    return Reply(found, found.rendering_at_once(None))


def age(head):
    """What a head says of the answer's age."""
    (found,) = (line for line in head.split(b"\r\n") if line.startswith(b"age: "))
    return int(found[5:])


def test_age_is_that_of_each_moment(clock, reply):
    """The head is put together once a second, at the moment its age becomes another."""
    ages, heads = [], set()
    for clock[0] in (100.0, 100.999, 101.0, 101.5, 103.2):
        heads.add(head := reply.head(DATE))
        ages.append(age(head))
    assert ages == [0, 0, 1, 1, 3]
    assert len(heads) == 3


def test_date_is_the_servers(clock, reply):
    """When the server says another date, so does the next head."""
    later = [(b"date", b"Sun, 01 Nov 2026 12:00:01 GMT")]
    assert DATE[0][1] in reply.head(DATE)
    assert later[0][1] in reply.head(later)
    assert clock == [100.0]


def test_head_is_whole(reply):
    """It begins with the status and ends with an empty line; observers are told of the very same each time."""
    head = reply.head(DATE)
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert head.endswith(b"\r\n\r\n")
    assert head.count(b"\r\n\r\n") == 1
    assert reply.exchange is reply.exchange


def test_long_requests_are_not_remembered(reply):
    """What takes much room is parsed each time."""
    heard = Heard()
    heard.remember(REQUEST.replace(b"kg", b"kg" * 3000), reply)
    assert len(heard) == 0


def test_number_of_requests_is_bounded(reply):
    """Clients that word the same in ever new ways take no more room than others."""
    heard = Heard()
    for number in range(5000):
        heard.remember(REQUEST.replace(b"kg", b"%d" % number), reply)
    assert len(heard) == len(reply.requests) <= 1024
    heard.forget(reply)
    assert len(heard) == len(reply.requests) == 0


def test_a_request_that_comes_again_is_remembered_once(reply):
    """It is parsed again where it comes behind others; its answer can still be forgotten."""
    heard = Heard()
    for _ in range(2):
        heard.remember(REQUEST, reply)
    heard.forget(reply)
    assert not heard
