"""The numbers that are shown of a store."""

from __future__ import annotations

from pyoxigraph import Store

from kg.rdf.vocab import COORD, TYPE
from kg.store import summary, write_graphs

BASE = "http://127.0.0.1:8000/"


def test_an_empty_store_counts_nothing():
    """All counts of an empty store are 0."""
    counts = summary(Store())
    assert (counts.reports, counts.pages, counts.claims, counts.statements, counts.named_graphs) == (0, 0, 0, 0, 0)


def test_things_are_counted_once_however_many_pages_name_them(a_page, a_label, knowledge_of):
    """A body that two pages and the authority name is one body."""
    body, name, _ = a_label("jp-csti", "CSTI")
    typed = (body, TYPE, COORD("CoordinatingBody"))
    mechanism = (a_label("m", "")[0], TYPE, COORD("CoordinationMechanism"))
    store = Store()
    pages = [a_page("report/r1", typed, mechanism), a_page("report/r2", typed), a_page("page/00ff")]
    write_graphs(store, knowledge_of(typed), pages)
    counts = summary(store)
    assert (counts.bodies, counts.mechanisms, counts.reports, counts.pages) == (1, 1, 2, 3)
    assert (counts.claims, counts.gaps) == (3, 3)
    assert name is not None


def test_statements_are_counted_by_graph(a_page, a_label, knowledge_of):
    """Each named graph's statements are counted, in the order of IRIs; the merged graph counts evidence too."""
    store = Store()
    page = a_page("report/r1", a_label("b", "Body"))
    write_graphs(store, knowledge_of(a_label("b", "Body")), [page])
    counts = summary(store)
    assert list(counts.statements_by_graph.items()) == [(f"{BASE}graph/authority", 1), (f"{BASE}graph/report/r1", 2)]
    assert counts.named_graphs == 2
    assert counts.statements == 2 + len(page.evidence)
