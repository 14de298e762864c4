"""What a shape asks for, in words."""

import pytest

from kg import assets
from kg.check.explain import Explainer
from kg.check.rules import rules_of
from kg.check.shapes import SHAPE, read_shapes

SHAPES = read_shapes(assets.shapes())
EXPLAINER = Explainer(SHAPES, rules_of(SHAPES))


def explained(name):
    """The explanation of one of our shapes."""
    return EXPLAINER.explain(f"{SHAPE}{name}")


def test_a_property_shape_looks_along_its_path_from_its_target():
    """Target and path come from the node shape and the property shape."""
    found = explained("Report-title")
    assert (found.targets, found.path) == (("every coord:Report",), "dcterms:title")
    assert found.constraints == (
        "each value is a well-formed literal of type rdf:langString",
        "each value matches the regular expression \\S",
        "it has at most 1 value",
    )


def test_a_choice_is_told_with_its_parts():
    """Shapes within shapes are said in one sentence."""
    (choice,) = explained("CoordinationMechanism-hasComponent").constraints
    assert choice == (
        "one of these holds: (each value is a coord:CoordinatingBody) or (each value is a coord:BodyGroup) "
        "or (each value is a coord:Institution)"
    )


def test_a_path_of_steps_is_told_as_sparql_writes_it():
    """A sequence has slashes."""
    assert explained("Report-authorship-positions").path == "coord:authorship / coord:position"


def test_a_query_is_shown_as_it_stands():
    """Who knows SPARQL reads the rule itself."""
    (query,) = explained("Report-available-order").constraints
    assert query.startswith("this query finds nothing:\n    SELECT $this ?value WHERE {")


def test_the_place_is_the_line_where_the_shape_is_described():
    """Not one where it is only named."""
    file, _, line = explained("Report-title").place.rpartition(":")
    lines = (assets.shapes() / "report.ttl").read_text(encoding="utf-8").splitlines()
    assert file.endswith("report.ttl")
    assert lines[int(line) - 1] == "shape:Report-title a sh:PropertyShape ;"


@pytest.mark.parametrize("shape", sorted({member for members in SHAPES.members.values() for member in members}))
def test_every_shape_is_explained_without_a_bare_blank_node(shape):
    """Each says what it looks at and what it asks, and no constraint is left in its raw form."""
    found = EXPLAINER.explain(shape)
    assert found.targets
    assert found.place
    assert not any("_:" in words or words.startswith("sh:") for words in found.constraints)


def test_a_rule_that_is_no_shape_has_no_place():
    """It stands in the program."""
    found = explained("coverage-blank-node")
    assert (found.targets, found.constraints, found.place) == ((), (), None)
