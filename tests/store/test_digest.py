"""The digest of a version: a sum that comes and goes with what is said, and is the same however it is worked out."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg.rdf.quads import PageQuads
from kg.store import Manifest, content_digest
from kg.store.digest import Scheme, digested, page_digests, written_digest
from kg.store.verification import verified

NAMES = [NamedNode(f"http://example.org/{name}") for name in ("a", "ab", "b")]
VALUES = [*NAMES, *(Literal(text) for text in ("x", "x y", "é", "\U00010000", "\ue000")), Literal("x", language="en")]
GRAPHS = [DefaultGraph(), NamedNode("http://example.org/graph/1"), NamedNode("http://example.org/graph/2")]
QUADS = st.builds(Quad, *map(st.sampled_from, (NAMES, NAMES, VALUES, GRAPHS)))


def summed(quads):
    """The sum by its definition: of named graphs, and of subjects in what only the default graph states."""
    named = {quad.triple for quad in quads if quad.graph_name != DefaultGraph()}
    groups = {}
    for quad in set(quads):
        if quad.graph_name != DefaultGraph():
            groups.setdefault(quad.graph_name, []).append(f"{quad} .\n".encode())
        elif quad.triple not in named:
            groups.setdefault(quad.subject, []).append(f"{quad} .\n".encode())
    numbers = (int(hashlib.sha256(b"".join(sorted(lines))).hexdigest(), 16) for lines in groups.values())
    return f"{sum(numbers) % 2**256:064x}"


def held(quads):
    """A store in memory."""
    store = Store()
    for quad in quads:
        store.add(quad)
    return store


@settings(max_examples=300, deadline=None)
@given(st.lists(QUADS, max_size=30))
def test_the_digest_is_the_sum_over_graphs_and_subjects(quads):
    """Whatever came first, and whatever stands in several graphs."""
    assert content_digest(held(quads)) == content_digest(held(reversed(quads))) == summed(quads)
    assert written_digest(digested(quads).total) == summed(quads)


@settings(deadline=None)
@given(st.sets(QUADS), QUADS)
def test_a_statement_more_is_another_digest(quads, quad):
    """Unless the default graph had it from a named one, or has it from now on."""
    quads.discard(quad)
    same = any(other.triple == quad.triple for other in quads)
    if not same:
        assert content_digest(held(quads)) != content_digest(held([*quads, quad]))


def canonical(page):
    """The page as a store gives it back, which writes numbers in their canonical form."""
    store = held(page)
    stated, evidence = ([quad for quad in store if is_flat(quad)], [quad for quad in store if not is_flat(quad)])
    return PageQuads.of(page.source, page.graph, stated, evidence)


def is_flat(quad):
    """Whether it stands in a named graph."""
    return quad.graph_name != DefaultGraph()


def test_what_pages_add_is_the_digest_of_all(store, publish, a_page, a_label):
    """Page by page or over the whole, in memory or read from the disk in its order: one number."""
    pages = [a_page(f"report/{key}", *(a_label("b", text) for text in key), edition=7) for key in ("x", "yz", "stu")]
    pages = [canonical(page) for page in (*pages, a_page("page/none"))]
    total = sum(page_digests(page.flat, page.groups)[0] for page in pages)
    version = publish(store, pages)
    assert version.manifest.digest == written_digest(total) == content_digest(version.open()) == summed(version.open())
    assert verified(version, lambda _: None).damages == ()


def test_a_store_on_disk_gives_back_the_statements_of_a_subject_together(tmp_path):
    """However they came in, and from however many of its files; a version is read through in that order."""
    nodes = [NamedNode(f"http://example.org/{number}") for number in range(100)]
    store = Store(str(tmp_path))
    for value in range(5):
        store.extend(Quad(node, NAMES[0], nodes[value], DefaultGraph()) for node in nodes)
        store.bulk_extend(Quad(node, NAMES[1], nodes[value], DefaultGraph()) for node in nodes[::3])
        store.flush()
    met = [quad.subject for quad in store.quads_for_pattern(None, None, None, DefaultGraph())]
    turns = [node for node, before in zip(met, [None, *met], strict=False) if node != before]
    assert len(met) == 670
    assert len(turns) == len(nodes)


@pytest.fixture
def older(store, publish, a_page, a_label):
    """A version as it was published when each line was summed up by itself."""
    labels = [("report/x", "One"), ("report/y", "One"), ("report/z", "Two")]
    version = publish(store, [a_page(key, a_label("b", text)) for key, text in labels])
    held = version.open()
    stated = {quad.triple for quad in held if quad.graph_name != DefaultGraph()}
    own = [quad for quad in held if quad.graph_name != DefaultGraph() or quad.triple not in stated]
    total = sum(int(hashlib.sha256(str(quad).encode()).hexdigest(), 16) for quad in own)
    rewrite(version, digest=f"{total % 2**256:064x}")
    return store.current()


def rewrite(version, **values):
    """Puts a manifest without a scheme, and with these values, into the place of a version's."""
    file = version.path / "manifest.json"
    content = {**json.loads(file.read_text("utf-8")), **values}
    del content["checksum"]
    del content["scheme"]
    checksum = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    file.write_text(json.dumps({"checksum": checksum, **content}), "utf-8")


def test_a_version_of_an_older_scheme_is_read_and_verified_by_it(older):
    """It holds, and its digest is told as what it is."""
    assert older.fallback_from is None
    assert older.manifest.identifier == f"sum-sha256:{older.manifest.digest}"
    found = verified(older, lambda _: None)
    assert (found.graphs, found.damages) == (3, ())
    assert older.manifest.digest != content_digest(older.open())


def test_a_version_of_an_older_scheme_is_found_damaged(older):
    """One statement that stands in the default graph alone changed."""
    store = Store(str(older.data))
    claim = next(quad for quad in store if "/claim/" in quad.subject.value)
    store.remove(claim)
    store.add(Quad(claim.subject, claim.predicate, NamedNode("http://example.org/other"), DefaultGraph()))
    store.flush()
    names = [damage.name for damage in verified(older, lambda _: None).damages]
    assert [name for name in names if not name.startswith("data/")] == ["the whole"]


def test_a_version_after_one_of_an_older_scheme_has_the_new_one(store, older, publish, a_page, a_label):
    """The same statements are published once more, since nobody can say that the sums agree."""
    labels = [("report/x", "One"), ("report/y", "One"), ("report/z", "Two")]
    version = publish(store, [a_page(key, a_label("b", text)) for key, text in labels])
    assert (older.name, version.name) == ("v1", "v2")
    assert version.manifest.identifier == f"sum-sha256-groups:{content_digest(version.open())}"


def test_a_scheme_of_a_later_program_is_refused(older):
    """Rather than taken for another one."""
    text = json.loads((older.path / "manifest.json").read_text("utf-8"))
    del text["checksum"]
    content = {**text, "scheme": "sum-blake3"}
    checksum = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    with pytest.raises(ValueError, match="sum-blake3; this program knows sum-sha256-groups and sum-sha256"):
        Manifest.from_json(json.dumps({"checksum": checksum, **content}))


def test_an_empty_graph_adds_nothing():
    """A page that states nothing has no graph, whose digest nobody counts."""
    assert page_digests(b"", [])[0] == 0
    assert Scheme.GROUPS.number(["<a> <b> <c>"]) == page_digests(b"", [b"<a> <b> <c> .\n"])[0]
