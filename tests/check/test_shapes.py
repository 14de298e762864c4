"""Shapes that would be passed over in silence are refused aloud."""

import pytest

from kg import assets
from kg.check.shapes import read_shapes
from kg.model.errors import KnowledgeError
from kg.rdf.vocab import PREFIXES

HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
SOUND = """
<urn:shape:X> a sh:NodeShape ; sh:targetClass <urn:X> ; sh:property <urn:shape:X-p> .
<urn:shape:X-p> a sh:PropertyShape ; sh:path <urn:p> ; sh:minCount 1 .
"""


@pytest.fixture
def folder(tmp_path):
    """Writes Turtle into a folder of shapes."""

    def write(turtle, name="x.ttl"):
        (tmp_path / name).write_text(HEAD + turtle, encoding="utf-8")
        return tmp_path

    return write


def test_a_sound_folder_is_read(folder):
    """Its shapes, their files, their targets and their paths are known."""
    shapes = read_shapes(folder(SOUND))
    assert shapes.members == {"urn:shape:X": {"urn:shape:X", "urn:shape:X-p"}}
    assert shapes.files == {"urn:shape:X": "x.ttl", "urn:shape:X-p": "x.ttl"}
    assert shapes.target_classes == {"urn:X"}
    assert shapes.predicates == {"urn:p"}


def test_every_step_of_a_longer_path_is_known(folder):
    """Sequences, alternatives and inverses name properties too."""
    path = "( <urn:a> [ sh:inversePath <urn:b> ] [ sh:alternativePath ( <urn:c> <urn:d> ) ] )"
    assert read_shapes(folder(SOUND.replace("<urn:p>", path))).predicates == {"urn:a", "urn:b", "urn:c", "urn:d"}


def test_a_mistyped_term_is_refused_with_the_right_one(folder):
    """A constraint that SHACL does not have would never be looked at."""
    with pytest.raises(KnowledgeError, match=r"sh:mincount .* did you mean sh:minCount\?") as caught:
        read_shapes(folder(SOUND.replace("minCount", "mincount")))
    assert caught.value.file.endswith(f"x.ttl:{HEAD.count(chr(10)) + 3}:56")


def test_a_mistyped_value_is_refused(folder):
    """A severity or a node kind that SHACL does not have says nothing."""
    with pytest.raises(KnowledgeError, match="sh:Waring"):
        read_shapes(folder(SOUND.replace("sh:minCount 1", "sh:severity sh:Waring")))


def test_a_node_shape_without_a_target_is_refused(folder):
    """It would find nothing in any data."""
    with pytest.raises(KnowledgeError, match="<urn:shape:Y> would never run"):
        read_shapes(folder(SOUND + "<urn:shape:Y> a sh:NodeShape ; sh:nodeKind sh:IRI ."))


def test_a_node_shape_that_another_refers_to_needs_no_target(folder):
    """It runs where it is referred to."""
    more = "<urn:shape:Y> a sh:NodeShape ; sh:nodeKind sh:IRI . <urn:shape:X> sh:node <urn:shape:Y> ."
    assert "urn:shape:Y" in read_shapes(folder(SOUND + more)).files


def test_a_property_shape_that_nothing_refers_to_is_refused(folder):
    """It would find nothing in any data."""
    with pytest.raises(KnowledgeError, match="<urn:shape:X-q> would never run"):
        read_shapes(folder(SOUND + "<urn:shape:X-q> a sh:PropertyShape ; sh:path <urn:q> ; sh:minCount 1 ."))


def test_a_reference_to_a_shape_that_is_not_described_is_refused(folder):
    """A misspelt IRI of a property shape would take its constraints away."""
    with pytest.raises(KnowledgeError, match="<urn:shape:X-pp>, which has no sh:path"):
        read_shapes(
            folder(SOUND.replace("sh:property <urn:shape:X-p>", "sh:property <urn:shape:X-pp>, <urn:shape:X-p>"))
        )


def test_a_file_that_is_no_turtle_is_refused_with_its_line(folder):
    """The error names file and line."""
    with pytest.raises(KnowledgeError, match="line ") as caught:
        read_shapes(folder("<urn:x> a"))
    assert caught.value.file.endswith("x.ttl")


def test_a_folder_without_shapes_is_refused(tmp_path):
    """Data that no shape looks at does not pass."""
    with pytest.raises(KnowledgeError, match="holds no Turtle file"):
        read_shapes(tmp_path)


def test_our_shapes_are_read():
    """None of them is idle, and none uses a term that SHACL lacks."""
    assert len(read_shapes(assets.shapes()).members) >= 30
