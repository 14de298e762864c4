"""The compiled engine and pySHACL agree, result for result, on graphs that nobody has written.

Shapes of every component of SHACL Core and some SPARQL constraints are run over graphs that Hypothesis makes up.
Where pySHACL departs from the standard, the graphs leave the case out; `test_departures.py` holds those.
"""

import sys
import warnings
from pathlib import Path

import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse
from rdflib.compare import isomorphic

from kg.check.shacl.compiled import CompiledEngine
from kg.check.shacl.graph import Graph
from kg.check.shacl.report import report_text

sys.path.insert(0, str(Path(__file__).parent))

from reference import bare_report, reference_report, reference_results
from w3c import told

EX = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
# ruff: noqa: E501 # a shape reads best in a line

HEAD = f"""
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <{XSD}> . @prefix ex: <{EX}> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex: sh:declare [ sh:prefix "ex" ; sh:namespace "{EX}"^^xsd:anyURI ] .
"""
SHAPES = [
    # targets
    "ex:S a sh:NodeShape ; sh:targetClass ex:A , ex:B ; sh:nodeKind sh:IRI .",
    "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:targetNode ex:n1 ; sh:class ex:A .",
    "ex:S a sh:NodeShape ; sh:targetObjectsOf ex:p ; sh:nodeKind sh:BlankNodeOrIRI .",
    "ex:A a sh:NodeShape , rdfs:Class ; sh:property [ sh:path ex:p ; sh:maxCount 1 ; sh:severity sh:Warning ] .",
    "ex:S a sh:PropertyShape ; sh:targetClass ex:A ; sh:path ex:q ; sh:minCount 1 ; sh:deactivated true .",
    # values
    "ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:datatype xsd:integer ; sh:minCount 2 ] .",
    "ex:S sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:datatype rdf:langString ; sh:uniqueLang true ] .",
    "ex:S sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:minInclusive 1 ; sh:maxExclusive 3.0 ] .",
    'ex:S sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:minLength 2 ; sh:maxLength 3 ; sh:pattern "^B" ; sh:flags "i" ] .',
    'ex:S sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:languageIn ( "en" "fr" ) ] .',
    'ex:S sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:in ( ex:n1 "b" 1 "b"@en ) ; sh:hasValue ex:n1 ] .',
    "ex:S sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:class ex:A , ex:B ] .",
    # pairs
    "ex:S sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:equals ex:q ; sh:disjoint ex:r ] .",
    "ex:S sh:targetClass ex:A ; sh:equals ex:p .",
    # paths
    "ex:S sh:targetClass ex:A ; sh:property [ sh:path ( ex:p ex:q ) ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] .",
    "ex:S sh:targetClass ex:A ; sh:property [ sh:path [ sh:inversePath ex:p ] ; sh:class ex:B ; sh:minCount 1 ] .",
    "ex:S sh:targetClass ex:A ; sh:property [ sh:path [ sh:zeroOrMorePath ex:p ] ; sh:class ex:A ] .",
    "ex:S sh:targetClass ex:A ; sh:property [ sh:path [ sh:oneOrMorePath ex:p ] ; sh:maxCount 2 ; sh:nodeKind sh:IRI ] .",
    "ex:S sh:targetClass ex:A ; sh:property [ sh:path [ sh:zeroOrOnePath ex:q ] ; sh:class ex:B ] .",
    "ex:S sh:targetClass ex:A ; sh:property [ sh:path [ sh:alternativePath ( ex:p [ sh:inversePath ex:q ] ) ] ; sh:maxCount 1 ] .",
    # logic
    "ex:S sh:targetClass ex:A ; sh:not [ sh:property [ sh:path ex:p ; sh:minCount 1 ] ] .",
    "ex:S sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:or ( [ sh:class ex:B ] [ sh:datatype xsd:integer ] ) ] .",
    "ex:S sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:and ( [ sh:nodeKind sh:IRI ] [ sh:class ex:B ] ) ] .",
    "ex:S sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:xone ( [ sh:class ex:B ] [ sh:class ex:A ] ) ] .",
    "ex:S sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:node ex:N ] . ex:N sh:property [ sh:path ex:q ; sh:minCount 1 ] .",
    "ex:S sh:targetClass ex:A ; sh:property ex:P . ex:P sh:path ex:p ; sh:property [ sh:path ex:q ; sh:maxCount 1 ] .",
    """ex:S sh:targetClass ex:A ; sh:property
        [ sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:A ] ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ] ,
        [ sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:B ] ; sh:qualifiedMaxCount 1 ; sh:qualifiedValueShapesDisjoint true ] .""",
    "ex:S sh:targetClass ex:A ; sh:closed true ; sh:ignoredProperties ( rdf:type ex:r ) ; sh:property [ sh:path ex:p ] .",
    # SPARQL
    """ex:S sh:targetClass ex:A ; sh:sparql [ sh:prefixes ex: ; sh:select
        "SELECT $this ?value { $this ex:p ?value . FILTER NOT EXISTS { ?value a ex:B } }" ] .""",
    """ex:S sh:targetClass ex:A ; sh:sparql [ sh:prefixes ex: ; sh:select
        "SELECT $this ?path ?value { $this ?path ?value . FILTER (isLiteral(?value) && ?path != ex:q) }" ] .""",
    """ex:P sh:targetClass ex:A ; sh:path ex:p ; sh:sparql [ sh:prefixes ex: ; sh:select
        "SELECT $this ?value { $this $PATH ?value . OPTIONAL { ?value ex:q ?b } FILTER (!BOUND(?b) || STRLEN(STR(?b)) > 1) }" ] .""",
    """ex:P sh:targetClass ex:A ; sh:path ex:p ; sh:sparql [ sh:prefixes ex: ; sh:select
        "SELECT $this ?path ?value { $this ?path ?value . FILTER (isIRI(?value) && ?path != ex:q) }" ] .""",
    """ex:S sh:targetClass ex:A ; sh:sparql [ sh:prefixes ex: ; sh:select
        "SELECT $this ?value { { $this ex:p ?value } UNION { ?value ex:q $this } }" ] .""",
]  # fmt: skip

nodes = st.sampled_from([*(NamedNode(f"{EX}n{number}") for number in range(1, 5)), BlankNode("x"), BlankNode("y")])
predicates = st.sampled_from([NamedNode(f"{EX}{name}") for name in "pqr"])
literals = st.sampled_from(
    [
        *(Literal(text) for text in ("", "a", "b", "Bcd", "abcd", 'quo"te\n\\', "é")),
        *(Literal(text, language=tag) for text in ("b", "c") for tag in ("en", "en-gb", "fr", "de")),
        *(Literal(text, datatype=NamedNode(f"{XSD}integer")) for text in ("0", "1", "2", "02", "3", "x")),
        *(Literal(text, datatype=NamedNode(f"{XSD}decimal")) for text in ("1.5", "3.0")),
        Literal("z", datatype=NamedNode(f"{EX}type")),
    ]
)
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SUBCLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
classes = st.sampled_from([NamedNode(f"{EX}{name}") for name in "ABC"])
statements = st.one_of(
    st.builds(Quad, nodes, st.just(TYPE), classes),
    st.builds(Quad, nodes, predicates, st.one_of(nodes, literals)),
    st.builds(Quad, nodes, predicates, nodes),
    st.builds(Quad, classes, st.just(SUBCLASS), classes),
)
graphs = st.lists(statements, max_size=25)


@pytest.mark.parametrize("turtle", SHAPES)
@settings(max_examples=70, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=graphs)
def test_both_engines_give_the_same_results(turtle, data):
    """Focus node, path, value, shape, component and severity of each result are the same, and as many.

    So they are where each form has a judge of its own from the first node on.
    """
    shapes = tuple(parse(HEAD + turtle, format=RdfFormat.TURTLE))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = reference_results(shapes, data)
    assert told(CompiledEngine(shapes).results(Graph.of_quads(data))) == expected
    assert told(CompiledEngine(shapes, often=1).results(Graph.of_quads(data))) == expected


@pytest.mark.parametrize("turtle", SHAPES)
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=graphs)
def test_both_engines_give_isomorphic_reports(turtle, data):
    """The reports are one graph but for the names of blank nodes, messages that an engine invents, and details."""
    shapes = tuple(parse(HEAD + turtle, format=RdfFormat.TURTLE))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = reference_report(shapes, data)
    text = report_text(CompiledEngine(shapes).results(Graph.of_quads(data)))
    found = bare_report(rdflib.Graph().parse(data=text, format="nt"))
    assert isomorphic(found, expected), (found.serialize(), expected.serialize())
