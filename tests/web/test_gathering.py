"""Long answers that are kept once their first client has had them: whole, within bounds, and never else."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from kg.model.errors import QueryFailed
from kg.query import HELD_BACK, AnswerKind, Query
from kg.web.answers import Answers, Origin
from kg.web.encodings import Encoding
from kg.web.gathering import Passing
from kg.web.kept import Told

MIB = 1024 * 1024
_HUNDRED = " ".join(map(str, range(100)))
#: 30,000 rows of three numbers, some 7 MB.
LONG = f"SELECT * {{ VALUES ?a {{ {_HUNDRED} }} VALUES ?b {{ {_HUNDRED} }} VALUES ?c {{ 1 2 3 }} }}"
ROWS = 30_000


class Coming:
    """A stream of so many pieces, the last of which may never come."""

    kind, media_type = AnswerKind.SOLUTIONS, "text/csv"

    def __init__(self, pieces=8, size=MIB, error=None):
        self.left, self.size, self.error, self.rows = pieces, size, error, None

    def next(self):
        """The next piece."""
        self.left -= 1
        if not self.left and self.error is not None:
            raise self.error
        if not self.left:
            self.rows = 5
        return b"x" * self.size


def query_of(number):
    """A query of its own."""
    return Query(text=f"SELECT * {{ ?s ?p {number} }}")


def passed(answers, query, stream, *, pieces=None, told=None):
    """Lets a stream pass to its client, who takes so many pieces of it, or all."""
    with answers.gathering(query, told or Told(), stream) as gathering:
        for _ in range(pieces or stream.left):
            gathering.take(stream.next())


def answered(answers, query):
    """Where the answer to a query comes from now, and how long it is."""

    async def evaluate():
        return Coming()

    found, origin = asyncio.run(answers.answer(query, Told(), evaluate))
    return origin, None if isinstance(found, Coming) else len(found.answer.payload)


def test_what_came_to_its_end_is_kept():
    """A long answer that went to one client is there for the next one, with its rows."""
    answers = Answers(64 * MIB)
    passed(answers, query_of(1), Coming())
    assert answered(answers, query_of(1)) == (Origin.KEPT, 8 * MIB)
    assert answered(answers, query_of(2)) == (Origin.WORKER, None)


@pytest.mark.parametrize(
    ("stream", "given"),
    [
        (Coming(pieces=7), {"pieces": 6}),  # its client left
        (Coming(pieces=17), {}),  # more than its share
        (Coming(), {"told": Told(lasts=False)}),  # others have a part in it
    ],
)
def test_what_is_not_kept(stream, given):
    """What was left in the middle, is too large, or will be another answer soon is not; nothing of it stays."""
    answers = Answers(64 * MIB)
    passed(answers, query_of(1), stream, **given)
    assert (answers.size, len(answers)) == (0, 0)
    passed(answers, query_of(2), Coming(pieces=15))  # there is room for all that may be gathered
    assert len(answers) == 1


def test_what_fails_is_not_kept():
    """An answer that passes a limit near its end leaves nothing behind."""
    answers = Answers(64 * MIB)
    with pytest.raises(QueryFailed):
        passed(answers, query_of(1), Coming(error=QueryFailed("too long")))
    assert len(answers) == 0


def test_what_asks_for_chance_is_not_kept():
    """A long answer that differs each time is not kept either."""
    answers = Answers(64 * MIB)
    passed(answers, Query(text="SELECT (RAND() AS ?n) { ?s ?p ?o }"), Coming())
    assert len(answers) == 0


def test_nothing_of_another_version_is_kept():
    """An answer that is on its way when another version comes is in neither version's cache."""
    answers = Answers(64 * MIB)
    stream = Coming()
    with answers.gathering(query_of(1), Told(), stream) as gathering:
        gathering.take(stream.next())
        newer = answers.renewed()
        while stream.left:
            gathering.take(stream.next())
    passed(answers, query_of(2), Coming())  # asked before, came later
    assert (len(answers), len(newer)) == (0, 0)


def test_readers_who_never_read_are_given_up_first():
    """What is gathered for sixteen clients who take nothing has a bound, and keeps no other answer from being kept."""
    passing = Passing(16 * MIB)
    answers = Answers(64 * MIB, passing=passing)
    stalled = [(answers.gathering(query_of(n), Told(), stream), stream) for n in range(16) for stream in [Coming()]]
    for gathering, stream in stalled:
        for _ in range(3):
            gathering.take(stream.next())
            assert passing.gathered <= 16 * MIB
    passed(answers, query_of(99), Coming(pieces=15))
    assert answered(answers, query_of(99))[0] is Origin.KEPT
    for gathering, stream in stalled:  # who goes on gets all of it, and is not kept
        while stream.left:
            gathering.take(stream.next())
    assert (len(answers), passing.gathered) == (1, 0)


def test_an_endless_answer_gives_up_no_other():
    """One that grows over its share is given up itself, before those that have not grown meanwhile."""
    answers = Answers(64 * MIB)
    small, large = Coming(pieces=2), Coming(pieces=40)
    with answers.gathering(query_of(1), Told(), small) as gathering:
        gathering.take(small.next())
        passed(answers, query_of(2), large, pieces=15)
        gathering.take(small.next())
    assert len(answers) == 1


def test_what_is_gathered_counts():
    """What is kept makes room for what is gathered: together they never take more than they may."""
    passing = Passing(16 * MIB)
    answers = Answers(64 * MIB, passing=passing)
    for number in range(80):
        passed(answers, query_of(number), Coming(pieces=19, size=50_000))
    before, stream = answers.size, Coming(pieces=16)
    with answers.gathering(query_of(99), Told(), stream) as gathering:
        for _ in range(15):
            gathering.take(stream.next())
            assert answers.size + passing.gathered <= 64 * MIB
    assert answers.size < before


def test_long_answers_leave_room_for_short_ones():
    """However many long answers come, they have one half of the cache."""
    answers = Answers(64 * MIB)
    for number in range(10):
        passed(answers, query_of(number), Coming())
        assert answers.size <= 32 * MIB
    assert len(answers) == 3


def test_what_is_being_sent_counts_until_its_last_byte():
    """Clients who take forever hold what they are sent: nothing comes in its place, also of another version."""
    answers = Answers(64 * MIB)
    passed(answers, query_of(1), Coming(pieces=15))
    passed(answers, query_of(2), Coming(pieces=15))

    async def sending(version):
        one, _ = await version.answer(query_of(1), Told(), None)
        two, _ = await version.answer(query_of(2), Told(), None)
        return one, two

    one, two = asyncio.run(sending(answers))
    with answers.lent(one), answers.lent(two):
        newer = answers.renewed()
        passed(newer, query_of(3), Coming())
        held_up = len(newer)
    passed(newer, query_of(3), Coming())
    assert (held_up, len(newer)) == (0, 1)


class Client:
    """One client of an application, who reads as fast as it is let."""

    def __init__(self, app, *, accept_encoding="", version="1.1"):
        self.app, self.version = app, version
        self.headers = [(b"accept-encoding", accept_encoding.encode())]
        self.may_read = asyncio.Event()
        self.may_read.set()
        self.left = asyncio.Event()
        self.pieces = []

    async def get(self, query, method="GET", reads=0):
        """Status, headers and body; behind this piece it reads nothing until it may."""
        scope = {
            "type": "http",
            "method": method,
            "path": "/sparql",
            "raw_path": b"/sparql",
            "query_string": b"query=" + "".join(f"%{each:02X}" for each in query.encode()).encode(),
            "headers": self.headers,
            "http_version": self.version,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8000),
            "scheme": "http",
            "root_path": "",
        }
        started = {}

        async def receive():
            await self.left.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            if message["type"] == "http.response.start":
                started.update(status=message["status"], headers=dict(message["headers"]))
                return
            self.pieces.append(message.get("body", b""))
            if len(self.pieces) == reads:
                self.may_read.clear()
            await self.may_read.wait()

        await self.app(scope, receive, send)
        if self.left.is_set():
            return None
        return started["status"], started["headers"], b"".join(self.pieces)


@pytest.fixture
def in_site(application):
    """What the work returns that is done with an application of its own."""

    def done(work):
        async def main():
            async with application(answer_rows=10**9, answer_bytes=10**9) as (app, _):
                return await work(app)

        return asyncio.run(main())

    return done


def test_second_client_gets_it_from_memory(in_site):
    """The same bytes, now with their length and tag, in pieces; and nothing to who has them."""

    async def work(app):
        first = await Client(app).get(LONG)
        client = Client(app)
        again = await client.get(LONG)
        known = Client(app)
        known.headers.append((b"if-none-match", again[1][b"etag"]))
        return first, again, client.pieces, await known.get(LONG), await Client(app).get(LONG, "HEAD")

    first, (status, headers, body), pieces, unchanged, head = in_site(work)
    assert (status, body) == (200, first[2])
    assert headers[b"cache-status"] == b"policy-kg; hit"
    assert (b"etag" in first[1], b"content-length" in first[1]) == (False, False)
    assert int(headers[b"content-length"]) == len(body) > HELD_BACK
    assert len(json.loads(body)["results"]["bindings"]) == ROWS
    assert max(map(len, pieces)) <= 256 * 1024
    assert (unchanged[0], unchanged[2]) == (304, b"")
    assert (head[1][b"content-length"], head[2]) == (headers[b"content-length"], b"")


def test_packed_once(in_site, monkeypatch):
    """However many ask at once for a packing that is not there, it is packed once, whoever of them leaves."""
    packed = []
    pack = Encoding.pack

    async def work(app):
        await Client(app, accept_encoding="zstd").get(LONG)
        clients = [Client(app, accept_encoding="gzip") for _ in range(5)]
        asked = [asyncio.create_task(client.get(LONG)) for client in clients]
        while not packed:  # noqa: ASYNC110 - a list raises no event
            await asyncio.sleep(0)
        asked[0].cancel()
        found = await asyncio.gather(*asked, return_exceptions=True)
        return found[1:]

    def noted(encoding, payload):
        packed.append(encoding)
        return pack(encoding, payload)

    monkeypatch.setattr(Encoding, "pack", noted)
    found = in_site(work)
    assert len(packed) == 1
    assert {(status, headers[b"content-encoding"]) for status, headers, _ in found} == {(200, b"gzip")}
    assert len({body for _, _, body in found}) == 1


def test_client_who_leaves_leaves_nothing(in_site):
    """What a client left in the middle is evaluated anew for the next one, which gets all of it."""

    async def work(app):
        client = Client(app)
        asked = asyncio.create_task(client.get(LONG, reads=2))
        while client.may_read.is_set():  # noqa: ASYNC110 - what is waited for is its end
            await asyncio.sleep(0)
        client.left.set()
        await asked
        kept = len(app.state.site.answers)
        return kept, await Client(app).get(LONG), len(app.state.site.answers)

    kept, (status, headers, body), after = in_site(work)
    assert (kept, after) == (0, 1)
    assert (status, headers[b"cache-status"]) == (200, b"policy-kg; fwd=miss")
    assert len(json.loads(body)["results"]["bindings"]) == ROWS


def test_old_clients_have_it_kept_too(in_site):
    """Who speaks HTTP/1.0 gets it whole; the next one gets it from memory."""

    async def work(app):
        return [(await Client(app, version=version).get(LONG))[1] for version in ("1.0", "1.1")]

    assert [headers[b"cache-status"] for headers in in_site(work)] == [b"policy-kg; fwd=miss", b"policy-kg; hit"]


def test_sixteen_who_never_read_hold_one_piece_each(in_site):
    """A kept answer that nobody takes is in memory once."""

    async def work(app):
        await Client(app).get(LONG)
        clients = [Client(app) for _ in range(16)]
        asked = [asyncio.create_task(client.get(LONG, reads=1)) for client in clients]
        while any(client.may_read.is_set() for client in clients):  # noqa: ASYNC110 - what is waited for is its end
            await asyncio.sleep(0)
        written = sum(len(piece) for client in clients for piece in client.pieces)
        app.state.site = replace(app.state.site, answers=app.state.site.answers.renewed())
        for client in clients:
            client.may_read.set()
        return written, await asyncio.gather(*asked)

    written, found = in_site(work)
    assert written == 16 * 256 * 1024
    for _, headers, body in found:  # another version came meanwhile, and they get what they were promised
        assert len(body) == int(headers[b"content-length"])
