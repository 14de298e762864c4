"""Judges that remember what passed judge as those that do not."""

import pytest
from pyoxigraph import RdfFormat, parse

from kg.check.shacl.compiled import CompiledEngine
from kg.check.shacl.graph import Graph

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix ex: <http://e/> .
ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property ex:Low , ex:High .
ex:Low a sh:PropertyShape ; sh:path ex:low ; sh:datatype xsd:integer ; sh:maxInclusive 5 .
ex:High a sh:PropertyShape ; sh:path ex:high ; sh:datatype xsd:integer ; sh:minInclusive 5 .
"""


@pytest.fixture(scope="module")
def engine():
    """An engine that has judged nothing yet, then more and more."""
    return CompiledEngine(parse(SHAPES, format=RdfFormat.TURTLE))


def faults(engine, *said):
    """The properties at fault for each node, given (node, property, number)."""
    integer = "^^<http://www.w3.org/2001/XMLSchema#integer>"
    rows = [(f"<urn:{node}>", f"<http://e/{name}>", f'"{number}"{integer}') for node, name, number in said]
    typed = [(row[0], "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<http://e/Thing>") for row in rows]
    return sorted((each.focus, str(each.path)) for each in engine.results(Graph([*typed, *rows])))


def test_a_number_is_good_for_one_property_and_not_for_another(engine):
    """Each property remembers for itself, and what failed fails again, on page after page."""
    for _ in range(2):
        assert faults(engine, ("a", "low", 3), ("a", "high", 3)) == [("<urn:a>", "<http://e/high>")]
        told = faults(engine, ("a", "low", 9), ("b", "low", 9), ("b", "high", 9))
        assert told == [("<urn:a>", "<http://e/low>"), ("<urn:b>", "<http://e/low>")]


def test_more_values_than_are_remembered_are_judged_too(engine):
    """Numbers without end: each one is judged."""
    many = [("a", "high", number) for number in range(-3, 6000)]
    assert faults(engine, *many) == [("<urn:a>", "<http://e/high>")] * 8
