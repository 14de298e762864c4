"""Examples of what passes a shape and what does not."""

import pytest

from kg import assets
from kg.check.examples import example
from kg.check.shapes import SHAPE, read_shapes

SHAPES = read_shapes(assets.shapes())


def shown(name):
    """The example for one of our shapes."""
    return example(assets.shapes(), assets.shape_examples(), f"{SHAPE}{name}")


def test_what_passes_and_what_does_not_differ_in_what_matters():
    """A reader sees the line that is wrong, and its subject."""
    found = shown("Report-issued-period")
    assert found.passing.splitlines()[-1].strip() == 'dcterms:issued "2021-09-15"^^xsd:date ;'
    assert found.failing.splitlines()[-1].strip() == 'dcterms:issued "1821-09-15"^^xsd:date ;'
    assert found.failing.startswith("<id/report/drc-2021-267> a coord:Report ;")


def test_what_lacks_something_is_shown_without_it():
    """The valid example shows what is missing."""
    found = shown("Report-issued-stated")
    assert "dcterms:issued" in found.passing
    assert "dcterms:issued" not in found.failing


@pytest.mark.parametrize("shape", sorted(SHAPES.members))
def test_every_node_shape_has_an_example(shape):
    """At least its canary."""
    assert shown(shape.removeprefix(SHAPE)).failing


def test_most_shapes_have_an_example_of_their_own():
    """Property shapes are shown by what breaks them."""
    all_shapes = {member for members in SHAPES.members.values() for member in members}
    without = {shape for shape in all_shapes if shown(shape.removeprefix(SHAPE)) is None}
    assert without == set()


def test_a_rule_that_is_no_shape_has_none():
    """Nothing is made up."""
    assert shown("coverage-blank-node") is None
