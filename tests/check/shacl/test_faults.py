"""Shapes graphs that do not mean what they seem to: each is found out, with the triple at fault."""

import pytest
from pyoxigraph import RdfFormat, parse

from kg.check.shacl.faults import faults
from kg.check.shacl.graph import Graph

HEAD = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix ex: <urn:ex:> .
@prefix slash: <http://www.w3.org/ns/shacl/> . @prefix https: <https://www.w3.org/ns/shacl#> .
@prefix old: <http://www.w3.org/ns/SHACL#> .
"""
SHAPE = "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P . ex:P a sh:PropertyShape ; sh:path ex:p ; "


def found(turtle):
    """The faults of a shapes graph, by reason."""
    return faults(Graph.of_quads(parse(HEAD + turtle, format=RdfFormat.TURTLE)))


def test_sound_shapes_have_no_faults():
    """What SHACL allows is allowed."""
    assert (
        found(SHAPE + 'sh:minCount 1 ; sh:or ( [ sh:datatype xsd:date ] [ sh:in ( "a" ) ] ) ; sh:pattern "^a+$" .')
        == []
    )


@pytest.mark.parametrize(
    ("turtle", "reason"),
    [
        (SHAPE + "sh:mincount 1 .", "sh:mincount is no term of SHACL; did you mean sh:minCount?"),
        (SHAPE + "sh:severity sh:violation .", "sh:violation is no term of SHACL; did you mean sh:Violation?"),
        (SHAPE + "slash:minCount 1 .", "<http://www.w3.org/ns/shacl/minCount> is not in SHACL's namespace"),
        (SHAPE + "https:minCount 1 .", "<https://www.w3.org/ns/shacl#minCount> is not in SHACL's namespace"),
        (SHAPE + "old:minCount 1 .", "<http://www.w3.org/ns/SHACL#minCount> is not in SHACL's namespace"),
        (SHAPE + 'sh:minCount "1" .', "is not an xsd:integer"),
        (SHAPE + "sh:minCount 1 , 2 .", "2 values of sh:minCount"),
        (SHAPE + 'sh:nodeKind "IRI" .', "is not one of SHACL's six kinds"),
        (SHAPE + "sh:datatype [] .", "is not an IRI"),
        (SHAPE + "sh:in ex:list .", "sh:in is no list"),
        (SHAPE + "sh:or () .", "a list of shapes without a member"),
        (SHAPE + "sh:node ex:nowhere .", "which nobody describes"),
        (SHAPE + 'sh:pattern "(a+)+$" .', "may take endless time"),
        (SHAPE + 'sh:pattern "(a" .', "no pattern that SPARQL's REGEX knows"),
        (SHAPE + 'sh:pattern "a" ; sh:flags "g" .', "there is no flag g"),
        (SHAPE + "sh:node ex:S .", "<urn:ex:S> refers to itself by way of <urn:ex:P>"),
        (SHAPE + "sh:not [ sh:or ( ex:S [ sh:class ex:D ] ) ] .", "refers to itself"),
        ("ex:S a sh:NodeShape ; sh:nodeKind sh:IRI .", "would never run"),
        ("ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:minCount 1 .", "sh:minCount in a node shape"),
        ("ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:minCount 1 ] .", "which has no sh:path"),
        ("ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ( ex:p ) ] .", "fewer than two parts"),
    ],
)
def test_each_fault_is_told_with_its_reason(turtle, reason):
    """One thing is wrong, and the first fault says what."""
    assert any(reason in fault.reason for fault in found(turtle)), found(turtle)


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$", r"(a*)*b", r"([a-z]+)*$", r"(\w+\s?)+$", r"(.*)*x", r"(a|aa)+$", r"(\s*a\s*)*$", r"(x+x+)+y",
        r"^(([a-z])+.)+[A-Z]([a-z])+$", r"(?:a|b|ab)*c", r"(a+){10,}b", r"(\p{L}+)*x", r"(.|\s)*x",
    ],
)  # fmt: skip
def test_a_pattern_that_can_be_read_in_two_ways_is_refused(pattern):
    """On these a matcher's time doubles with each character more."""
    escaped = pattern.replace("\\", "\\\\")
    assert any("endless" in fault.reason for fault in found(f'{SHAPE} sh:pattern "{escaped}" .'))


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[0-9]{4}-(0[1-9]|1[0-2])$", r"\S", r"^\S+$", r"(a+b)+", r"([a-z]+\.)+[a-z]+", r"^(19|20|21)[0-9][0-9](-|$)",
        r"^[0-9a-f]{64}$", r"(\d{4}-){3}\d{3}[\dX]", r"^https?://[^/]+(/[^/]*)*$", r"^[A-Z][a-z]+( [A-Z][a-z]+)*$",
        r".*foo.*", r"x{1,300}", r"(ab|cd)*",
    ],
)  # fmt: skip
def test_a_pattern_that_is_read_in_one_way_passes(pattern):
    """Repetition alone does no harm."""
    escaped = pattern.replace("\\", "\\\\")
    assert found(f'{SHAPE} sh:pattern "{escaped}" .') == []
