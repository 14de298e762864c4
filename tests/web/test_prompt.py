"""Queries answered without a task: the same answers, and the usual way wherever anything is out of the ordinary."""

from __future__ import annotations

import asyncio
import io
import json
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import quote

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from kg.model.imprint import Imprint
from kg.query import Lanes, QueryPool, WorkerOptions
from kg.rdf.dataset import Census, Edition
from kg.web import create_app
from kg.web.access_log import access_log
from kg.web.answers import Answers
from kg.web.kept import Origin
from kg.web.metrics import Metrics
from kg.web.site import Bounds

pytest.importorskip("httptools")

from kg.web import connections

EDITION = Edition(base="http://127.0.0.1:8000/", name="v7", imprint=Imprint())
ROWS = "SELECT ?n { VALUES ?n { 1 2 3 } }"
_HUNDRED = " ".join(map(str, range(100)))
LONG = f"SELECT * {{ VALUES ?a {{ {_HUNDRED} }} VALUES ?b {{ {_HUNDRED} }} VALUES ?c {{ 1 2 3 }} }}"
ENDLESS = "SELECT (COUNT(*) AS ?all) { " + " ".join(f"VALUES ?{name} {{ {_HUNDRED} }}" for name in "abcdef") + " }"
JSON = {"Accept": "application/sparql-results+json"}


@asynccontextmanager
async def serving(data, questions, listening, **given):
    """A server of lanes in this process: a client of it, its lanes, its application, and what observers were told.

    Its application's state has the access log, and it serves metrics.
    """
    told, log, metrics = [], io.StringIO(), Metrics()
    worker = WorkerOptions(data=data, base=EDITION.base)
    async with (
        Lanes(worker, **{"workers": 1, "deadline": 20.0, **given}) as lanes,
        QueryPool(worker, workers=1, deadline=20.0) as pages,
    ):
        app = create_app(
            queries=lanes,
            pages=pages,
            edition=EDITION,
            census=Census(triples=1),
            questions=questions,
            observers=[told.append, access_log(log), metrics.observe],
            parts=[metrics.router],
            bounds=Bounds(),
        )
        app.state.log = log
        async with (
            listening(app) as port,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
        ):
            yield client, lanes, app, told


@pytest.fixture
def served(data, questions, listening, monkeypatch):
    """What the work returns that is given what `serving` gives, and the requests that took a task of their own."""

    def done(work, **given):
        tasks = []
        usual = connections.Connection._start_task  # noqa: SLF001 - nothing else tells who took a task

        def noted(connection, cycle, app):
            tasks.append(cycle.scope["query_string"])
            usual(connection, cycle, app)

        monkeypatch.setattr(connections.Connection, "_start_task", noted)

        async def main():
            async with serving(data, questions, listening, **given) as (client, lanes, app, told), asyncio.timeout(60):
                return await work(client, lanes, app, told)

        return asyncio.run(main()), tasks

    return done


def asking(client, query, **headers):
    """Asks it by GET."""
    return client.get(f"/sparql?query={quote(query)}", headers={"Accept-Encoding": "identity", **JSON, **headers})


def test_plain_query_takes_no_task(served):
    """A plain query is answered as by a task, but for none, and again from what is kept."""

    async def work(client, _lanes, _app, told):
        first, again = await asking(client, ROWS), await asking(client, ROWS)
        posted = await client.post("/sparql", data={"query": ROWS}, headers={"Accept-Encoding": "identity", **JSON})
        return first, again, posted, told

    (first, again, posted, told), tasks = served(work)
    assert first.content == again.content == posted.content
    assert [each.headers["cache-status"] for each in (first, again)] == ["policy-kg; fwd=miss", "policy-kg; hit"]
    assert first.headers["etag"] == again.headers["etag"]
    assert {*posted.headers} - {*first.headers} <= {"age"}
    assert tasks == [b""]
    seen = [(each.status, each.query.outcome, each.query.rows, each.size) for each in told]
    assert seen == [(200, "answered", 3, len(first.content))] * 3


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ("ASK {", {}, 400),
        ("ASK { SERVICE <http://a/> {} }", {}, 403),
        ("SELECT (NOW() AS ?now) {}", {}, 200),
        (ROWS, {"Accept": "text/html"}, 200),
        (ROWS, {"Accept": "image/png"}, 406),
        (ROWS, {"If-None-Match": '"x"'}, 200),
        (LONG, {}, 200),
        (f"SELECT * {{ VALUES ?a {{ {_HUNDRED} }} VALUES ?b {{ 1 2 3 }} }}", {"Accept-Encoding": "gzip"}, 200),
    ],
    ids=["syntax", "federation", "volatile", "page", "format", "condition", "long", "packed"],
)
def test_what_is_out_of_the_ordinary_takes_the_usual_way(served, query, headers, status):
    """Errors, pages, conditions, long and packed answers come as from a task, and the query runs once."""

    async def work(client, lanes, _app, told):
        found = await asking(client, query, **headers)
        return found, lanes.state.replaced, told

    (found, replaced, told), tasks = served(work, moment=20.0)
    assert found.status_code == status
    assert len(tasks) == len(told) == 1
    assert replaced == 0
    if query == LONG:
        assert len(found.json()["results"]["bindings"]) == 30_000


def test_two_who_ask_the_same_share_one_evaluation(served):
    """A second client who asks the same meanwhile waits for the first one's answer."""

    async def work(client, _lanes, app, _told):
        slow = LONG.replace("SELECT *", "SELECT (COUNT(*) AS ?n)").replace("1 2 3", _HUNDRED)
        found = await asyncio.gather(*(asking(client, slow) for _ in range(3)))
        return [each.status_code for each in found], app.state.site.answers.counts.of[Origin.WORKER]

    assert served(work)[0] == ([200] * 3, 1)


def test_who_waits_in_line_takes_no_task(served):
    """Where more ask than there are places, each waits its turn, and is answered without a task."""

    async def work(client, lanes, _app, told):
        found = await asyncio.gather(*(asking(client, f"{ROWS} #{n}") for n in range(40)))
        return {each.status_code for each in found}, len(told), lanes.state.waiting

    assert served(work) == (({200}, 40, 0), [])


def test_client_that_leaves_the_line_is_told_of(served):
    """Who hangs up while others are before it has left, and the rest is answered."""

    async def work(client, lanes, _app, told):
        ahead = [asyncio.create_task(client.get(f"/sparql?query={quote(ENDLESS)}%23{n}")) for n in range(2)]
        while lanes.state.idle > 1:  # noqa: ASYNC110 - counts raise no event
            await asyncio.sleep(0)
        with pytest.raises(httpx.ReadTimeout):
            await client.get(f"/sparql?query={quote(ROWS)}", headers=JSON, timeout=0.2)
        while lanes.state.waiting:  # noqa: ASYNC110 - a count raises no event
            await asyncio.sleep(0)
        left = [(each.query.outcome, each.query.rows) for each in told]
        await asyncio.gather(*ahead)
        return left, (await asking(client, ROWS)).status_code

    assert served(work, deadline=2.0, moment=2.0)[0] == ([("left", None)], 200)


def test_client_that_leaves_frees_the_worker(served):
    """When a client hangs up, its query ends, which is told once, and the next ones are answered."""

    async def work(client, lanes, app, told):
        with pytest.raises(httpx.ReadTimeout):
            await client.get(f"/sparql?query={quote(ENDLESS)}", headers=JSON, timeout=0.3)
        while lanes.state.replaced == 0:  # noqa: ASYNC110 - a count raises no event
            await asyncio.sleep(0.01)
        kept = dict(app.state.site.answers.prompt)
        return (await asking(client, ROWS)).status_code, kept, [each.query.outcome for each in told]

    (status, kept, outcomes), _ = served(work)
    assert (status, kept, outcomes) == (200, {}, ["left", "answered"])


def test_slow_query_is_answered_when_it_is_done(served):
    """What takes longer than a moment goes on in the slow lane, and is stopped at the deadline."""

    async def work(client, lanes, _app, _told):
        slow = await asking(client, ROWS)
        return slow.status_code, lanes.state.replaced, (await asking(client, ENDLESS)).status_code

    assert served(work, moment=1e-6, deadline=1.0)[0] == (200, 0, 503)


def test_full_lanes_take_the_usual_way(served):
    """Where the slow lane is full, a query that takes long waits for it, and is answered."""

    async def work(client, lanes, _app, _told):
        endless = [asyncio.create_task(asking(client, f"{ENDLESS} #{n}")) for n in range(3)]
        statuses = [each.status_code for each in await asyncio.gather(*endless)]
        return statuses, lanes.state.waiting

    statuses, waiting = served(work, deadline=0.5)[0]
    assert waiting == 0
    assert set(statuses) == {503}


async def talked(app_port, *pieces):
    """What comes back for pieces that are sent one by one, each when the answer to the one before is there."""
    reader, writer = await asyncio.open_connection("127.0.0.1", app_port)
    answers = []
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        answers.append(await asyncio.wait_for(answered(reader), 10) if piece.endswith(END) else b"")
    writer.close()
    return answers


async def answered(reader):
    """The body of the next response."""
    head = await reader.readuntil(END)
    (length,) = (line.split(b":")[1] for line in head.split(b"\r\n") if line.startswith(b"content-length"))
    return await reader.readexactly(int(length))


END = b"\r\n\r\n"


def asked(query, header=b"Host: kg"):
    """A request as it travels."""
    return b"GET /sparql?query=%s HTTP/1.1\r\nAccept: text/csv\r\n%s\r\n\r\n" % (quote(query).encode(), header)


def test_same_request_is_not_parsed_again(served):
    """A request that was answered from what is kept is known by its bytes, until another version is served."""

    async def work(client, _lanes, app, told):
        request = asked(ROWS)
        answers = await talked(client.base_url.port, *[request] * 4)
        known = app.state.site.answers.heard
        heard = len(known), known.reply(request) is not None
        app.state.site = replace(app.state.site, answers=app.state.site.answers.renewed())
        answers += await talked(client.base_url.port, request)
        return answers, heard, [each.query.cache for each in told]

    answers, is_heard, caches = served(work)[0]
    assert answers == [b"n\r\n1\r\n2\r\n3\r\n"] * 5
    assert is_heard == (1, True)
    assert caches == ["miss", "hit", "hit", "hit", "miss"]


@pytest.mark.parametrize("before", [b"", asked("ASK {}")], ids=["alone", "behind another"])
def test_end_of_a_request_is_never_taken_for_one(served, before):
    """What looks like a request and is a header of another one is not remembered as what it looks like."""
    other = asked("SELECT ?other { VALUES ?other { 9 } }")

    async def work(client, _lanes, app, _told):
        first = before + asked(ROWS).removesuffix(END) + b"\r\nX: "
        port = client.base_url.port
        for _ in range(3):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(first)
            await writer.drain()
            if before:
                await answered(reader)
            else:
                await talked(port, asked("ASK {}"))  # by then the server has read what was sent before
            writer.write(other)
            await answered(reader)
            writer.close()
        return app.state.site.answers.heard.reply(other), await talked(port, other, other)

    heard, answers = served(work)[0]
    assert heard is None
    assert answers == [b"other\r\n9\r\n"] * 2


def test_request_that_ends_its_connection_is_not_remembered(served):
    """Who wants the connection closed is parsed each time."""

    async def work(client, _lanes, app, _told):
        request = asked(ROWS, b"Connection: close")
        return [await talked(client.base_url.port, request) for _ in range(3)], len(app.state.site.answers.heard)

    assert served(work)[0] == ([[b"n\r\n1\r\n2\r\n3\r\n"]] * 3, 0)


def test_each_request_that_is_not_parsed_is_counted(served):
    """A hundred requests for the same are a hundred in the metrics and in the cache's counts, with all their rows."""

    async def work(client, _lanes, app, _told):
        await talked(client.base_url.port, *[asked(ROWS)] * 100)
        families = text_string_to_metric_families((await client.get("/metrics")).text)
        found = {(each.name, *each.labels.values()): each.value for family in families for each in family.samples}
        return found, app.state.site.answers.counts.of[Origin.KEPT]

    (found, kept), tasks = served(work)
    assert tasks == [b""]  # that of the metrics
    assert kept == found["kg_answers_total", "hit"] == 99
    assert found["kg_requests_total", "GET", "/sparql", "200"] == 100
    assert found["kg_request_seconds_count", "/sparql"] == 100
    assert found["kg_queries_total", "answered"] == found["kg_query_seconds_count",] == 100
    assert found["kg_query_rows_total",] == 300


def test_each_request_that_is_not_parsed_is_logged(served):
    """Each leaves a line of its own, in the order in which they came."""

    async def work(client, _lanes, app, _told):
        other = asked("ASK {}")
        await talked(client.base_url.port, *[asked(ROWS)] * 3, other, asked(ROWS), other)
        return app.state.log.getvalue()

    lines = [json.loads(each) for each in served(work)[0].splitlines()]
    assert [(each["rows"], each["cache"]) for each in lines] == [
        (3, "miss"), (3, "hit"), (3, "hit"), (None, "miss"), (3, "hit"), (None, "hit"),
    ]  # fmt: skip
    assert len({each["query"] for each in lines}) == 2
    assert [each["time"] for each in lines] == sorted(each["time"] for each in lines)


def test_requests_of_an_answer_that_goes_are_forgotten(served):
    """Nothing is known of a request whose answer is kept no longer."""

    async def work(client, _lanes, app, _told):
        request, site = asked(ROWS), app.state.site
        app.state.site = replace(site, answers=Answers(50_000))
        await talked(client.base_url.port, *[request] * 3)
        known = len(app.state.site.answers.heard)
        for number in range(60):
            await talked(client.base_url.port, asked(f"ASK {{}} #{number}"))
        answers = app.state.site.answers
        return known, len(answers.heard), answers.heard.reply(request), await talked(client.base_url.port, request)

    assert served(work)[0] == (1, 0, None, [b"n\r\n1\r\n2\r\n3\r\n"])


@pytest.fixture
def parsed(monkeypatch):
    """The requests that were parsed."""
    found = []
    usual = connections.Connection._parse  # noqa: SLF001 - nothing else tells what was parsed

    def noted(connection, data):
        found.append(data)
        usual(connection, data)

    monkeypatch.setattr(connections.Connection, "_parse", noted)
    return found


def test_request_that_differs_in_its_query_is_not_parsed(served, parsed):
    """What a client sends around its queries is parsed once; each query gets its own answer."""

    async def work(client, _lanes, _app, told):
        requests = [asked(f"SELECT ?n {{ VALUES ?n {{ {number} }} }}") for number in (1, 2, 3)]
        return requests, await talked(client.base_url.port, *requests), [each.query.cache for each in told]

    (requests, answers, caches), tasks = served(work)
    assert answers == [b"n\r\n%d\r\n" % number for number in (1, 2, 3)]
    assert parsed == requests[:1]
    assert (caches, tasks) == (["miss"] * 3, [])


def test_request_behind_one_that_was_not_parsed_waits_for_it(served, parsed):
    """Several requests that come while the first is under way are answered in their order."""

    async def work(client, _lanes, app, told):
        port = client.base_url.port
        await talked(port, asked("ASK {}"))
        slow = asked(LONG.replace("SELECT *", "SELECT (COUNT(*) AS ?n)"))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(slow)
        await writer.drain()
        while not app.state.site.answers.prompt:  # noqa: ASYNC110 - a table raises no event
            await asyncio.sleep(0)
        assert len(parsed) == 1
        writer.write(asked(ROWS))
        answers = [await answered(reader), await answered(reader)]
        writer.close()
        return answers, len(told)

    answers, told = served(work)[0]
    assert answers == [b"n\r\n30000\r\n", b"n\r\n1\r\n2\r\n3\r\n"]
    assert told == 3


def test_client_that_leaves_a_request_that_was_not_parsed_frees_the_worker(served):
    """When a client hangs up behind a request whose head is known, its query ends, which is told once."""

    async def work(client, lanes, app, told):
        port = client.base_url.port
        await talked(port, asked("ASK {}"))
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(asked(ENDLESS))
        await writer.drain()
        while not app.state.site.answers.prompt:  # noqa: ASYNC110 - a table raises no event
            await asyncio.sleep(0)
        writer.transport.abort()
        while lanes.state.replaced == 0:  # noqa: ASYNC110 - a count raises no event
            await asyncio.sleep(0.01)
        return dict(app.state.site.answers.prompt), [each.query.outcome for each in told]

    assert served(work)[0] == ({}, ["answered", "left"])


def test_error_of_a_request_that_was_not_parsed_is_told_as_ever(served):
    """A query that fails behind a known head has the same document, and the connection goes on."""

    async def work(client, _lanes, _app, told):
        answers = await talked(client.base_url.port, asked("ASK {}"), asked("ASK {"), asked("ASK { SERVICE <u:x> {} }"))
        return [json.loads(each)["status"] for each in answers[1:]], [each.status for each in told]

    assert served(work)[0] == ([400, 403], [200, 400, 403])


def test_two_who_ask_the_same_by_known_heads_share_one_evaluation(served):
    """Requests for the same that were not parsed wait for one answer, too."""

    async def work(client, lanes, app, _told):
        port = client.base_url.port
        await talked(port, asked("ASK {}"))
        slow = LONG.replace("SELECT *", "SELECT (COUNT(*) AS ?n)").replace("?c { 1 2 3", f"?c {{ {_HUNDRED}")
        found = await asyncio.gather(*(talked(port, asked(slow)) for _ in range(3)))
        return found, app.state.site.answers.counts.of[Origin.WORKER], lanes.state.replaced

    found, evaluated, replaced = served(work)[0]
    assert found == [[b"n\r\n1000000\r\n"]] * 3
    assert (evaluated, replaced) == (2, 0)


def test_server_that_ends_answers_what_was_begun(served, monkeypatch):
    """A query behind a known head is answered when the server is told to end, and its connection closes behind it."""
    connected = []
    usual = connections.Connection.connection_made
    monkeypatch.setattr(
        connections.Connection, "connection_made", lambda each, made: (connected.append(each), usual(each, made))
    )

    async def work(client, _lanes, app, _told):
        port = client.base_url.port
        await talked(port, asked("ASK {}"))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(asked(LONG.replace("SELECT *", "SELECT (COUNT(*) AS ?n)")))
        while not app.state.site.answers.prompt:  # noqa: ASYNC110 - a table raises no event
            await asyncio.sleep(0)
        connected[-1].shutdown()
        answer = await reader.read()
        writer.close()
        return answer

    answer = served(work)[0]
    assert b"connection: close" in answer
    assert answer.endswith(b"\r\n\r\nn\r\n30000\r\n")
