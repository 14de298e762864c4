"""Random writes by three clients while writers are killed: what was acknowledged is there, and every version conforms.

`make soak` runs a thousand writes, or as many as KG_SOAK_WRITES says.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
from contextlib import suppress
from pathlib import Path

import pyshacl
import pytest
from desks import BASE, SEED, build, graph, number
from pyoxigraph import DefaultGraph
from rdflib import Graph

from kg import assets
from kg.build import Extent
from kg.check.pyshacl_engine import reference_engine
from kg.check.shapes import Scope, read_shapes
from kg.model.verdict import Severity
from kg.model.writes import Write, WriteKind, WriteOutcome
from kg.store import VersionStore, content_digest
from kg.writing import GateOptions, WriteGate

MANY = int(os.environ.get("KG_SOAK_WRITES", "1000"))
CLIENTS = 3
#: A kill for so many writes, and within how many seconds of a write's beginning.
KILLS, WITHIN = 0.3, 0.6
BODIES = ("jp-mext", "jp-cabinet-office", "jp-jst", "jp-csti")
LABEL = "<http://www.w3.org/2004/02/skos/core#altLabel>"
FACTS = [f'<{BASE}id/body/{body}> {LABEL} "{name}"@en' for body in BODIES for name in "abc"]
BAD = [f"<{BASE}id/body/jp-mext> <http://example.com/unknown> 1 .", f"<{BASE}id/body/nobody> <{BASE}x> 1 ."]
DONE = (WriteOutcome.PUBLISHED, WriteOutcome.UNCHANGED)


class Client:
    """One client with graphs and a report of its own, and what it knows to be published of them."""

    def __init__(self, store, name, chance):
        self.store, self.name, self.chance = store, name, chance
        self.graphs = {f"{name}-one": frozenset(), f"{name}-two": frozenset()}
        self.key, self.page = f"drc-2021-{300 + ord(name)}", None
        self.outcomes = []
        self.versions = []

    async def write(self, count, kill):
        """So many random writes, one after another."""
        async with WriteGate(options(self.store)) as gate:
            for turn in range(count):
                if self.chance.random() < KILLS:
                    asyncio.get_running_loop().call_later(self.chance.uniform(0, WITHIN), kill, gate)
                await self._one(gate, f"{self.name} {turn}")

    async def _one(self, gate, key):
        write, graphs, page = self._chosen()
        write = Write(**write, is_deletion_confirmed=True, author=self.name, idempotency_key=key)
        written = await gate.apply(write)
        while written.outcome is WriteOutcome.FAILED:  # three writers died one after another: its key makes it safe
            written = await gate.apply(write)
        self.outcomes.append(written.outcome)
        assert written.outcome in (*DONE, WriteOutcome.REFUSED, WriteOutcome.FORBIDDEN, WriteOutcome.MISSING), written
        if written.outcome in DONE:
            self.graphs, self.page = graphs, page
            self.versions.append(written.version)
        self.check()
        if written.outcome is WriteOutcome.PUBLISHED and self.chance.random() < KILLS:
            assert (await gate.apply(write)).version == written.version  # asked for again, it is not done again

    def _chosen(self):
        """A write, and what is published when it is done."""
        name = self.chance.choice(sorted(self.graphs))
        some = frozenset(self.chance.sample(FACTS, 3))
        kinds = [self._put, self._post, self._delete, self._insert, self._remove, self._bad, self._forbidden]
        return self.chance.choice([*kinds, self._put_page, self._delete_page])(name, some)

    def _put(self, name, some):
        return self._graph(name, some, kind=WriteKind.PUT_GRAPH, body=turtle(some))

    def _post(self, name, some):
        return self._graph(name, self.graphs[name] | some, kind=WriteKind.POST_GRAPH, body=turtle(some))

    def _delete(self, name, _):
        return self._graph(name, frozenset(), kind=WriteKind.DELETE_GRAPH)

    def _insert(self, name, some):
        update = b"INSERT DATA { GRAPH <%b> { %b } }" % (graph(name).encode(), turtle(some))
        return self._graph(name, self.graphs[name] | some, kind=WriteKind.UPDATE, body=update)

    def _remove(self, name, _):
        place = f"GRAPH <{graph(name)}>"
        update = f"DELETE {{ {place} {{ ?s ?p ?o }} }} WHERE {{ {place} {{ ?s ?p ?o FILTER(?o = 'a'@en) }} }}"
        left = frozenset(fact for fact in self.graphs[name] if '"a"' not in fact)
        return self._graph(name, left, kind=WriteKind.UPDATE, body=update.encode())

    def _bad(self, name, _):
        body = self.chance.choice(BAD).encode()
        return self._graph(name, self.graphs[name], kind=WriteKind.PUT_GRAPH, body=body)

    def _forbidden(self, name, _):
        return self._graph(name, self.graphs[name], kind=WriteKind.UPDATE, body=b"DELETE WHERE { ?s ?p ?o }")

    def _put_page(self, *_):
        page = number(300 + ord(self.name)) + b"\nMore." * self.chance.randrange(3)
        told = {"kind": WriteKind.PUT_PAGE, "target": self.key, "body": page, "media_type": "text/plain"}
        return told, self.graphs, page

    def _delete_page(self, *_):
        return {"kind": WriteKind.DELETE_PAGE, "target": self.key}, self.graphs, None

    def _graph(self, name, facts, **write):
        write = {"target": graph(name), "media_type": "text/turtle", **write}
        return write, {**self.graphs, name: facts}, self.page

    def check(self):
        """What this client wrote is what is published, and nothing else of its own is."""
        version = VersionStore(self.store).current()
        store = version.open()
        for name, facts in self.graphs.items():
            rows = store.query(f"SELECT ?s ?p ?o {{ GRAPH <{graph(name)}> {{ ?s ?p ?o }} }}")
            assert {" ".join(map(str, row)) for row in rows} == facts
            assert all(store.query(f"ASK {{ {fact} }}") for fact in facts)
        assert bool(store.query(f"ASK {{ <{BASE}id/report/{self.key}> a ?class }}")) == (self.page is not None)


def turtle(facts):
    """The facts as a body."""
    return "".join(f"{fact} .\n" for fact in sorted(facts)).encode()


def options(store):
    """Every version is kept, to be looked at when all is over."""
    return GateOptions(store=store, base=BASE, kept_versions=1_000_000, patience=120.0)


def kill(chance):
    """Kills a writer, or the process of the write that it is at."""

    def killed(gate):
        writer = gate.pid
        if writer is None:
            return
        with suppress(OSError):
            children = Path(f"/proc/{writer}/task/{writer}/children").read_text().split()
            os.kill(int(chance.choice([str(writer), *children])), signal.SIGKILL)

    return killed


async def storm(clients, count, chance):
    """All clients at once."""
    await asyncio.gather(*(client.write(count // len(clients), kill(chance)) for client in clients))


@pytest.mark.parametrize("count", [15, pytest.param(MANY, marks=pytest.mark.soak)])
def test_no_acknowledged_write_is_lost_and_every_version_conforms(desk, count):
    """Every version is validated in full by pySHACL; a build of everything publishes what the last write did."""
    chance = random.Random(count)  # noqa: S311 - nothing secret
    clients = [Client(desk.store, name, random.Random(chance.random())) for name in "abc"[:CLIENTS]]  # noqa: S311 - as above
    asyncio.run(storm(clients, count, chance))
    for client in clients:
        client.check()
    versions = VersionStore(desk.store).versions()
    acknowledged = {name for client in clients for name in client.versions}
    assert acknowledged <= {version.name for version in versions}
    assert sum(len(client.outcomes) for client in clients) == count // CLIENTS * CLIENTS
    engine, seen = reference_engine(read_shapes(assets.shapes())), set()
    for version in versions:
        assert version.manifest.digest == content_digest(version.open())
        if version.manifest.digest not in seen:
            seen.add(version.manifest.digest)
            assert violations(engine, version) == []
    assert build(desk.store, {"a.txt": SEED}, extent=Extent.ALL).version.name == versions[-1].name
    if count == MANY:
        assert conforms_over_all_pages(versions[-1])


def violations(engine, version):
    """What pySHACL finds in a version's merged graph."""
    merged = list(version.open().quads_for_pattern(None, None, None, DefaultGraph()))
    found = engine.findings(merged, {quad.subject.value for quad in merged})
    return [finding for finding in found if finding.severity is Severity.VIOLATION]


def conforms_over_all_pages(version):
    """Whether pySHACL by itself, with all shapes, finds the version to conform but for warnings."""
    shapes, data = Graph(), Graph()
    for file in sorted(assets.shapes().glob("*.ttl")):
        if file.name != Scope.ONTOLOGY.value:
            shapes.parse(file)
    merged = version.open().quads_for_pattern(None, None, None, DefaultGraph())
    data.parse(data="".join(f"{quad.triple} .\n" for quad in merged), format="nt")
    conforms, _, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=True, allow_warnings=True, inplace=True)
    return conforms
