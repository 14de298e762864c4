"""Over a socket: long answers, clients that go or read slowly, and requests that are too large or too slow."""

from __future__ import annotations

import asyncio
import http.client
import json
import logging
from contextlib import closing, suppress
from urllib.parse import quote

import httpx
import pytest

from kg.model.imprint import Imprint
from kg.rdf.dataset import Edition

pytest.importorskip("httptools")

from kg.web import connections, cycles

EDITION = Edition(base="http://127.0.0.1:8000/", name="v7", imprint=Imprint())
_HUNDRED = " ".join(map(str, range(100)))
#: 30,000 rows of three numbers, some 7 MB; and a hundred times as many.
LONG = f"SELECT * {{ VALUES ?a {{ {_HUNDRED} }} VALUES ?b {{ {_HUNDRED} }} VALUES ?c {{ 1 2 3 }} }}"
HUGE = LONG.replace("1 2 3 }", f"1 2 3 }} VALUES ?d {{ {_HUNDRED} }}")
SHORT = "ASK {}"
POST = b"POST /sparql HTTP/1.1\r\nHost: kg\r\nContent-Type: application/sparql-query\r\n"


@pytest.fixture
def served(application, listening):
    """What the work returns that is given the port of a server of one worker, and its pool."""

    def done(work, *, pause=5.0, **given):
        async def main():
            async with (
                application(**{"answer_rows": 10**9, "answer_bytes": 10**9, **given}) as (app, pool),
                listening(app, pause=pause) as port,
                asyncio.timeout(60),
            ):
                return await work(port, pool)

        return asyncio.run(main())

    return done


async def sent(port, request):
    """Sends these bytes; the streams to go on with."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    return reader, writer


async def received(port, request):
    """All that comes back for these bytes until the server closes."""
    reader, writer = await sent(port, request)
    try:
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def get(query, version="1.1", headers=""):
    """A request of a query by GET."""
    return f"GET /sparql?query={quote(query)} HTTP/{version}\r\nHost: kg\r\n{headers}\r\n".encode()


def head_and_body(response):
    """Status, headers and body of a raw response."""
    head, _, body = response.partition(b"\r\n\r\n")
    status, *lines = head.decode().lower().split("\r\n")
    return int(status.split()[1]), dict(line.split(": ", 1) for line in lines), body


def unchunked(body):
    """The content of chunks, and whether the last one came."""
    content, at = [], 0
    while at < len(body):
        end = body.index(b"\r\n", at)
        size = int(body[at:end], 16)
        if size == 0:
            return b"".join(content), True
        content.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return b"".join(content), False


def test_long_answer_comes_in_chunks(served):
    """A long answer is sent as it comes, whole, with its date and without a tag."""

    async def work(port, pool):
        del pool
        return await received(port, get(LONG, headers="Connection: close\r\n"))

    status, headers, body = head_and_body(served(work))
    content, is_whole = unchunked(body)
    assert (status, headers["transfer-encoding"], is_whole) == (200, "chunked", True)
    assert "etag" not in headers
    assert "content-length" not in headers
    assert headers["x-content-type-options"] == "nosniff"
    assert len(json.loads(content)["results"]["bindings"]) == 30_000


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_long_answer_is_packed(served, encoding):
    """A long answer is packed as it goes."""

    async def work(port, pool):
        del pool
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            return await client.get("/sparql", params={"query": LONG}, headers={"Accept-Encoding": encoding})

    response = served(work)
    assert response.headers["content-encoding"] == encoding
    if encoding == "gzip":
        assert len(response.json()["results"]["bindings"]) == 30_000


def test_early_failure_has_its_status(served):
    """What fails within the first mebibyte has not been answered yet: it is a problem."""

    async def work(port, pool):
        del pool
        return await received(port, get(LONG, headers="Connection: close\r\n"))

    status, headers, body = head_and_body(served(work, answer_rows=100))
    assert (status, headers["content-type"]) == (422, "application/problem+json")
    assert "100 rows" in json.loads(body)["detail"]


@pytest.mark.parametrize("limit", [{"answer_rows": 29_000}, {"answer_bytes": 3_000_000}])
def test_late_failure_breaks_the_body_off(served, limit):
    """What fails later has no last chunk: no client can take it for whole, whatever library reads it."""

    async def work(port, pool):
        raw = await received(port, get(LONG))

        def by_library():
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
                connection.request("GET", f"/sparql?query={quote(LONG)}")
                with connection.getresponse() as response, pytest.raises(http.client.IncompleteRead):
                    response.read()
                return response.status

        status = await asyncio.to_thread(by_library)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            with pytest.raises(httpx.RemoteProtocolError):
                await client.get("/sparql", params={"query": LONG})
        return raw, status, await received(port, get(SHORT, headers="Connection: close\r\n")), pool.state.replaced

    raw, status, after, replaced = served(work, **limit)
    first, _, body = head_and_body(raw)
    content, is_whole = unchunked(body)
    assert (first, status, is_whole, replaced) == (200, 200, False, 0)
    assert len(content) >= 1024 * 1024
    assert after.endswith(b"true}")


def test_late_failure_in_http_1_0_is_a_problem(served):
    """HTTP/1.0 knows no chunks, and takes whatever came before the end for whole: so all is held back."""

    async def work(port, pool):
        del pool
        return await received(port, get(LONG, "1.0")), await received(
            port, get(LONG.replace("?c { ", "?c { 0 #"), "1.0")
        )

    failed, _ = served(work, answer_rows=29_000)
    assert head_and_body(failed)[0] == 422


def test_long_answer_in_http_1_0(served):
    """It says how long it is."""

    async def work(port, pool):
        del pool
        return await received(port, get(LONG, "1.0"))

    status, headers, body = head_and_body(served(work))
    assert (status, int(headers["content-length"])) == (200, len(body))


def test_head_of_a_long_answer(served):
    """HEAD tells what GET would, and the query ends there."""

    async def work(port, pool):
        del pool
        return await received(port, get(LONG, headers="Connection: close\r\n").replace(b"GET", b"HEAD"))

    status, headers, body = head_and_body(served(work))
    assert (status, headers["content-type"], body) == (200, "application/sparql-results+json", b"")


def test_client_that_goes_in_the_middle_frees_its_worker(served):
    """A worker in the middle of an endless answer is stopped at once when its client goes."""

    async def work(port, pool):
        reader, writer = await sent(port, get(HUGE))
        await reader.readexactly(100_000)
        writer.transport.abort()
        return await received(port, get(SHORT, headers="Connection: close\r\n")), pool.state.spooled

    after, spooled = served(work, deadline=300.0, spool=1_000_000)
    assert after.endswith(b"true}")
    assert spooled == 0


def test_client_that_reads_slowly_holds_no_worker(served):
    """While one client takes nothing of a long answer, the only worker answers others; then it gets all of it."""

    async def work(port, pool):
        reader, writer = await sent(port, get(LONG, headers="Connection: close\r\n"))
        await reader.readexactly(1)
        others = [await received(port, get(f"{SHORT} #{n}", headers="Connection: close\r\n")) for n in range(3)]
        spooled = pool.state.spooled
        rest = await reader.read()
        writer.close()
        return others, spooled, b"H" + rest

    others, spooled, whole = served(work)
    assert all(other.endswith(b"true}") for other in others)
    assert spooled > 1024 * 1024
    assert unchunked(head_and_body(whole)[2])[1]


def test_client_that_takes_nothing_is_left(served, monkeypatch):
    """What waits for a client that takes nothing is let go."""
    monkeypatch.setattr(connections, "_TAKEN_WITHIN", 0.2)

    async def work(port, pool):
        reader, writer = await sent(port, get(HUGE))
        await reader.readexactly(1)
        while pool.state.spooled or not pool.state.idle:  # noqa: ASYNC110 - numbers raise no event
            await asyncio.sleep(0)
        rest = b""
        with suppress(ConnectionError):
            rest = await reader.read()
        writer.close()
        return rest

    assert not served(work).endswith(b"0\r\n\r\n")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /?" + b"a" * connections.LONGEST_ADDRESS + b" HTTP/1.1\r\nHost: kg\r\n\r\n", 414),
        (b"GET /?" + b"a" * connections.LONGEST_ADDRESS, 414),
        (b"GET / HTTP/1.1\r\nHost: kg\r\nX: " + b"a" * connections.LONGEST_HEADERS + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: kg\r\n" + b"X: a\r\n" * connections.LONGEST_HEADERS, 431),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * (connections.LONGEST_HEADERS + connections.LONGEST_ADDRESS), 431),
        (b"POST /sparql HTTP/1.1\r\nHost: kg\r\nContent-Type: application/sparql-query\r\n"
         b"Content-Length: 900000\r\n\r\n" + b"x" * 900_000, 413),
        (b"\x16\x03\x01\x02\x00\x01\x00", 400),
        (b"GET / HTTP/1.1\r\nHost kg\r\n\r\n", 400),
    ],
    ids=["address", "address without end", "header", "headers", "header without end", "body", "tls", "no header"],
)  # fmt: skip
def test_too_large(served, request_, status):
    """What is too large, or no HTTP, is told so by its own status as a problem document, and the connection ends."""

    async def work(port, pool):
        del pool
        request = request_.replace(b"Host: kg\r\n", b"Host: kg\r\nConnection: close\r\n") if status == 413 else request_
        return await received(port, request), await received(port, get(SHORT, headers="Connection: close\r\n"))

    refused, after = served(work)
    found, headers, body = head_and_body(refused)
    assert (found, headers["content-type"], json.loads(body)["status"]) == (status, "application/problem+json", status)
    assert after.endswith(b"true}")


def test_endless_body_is_not_read_for_ever(served):
    """A client that goes on sending after its refusal is left."""

    async def work(port, pool):
        del pool
        head = b"POST /sparql HTTP/1.1\r\nHost: kg\r\nContent-Type: application/sparql-query\r\n"
        _, writer = await sent(port, head + b"Transfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
        try:
            while True:
                writer.write(chunk)
                await writer.drain()
        except ConnectionError:
            return True

    assert served(work)


@pytest.mark.parametrize(
    ("request_", "within"),
    [
        (b"GET /sparql HTTP/1.1\r\nHost:", "_HEAD_WITHIN"),
        (b"\r\n", "_HEAD_WITHIN"),
        (POST + b"Content-Length: 50\r\n\r\nASK", "_BODY_WATCHED_EVERY"),
        (POST + b"Content-Length: 50\r\n\r\n", "_BODY_WATCHED_EVERY"),
    ],
    ids=["head", "empty line", "body", "no body"],
)  # fmt: skip
def test_too_slow(served, monkeypatch, request_, within):
    """A request that does not come in time is told so, and its connection ends."""
    monkeypatch.setattr(connections, within, 0.2)

    async def work(port, pool):
        del pool
        return await received(port, request_)

    status, headers, _ = head_and_body(served(work))
    assert (status, headers["connection"]) == (408, "close")


def test_silent_connection_ends(served, monkeypatch):
    """A client that says nothing keeps no connection, and is told nothing."""
    monkeypatch.setattr(connections, "_HEAD_WITHIN", 0.2)

    async def work(port, pool):
        del pool
        return await received(port, b"")

    assert served(work) == b""


@pytest.mark.parametrize("times", [1, 4])
def test_connection_that_pauses_ends(served, times):
    """A client that says nothing behind its answer is left, be that a new one or one that is kept."""

    async def work(port, pool):
        del pool
        reader, writer = await sent(port, b"")
        for _ in range(times):
            writer.write(get(SHORT))
            await reader.readuntil(b"true}")
        rest = await reader.read()
        writer.close()
        return rest

    assert served(work, pause=0.2) == b""


def test_body_in_many_pieces(served):
    """A body may come in pieces, and connections are kept for the next request."""

    async def work(port, pool):
        del pool
        head = b"POST /sparql HTTP/1.1\r\nHost: kg\r\nContent-Type: application/sparql-query\r\nContent-Length: 6\r\n"
        reader, writer = await sent(port, head)
        for part in (b"\r\n", b"ASK", b" {", b"}"):
            await asyncio.sleep(0)
            writer.write(part)
            await writer.drain()
        first = await reader.readuntil(b"true}")
        writer.write(get(SHORT) + get(SHORT, headers="Connection: close\r\n"))
        rest = await reader.read()
        writer.close()
        return first, rest

    first, rest = served(work)
    assert first.startswith(b"HTTP/1.1 200")
    assert rest.count(b"HTTP/1.1 200") == 2


def test_upgrade_is_passed_over(served):
    """A client that would like another protocol (Java's does, for HTTP/2) gets its answer, and asks anew."""

    async def work(port, pool):
        del pool
        wish = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n"
        return await received(port, get(SHORT, headers=wish))

    status, headers, body = head_and_body(served(work))
    assert (status, headers["connection"]) == (200, "close")
    assert body.endswith(b"true}")


def test_clients_write_nothing_into_the_log(served, caplog):
    """What clients alone decide on is no news of the server."""

    async def work(port, pool):
        del pool
        await received(port, b"nonsense\r\n\r\n")
        await received(port, get(SHORT, headers="Connection: Upgrade\r\nUpgrade: websocket\r\n"))
        await received(port, get(LONG))

    with caplog.at_level(logging.WARNING):
        served(work, answer_rows=29_000)
    assert caplog.messages == []


def test_kept_answer_is_the_same_on_the_wire(served):
    """What is sent without more ado has the headers and the body that it had when it was made."""

    async def work(port, pool):
        del pool
        reader, writer = await sent(port, b"")
        found = []
        for _ in range(3):
            writer.write(get(SHORT))
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readuntil(b"true}")
            found.append(head_and_body(head + body))
        writer.write(get(SHORT, headers="Connection: close\r\n"))
        last = await reader.read()
        writer.close()
        return found, last, await received(port, get(SHORT, "1.0"))

    (made, *kept), last, old = served(work)
    own = {"date", "age", "cache-status"}
    for status, headers, body in (*kept, head_and_body(last), head_and_body(old)):
        assert (status, body) == (made[0], made[2])
        assert headers["cache-status"] == "policy-kg; hit"
        alike = {name: value for name, value in headers.items() if name not in own | {"connection"}}
        assert alike == {name: value for name, value in made[1].items() if name not in own}


@pytest.mark.parametrize(
    "headers",
    [
        [(b"content-length", b"2"), (b"x", b"a\r\nset-cookie: b")],
        [(b"content-length", b"2"), (b"x", b"a\nb")],
        [(b"content-length", b"3")],
        [(b"content-length", b"2"), (b"connection", b"close")],
        [],
    ],
    ids=["split", "line feed", "wrong length", "connection", "no length"],
)
def test_particular_responses_take_the_usual_way(headers):
    """Whatever is not plain is left to the server, which refuses what would forge a header."""
    plain = [(b"content-length", b"2"), (b"x", b"a")]
    assert cycles.plain_head({"type": "http.response.start", "status": 200, "headers": plain}, b"ab")
    assert cycles.plain_head({"type": "http.response.start", "status": 200, "headers": headers}, b"ab") is None
    assert cycles.plain_head({"type": "http.response.start", "status": 304, "headers": plain}, b"ab") is None
