"""A small published version: one report with a mechanism, a lesson, three claims and hostile texts."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime

import httpx
import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from kg.model.imprint import Imprint
from kg.query import QueryPool, WorkerOptions
from kg.rdf.dataset import Census, Edition
from kg.rdf.vocab import PREFIXES
from kg.web import create_app
from kg.web.site import Bounds

BASE = "http://127.0.0.1:8000/"
EDITION = Edition(
    base=BASE,
    name="v3",
    digest="sum-sha256-groups:00ff",
    imprint=Imprint(publisher="Institute <of> Policy", license="CC-BY-4.0"),
)
PUBLISHED = datetime(2026, 11, 1, 12, tzinfo=UTC)

STATED = """
<id/report/drc-2021-267> a coord:Report ; dcterms:title "Japan's science <script>alert(1)</script> system"@en ;
  coord:number "No. 267, 2021" ; dcterms:issued "2021-09-15"^^xsd:date ; dcterms:spatial <id/jurisdiction/jp> ;
  dcterms:abstract "How Japan coordinates science and technology."@en ; dcat:keyword "coordination"@en ;
  dcterms:creator <id/person/shen-hengchao> ; coord:authorship <id/authorship/drc-2021-267/1> ;
  coord:describes <id/mechanism/jp-drc-2021-267> .
<id/authorship/drc-2021-267/1> a coord:Authorship ; coord:position 1 ; coord:author <id/person/shen-hengchao> ;
  coord:affiliation "Research Department of Innovation, DRC" .
<id/person/shen-hengchao> a foaf:Person ; foaf:name "Shen Hengchao" .
<id/mechanism/jp-drc-2021-267> a coord:CoordinationMechanism ; rdfs:label "Japan's coordination mechanism"@en ;
  coord:jurisdiction <id/jurisdiction/jp> ; coord:hasComponent <id/body/jp-csti> ;
  coord:performs <https://w3id.org/policy-kg/concept/function/resource-allocation> .
<id/lesson/drc-2021-267/1> a coord:Lesson ; dcterms:description "Put one council above the ministries."@en ;
  coord:drawnFrom <id/mechanism/jp-drc-2021-267> .
"""
KNOWN = """
<id/body/jp-csti> a coord:CoordinatingBody ; skos:prefLabel "Council for Science, Technology and Innovation"@en ,
  "総合科学技術・イノベーション会議"@ja ; coord:acronym "CSTI" ; coord:jurisdiction <id/jurisdiction/jp> ;
  foaf:page <javascript:alert(1)> , <https://www8.cao.go.jp/cstp/> .
<id/jurisdiction/jp> a dcterms:Jurisdiction ; skos:prefLabel "Japan"@en , "日本"@ja ; skos:notation "JP" .
"""
TERMS = """
coord:Report a owl:Class ; rdfs:label "Report"@en , "报告"@zh ; skos:definition "A policy report."@en .
coord:hasComponent a owl:ObjectProperty ; rdfs:label "has component"@en ; skos:definition "A body it is made of."@en .
concept:function a skos:ConceptScheme ; skos:prefLabel "Functions"@en .
<https://w3id.org/policy-kg/concept/function/resource-allocation> a skos:Concept , coord:Function ;
  skos:prefLabel "Resource allocation"@en ; skos:inScheme concept:function ; skos:definition "Who gets what."@en .
"""
EVIDENCE = """
<id/claim/drc-2021-267/01-has-component> a coord:Claim ; rdf:subject <id/mechanism/jp-drc-2021-267> ;
  rdf:predicate coord:hasComponent ; rdf:object <id/body/jp-csti> ; coord:statedIn <id/report/drc-2021-267> ;
  coord:evidence <id/report/drc-2021-267#char=163,214> ; coord:method "statement/components" ;
  coord:confidence 1.0 ; coord:polarity "asserted" .
<id/report/drc-2021-267#char=163,214> a coord:Passage ; oa:start 163 ; oa:end 214 ; coord:line 7 ; coord:column 12 ;
  oa:exact "the Council for Science, Technology & <Innovation>" ; dcterms:isPartOf <id/page/0123456789abcdef> .
<id/claim/drc-2021-267/02-description> a coord:Claim ; rdf:subject <id/lesson/drc-2021-267/1> ;
  rdf:predicate dcterms:description ; rdf:object "Put one council above the ministries."@en ;
  coord:statedIn <id/report/drc-2021-267> ; coord:evidence <id/report/drc-2021-267#char=300,340> ;
  coord:method "lesson/sentence" ; coord:confidence 0.8 ; coord:polarity "asserted" .
<id/report/drc-2021-267#char=300,340> a coord:Passage ; oa:start 300 ; oa:end 340 ; coord:sheet 3 ;
  coord:line 9 ; coord:column 1 ;
  oa:exact "China should put one council above the ministries." ; dcterms:isPartOf <id/page/0123456789abcdef> .
<id/claim/drc-2021-267/03-performs> a coord:Claim ; rdf:subject <id/mechanism/jp-drc-2021-267> ;
  rdf:predicate coord:performs ; rdf:object <https://w3id.org/policy-kg/concept/function/legislation> ;
  coord:statedIn <id/report/drc-2021-267> ; coord:evidence <id/report/drc-2021-267#char=400,420> ;
  coord:polarity "denied" .
<id/report/drc-2021-267#char=400,420> a coord:Passage ; oa:start 400 ; oa:end 420 ; coord:line 11 ; coord:column 1 ;
  oa:exact "It makes no laws." ; dcterms:isPartOf <id/page/0123456789abcdef> .
<id/report/drc-2021-267> coord:readFrom <id/page/0123456789abcdef> .
<id/page/0123456789abcdef> a coord:Page ; coord:sourcePath "pages/drc-2021-267.txt" .
<id/gap/drc-2021-267/keywords> a coord:Gap ; coord:field "team" ; coord:reason "no line names a research team" ;
  coord:gapOf <id/page/0123456789abcdef> .
"""


def _quads(turtle, graph):
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    for quad in parse(prefixes + turtle, format=RdfFormat.TURTLE, base_iri=BASE):
        yield Quad(quad.subject, quad.predicate, quad.object, DefaultGraph())
        if graph:
            yield Quad(quad.subject, quad.predicate, quad.object, NamedNode(f"{BASE}graph/{graph}"))


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """The folder of a published version's store."""
    folder = tmp_path_factory.mktemp("version") / "data"
    store = Store(str(folder))
    graphs = {"report/drc-2021-267": STATED, "authority": KNOWN, "ontology": TERMS, "": EVIDENCE}
    for graph, turtle in graphs.items():
        store.extend(_quads(turtle, graph))
    store.flush()
    return folder


@pytest.fixture(scope="session")
def questions(tmp_path_factory):
    """A folder of example queries."""
    folder = tmp_path_factory.mktemp("questions")
    first = "# 2 Which reports are there?\n# One row a report.\nSELECT ?report { ?report a <https://w3id.org/x> }\n"
    (folder / "a-reports.rq").write_text(first, encoding="utf-8")
    (folder / "b-anything.rq").write_text("# 1 Is there <anything>?\nASK { ?s ?p ?o }\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def runner_and_client(data, questions):
    """An application with a loop of its own; workers start once a session."""
    with asyncio.Runner() as runner:
        site = _opened(data, questions)
        yield runner, runner.run(site.__aenter__())
        runner.run(site.__aexit__(None, None, None))


@pytest.fixture(scope="session")
def observed(data, questions):
    """Opens an application with observers of its own, and sends it requests for the length of a `with` block."""

    @contextmanager
    def opened(edition, deadline, **given):
        with asyncio.Runner() as runner:
            pool = QueryPool(WorkerOptions(data=data, base=edition.base), workers=1, deadline=deadline)
            runner.run(pool.__aenter__())
            census = Census(triples=1)
            app = create_app(queries=pool, pages=pool, edition=edition, census=census, questions=questions, **given)

            async def asked(method, path, **given):
                transport = httpx.ASGITransport(app)
                async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
                    return await client.request(method, path, **given)

            yield lambda method, path, **given: runner.run(asked(method, path, **given))
            runner.run(pool.close())

    return opened


@pytest.fixture(scope="session")
def opened():
    """A client of an application over the store in a folder, for the length of an `async with` block."""
    return _opened


@pytest.fixture
def listening():
    """Serves an application in this process by our own connections, for the length of an `async with` block: the port.

    A test of it needs httptools.
    """
    uvicorn = pytest.importorskip("uvicorn")
    pytest.importorskip("httptools")
    from kg.web import connections, noise  # noqa: PLC0415 - it needs what may be absent

    @asynccontextmanager
    async def opened(app, *, pause=5.0):
        config = uvicorn.Config(
            app,
            http=connections.Connection,
            loop="none",
            ws="none",
            lifespan="off",
            log_config=None,
            proxy_headers=False,
            port=0,
            timeout_keep_alive=pause,
        )
        noise.quieten()
        server = uvicorn.Server(config)
        server.install_signal_handlers = lambda: None
        running = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - a flag raises no event
            await asyncio.sleep(0)
        try:
            yield server.servers[0].sockets[0].getsockname()[1]
        finally:
            server.should_exit = True
            await running

    return opened


@pytest.fixture(scope="session")
def application(data, questions):
    """An application whose queries one worker answers, and its pool, for the length of an `async with` block."""

    @asynccontextmanager
    async def opened(*, observers=(), deadline=20.0, spool=256 * 1024**2, **bounds):
        options = WorkerOptions(data=data, base=BASE)
        async with QueryPool(options, workers=1, deadline=deadline, spool=spool) as pool:
            app = create_app(
                queries=pool,
                pages=pool,
                edition=EDITION,
                census=Census(triples=1),
                questions=questions,
                observers=observers,
                bounds=Bounds(**bounds),
            )
            yield app, pool

    return opened


@pytest.fixture(scope="session")
def web(runner_and_client):
    """Sends one request and returns the response."""
    runner, client = runner_and_client
    return lambda method, url, **given: runner.run(client.request(method, url, **given))


@pytest.fixture(scope="session")
def get(web):
    """Sends a GET."""
    return lambda url, **given: web("GET", url, **given)


@pytest.fixture(scope="session")
def sent(runner_and_client):
    """Sends a GET and returns the response with its bytes as they travel in `raw`."""
    runner, client = runner_and_client

    async def asked(url, params, headers):
        async with client.stream("GET", url, params=params, headers=headers) as response:
            response.raw = b"".join([chunk async for chunk in response.aiter_raw()])
            return response

    return lambda url, params, headers: runner.run(asked(url, params, headers))


@asynccontextmanager
async def _opened(data, questions):
    options = WorkerOptions(data=data, base=BASE)
    async with (
        QueryPool(options, workers=1, deadline=1.0) as queries,
        QueryPool(options, workers=1, deadline=5.0) as pages,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(
                create_app(
                    queries=queries,
                    pages=pages,
                    edition=EDITION,
                    census=Census(triples=123),
                    questions=questions,
                    published=PUBLISHED,
                )
            ),
            base_url="http://127.0.0.1:8000",
        ) as client,
    ):
        yield client
