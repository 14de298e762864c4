"""Queries evaluated and written: each kind of answer in each format."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import RdfFormat, Store, parse

from kg.model.errors import QueryFailed, QueryRefused, QuerySyntaxError, Refusal
from kg.query import AnswerKind, Query
from kg.query.evaluate import answer
from kg.query.graphs import graph_payload
from kg.rdf.formats import GraphFormat, ResultsFormat

EX = "http://example.org/"
ROWS = f"SELECT ?s ?o WHERE {{ ?s <{EX}says> ?o }} ORDER BY ?s"
TRIPLES = f"CONSTRUCT WHERE {{ ?s <{EX}says> ?o }}"


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        (ResultsFormat.CSV, f's,o\r\n{EX}a,"one, “two”"\r\n{EX}b,3\r\n'),
        (ResultsFormat.TSV, f'?s\t?o\n<{EX}a>\t"one, “two”"@en\n<{EX}b>\t3\n'),
    ],
)
def test_rows_as_text(store, results, expected):
    """Rows are written as SPARQL's CSV and TSV."""
    found = answer(store, Query(text=ROWS, results=results))
    assert (found.kind, found.payload.decode()) == (AnswerKind.SOLUTIONS, expected)


def test_rows_as_json(store):
    """Rows are written as SPARQL's JSON."""
    found = answer(store, Query(text=ROWS, results=ResultsFormat.JSON))
    assert found.media_type == "application/sparql-results+json"
    values = [row["o"]["value"] for row in json.loads(found.payload)["results"]["bindings"]]
    assert values == ["one, “two”", "3"]


def test_rows_as_xml(store):
    """Rows are written as SPARQL's XML."""
    found = answer(store, Query(text=ROWS, results=ResultsFormat.XML))
    root = ET.fromstring(found.payload)  # noqa: S314  (our own output)
    assert [literal.text for literal in root.findall(".//{*}literal")] == ["one, “two”", "3"]


@pytest.mark.parametrize("results", ResultsFormat)
def test_truth_in_each_format(store, results):
    """A truth value is written in each format of results."""
    found = answer(store, Query(text="ASK { ?s ?p ?o }", results=results))
    assert found.kind is AnswerKind.BOOLEAN
    assert b"true" in found.payload


@pytest.mark.parametrize("graph", GraphFormat)
@pytest.mark.parametrize("query", [TRIPLES, f"DESCRIBE <{EX}a> <{EX}b>"], ids=["construct", "describe"])
def test_triples_in_each_format(store, graph, query):
    """Triples are written in each format of graphs, and read back the same."""
    found = answer(store, Query(text=query, graph=graph))
    assert (found.kind, found.media_type) == (AnswerKind.GRAPH, graph.media_type)
    assert {str(quad.object) for quad in parse(found.payload, format=graph.rdf)} == {
        '"one, “two”"@en',
        '"3"^^<http://www.w3.org/2001/XMLSchema#integer>',
    }


def test_triples_are_sorted_under_the_prefixes_they_use(store):
    """Triples come sorted, types first, under sorted prefixes and no others, whatever the order of the engine."""
    query = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX org: <http://www.w3.org/ns/org#>
        CONSTRUCT { <http://x/b> skos:prefLabel "b" . <http://x/a> org:unitOf <http://x/b> ; a skos:Concept } {}"""
    assert answer(store, Query(text=query)).payload.decode() == (
        "@prefix org: <http://www.w3.org/ns/org#> .\n"
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "<http://x/a> a skos:Concept ;\n\torg:unitOf <http://x/b> .\n"
        '<http://x/b> skos:prefLabel "b" .\n'
    )


@pytest.mark.parametrize("graph", [GraphFormat.NTRIPLES, GraphFormat.NQUADS])
def test_lines_are_sorted_each_once(graph):
    """Lines come sorted, each once, types first, as triples do in every format."""
    turtle = (
        """PREFIX : <http://x/> :b :a "\\r\\n" . :a :b <> ; a :T, :A ; :A 1 . _:n a :T . :a-b a :T . :ü :ö "ä"@de ."""
    )
    store = Store()
    store.load(turtle.encode(), RdfFormat.TURTLE, base_iri="http://x/")
    found = answer(store, Query(text="CONSTRUCT WHERE { ?s ?p ?o }", graph=graph))
    assert found.rows == len(store)
    assert found.payload == graph_payload((quad.triple for quad in store), graph)
    twice = "DESCRIBE <http://x/a> <http://x/a>"
    lines = answer(store, Query(text=twice, graph=graph)).payload.splitlines()
    assert len(lines) == len(set(lines)) == 4


def test_rdfxml_declares_its_namespaces_in_order(store):
    """RDF/XML comes out the same every time."""
    query = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> CONSTRUCT { <http://x/b> skos:prefLabel 'b' } {}"
    tag = answer(store, Query(text=query, graph=GraphFormat.RDFXML)).payload.decode().splitlines()[1]
    declared = tag.removeprefix("<rdf:RDF ").removesuffix(">").split()
    assert declared == sorted(declared)


def test_relative_iris(store):
    """Relative IRIs in a query are resolved against the base."""
    assert answer(store, Query(text="ASK { <a> <says> ?o }"), EX).payload == b'{"head":{},"boolean":true}'


@pytest.mark.parametrize(
    ("given", "in_default", "in_named"),
    [
        ({}, "", "bc"),
        ({"default_graphs": (EX + "graph/1",)}, "b", ""),
        ({"named_graphs": (EX + "graph/2",)}, "", "c"),
        ({"default_graphs": (EX + "graph/1", EX + "graph/2"), "named_graphs": (EX + "graph/1",)}, "bc", "b"),
    ],
    ids=["store", "default", "named", "both"],
)
def test_dataset(store, given, in_default, in_named):
    """The protocol's dataset replaces the store's: what it does not name is empty."""

    def who(pattern):
        query = f"SELECT ?s {{ {pattern} }} ORDER BY ?s"
        rows = answer(store, Query(text=query, results=ResultsFormat.CSV, **given)).payload.decode().split()[1:]
        return "".join(row.removeprefix(EX) for row in rows)

    assert who(f"?s <{EX}knows> ?o") == in_default
    assert who(f"GRAPH ?g {{ ?s <{EX}knows> ?o }}") == in_named


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [("SELECT * WHERE {\n  ?s ?p }", 2, 10), ("SELEC", 1, 6), ("ASK { ?s ?p 'é' ? }", 1, 20)],
)
def test_syntax_error(store, query, line, column):
    """A syntax error says where the parser stopped: line and column from 1, in characters."""
    with pytest.raises(QuerySyntaxError) as error:
        answer(store, Query(text=query))
    assert (error.value.line, error.value.column) == (line, column)


def test_dataset_of_no_iris(store):
    """A graph of the dataset that is no IRI is the client's error."""
    with pytest.raises(QuerySyntaxError, match="no absolute IRI"):
        answer(store, Query(text="ASK {}", default_graphs=("not an iri",)))


@pytest.mark.parametrize("query", [ROWS, TRIPLES], ids=["rows", "triples"])
def test_too_long_an_answer_fails(store, query):
    """An answer longer than the limit fails; it is never cut."""
    whole = answer(store, Query(text=query))
    assert answer(store, Query(text=query, most_bytes=len(whole.payload))) == whole
    with pytest.raises(QueryFailed, match="longer"):
        answer(store, Query(text=query, most_bytes=len(whole.payload) - 1))


@pytest.mark.parametrize(("query", "given"), [(ROWS, {"results": None}), (TRIPLES, {"graph": None})])
def test_no_acceptable_format(store, query, given):
    """A query whose kind of answer has no acceptable format is refused."""
    with pytest.raises(QueryRefused) as refused:
        answer(store, Query(text=query, **given))
    assert refused.value.kind is Refusal.FORMAT


def test_what_the_engine_cannot_do_fails(store):
    """What the engine gives up on is a failure with its reason."""
    with pytest.raises(QueryFailed, match="nofn"):
        answer(store, Query(text="SELECT (<http://x/nofn>(1) AS ?x) {}"))
