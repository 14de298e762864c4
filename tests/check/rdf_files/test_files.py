"""What cannot be read is named with its place and the reason."""

from pathlib import Path

import pytest

from kg.check.rdf_files.files import located_graph, rdf_paths, read_graph
from kg.model.errors import SourceError
from kg.rdf.formats import GraphFormat


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.ttl", "<http://e/a> <http://e/b>\n  .", "x.ttl: line 2, column 3: . is not a valid RDF object"),
        ("x.nt", "<http://e/a> <http://e/b> 5 .", "x.nt: line 1, column 27: "),
        ("x.trig", "<http://e/g> { x:a", "x.trig: line 1, column 16: The prefix x: has not been declared"),
        ("x.jsonld", '{"@id":\n "http://e/a",,}', "x.jsonld: line 2, column 15: "),
        (
            "x.jsonld",
            '{"@context":\n "http://e/c"}',
            "x.jsonld: line 2, column 2: the context http://e/c would have to",
        ),
        ("x.jsonld", '{"http://e/p":' * 5_000 + "1" + "}" * 5_000, "line 1: is nested more than 100 deep"),
        ("x.rdf", "<a>\n<b></a>", "x.rdf: line 2, column 6: mismatched tag"),
        ("x.rdf", "<?xml version='1.0'?>\n<!DOCTYPE x [<!ENTITY a 'b'>]>\n<x/>", "x.rdf: line 2, column 1: a DOCTYPE"),
        ("x.rdf", "<a>" * 2_001 + "</a>" * 2_001, "x.rdf: line 1, column 6001: elements are nested more than 2,000"),
        ("x.owl", "", "x.owl: line 1, column 1: no element found"),
        (
            "x.ttl",
            "<http://e/a> <http://e/b> <<( <http://e/a> <http://e/b> 1 )>> .",
            "line 1, column 27: holds a triple",
        ),
        ("x.ttl", '<http://e/a> <http://e/b> "\xff".', "x.ttl: line 1, column 28: Invalid UTF-8"),
    ],
    ids=range(12),
)
def test_a_corrupt_file_is_refused_with_its_place(tmp_path, monkeypatch, name, text, message):
    """The error names file, line and column, and the reason."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(SourceError) as caught:
        read_graph(path.relative_to(tmp_path))
    assert message in str(caught.value)


def test_a_fault_of_rdf_xml_has_its_line():
    """Where the XML is sound and the RDF is not, the line is told as far as it is known."""
    text = '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n\n<r:Description r:nodeID="1 x"/>\n</r:RDF>'
    with pytest.raises(SourceError, match=r"x\.rdf: line 3 or before: 1 x is not a valid rdf:nodeID value"):
        located_graph("x.rdf", text.encode(), GraphFormat.RDFXML, "http://e/")


def test_a_missing_file_is_an_error():
    """It is said that it cannot be read."""
    with pytest.raises(SourceError, match=r"nowhere\.ttl: cannot be read: No such file"):
        read_graph(Path("nowhere.ttl"))


def test_relative_iris_are_the_file_s_own(tmp_path):
    """Without another base an IRI is resolved against the file's address."""
    path = tmp_path / "a.ttl"
    path.write_text("<#x> <p> <>.", encoding="utf-8")
    assert read_graph(path).quads[0].subject.value == f"{path.as_uri()}#x"
    assert read_graph(path, base="http://e/").quads[0].subject.value == "http://e/#x"


def test_blank_nodes_of_two_files_are_two():
    """`_:x` of one file is not `_:x` of another."""
    text = b"_:x <http://e/p> 1 ."
    one, two = (located_graph(name, text, GraphFormat.TURTLE, "http://e/") for name in ("a", "b"))
    assert one.nodes & two.nodes == {'"1"^^<http://www.w3.org/2001/XMLSchema#integer>'}


def test_rdf_files_are_known_by_their_suffix(tmp_path):
    """In folders, and folders in them, in the order of their names."""
    for name in ("b.TTL", "a.nt", "page.txt", "inner/c.jsonld"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert [path.name for path in rdf_paths([tmp_path])] == ["a.nt", "b.TTL", "c.jsonld"]
