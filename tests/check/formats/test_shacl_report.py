"""Findings as a SHACL validation report."""

import pytest
from rdflib import RDF, SH, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection

from kg.check.formats import unreadable_finding
from kg.check.formats.path_turtle import path_turtle
from kg.check.formats.shacl_report import shacl_report

COORD = Namespace("https://w3id.org/policy-kg/coord#")
COMPONENT = "http://www.w3.org/ns/shacl#MaxCountConstraintComponent"


def results(check):
    """The report's graph, whether it conforms, and its results."""
    graph = Graph().parse(data=shacl_report(check), format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    return graph, graph.value(report, SH.conforms).toPython(), list(graph.objects(report, SH.result))


def test_a_result_has_all_that_shacl_asks_for_and_its_place(checked, finding):
    """Another tool of SHACL reads it; a person finds the line."""
    graph, conforms, (result,) = results(checked(finding(component=COMPONENT)))
    said = dict(graph.predicate_objects(result))
    assert conforms is False
    assert said[SH.focusNode] == URIRef("http://127.0.0.1:8000/id/report/x")
    assert said[SH.resultPath] == URIRef("http://purl.org/dc/terms/issued")
    assert said[SH.value] == Literal("x")
    assert said[SH.resultSeverity] == SH.Violation
    assert said[SH.sourceShape] == URIRef("https://w3id.org/policy-kg/shape/Report-issued")
    assert said[SH.sourceConstraintComponent] == URIRef(COMPONENT)
    assert str(said[SH.resultMessage]) == "A report has one date."
    assert [said[COORD[name]].toPython() for name in ("sourcePath", "line", "column")] == ["pages/a.txt", 2, 5]


def test_no_findings_conform(checked):
    """An empty report says so."""
    assert results(checked())[1:] == (True, [])


def test_hostile_words_stay_words(assault, hostile):
    """Nothing in a message ends its literal."""
    graph, _, found = results(assault)
    assert len(found) == 2
    assert hostile in {str(message) for message in graph.objects(None, SH.resultMessage)}


def test_what_could_not_be_read_is_named_by_a_literal(checked):
    """No node stands for a file that nobody could look into."""
    graph, _, (result,) = results(checked(unreadable_finding("b c.txt", "no text")))
    assert graph.value(result, SH.focusNode) == Literal("b c.txt")


@pytest.mark.parametrize(
    ("path", "turtle"),
    [
        ("urn:a", "<urn:a>"),
        ("<urn:a> / <urn:b>", "( <urn:a> <urn:b> )"),
        ("<urn:a>/^<urn:b>", "( <urn:a> [ sh:inversePath <urn:b> ] )"),
        ("(<urn:a> | <urn:b>)*", "[ sh:zeroOrMorePath [ sh:alternativePath ( <urn:a> <urn:b> ) ] ]"),
        ("<urn:a>+", "[ sh:oneOrMorePath <urn:a> ]"),
        ("<urn:a>?", "[ sh:zeroOrOnePath <urn:a> ]"),
    ],
)
def test_each_kind_of_path_is_written_as_shacl_does(path, turtle):
    """A sequence is a list, all else a blank node with a property of its own."""
    assert path_turtle(path) == turtle


def test_a_sequence_is_read_back(checked, finding):
    """The report's own graph holds the path."""
    graph, _, (result,) = results(checked(finding(path="<urn:a> / <urn:b>")))
    assert list(Collection(graph, graph.value(result, SH.resultPath))) == [URIRef("urn:a"), URIRef("urn:b")]


@pytest.mark.parametrize("path", ["<urn:a> /", "(<urn:a>", "<urn:a> <urn:b>", "<urn:a> & <urn:b>", "^ / <urn:a>"])
def test_what_is_no_path_is_refused(path):
    """A wrong path is no silent part of one."""
    with pytest.raises(ValueError, match="property path"):
        path_turtle(path)
