"""A shape that finds nothing wrong in its failing example is found out before the first verdict."""

import shutil

import pytest

from kg import assets
from kg.check import Checker
from kg.check.shapes import Scope, has_shapes, read_shapes
from kg.model.errors import KnowledgeError


@pytest.fixture
def shapes(tmp_path):
    """A copy of our shapes, to be broken."""
    return shutil.copytree(assets.shapes(), tmp_path / "shapes")


def replace(file, old, new):
    """Rewrites a part of a file that must be there."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_shape_with_a_misspelt_target_is_found_out(shapes):
    """Its canary lives, so the shape's file is named."""
    replace(shapes / "lesson.ttl", "sh:targetClass coord:Lesson", "sh:targetClass coord:Leson")
    with pytest.raises(KnowledgeError, match=r"<.*shape/Lesson> finds nothing wrong") as caught:
        Checker.load(shapes, ())
    assert caught.value.file.endswith("lesson.ttl")


def test_a_canary_that_sings_of_nothing_is_found_out(shapes):
    """A failing example that does not fail proves nothing."""
    sound = '"byline" ; coord:reason "none" ; coord:gapOf <id/page/x> . <id/page/x> a coord:Page .'
    replace(shapes / "canaries/Gap.ttl", '"byline" .', sound)
    with pytest.raises(KnowledgeError, match="shape/Gap> finds nothing wrong"):
        Checker.load(shapes, ())


def test_a_shape_without_a_canary_is_found_out(shapes):
    """Each node shape brings its failing example."""
    (shapes / "canaries/Person.ttl").unlink()
    with pytest.raises(KnowledgeError, match="shape/Person> has no failing example"):
        Checker.load(shapes, ())


def test_a_deactivated_shape_is_found_out(shapes):
    """What was switched off for a moment does not stay off unseen."""
    replace(
        shapes / "lesson.ttl", "shape:Lesson a sh:NodeShape ;", "shape:Lesson a sh:NodeShape ; sh:deactivated true ;"
    )
    with pytest.raises(KnowledgeError, match="shape/Lesson> finds nothing wrong"):
        Checker.load(shapes, ())


def test_every_canary_belongs_to_a_shape():
    """No failing example is left over from a shape that is gone."""
    sets = [read_shapes(assets.shapes(), scope) for scope in Scope if has_shapes(assets.shapes(), scope)]
    names = {shape.rpartition("/")[2].partition("-")[0] for each in sets for shape in each.members}
    assert {file.stem for file in (assets.shapes() / "canaries").glob("*")} == names
