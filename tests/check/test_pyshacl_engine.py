"""Feeding pySHACL so that it does each piece of work once changes nothing in what it finds."""

import pytest

from kg.check.pyshacl_engine import PyShaclEngine
from kg.model.verdict import Severity

SHARED = """
<urn:A> a sh:NodeShape ; sh:targetClass <urn:A> ; sh:property <urn:A-p> .
<urn:A-p> a sh:PropertyShape ; sh:path <urn:p> ; sh:minCount 1 ; sh:message "No p." ; sh:severity sh:Warning .
<urn:B> a sh:NodeShape ; sh:targetClass <urn:B> ; sh:property <urn:B-a> .
<urn:B-a> a sh:PropertyShape ; sh:path <urn:a> ; sh:node <urn:A> ; sh:message "No such A." .
"""


@pytest.fixture
def found(turtle_triples):
    """What shapes find in data: shape, focus, path and value of each finding."""

    def run(shapes, data):
        quads = turtle_triples(data)
        engine = PyShaclEngine(turtle_triples(shapes))
        findings = engine.findings(quads, {quad.subject.value for quad in quads})
        return sorted((each.shape, each.focus, each.path, each.value) for each in findings)

    return run


def test_a_shape_with_targets_that_another_refers_to_works_in_both_places(found):
    """Its property shapes run over its own targets, and where the other shape sends values."""
    assert found(SHARED, "<urn:x> a <urn:A> .") == [("urn:A-p", "urn:x", "urn:p", None)]
    assert found(SHARED, "<urn:y> a <urn:B> ; <urn:a> <urn:z> . <urn:z> <urn:q> 1 .") == [
        ("urn:B-a", "urn:y", "urn:a", "<urn:z>")
    ]


def test_severity_and_message_are_those_of_the_shape(turtle_triples):
    """A finding says what its shape says."""
    (finding,) = PyShaclEngine(turtle_triples(SHARED)).findings(turtle_triples("<urn:x> a <urn:A> ."), {"urn:x"})
    assert (finding.severity, finding.message, finding.where) == (Severity.WARNING, "No p.", None)


def test_only_the_given_subjects_are_judged(turtle_triples):
    """Other nodes lend their types and are left alone."""
    data = turtle_triples("<urn:x> a <urn:A> . <urn:y> a <urn:A> .")
    findings = PyShaclEngine(turtle_triples(SHARED)).findings(data, {"urn:y"})
    assert [finding.focus for finding in findings] == ["urn:y"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("<urn:p>", "urn:p"),
        ("( <urn:p> <urn:q> )", "<urn:p> / <urn:q>"),
        ("[ sh:alternativePath ( <urn:p> <urn:q> ) ]", "<urn:p> | <urn:q>"),
        ("[ sh:inversePath <urn:p> ]", "^<urn:p>"),
    ],
)
def test_a_path_is_an_iri_or_a_sparql_path(found, path, text):
    """Longer paths are written as SPARQL writes them."""
    shapes = f"""
    <urn:s> a sh:NodeShape ; sh:targetNode <urn:x> ; sh:property <urn:t> .
    <urn:t> sh:path {path} ; sh:minCount 1 ; sh:message "m" .
    """
    assert found(shapes, "<urn:x> <urn:r> 1 .") == [("urn:t", "urn:x", text, None)]


def test_a_query_sees_this_and_gives_path_and_value(found):
    """Queries of SPARQL constraints bind $this, and may name path and value."""
    shapes = """
    <urn:s> a sh:NodeShape ; sh:targetSubjectsOf <urn:p> ; sh:message "m" ;
        sh:sparql [ sh:select "SELECT $this ?path ?value WHERE { $this ?path ?value FILTER (?value > 1) }" ] .
    """
    assert found(shapes, "<urn:x> <urn:p> 1 . <urn:y> <urn:p> 2 .") == [
        ("urn:s", "urn:y", "urn:p", '"2"^^<http://www.w3.org/2001/XMLSchema#integer>')
    ]


def test_a_deactivated_shape_finds_nothing(found):
    """sh:deactivated holds for the shape and for what it would have handed on."""
    assert (
        found(
            SHARED.replace("sh:targetClass <urn:A> ;", "sh:targetClass <urn:A> ; sh:deactivated true ;"),
            "<urn:x> a <urn:A> .",
        )
        == []
    )


def test_ill_formed_values_are_found_and_logged_nowhere(found, capfd, caplog):
    """A date that is none is a finding, not a traceback on the console."""
    shapes = """
    <urn:s> a sh:NodeShape ; sh:targetNode <urn:x> ; sh:property <urn:t> .
    <urn:t> sh:path <urn:p> ; sh:datatype xsd:date ; sh:message "m" .
    """
    (finding,) = found(shapes, '<urn:x> <urn:p> "2021-02-30"^^xsd:date .')
    assert finding[3] == '"2021-02-30"^^<http://www.w3.org/2001/XMLSchema#date>'
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
