"""Queries are answered as Oxigraph answers them, or left to it."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store, Variable

from kg.check.shacl.graph import Graph
from kg.check.shacl.query.answers import Query

EX = "http://example.org/"
PREFIXES = {"ex": EX, "xsd": "http://www.w3.org/2001/XMLSchema#"}
INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
COMPILED = [
    "SELECT $this ?value { $this ex:p ?value }",
    "SELECT $this ?a ?b { $this ex:p ?a ; ex:q ?b . FILTER (?a = ?b) }",
    "SELECT $this ?a ?b { $this ex:p ?a . ?a ex:q ?b . FILTER (?a != ?b && ?b != $this) }",
    "SELECT $this ?a { $this ex:p ?a . OPTIONAL { ?a ex:q ?b . FILTER (?b != $this) } FILTER (!BOUND(?b)) }",
    "SELECT $this ?a ?c { $this ex:p ?a . OPTIONAL { ?a ex:q ?b } OPTIONAL { ?a ex:p ?c } FILTER (BOUND(?b)) }",
    "SELECT $this ?a { $this ex:p ?a FILTER NOT EXISTS { ?b ex:q ?a . FILTER (?b != $this) } }",
    "SELECT $this ?p ?o { $this ?p ?o FILTER (isLiteral(?o) || ?p IN (ex:q)) }",
    "SELECT $this ?s ?p { ?s ?p $this }",
    "SELECT $this ?a { { $this ex:p ?a } UNION { ?a ex:q $this } }",
    "SELECT $this ?n { $this ex:p ?a BIND (STRLEN(STR(?a)) AS ?n) FILTER (?n > 1) }",
    "SELECT $this ?n { $this ex:p ?a BIND (IF(isIRI(?a), ?a, LCASE(STR(?a))) AS ?n) }",
    "SELECT $this ?b { $this ex:p/ex:q ?b }",
    "SELECT $this ?b { $this (ex:p|^ex:q)+ ?b }",
    "SELECT $this ?b { $this ex:p+ ?b . FILTER (?b = $this || REGEX(STR(?b), 'n[12]$')) }",
    "SELECT $this ?a { $this ex:p ?a . FILTER (?a > 1 || ?a < 1) }",
    "SELECT $this ?a { $this ex:p ?a , ?b . FILTER (?a + 1 = ?b) }",
    "SELECT $this ?a { $this ex:p ?a . FILTER (COALESCE(?a + 1, 5) > 2) }",
    "SELECT $this ?a { $this ex:p ?a . FILTER (LANG(?a) = 'en' || DATATYPE(?a) = xsd:integer) }",
    "SELECT $this ?a { $this ex:p ?a { SELECT $this { $this ex:q ?x } } }",
    "SELECT $this (SUBSTR(STR(?a), 2, 2) AS ?b) { $this ex:p ?a }",
    "SELECT $this ?a { $this ex:p ?a . FILTER (CONTAINS(STR(?a), 'n') && !STRSTARTS(STR(?a), 'x')) }",
    "SELECT $this { $this ex:p [ ex:q ?b ] }",
    "SELECT $this ?a { $this ex:p ?a FILTER NOT EXISTS { ?a ex:q $this } }",
    "SELECT $this ?o { $this ex:p ?o FILTER NOT EXISTS { ?s ex:q ?o ; ex:p $this . $this ex:q ?s } }",
    "SELECT $this ?p ?o { $this ?p ?o FILTER NOT EXISTS { ?s ?p ?o ; ex:p ?x . ?s ex:q $this } }",
    "SELECT $this ?o { $this ex:p ?o FILTER NOT EXISTS { ?s ex:q ?o ; ex:p ex:n1 ; ex:p ?o } }",
    "SELECT $this ?p ?o { $this ?p ?o FILTER (?p != ex:q) FILTER (ex:n1 = ?o) }",
    "SELECT $this ?o { $this ex:p ?o FILTER (?o != ex:n1) }",
    "SELECT $this ?a { $this ex:p ?a . FILTER (STRLEN(?a) != ?a - 1) }",
    "SELECT $this ?a { $this ex:p ?a . FILTER (STRLEN(STR(?a)) - 2 <= STRLEN(STR($this)) - 21) }",
    "SELECT $this ?a { $this ex:p ?a FILTER NOT EXISTS { $this ex:q ?b . FILTER (?b = ?a + 1) } }",
    "SELECT $this ?a { $this ex:p ?a FILTER NOT EXISTS { ?b ex:q ?a . FILTER NOT EXISTS { ?b ex:p ?a } } }",
    "SELECT $this ?a { $this ex:p ?a FILTER NOT EXISTS { ?b ex:q ?a } FILTER NOT EXISTS { ?b ex:p $this ; ex:p ?a } }",
]
LEFT = [
    "SELECT $this ?a { $this ex:p ?a } ORDER BY ?a LIMIT 1",
    "SELECT $this ?a { $this ex:p ?a . { ?b ex:q ?c . OPTIONAL { ?c ex:p ?a } } }",
    "SELECT $this ?a { $this ex:p ?a . OPTIONAL { ?a ex:q ?b } OPTIONAL { ?b ex:p ?c } }",
    "SELECT $this ?a { $this ex:p ?a . FILTER (MD5(STR(?a)) != '') }",
]
nodes = st.sampled_from([NamedNode(f"{EX}n{number}") for number in range(1, 4)])
literals = st.sampled_from(
    [Literal("a"), Literal("B", language="en"), Literal("1", datatype=INTEGER), Literal("2", datatype=INTEGER)]
)
predicates = st.sampled_from([NamedNode(f"{EX}p"), NamedNode(f"{EX}q")])
graphs = st.lists(st.builds(Quad, nodes, predicates, st.one_of(nodes, nodes, literals)), max_size=12)


@pytest.mark.parametrize("text", COMPILED)
@settings(max_examples=80, deadline=None, derandomize=True)
@given(quads=graphs)
def test_a_compiled_query_answers_as_oxigraph_does(text, quads):
    """The same solutions for each focus node."""
    query = Query(text, PREFIXES, Graph(), frozenset({"?this"}), "<urn:shape>")
    assert query.is_compiled
    assert_answers(query, text, quads)


@pytest.mark.parametrize("text", LEFT)
@settings(max_examples=10, deadline=None, derandomize=True)
@given(quads=graphs)
def test_a_query_beyond_the_compiler_is_left_to_oxigraph(text, quads):
    """Nothing is answered otherwise for being difficult."""
    query = Query(text, PREFIXES, Graph(), frozenset({"?this"}), "<urn:shape>")
    assert not query.is_compiled
    assert_answers(query, text, quads)


def test_values_are_counted_by_oxigraph():
    """Aggregates group by the focus node, though it is bound beforehand."""
    text = "SELECT $this (COUNT(?a) AS ?n) { $this ex:p ?a } GROUP BY $this HAVING (COUNT(?a) > 1)"
    query = Query(text, PREFIXES, Graph(), frozenset({"?this"}), "<urn:shape>")
    node = f"<{EX}n1>"
    graph = Graph([(node, f"<{EX}p>", '"a"'), (node, f"<{EX}p>", '"b"'), (f"<{EX}n2>", f"<{EX}p>", '"a"')])
    assert list(query.solutions(graph, {"?this": node})) == [{"this": node, "n": f'"2"^^{INTEGER}'}]
    assert list(query.solutions(graph, {"?this": f"<{EX}n2>"})) == []


def assert_answers(query, text, quads):
    """Compares with Oxigraph, which has the focus node by substitution."""
    store = Store()
    store.extend(quads)
    graph = Graph.of_quads(quads)
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    for number in range(1, 4):
        node = NamedNode(f"{EX}n{number}")
        found = store.query(head + text, substitutions={Variable("this"): node})
        names = [variable.value for variable in found.variables]
        rows = ({name: str(each) for name, each in zip(names, row, strict=True) if each} for row in found)
        expected = {tuple(sorted(row.items())) for row in rows}
        answered = Counter(tuple(sorted(row.items())) for row in query.solutions(graph, {"?this": str(node)}))
        assert answered == Counter(expected)
