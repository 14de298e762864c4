"""Shapes that make no sense are an error that names file, line and column."""

import pytest

from kg.check.rdf_files.shapes_files import ShapesFiles, read_knowledge_files, read_shapes_files
from kg.model.errors import KnowledgeError

HEAD = "ex:S a sh:NodeShape ; sh:targetClass ex:A ;\n "


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (HEAD + 'sh:property [ sh:path ex:p ;\n sh:minCount "x" ] .', 'shapes.ttl:4:14: sh:minCount "x", which is no'),
        (HEAD + "sh:property [ sh:minCount 1 ] .", "_:line3column14, which has no sh:path"),
        (HEAD + "sh:property ex:P .\nex:P sh:path ex:a, ex:b .", "shapes.ttl:4:20: 2 values of sh:path"),
        (HEAD + "sh:pattern '(' .", "shapes.ttl:3:13: sh:pattern"),
        (HEAD + "sh:node ex:S .", "a shape that refers to itself"),
        (HEAD + "sh:property [ sh:path [ sh:inversePath 5 ] ] .", "shapes.ttl:3:41: no property path"),
        (HEAD + "sh:sparql [ sh:select 'SELECT x' ] .", "shapes.ttl:3:24: no SPARQL query"),
        ("ex:S a sh:NodeShape .", "shapes.ttl: holds no shape with a target"),
    ],
)
def test_a_shape_that_makes_no_sense_is_refused_at_its_triple(graph, shapes, message):
    """The triple at fault is named, not merely the file."""
    with pytest.raises(KnowledgeError) as caught:
        ShapesFiles([graph(shapes, "shapes.ttl")])
    assert message in str(caught.value)


def test_a_file_that_is_no_turtle_is_named_with_its_place(tmp_path, monkeypatch):
    """A shapes file that cannot be read is a mistake of the command."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.ttl").write_text("<a> <b>\n .", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"^s\.ttl: line 2, column 2: "):
        read_shapes_files([(tmp_path / "s.ttl").relative_to(tmp_path)])


@pytest.mark.parametrize(("make", "message"), [(False, "there is no such file or folder"), (True, "holds no RDF file")])
def test_a_path_that_leads_nowhere_is_an_error(tmp_path, make, message):
    """Neither nothing nor an empty folder is taken for an ontology."""
    path = tmp_path / "nowhere"
    if make:
        path.mkdir()
    with pytest.raises(KnowledgeError, match=message):
        read_knowledge_files([path])


def test_shapes_of_a_folder_are_one_set(tmp_path):
    """A shape may refer to one in another file."""
    prefixes = "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX ex: <http://example.org/ns#>\n"
    (tmp_path / "a.ttl").write_text(f"{prefixes}ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:property ex:P .")
    (tmp_path / "b.ttl").write_text(f"{prefixes}ex:P sh:path ex:p ; sh:minCount 1 .")
    assert set(read_shapes_files([tmp_path]).names.values()) == {
        "http://example.org/ns#S",
        "http://example.org/ns#P",
    }
