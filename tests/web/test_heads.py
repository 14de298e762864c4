"""Requests whose heads are known: only what a parser would read so is answered without one."""

from __future__ import annotations

import pytest

from kg.web.asking import read_query
from kg.web.bodies import read_form
from kg.web.heads import Heads, plain_request

HEAD = b" HTTP/1.1\r\nHost: kg\r\nAccept: text/csv\r\n\r\n"


def scope(fields=b"query=ASK+%7B%7D", path="/sparql", method="GET", headers=((b"accept", b"text/csv"),)):
    """A request that was parsed."""
    return {"path": path, "method": method, "query_string": fields, "headers": list(headers)}


def test_request_that_differs_in_its_query_is_known():
    """What was learned from one request is told of the next, with that one's query."""
    heads = Heads()
    assert heads.learn(b"GET /sparql?query=ASK+%7B%7D" + HEAD, plain_request(scope()))
    found = heads.plain(b"GET /sparql?query=ASK+%7B1%7D" + HEAD)
    assert found.wording == (b"query=ASK+%7B1%7D", b"text/csv", b"")


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /sparql?query=1" + HEAD.replace(b"kg", b"gk"),
        b"POST /sparql?query=1" + HEAD,
        b"GET /health?query=1" + HEAD,
        b"GET /sparql?query=1" + HEAD + b"G",
        b"GET /sparql?query=1" + HEAD[:-1],
        b"GET /sparql?query=1 2" + HEAD,
        HEAD,
        b"",
    ],
    ids=["header", "method", "path", "more", "less", "space", "head", "nothing"],
)
def test_any_other_request_is_parsed(request_):
    """A byte more, less or of another kind around the query makes it one that nobody knows."""
    heads = Heads()
    heads.learn(b"GET /sparql?query=ASK+%7B%7D" + HEAD, plain_request(scope()))
    assert heads.plain(request_) is None


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /sparql?query=ASK+%7B%7D" + HEAD + HEAD,
        b"GET /sparql?query=ASK+%7B%7D" + HEAD[:-2],
        b"GET /sparql?query=ASK+%7B%7D" + HEAD.replace(b"1.1", b"1.0"),
        b"GET /sparql?query=ASK+%7B%7D" + HEAD.replace(b"kg", b"kg" * 3000),
        b"GET /sparql?query=ASK+%7B%7D#" + HEAD,
        b"GET http://kg/sparql?query=ASK+%7B%7D" + HEAD,
    ],
    ids=["two", "part", "version", "long", "fragment", "absolute"],
)
def test_only_the_head_of_one_whole_request_is_learned(request_):
    """What is more or less than the request that was parsed teaches nothing."""
    heads = Heads()
    assert not heads.learn(request_, plain_request(scope()))
    assert len(heads) == 0


@pytest.mark.parametrize(
    "given",
    [
        {"path": "/"},
        {"method": "HEAD"},
        {"headers": [(b"content-length", b"0")]},
        {"headers": [(b"if-none-match", b'"x"')]},
    ],
    ids=["path", "method", "body", "condition"],
)
def test_what_is_not_plain_is_not_learned(given):
    """A body or a condition needs a closer look each time."""
    assert plain_request(scope(**given)) is None


def test_number_of_heads_is_bounded():
    """A client whose head is another one each time takes no more room than others."""
    heads = Heads()
    for number in range(3000):
        heads.learn(b"GET /sparql?query=ASK+%7B%7D" + HEAD.replace(b"kg", b"%d" % number), plain_request(scope()))
    assert 0 < len(heads) <= 256


@pytest.mark.parametrize("around", [b"a%bb%%41=+c", b"%%%b1", b"%b", b"%%C3%%A4%b%%0A", b"%%4%b"])
def test_query_is_read_as_a_form_has_it(around):
    """No byte of a query means another thing where its head is known than where it is parsed; some are left to that."""
    for byte in range(256):
        fields = b"query=" + around % bytes([byte])
        found = read_query(fields)
        if found is not None:
            assert 32 < byte < 127
            assert chr(byte) not in "&#"
            assert read_form(fields.decode("latin-1")) == (("query", found),)
