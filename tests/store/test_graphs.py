"""The merged graph stays a set, whatever is written, replaced or retracted."""

from __future__ import annotations

import weakref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg.store import graphs, replace_page, retract_page, write_graphs

BODY = "http://127.0.0.1:8000/id/body/"
CHOICES = [
    (NamedNode(BODY + "a"), NamedNode("http://example.org/name"), Literal("A", language="en")),
    (NamedNode(BODY + "a"), NamedNode("http://example.org/name"), Literal("A", language="zh-Hans")),
    (NamedNode(BODY + "a"), NamedNode("http://example.org/partOf"), NamedNode(BODY + "b")),
    (
        NamedNode(BODY + "b"),
        NamedNode("http://example.org/score"),
        Literal("1.0", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
    ),
    (NamedNode(BODY + "b"), NamedNode("http://example.org/note"), Literal('a "quote",\n\ta \\ and 科技')),
]
KEYS = ["report/drc-2021-1", "report/drc-2021-12", "page/00ff"]


def from_scratch(knowledge, pages):
    """A store of these pages, written at once."""
    store = Store()
    write_graphs(store, knowledge, pages)
    return store


def in_default(store, triple):
    """How often the default graph holds a triple."""
    return len(list(store.quads_for_pattern(*triple, DefaultGraph())))


def test_two_pages_that_say_the_same_make_one_merged_statement(a_page, a_label):
    """A triple of two pages stands in both named graphs and once in the default graph."""
    triple = a_label("b", "Body")
    store = from_scratch((), [a_page("report/r1", triple), a_page("report/r2", triple)])
    assert in_default(store, triple) == 1
    assert len(list(store.quads_for_pattern(*triple, None))) == 3


def test_the_same_triple_a_thousand_times_is_one(a_page, a_label, tmp_path):
    """On disk too, a triple stated by very many pages counts once."""
    triple = a_label("b", "Body")
    store = Store(str(tmp_path / "data"))
    write_graphs(store, (), (a_page(f"report/r{number}", triple) for number in range(1000)))
    assert in_default(store, triple) == 1
    assert len(store) == len(set(store))


def test_many_loads_make_the_same_store_as_one(a_page, a_label, monkeypatch, tmp_path):
    """Where pages fill several bulk loads, a triple of all of them is still one statement on disk."""
    pages = [a_page(f"report/r{number}", a_label("b", "Body")) for number in range(5)]
    whole = from_scratch((), pages)
    monkeypatch.setattr(graphs, "PIECE", 1000)
    store = Store(str(tmp_path / "data"))
    write_graphs(store, (), pages)
    assert set(store) == set(whole)
    assert len(store) == len(whole)


def test_knowledge_stands_in_its_graph_and_in_the_merged_graph(knowledge_of, a_label):
    """The authority's statements are part of the default graph."""
    triple = a_label("b", "Body")
    store = from_scratch(knowledge_of(triple), ())
    assert in_default(store, triple) == 1
    assert [graph.value for graph in store.named_graphs()] == ["http://127.0.0.1:8000/graph/authority"]


def test_evidence_stands_in_the_default_graph_alone(a_page, a_label):
    """No claim, passage, mention or gap is in a page's named graph."""
    page = a_page("report/r1", a_label("b", "Body"))
    store = from_scratch((), [page])
    assert set(store.quads_for_pattern(None, None, None, page.graph)) == set(page.stated)
    assert all(in_default(store, quad.triple) == 1 for quad in page.evidence)


def test_pages_are_taken_one_at_a_time(a_page, a_label):
    """Writing lets go of each page before it asks for the next: memory does not grow with the pages."""
    given_out = []

    def pages():
        for number in range(50):
            given_out.append(weakref.ref(page := a_page(f"report/r{number}", a_label("b", "Body"))))
            yield page
            del page
            assert [ref() for ref in given_out[:-1]] == [None] * number

    from_scratch((), pages())
    assert len(given_out) == 50


def test_a_retracted_page_leaves_what_others_state(a_page, a_label):
    """A triple leaves the default graph with the last page that states it."""
    triple, other = a_label("b", "Body"), a_label("c", "Other")
    first, second = a_page("report/r1", triple, other), a_page("report/r2", triple)
    store = from_scratch((), [first, second])
    retract_page(store, first.graph)
    assert (in_default(store, triple), in_default(store, other)) == (1, 0)
    retract_page(store, second.graph)
    assert len(store) == 0
    assert not list(store.named_graphs())


def test_a_retracted_page_leaves_what_the_authority_states(a_page, a_label, knowledge_of):
    """What the authority says does not go with a page that says it too."""
    triple = a_label("b", "Body")
    page, knowledge = a_page("report/r1", triple), knowledge_of(triple)
    store = from_scratch(knowledge, [page])
    retract_page(store, page.graph)
    assert set(store) == set(from_scratch(knowledge, ()))


def test_a_longer_key_is_another_page(a_page, a_label):
    """Retracting drc-2021-1 takes nothing from drc-2021-12."""
    short, long = a_page("report/drc-2021-1", a_label("b", "B")), a_page("report/drc-2021-12", a_label("b", "B"))
    store = from_scratch((), [short, long])
    retract_page(store, short.graph)
    assert set(store) == set(from_scratch((), [long]))


def test_a_statement_of_another_page_about_a_retracted_report_stays(a_page):
    """What one report says of another is its own statement, and outlives the other."""
    cited = NamedNode("http://127.0.0.1:8000/id/report/r1")
    triple = (cited, NamedNode("http://example.org/note"), Literal("cited"))
    first, second = a_page("report/r1"), a_page("report/r2", triple)
    store = from_scratch((), [first, second])
    retract_page(store, first.graph)
    assert set(store) == set(from_scratch((), [second]))


def test_retracting_what_is_not_there_changes_nothing(a_page):
    """A graph that was never written can be retracted."""
    store = from_scratch((), [a_page("report/r1")])
    before = set(store)
    retract_page(store, a_page("report/r2").graph)
    assert set(store) == before


@pytest.mark.parametrize("key", KEYS)
def test_a_replaced_page_leaves_nothing_of_its_old_edition(a_page, a_label, key):
    """After a replacement, statements and evidence are those of the new edition alone."""
    old = a_page(key, a_label("b", "Old"), a_label("c", "Both"), edition=1)
    new = a_page(key, a_label("c", "Both"), edition=2)
    store = from_scratch((), [old])
    replace_page(store, new)
    assert set(store) == set(from_scratch((), [new]))


editions = st.lists(st.sampled_from(CHOICES), unique=True, max_size=4)
steps = st.tuples(st.sampled_from(KEYS), st.none() | st.tuples(editions, st.integers(0, 3)))


@settings(deadline=None)
@given(known=editions, first=st.dictionaries(st.sampled_from(KEYS), editions), changes=st.lists(steps, max_size=8))
def test_any_changes_end_where_a_build_from_scratch_does(a_page, knowledge_of, known, first, changes):
    """Any sequence of replaced and retracted pages gives the quads of a build of the pages that remain."""
    knowledge = knowledge_of(*known)
    pages = {key: a_page(key, *stated) for key, stated in first.items()}
    store = from_scratch(knowledge, pages.values())
    for key, change in changes:
        if change is None:
            pages.pop(key, None)
            retract_page(store, a_page(key).graph)
        else:
            stated, edition = change
            pages[key] = a_page(key, *stated, edition=edition)
            replace_page(store, pages[key])
    assert set(store) == set(from_scratch(knowledge, pages.values()))
    assert len(store) == len(set(store))


triples = st.tuples(st.sampled_from(KEYS), st.sampled_from(CHOICES))


@given(stated=st.lists(triples, max_size=20))
def test_the_default_graph_is_the_union_of_the_named_graphs(a_page, stated):
    """Of flat statements, the default graph holds exactly those of the named graphs, each once."""
    by_key = {key: [triple for other, triple in stated if other == key] for key in KEYS}
    store = from_scratch((), [a_page(key, *said) for key, said in by_key.items()])
    flat = {quad.triple for quad in store if quad.graph_name != DefaultGraph()}
    merged = [quad for quad in store.quads_for_pattern(None, None, None, DefaultGraph()) if quad.triple in flat]
    assert len(merged) == len(flat)
    assert {Quad(*triple, DefaultGraph()) for triple in flat} == set(merged)
