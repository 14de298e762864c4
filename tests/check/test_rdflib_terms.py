"""Terms keep their identity on the way to rdflib and back."""

import pyshacl
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib import SH, Graph

from kg.check.pyshacl_engine import PyShaclEngine
from kg.check.rdflib_terms import TermTable
from kg.rdf.vocab import PREFIXES, XSD

HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
SHAPES = """
<urn:shape> a sh:NodeShape ; sh:targetNode <urn:x> ; sh:property <urn:in> , <urn:value> , <urn:type> , <urn:lang> .
<urn:in> a sh:PropertyShape ; sh:path <urn:p> ; sh:in ( "a" "b"@en 1 "c"^^xsd:string ) ; sh:message "in" .
<urn:value> a sh:PropertyShape ; sh:path <urn:p> ; sh:hasValue "a" ; sh:message "value" .
<urn:type> a sh:PropertyShape ; sh:path <urn:p> ; sh:datatype xsd:string ; sh:message "type" .
<urn:lang> a sh:PropertyShape ; sh:path <urn:p> ; sh:datatype rdf:langString ; sh:message "lang" .
"""


@pytest.mark.parametrize(
    "term",
    [
        NamedNode("http://127.0.0.1:8000/id/x"),
        BlankNode("b0"),
        Literal("plain"),
        Literal("文", language="zh"),
        Literal("007", datatype=XSD("integer")),
        Literal("2021-13", datatype=XSD("gYearMonth")),
        Literal("1.10", datatype=XSD("decimal")),
        Literal("no number", datatype=XSD("integer")),
    ],
)
def test_a_term_comes_back_as_it_went(term):
    """Neither lexical form, nor datatype, nor language is touched, remembered or not."""
    there = TermTable().term(term)
    table = TermTable()
    assert table.origin(there) == term
    table.term(term)
    assert table.origin(there) == term


@pytest.mark.parametrize("value", ['"a"', '"b"@en', '"b"', "1", "2", '"d"', "<urn:a>"])
def test_literals_meet_as_they_do_in_pyshacl_alone(value, turtle_triples):
    """sh:in, sh:hasValue and sh:datatype find in our feeding what pyshacl.validate finds in Turtle read by rdflib."""
    data = f"<urn:x> <urn:p> {value} ."
    _, report, _ = pyshacl.validate(
        Graph().parse(data=HEAD + data, format="turtle"),
        shacl_graph=Graph().parse(data=HEAD + SHAPES, format="turtle"),
    )
    reference = {str(shape) for shape in report.objects(None, SH.sourceShape)}
    assert found(data, turtle_triples) == reference


@pytest.mark.parametrize(
    ("value", "shapes"),
    [
        ('"a"^^xsd:string', {"urn:lang"}),
        ('"c"', {"urn:value", "urn:lang"}),
        ("01", {"urn:in", "urn:value", "urn:type", "urn:lang"}),
    ],
)
def test_literals_meet_by_rdf_1_1_where_rdflib_differs(value, shapes, turtle_triples):
    """A string is a string with or without its datatype, and 01 is another term than 1."""
    assert found(f"<urn:x> <urn:p> {value} .", turtle_triples) == shapes


def found(data, turtle_triples):
    """The shapes that the data breaks."""
    findings = PyShaclEngine(turtle_triples(SHAPES)).findings(turtle_triples(data), {"urn:x"})
    return {finding.shape for finding in findings}
