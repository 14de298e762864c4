"""Answers that are kept: asked once, told as they are, and never wrong."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from ipaddress import ip_network
from urllib.parse import quote

import httpx
import pytest

from kg.model.errors import QueryRefused, Refusal
from kg.model.imprint import Imprint
from kg.query import Answer, AnswerKind, Query, WorkerOptions
from kg.rdf.dataset import Census, Edition
from kg.web import create_app
from kg.web.answers import Answers, is_volatile
from kg.web.clients import OverBudget, Proxies
from kg.web.kept import Origin, Told
from kg.web.observation import Exchange
from kg.web.server import pages_lane

EDITION = Edition(base="http://127.0.0.1:8000/", name="v7", imprint=Imprint())
REPORTS = "SELECT ?r { ?r a <https://w3id.org/policy-kg/coord#Report> }"
TITLES = "CONSTRUCT WHERE { ?s <http://purl.org/dc/terms/title> ?o }"
ALL = "SELECT * { ?s ?p ?o }"
ENDLESS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?q ?o "
    "FILTER(CONCAT(STR(?a), STR(?d), STR(?g), STR(?j), STR(?m)) = 'never') }"
)
PAGES = ("/", "/doc/body/jp-csti", "/doc/report/drc-2021-267", "/doc/body/jp-csti.ttl", "/ontology", "/ontology.ttl")


class Site:
    """An application, a client of it, and what was observed."""

    def __init__(self, app, client, exchanges):
        self.app, self.client, self.exchanges = app, client, exchanges

    async def get(self, query, **headers):
        """The response to a query by GET."""
        return await self.client.get("/sparql", params={"query": query}, headers=headers)

    @property
    def counts(self):
        """How many answers came from where."""
        return {origin.value: count for origin, count in self.app.state.site.answers.counts.of.items() if count}


def worker_of(site):
    """The queries that come to the worker of pages from now on."""
    pages, asked = site.app.state.site.pages, []
    run = pages.run

    async def noted(query):
        asked.append(query)
        return await run(query)

    pages.run = noted
    return asked


@pytest.fixture
def in_site(application):
    """What the work returns that is done with a site of its own."""

    def done(work, **bounds):
        async def main():
            exchanges: list[Exchange] = []
            async with (
                application(observers=[exchanges.append], **bounds) as (app, _),
                httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=EDITION.base) as client,
            ):
                return await work(Site(app, client, exchanges))

        return asyncio.run(main())

    return done


def test_second_time_is_a_hit(in_site):
    """The same question is answered with the same bytes and headers, and says that it was kept, and for how long."""

    async def work(site):
        responses = [await site.get(REPORTS) for _ in range(2)]
        return responses, site.exchanges

    (first, second), exchanges = in_site(work)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    own = {"cache-status", "age"}
    assert {n: v for n, v in first.headers.items() if n not in own} == {
        n: v for n, v in second.headers.items() if n not in own
    }
    assert (first.headers["cache-status"], "age" in first.headers) == ("policy-kg; fwd=miss", False)
    assert (second.headers["cache-status"], second.headers["age"]) == ("policy-kg; hit", "0")
    assert [exchange.query.cache for exchange in exchanges] == ["miss", "hit"]
    assert len({(exchange.query.digest, exchange.query.rows, exchange.route) for exchange in exchanges}) == 1


def test_headers_of_a_hit(in_site):
    """A kept answer has what every answer has: safety, sharing with other sites, its tag and date."""

    async def work(site):
        await site.get(REPORTS)
        return await site.get(REPORTS, Origin="https://example.org")

    headers = in_site(work).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["access-control-allow-origin"] == "*"
    assert headers["etag"].startswith('"')
    assert headers["cache-control"] == "public, no-cache"


def test_a_hundred_at_once_are_evaluated_once(in_site):
    """Who asks while the same is evaluated gets the same answer."""

    async def work(site):
        responses = await asyncio.gather(*(site.get(ALL) for _ in range(100)))
        return {response.content for response in responses}, {response.status_code for response in responses}, site

    contents, statuses, site = in_site(work)
    assert (len(contents), statuses) == (1, {200})
    assert site.counts == {"miss": 1, "shared": 99}


def test_what_shapes_an_answer_is_part_of_the_key(in_site):
    """Format, encoding, dataset and kind never get mixed up, whichever was asked first."""
    asked = [
        ({"query": REPORTS}, {"Accept": "text/csv"}),
        ({"query": REPORTS}, {"Accept": "application/sparql-results+json"}),
        ({"query": REPORTS, "format": "xml"}, {}),
        ({"query": REPORTS, "default-graph-uri": "http://127.0.0.1:8000/graph/authority"}, {}),
        ({"query": REPORTS, "named-graph-uri": "http://127.0.0.1:8000/graph/authority"}, {}),
        ({"query": TITLES}, {"Accept": "text/turtle"}),
        ({"query": TITLES}, {"Accept": "application/ld+json"}),
        ({"query": ALL}, {"Accept-Encoding": "gzip"}),
        ({"query": ALL}, {"Accept-Encoding": "zstd"}),
        ({"query": ALL}, {"Accept-Encoding": "identity"}),
        ({"query": REPORTS}, {"Accept": "text/html"}),
    ]

    async def work(site):
        async def answers():
            found = [await site.client.get("/sparql", params=params, headers=headers) for params, headers in asked]
            return [(each.headers["content-type"], each.headers.get("content-encoding"), each.text) for each in found]

        return await answers(), await answers(), await answers()

    first, second, third = in_site(work)
    assert first == second == third
    assert len(set(first)) == len(first) - 1  # the named graph is empty where none is asked for


def test_ways_of_asking_share_an_answer(in_site):
    """A query is kept whichever way it came."""

    async def work(site):
        direct = {"Content-Type": "application/sparql-query"}
        found = [
            await site.get(REPORTS),
            await site.client.get(f"/sparql?query={quote(REPORTS)}&x=1"),
            await site.client.post("/sparql", data={"query": REPORTS}),
            await site.client.post("/sparql", content=REPORTS, headers=direct),
            await site.client.request("QUERY", "/sparql", content=REPORTS, headers=direct),
            await site.client.head("/sparql", params={"query": REPORTS}),
        ]
        return [each.status_code for each in found], {each.content for each in found}, found[-1], site.counts

    statuses, contents, head, counts = in_site(work)
    assert statuses == [200] * 6
    assert counts == {"miss": 1, "hit": 5}
    assert len(contents) == 2
    assert int(head.headers["content-length"]) == max(map(len, contents))


def test_conditions(in_site):
    """Who has a kept answer gets 304, with its tag and what it says of the cache, and no body."""

    async def work(site):
        tag = (await site.get(REPORTS)).headers["etag"]
        return await site.get(REPORTS, **{"If-None-Match": tag}), await site.get(REPORTS, **{"If-None-Match": '"x"'})

    same, other = in_site(work)
    assert (same.status_code, same.content, other.status_code) == (304, b"", 200)
    assert same.headers["etag"] == other.headers["etag"]
    assert same.headers["cache-status"] == "policy-kg; hit"


@pytest.mark.parametrize(("query", "status"), [("ASK {", 400), ("SELECT (<http://x/none>(1) AS ?x) {}", 422)])
def test_errors_are_not_kept(in_site, query, status):
    """A problem is found anew each time."""

    async def work(site):
        return [(await site.get(query)).status_code for _ in range(3)], len(site.app.state.site.answers)

    assert in_site(work) == ([status] * 3, 0)


@pytest.mark.parametrize(
    "text", ["SELECT (NOW() AS ?n) {}", "ASK { FILTER(rand() < 2) }", "SELECT (struuid() AS ?u) {}"]
)
def test_what_differs_each_time_is_not_kept(in_site, text):
    """The time and chance are asked for again, by each who asks."""

    async def work(site):
        found = await asyncio.gather(*(site.get(text) for _ in range(3)))
        return {each.status_code for each in found}, site.counts

    assert in_site(work) == ({200}, {"miss": 3})


@pytest.mark.parametrize(
    ("text", "volatile"),
    [
        ("ASK { ?s <http://xmlns.com/foaf/0.1/knows> ?o }", False),
        ("ASK { ?brand ?p ?o }", False),
        ("ASK { ?s ?p 'now-here' }", True),  # a text may look like it: then it is asked again
        ("SELECT (UUID() AS ?u) {}", True),
        ("SELECT (now  () AS ?u) {}", True),
    ],
)
def test_volatile(text, volatile):
    """Names that merely contain such a word are no such query."""
    assert is_volatile(text) is volatile


def test_room_is_bounded(in_site):
    """What was asked least recently goes; what is larger than its share never comes."""

    async def work(site):
        for number in range(200):
            await site.get(f"ASK {{}} #{number}")
        answers = site.app.state.site.answers
        first, last = await site.get("ASK {} #0"), await site.get("ASK {} #199")
        return answers.size, len(answers), first.headers["cache-status"], last.headers["cache-status"]

    size, number, first, last = in_site(work, cache=100_000)
    assert size <= 100_000
    assert 10 < number < 60
    assert (first, last) == ("policy-kg; fwd=miss", "policy-kg; hit")


def test_what_is_asked_meanwhile_stays(in_site):
    """However many others come, an answer that is asked for again and again is not looked up again."""

    async def work(site):
        for number in range(200):
            await site.get(f"ASK {{}} #{number}")
            await site.get(REPORTS)
        return site.counts

    assert in_site(work, cache=100_000) == {"miss": 201, "hit": 199}


def test_no_cache(in_site):
    """With no room nothing is kept."""

    async def work(site):
        return [(await site.get(REPORTS)).headers["cache-status"] for _ in range(2)], site.app.state.site.answers.size

    assert in_site(work, cache=0) == (["policy-kg; fwd=miss"] * 2, 0)


def answer_of(size=10):
    """An answer of so many bytes."""
    return Answer(kind=AnswerKind.BOOLEAN, media_type="text/csv", payload=b"x" * size)


def test_last_to_leave_ends_the_evaluation():
    """A query ends when nobody waits for it any more, and not before; who asks then gets a new one."""

    async def main():
        answers, begun, ended = Answers(10**6), [], []

        async def evaluate():
            begun.append(asyncio.get_running_loop().create_future())
            try:
                return await begun[-1]
            except asyncio.CancelledError:
                ended.append(True)
                raise

        query = Query(text="ASK {}")
        first, second = (asyncio.create_task(answers.answer(query, Told(), evaluate)) for _ in range(2))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        one_left = list(ended)
        second.cancel()
        third = asyncio.create_task(answers.answer(query, Told(), evaluate))
        await asyncio.gather(second, return_exceptions=True)
        while len(begun) < 2:  # noqa: ASYNC110 - a list raises no event
            await asyncio.sleep(0)
        begun[-1].set_result(answer_of())
        found, origin = await third
        return len(begun), one_left, ended, found.answer, origin

    assert asyncio.run(main()) == (2, [], [True], answer_of(), Origin.WORKER)


def test_failure_is_everybodys():
    """All who wait for an evaluation learn that it failed, and the next one tries again."""

    async def main():
        answers, tries = Answers(10**6), []

        async def evaluate():
            tries.append(1)
            await asyncio.sleep(0)
            if len(tries) == 1:
                raise ValueError("no")
            return answer_of()

        query = Query(text="ASK {}")
        ends = await asyncio.gather(
            *(answers.answer(query, Told(), evaluate) for _ in range(3)), return_exceptions=True
        )
        return [type(end) for end in ends], (await answers.answer(query, Told(), evaluate))[0].answer

    assert asyncio.run(main()) == ([ValueError] * 3, answer_of())


def shared_by(*clients):
    """What becomes of a query that these clients ask at the same time: each evaluates as it is given."""

    async def main():
        answers = Answers(10**6)
        asked = [answers.answer(Query(text="ASK {}"), Told(), client) for client in clients]
        return await asyncio.gather(*asked, return_exceptions=True)

    return asyncio.run(main())


def refused_as(error, begun=None):
    """A client who is refused."""

    async def evaluate():
        if begun is not None:
            begun.append(error)
        await asyncio.sleep(0)
        raise error

    return evaluate


async def welcome():
    """A client who is answered."""
    await asyncio.sleep(0)
    return answer_of()


@pytest.mark.parametrize(
    "error", [OverBudget("used up", 9), QueryRefused("full", Refusal.BUSY), asyncio.CancelledError()]
)
def test_refusal_is_the_clients_own(error):
    """Who waits for another one's evaluation does not get that one's refusal, but an evaluation for itself."""
    first, second, third = shared_by(refused_as(error), welcome, welcome)
    assert type(first) is type(error)
    assert [found.answer for found, _ in (second, third)] == [answer_of()] * 2
    assert [origin for _, origin in (second, third)] == [Origin.WORKER, Origin.SHARED]


def test_each_is_refused_by_its_own_budget():
    """Of many who are over their budgets each learns its own, and the one who is not gets the answer."""
    errors = [OverBudget(str(number), number) for number in range(5)]
    *refused, found = shared_by(*map(refused_as, errors), welcome)
    assert refused == errors
    assert found == (found[0], Origin.WORKER)


def test_a_full_service_is_asked_twice_at_most():
    """Where no worker is free, those who wait together ask once more together, and not each in turn."""
    begun = []
    busy = [QueryRefused(str(number), Refusal.BUSY) for number in range(5)]
    assert shared_by(*(refused_as(error, begun) for error in busy)) == [busy[0]] + [busy[1]] * 4
    assert begun == busy[:2]


def test_what_is_wrong_with_a_query_is_wrong_for_all():
    """A query that no client may ask is evaluated once."""
    begun = []
    refusals = [QueryRefused("no", Refusal.FEDERATION), QueryRefused("no", Refusal.FORMAT)]
    assert shared_by(*(refused_as(error, begun) for error in refusals)) == [refusals[0]] * 2
    assert begun == refusals[:1]


def test_joining_does_not_pass_a_refusal_on(in_site):
    """A client with a budget is answered though it asks while one without does; each pays for what it evaluates."""

    async def work(site):
        budgets, poor = site.app.state.site.budgets, {"X-Forwarded-For": "192.0.2.1"}
        refused = OverBudget("used up", 9)
        begin = budgets.begin
        charged = []

        def begun(client):
            charged.append(client)
            if client == "192.0.2.1":
                raise refused
            return begin(client)

        budgets.begin = begun
        one, other = await asyncio.gather(site.get(REPORTS, **poor), site.get(REPORTS, **{"X-Forwarded-For": "::1"}))
        return one.status_code, other.status_code, charged

    proxies = Proxies((ip_network("127.0.0.1"),))
    assert in_site(work, client_seconds=5.0, proxies=proxies) == (429, 200, ["192.0.2.1", "::/64"])


def test_ended_evaluation_leaves_the_next_one_alone():
    """Who comes while a new evaluation runs joins that, though the one before, which all left, ends only now."""

    async def main():
        answers, begun = Answers(10**6), []

        async def evaluate():
            begun.append(1)
            try:
                for _ in range(20):
                    await asyncio.sleep(0)
            finally:  # it takes a while to end
                for _ in range(5):
                    await asyncio.sleep(0)
            return answer_of()

        query = Query(text="ASK {}")
        left = asyncio.create_task(answers.answer(query, Told(), evaluate))
        for _ in range(3):
            await asyncio.sleep(0)
        left.cancel()
        await asyncio.gather(left, return_exceptions=True)
        second = asyncio.create_task(answers.answer(query, Told(), evaluate))
        for _ in range(10):
            await asyncio.sleep(0)
        return [origin for _, origin in await asyncio.gather(second, answers.answer(query, Told(), evaluate))], begun

    assert asyncio.run(main()) == ([Origin.WORKER, Origin.SHARED], [1, 1])


def test_another_version_has_another_cache():
    """Nothing of one version is known to the next, which goes on counting."""

    async def main():
        async def evaluate():
            return answer_of()

        first = Answers(10**6)
        await first.answer(Query(text="ASK {}"), Told(), evaluate)
        second = first.renewed()
        await second.answer(Query(text="ASK {}"), Told(), evaluate)
        return second.counts.of[Origin.WORKER], len(second)

    assert asyncio.run(main()) == (2, 1)


def test_a_page_is_looked_up_once(in_site):
    """However many ask for our own pages at once, and again, each of their queries comes to a worker once."""

    async def work(site):
        asked = worker_of(site)
        for _ in range(2):
            responses = await asyncio.gather(*(site.client.get(path) for path in PAGES for _ in range(25)))
            assert {response.status_code for response in responses} == {200}
        return asked

    asked = in_site(work)
    assert len(asked) == len(set(asked)) > len(PAGES)


def test_pages_of_another_version_are_looked_up_anew(in_site):
    """Without room, as over an upstream, and for another version, nothing of a page is known from before."""

    async def work(site):
        asked = worker_of(site)
        await site.client.get("/doc/body/jp-csti")
        once = len(asked)
        kept = site.app.state.site.page_answers
        size = kept.size
        site.app.state.site = replace(site.app.state.site, page_answers=kept.renewed())
        await site.client.get("/doc/body/jp-csti")
        return len(asked) / once, size, kept.size

    again, size, left = in_site(work)
    assert (again, size > 0, left) == (2, True, 0)
    assert in_site(work, cache=0) == (2, 0, 0)


def test_clients_push_no_page_out(in_site):
    """What clients ask fills their part of the cache alone; both parts together take no more than they may."""

    async def work(site):
        asked = worker_of(site)
        await site.client.get("/doc/body/jp-csti")
        once = len(asked)
        for number in range(200):
            await site.get(f"ASK {{}} #{number}")
        before = len(asked)
        await site.client.get("/doc/body/jp-csti")
        state = site.app.state.site
        return once > 0, len(asked) - before, state.answers.size + state.page_answers.size

    used, asked_again, size = in_site(work, cache=400_000)
    assert (used, asked_again) == (True, 0)
    assert 200_000 < size <= 400_000


def test_page_that_failed_is_tried_again(in_site):
    """An error of a page's query is not kept."""

    async def work(site):
        pages = site.app.state.site.pages
        run = pages.run

        async def refused(_):
            raise QueryRefused("too many", Refusal.BUSY)

        pages.run = refused
        first = await site.client.get("/doc/body/jp-csti")
        pages.run = run
        return first.status_code, (await site.client.get("/doc/body/jp-csti")).status_code

    assert in_site(work) == (503, 200)


def test_sixteen_readers_wait(data, questions):
    """Readers who come while the pages' only worker is held past the deadline, and replaced, all get their pages."""

    async def main():
        lane = pages_lane(WorkerOptions(data=data, base=EDITION.base), workers=1, deadline=0.5)
        async with lane:
            app = create_app(queries=lane, pages=lane, edition=EDITION, census=Census(triples=1), questions=questions)
            hog = asyncio.create_task(lane.run(Query(text=ENDLESS)))
            await asyncio.sleep(0)
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://kg") as client:
                paths = [*PAGES, *(f"/doc/nobody/{number}" for number in range(16 - len(PAGES)))]
                statuses = [each.status_code for each in await asyncio.gather(*map(client.get, paths))]
            await asyncio.gather(hog, return_exceptions=True)
            return statuses

    assert asyncio.run(main()) == [200] * len(PAGES) + [404] * (16 - len(PAGES))


def test_client_over_its_budget(in_site):
    """Who has used its share is told when to ask again; what is kept it may still have."""

    async def work(site):
        await site.get(REPORTS)
        site.app.state.site.budgets.begin("127.0.0.1")(1000.0)
        return await site.get(ALL), await site.get(REPORTS)

    refused, kept = in_site(work, client_seconds=5.0)
    assert (refused.status_code, refused.headers["content-type"]) == (429, "application/problem+json")
    assert int(refused.headers["retry-after"]) > 60
    assert kept.status_code == 200


def test_limits_of_answers_are_problems(in_site):
    """An answer past a limit is a problem that names the limit."""

    async def work(site):
        return await site.get(ALL), await site.get("ASK {}")

    for bounds in ({"answer_rows": 3}, {"answer_bytes": 2000}):
        refused, small = in_site(work, **bounds)
        assert (refused.status_code, small.status_code) == (422, 200)
        assert "the most that" in refused.json()["detail"]
