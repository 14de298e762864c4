"""Services asked for a query: what they are sent, what becomes of their answers, and where nobody is sent."""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import replace

import pytest
from endpoints import ROWS, endpoints
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, Store

from kg.model.errors import QueryRefused, QuerySyntaxError, Refusal, ServiceFailed, UsageError
from kg.model.reach import Hosts, Reach
from kg.query import Federation, Query
from kg.query.evaluate import answer
from kg.query.federation import MOST_BYTES, MOST_ROWS
from kg.query.woven import inset

EX = "http://example.org/"
EMPTY = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'


def named(**names):
    """A store in which things have names."""
    store = Store()
    store.extend(Quad(NamedNode(EX + thing), NamedNode(EX + "name"), Literal(name)) for thing, name in names.items())
    return store


def asked(text, services, *, hosts=Hosts.ANY, deadline=10.0, store=None):
    """The rows of a query that may ask these services, over a store."""

    async def main():
        federation = Federation(Reach(services=frozenset(services), hosts=hosts))
        async with federation.answered(Query(text=text), EX, deadline) as federated:
            query = federated.query
            try:
                whole = replace(query, text=inset(query.text, query.insets))
                return json.loads(answer(store or Store(), whole, EX).payload)
            except QuerySyntaxError as error:
                raise federated.blamed(error) from error

    return asyncio.run(main())


def rows(told):
    """The values of each row, by variable."""
    return [{name: term["value"] for name, term in row.items()} for row in told["results"]["bindings"]]


def test_rows_are_joined():
    """A query finds what here and there agree on; what is sent is the group, with the query's prefixes and base."""
    with endpoints({"/a": named(x="Ex", y="Why")}) as (base, sent):
        text = f"PREFIX e: <> SELECT * {{ VALUES ?s {{ e:x e:z }} SERVICE <{base}/a> {{ ?s e:name ?n }} }}"
        assert rows(asked(text, [f"{base}/a"])) == [{"s": f"{EX}x", "n": "Ex"}]
    ((path, query, headers),) = sent
    assert (path, query) == ("/a", f"BASE <{EX}>\nPREFIX e: <>\nSELECT * WHERE {{ ?s e:name ?n }}")
    assert headers["Accept"] == f"{ROWS}, application/sparql-results+xml;q=0.5"
    assert not {"Authorization", "Cookie"} & headers.keys()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{here} OPTIONAL {{ {there} }}", [{"s": "x", "n": "Ex"}, {"s": "z"}]),
        ("{here} FILTER EXISTS {{ {there} }}", [{"s": "x"}]),
        ("{here} FILTER NOT EXISTS {{ {there} }}", [{"s": "z"}]),
        ("{here} MINUS {{ {there} }}", [{"s": "z"}]),
        ("{{ {there} }} UNION {{ {here} }}", [{"s": "x", "n": "Ex"}, {"s": "y", "n": "Why"}, {"s": "x"}, {"s": "z"}]),
        ("{here} {{ SELECT ?s (COUNT(*) AS ?c) {{ {there} }} GROUP BY ?s }}", [{"s": "x", "c": "1"}]),
        ("{there} FILTER(?n > 'F')", [{"s": "y", "n": "Why"}]),
    ],
)
def test_where_a_clause_may_stand(pattern, expected):
    """A clause means what it means wherever a pattern may stand."""
    with endpoints({"/a": named(x="Ex", y="Why")}) as (base, _):
        there = f"SERVICE <{base}/a> {{ ?s <name> ?n }}"
        text = "SELECT * { " + pattern.format(here="VALUES ?s { <x> <z> }", there=there) + " }"
        found = [{k: v.removeprefix(EX) for k, v in row.items()} for row in rows(asked(text, [f"{base}/a"]))]
    assert sorted(found, key=lambda row: sorted(row.items())) == sorted(expected, key=lambda row: sorted(row.items()))


def test_clause_within_a_clause():
    """What stands within is asked first, and by us: no server is sent a SERVICE."""
    with endpoints({"/a": named(x="Ex", y="Why"), "/b": named(y="Ypsilon")}) as (base, sent):
        inner = f"SERVICE <{base}/b> {{ ?s <name> ?m }}"
        text = f"SELECT * {{ SERVICE <{base}/a> {{ ?s <name> ?n {inner} }} }}"
        assert rows(asked(text, [f"{base}/a", f"{base}/b"])) == [{"s": f"{EX}y", "n": "Why", "m": "Ypsilon"}]
    assert [path for path, *_ in sent] == ["/b", "/a"]
    assert not any("SERVICE" in query for _, query, _ in sent)


def test_no_rows_bind_their_variables():
    """A service that finds nothing leaves its variables in scope."""
    with endpoints({"/a": (200, ROWS, EMPTY)}) as (base, _):
        told = asked(f"SELECT * {{ ?a ?b ?c SERVICE <{base}/a> {{ ?s ?p ?o }} }}", [f"{base}/a"])
    assert "s" in told["head"]["vars"]


def test_blank_nodes_are_iris_of_one_answer():
    """A blank node is the same in all rows of an answer, and another one in the next."""
    payload = {"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "bnode", "value": "b/0"}}] * 2}}
    with endpoints({"/a": (200, ROWS, json.dumps(payload).encode())}) as (base, _):
        text = f"SELECT ?s {{ SERVICE <{base}/a> {{ ?s ?p ?o }} }}"
        first, second = (rows(asked(text, [f"{base}/a"])) for _ in range(2))
    assert first[0] == first[1]
    assert first != second
    assert first[0]["s"].startswith(f"{EX}.well-known/genid/")


def test_services_that_answer_in_xml():
    """Rows in XML are joined as those in JSON are."""
    store = named(x="Ex & <Co>", y="Why")
    payload = bytes(store.query("SELECT * { ?s ?p ?n }").serialize(format=QueryResultsFormat.XML))
    with endpoints({"/a": (200, "application/sparql-results+xml", payload)}) as (base, _):
        text = f"PREFIX e: <> SELECT ?n {{ VALUES ?s {{ e:x e:z }} SERVICE <{base}/a> {{ ?s e:name ?n }} }}"
        assert rows(asked(text, [f"{base}/a"])) == [{"n": "Ex & <Co>"}]


NEVER = threading.Event()
FAILURES = {
    "a redirect": (lambda handler: handler.give(307, "text/plain", b"", Location="/other"), "nobody is followed"),
    "an error": ((500, "text/plain", b"secret inner words"), "answers with status 500$"),
    "a refusal": ((400, "text/plain", b"line 1: what?"), "refuses what it is asked: 400 Bad Request: line 1: what?"),
    "another format": ((200, "text/html", b"<html>"), "answers 'text/html'"),
    "packed": (lambda handler: handler.give(200, ROWS, EMPTY, Content_Encoding="gzip"), "answers"),
    "no JSON": ((200, ROWS, b"<sparql>"), "its answer is no JSON"),
    "no XML": ((200, "application/sparql-results+xml", b"{}"), "its answer is no XML"),
    "a document type": (
        (200, "application/sparql-results+xml", b"<!DOCTYPE sparql [<!ENTITY a 'b'>]><sparql/>"),
        "a document type",
    ),
    "a truth value": ((200, ROWS, b'{"head":{},"boolean":true}'), "not what .* holds"),
    "too many bytes": ((200, ROWS, b" " * (MOST_BYTES + 1)), "more than 4,194,304 bytes"),
    "too many rows": (
        (200, ROWS, b'{"head":{"vars":[]},"results":{"bindings":[' + b"{}," * MOST_ROWS + b"{}]}}"),
        "50,001 rows",
    ),
    "a term that is none": (
        (200, ROWS, b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"> {"}}]}}'),
        "an IRI of its answer",
    ),
    "nobody there": (None, "answers with status 404"),
}


@pytest.mark.parametrize(("given", "reason"), FAILURES.values(), ids=FAILURES)
def test_failure(given, reason):
    """What fails is told with the service, why, and where it stands; SILENT makes nothing of it. Nobody is followed."""
    with endpoints({"/a": given, "/other": (200, ROWS, EMPTY)}) as (base, sent):
        clause = f"SERVICE {{}}<{base}/a> {{{{ ?s ?p ?o }}}}"
        with pytest.raises(ServiceFailed, match=reason) as failed:
            asked("SELECT * {\n " + clause.format("") + " }", [f"{base}/a", f"{base}/other"])
        assert (failed.value.service, failed.value.line, failed.value.column) == (f"{base}/a", 2, 2)
        silent = asked("SELECT * { VALUES ?x { 1 } " + clause.format("SILENT ") + " }", [f"{base}/a"])
        assert rows(silent) == [{"x": "1"}]
    assert {path for path, *_ in sent} == {"/a"}


def test_term_that_the_engine_refuses():
    """A term that only the engine knows to be none is the service's fault, not the client's."""
    payload = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"http://x/%zz"}}]}}'
    with (
        endpoints({"/a": (200, ROWS, payload)}) as (base, _),
        pytest.raises(ServiceFailed, match="none by RDF") as failed,
    ):
        asked(f"SELECT * {{\n\n  SERVICE <{base}/a> {{ ?s ?p ?o }} }}", [f"{base}/a"])
    assert (failed.value.line, failed.value.column) == (3, 3)


def test_faults_stand_where_the_client_wrote_them():
    """A fault behind a clause has its line and column of the client's text, however long the rows are.

    The engine gives the place behind what it did not expect.
    """
    with endpoints({"/a": named(**{f"x{n}": "n" * n for n in range(50)})}) as (base, _):
        text = f"SELECT * {{\n SERVICE <{base}/a> {{\n ?s ?p ?o }} ?a ?b }}"
        with pytest.raises(QuerySyntaxError) as error:
            asked(text, [f"{base}/a"])
    assert (error.value.line, error.value.column) == (3, len(" ?s ?p ?o } ?a ?b }") + 1)


def test_deadline_of_all_services():
    """A service that says nothing ends with the query's deadline; in silence the others' rows are there."""
    with endpoints({"/a": lambda _: NEVER.wait(5), "/b": named(x="Ex")}) as (base, _):
        services = [f"{base}/a", f"{base}/b"]
        text = f"SELECT * {{ SERVICE SILENT <{base}/a> {{ ?s ?p ?o }} SERVICE <{base}/b> {{ ?s ?p ?o }} }}"
        with pytest.raises(ServiceFailed, match="deadline") as failed:
            asked(text.replace("SILENT", ""), services, deadline=0.3)
        assert failed.value.is_late
        assert len(rows(asked(text, services, deadline=0.3))) == 1
        NEVER.set()


def test_only_the_list_is_asked():
    """Whatever comes near an IRI of the list is refused before anybody is asked, even those that are of the list."""
    with endpoints({"/a": named(x="Ex")}) as (base, sent):
        good = f"SERVICE <{base}/a> {{ ?s ?p ?o }}"
        for near in (
            f"{base}/a?x", f"{base}/a/", f"{base}//a", f"{base}/A", f"{base}/a%20", f"{base}/b", f"{base}/a#x",
            base.replace("127.0.0.1", "localhost") + "/a", base.replace("http", "HTTP") + "/a", f"{base}/./a",
        ):  # fmt: skip
            with pytest.raises(QueryRefused, match="none of the services") as refused:
                asked(f"SELECT * {{ {good} SERVICE <{near}> {{ ?s ?p ?o }} }}", [f"{base}/a"])
            assert refused.value.kind is Refusal.FEDERATION
        assert sent == []
        silent = f"SELECT * {{ {good} SERVICE SILENT <{base}/b> {{ ?s ?q ?o }} }}"
        assert len(rows(asked(silent, [f"{base}/a"]))) == 1
        assert [path for path, *_ in sent] == ["/a"]


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_private_addresses_are_not_reached(name):
    """A service of the list whose name leads into a private network is refused, unless any host may be asked."""
    with endpoints({"/a": named(x="Ex")}) as (base, sent):
        service = f"{base.replace('127.0.0.1', name)}/a"
        text = f"SELECT * {{ SERVICE <{service}> {{ ?s ?p ?o }} }}"
        with pytest.raises(ServiceFailed, match="not of the public internet"):
            asked(text, [service], hosts=Hosts.PUBLIC)
        assert sent == []
        assert len(rows(asked(text, [service]))) == 1


def test_name_is_resolved_once(monkeypatch):
    """The address that was looked at is the one that is connected to: a name that changes its mind leads nowhere."""
    with endpoints({"/a": named(x="Ex")}) as (base, sent):
        port = int(base.rpartition(":")[2])
        answers = iter(["127.0.0.1", "10.255.255.1"])
        resolved = []

        async def resolve(_, host, *__, **___):
            resolved.append(host)
            return [(2, 1, 6, "", (next(answers), port))]

        real = asyncio.BaseEventLoop.getaddrinfo

        async def getaddrinfo(loop, host, *given, **named):
            if host == "fickle.example":
                return await resolve(loop, host)
            return await real(loop, host, *given, **named)

        monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
        service = f"http://fickle.example:{port}/a"
        assert len(rows(asked(f"SELECT * {{ SERVICE <{service}> {{ ?s ?p ?o }} }}", [service]))) == 1
        assert (resolved, sent[0][2]["Host"]) == (["fickle.example"], f"fickle.example:{port}")


def test_name_with_one_private_address(monkeypatch):
    """One address of several that is not public is enough for a name not to be asked."""

    async def getaddrinfo(*_, **__):
        return [(2, 1, 6, "", (address, 80)) for address in ("93.184.216.34", "169.254.169.254")]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    service = "http://both.example/a"
    with pytest.raises(ServiceFailed, match="not of the public internet"):
        asked(f"SELECT * {{ SERVICE <{service}> {{ ?s ?p ?o }} }}", [service], hosts=Hosts.PUBLIC)


def test_proxies_of_the_environment_are_not_taken(monkeypatch):
    """A proxy would be asked in the place of the service, and resolve its name as it likes."""
    with endpoints({"/a": named(x="Ex")}) as (base, sent):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9/")
        assert len(rows(asked(f"SELECT * {{ SERVICE <{base}/a> {{ ?s ?p ?o }} }}", [f"{base}/a"]))) == 1
        assert len(sent) == 1


def test_all_answers_together_are_bounded():
    """Services whose answers are each small enough cannot fill the memory together."""
    long = json.dumps(
        {"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "literal", "value": "x" * 3_000_000}}]}}
    )
    with endpoints({"/a": (200, ROWS, long.encode())}) as (base, _):
        clause = f"SERVICE <{base}/a> {{ ?s ?p ?o }} "
        with pytest.raises(ServiceFailed, match="8,388,608 bytes by all"):
            asked(f"SELECT * {{ {clause * 3} }}", [f"{base}/a"])


def test_queries_at_once_are_bounded():
    """A query that finds eight others asking services waits, and is told to come again at its deadline."""

    async def main(service):
        federation = Federation(Reach(services=frozenset([service]), hosts=Hosts.ANY))
        query = Query(text=f"SELECT * {{ SERVICE SILENT <{service}> {{ ?s ?p ?o }} }}")
        under_way = [federation.answered(query, EX, 10.0) for _ in range(8)]
        for each in under_way:
            await each.__aenter__()
        with pytest.raises(QueryRefused) as refused:
            await federation.answered(query, EX, 0.1).__aenter__()
        for each in under_way:
            await each.__aexit__(None, None, None)
        async with federation.answered(query, EX, 10.0):
            return refused.value.kind

    with endpoints({}) as (base, _):
        assert asyncio.run(main(f"{base}/a")) is Refusal.BUSY


def test_seconds_are_charged_however_it_ends():
    """The time that services took is told once, also where they fail."""
    charged = []

    async def main(service):
        federation = Federation(Reach(services=frozenset([service]), hosts=Hosts.ANY))
        query = Query(text=f"SELECT * {{ SERVICE <{service}> {{ ?s ?p ?o }} }}")
        with pytest.raises(ServiceFailed):
            await federation.answered(query, EX, 10.0, charged.append).__aenter__()

    with endpoints({}) as (base, _):
        asyncio.run(main(f"{base}/a"))
    assert len(charged) == 1
    assert charged[0] > 0


def test_list_with_what_is_no_address():
    """A service that cannot be asked is told of when the list is made."""
    with pytest.raises(UsageError):
        Federation(Reach(services=frozenset(["ftp://example.org/"])))
