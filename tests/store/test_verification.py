"""A version read through: what holds is counted, what does not is named."""

from __future__ import annotations

import hashlib
import io
import random
import shutil

import pytest
from pyoxigraph import NamedNode, Quad, Store

from kg.rdf.formats import GraphFormat
from kg.store import OneGraph, VersionStore, export_part, recorded_graphs, selected
from kg.store.verification import verified

KEYS = ("report/a", "report/b", "report/c")
DAMAGES = 12


@pytest.fixture
def version(store, publish, a_page, a_label):
    """A version of three pages, two of which state the same."""
    labels = {"report/a": "One", "report/b": "One", "report/c": "Two"}
    return publish(store, [a_page(key, a_label("body", labels[key])) for key in KEYS])


def told(version):
    """What of the statements is damaged, a line each; a store that somebody opened to write has other files as well."""
    found = verified(version, lambda _: None).damages
    return [f"{damage.name}: {damage.reason}" for damage in found if not damage.name.startswith("data/")]


def change(version, act):
    """Somebody changes the store of a published version."""
    store = Store(str(version.data))
    act(store)
    store.flush()


def test_a_version_as_it_was_published_holds(version):
    """Every graph is counted, and nothing is wrong."""
    heard = []
    found = verified(version, heard.append)
    assert (found.graphs, found.damages) == (3, ())
    assert heard == [1, 2, 3]


def test_the_digest_of_a_graph_is_that_of_its_export(version):
    """Anybody can work it out: SHA-256 of the graph's sorted N-Quads."""
    graphs = recorded_graphs(version)
    assert len(graphs) == 3
    for iri, digest in graphs.items():
        out = io.BytesIO()
        export_part(selected(version.open(), OneGraph(iri)), GraphFormat.NQUADS, out)
        assert hashlib.sha256(out.getvalue()).hexdigest() == digest


def test_a_statement_that_came_or_went_is_found_in_its_graph(version):
    """The graph is named, and the whole does not hold either; the other graphs do."""
    graph = next(iter(recorded_graphs(version)))
    thing = NamedNode("http://example.org/thing")
    change(version, lambda store: store.add(Quad(thing, thing, thing, NamedNode(graph))))
    assert verified(version, lambda _: None).graphs == 2
    lines = told(version)
    assert lines[0].startswith(f"graph {graph}: its sorted N-Quads have the SHA-256 ")
    assert lines[1].startswith("the whole: ")


def test_a_graph_that_is_gone_or_was_added_is_named(version):
    """Both are said by the graph's IRI."""
    graph = next(iter(recorded_graphs(version)))
    change(version, lambda store: store.remove_graph(NamedNode(graph)))
    assert f"graph {graph}: it was published and is gone" in told(version)
    new = NamedNode("http://example.org/new")
    change(version, lambda store: store.add(Quad(new, new, new, new)))
    assert "graph http://example.org/new: it was not published" in told(version)


def test_a_statement_that_left_the_merged_graph_alone_is_found(version):
    """No graph misses it, but the default graph has one statement less."""
    quad = next(version.open().quads_for_pattern(None, None, None, NamedNode(next(iter(recorded_graphs(version))))))
    change(version, lambda store: store.remove(Quad(*quad.triple)))
    (line,) = told(version)
    assert line.startswith("the default graph: it has ")


def test_a_changed_record_is_named(version):
    """A file beside the data is compared with its digest in the manifest."""
    (version.path / "graphs.tsv").write_text("changed")
    assert "graphs.tsv: graphs.tsv is not what was published" in told(version)


def test_a_byte_that_the_disk_changed_is_found(version, tmp_path):
    """Wherever it is, also in an index that no reading touches: the file is named."""
    chance = random.Random(1117)  # noqa: S311 - the same bytes in each run
    names = sorted(file.name for file in version.data.iterdir() if file.stat().st_size)
    for number in range(DAMAGES):
        copy = VersionStore(tmp_path / f"copy-{number}")
        shutil.copytree(version.path.parents[1], copy.path)
        file = copy.version("v1").data / chance.choice(names)
        payload = bytearray(file.read_bytes())
        place = chance.randrange(len(payload))
        payload[place] ^= 0x10
        file.write_bytes(payload)
        damages = verified(copy.version("v1"), lambda _: None).damages
        assert f"data/{file.name}" in {damage.name for damage in damages}, f"byte {place}"


def test_a_graph_in_a_damaged_table_does_not_stop_the_reading(version):
    """What can be read is read, and what the engine says of the rest is told as damage, not as a crash."""
    for file in version.data.glob("*.sst"):
        payload = bytearray(file.read_bytes())
        payload[: len(payload) // 2] = bytes(len(payload) // 2)
        file.write_bytes(payload)
    found = verified(version, lambda _: None)
    assert found.graphs == 0
    assert len(found.damages) > len(list(version.data.glob("*.sst")))
