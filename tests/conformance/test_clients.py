"""Clients that others wrote, against a running server."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store
from rdflib import Dataset, Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore

sys.path.insert(0, str(Path(__file__).parent))

from served import server

EX = "http://example.org/"


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    """The address of a server over one statement in the default graph, and one in a named graph."""
    data = tmp_path_factory.mktemp("clients") / "data"
    store = Store(str(data))
    for name, graph in (("a", DefaultGraph()), ("b", NamedNode(f"{EX}graph"))):
        store.add(Quad(NamedNode(EX + name), NamedNode(f"{EX}says"), Literal(name), graph))
    store.flush()
    del store
    with server(data) as client:
        yield f"{client.base_url}sparql"


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["json", "xml"])
def test_rdflib_asks_the_default_graph(endpoint, method, form):
    """Rdflib's store finds the statements of the default graph, by each of its methods and formats."""
    graph = Graph(SPARQLStore(endpoint, method=method, returnFormat=form))
    assert [str(row.o) for row in graph.query(f"SELECT ?o {{ ?s <{EX}says> ?o }}")] == ["a"]
    assert bool(graph.query("ASK { ?s ?p ?o }"))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib of itself
def test_rdflib_names_its_default_graph(endpoint):
    """A dataset of rdflib's asks for its default graph by a name of its own, and for others by theirs."""
    dataset = Dataset(SPARQLStore(endpoint))
    query = f"SELECT ?o {{ ?s <{EX}says> ?o }}"
    named = Graph(dataset.store, identifier=URIRef(f"{EX}graph"))
    assert [str(row.o) for row in dataset.query(query)] == ["a"]
    assert [str(row.o) for row in named.query(query)] == ["b"]
    by_name = dataset.store.query(query, queryGraph="urn:x-rdflib:default")
    assert [str(row[0]) for row in by_name] == ["a"]


def test_rdflib_reads_graphs_by_their_addresses(endpoint):
    """Rdflib parses a graph from its address in the Graph Store."""
    address = endpoint.replace("/sparql", f"/graphs?graph={EX}graph")
    assert {str(value) for value in Graph().parse(address).objects()} == {"b"}
