"""`kg check` on anyone's RDF, as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

SHAPES = """@prefix ex: <http://example.org/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:Person-shape a sh:NodeShape ; sh:targetClass ex:Person ; sh:property ex:Person-name .
ex:Person-name sh:path ex:name ; sh:minCount 1 ; sh:message "A person has a name." .
"""
ONTOLOGY = """@prefix ex: <http://example.org/ns#> .
ex:Author <http://www.w3.org/2000/01/rdf-schema#subClassOf> ex:Person .
"""
DATA = "@prefix ex: <http://example.org/ns#> .\n\nex:a a ex:Author .\n"


@pytest.fixture
def rdf(kg):
    """A folder with data, shapes and an ontology."""
    for name, text in (("data.ttl", DATA), ("shapes.ttl", SHAPES), ("classes.ttl", ONTOLOGY)):
        (kg.folder / name).write_text(text, encoding="utf-8")
    return kg


def test_anyone_s_data_is_checked_against_anyone_s_shapes(rdf):
    """The finding names file, line and column, and shows the line; a Violation ends with 1."""
    ran = rdf("check", "data.ttl", "--shapes", "shapes.ttl", "--ontology", "classes.ttl")
    assert ran.code == 1
    assert ran.text.startswith(
        "data.ttl:3:1: violation: A person has a name. [http://example.org/ns#Person-name]\n"
        "     3 | ex:a a ex:Author .\n"
    )
    assert "--explain" not in ran.text
    assert ran.err == "1 node in 1 RDF file checked: 1 finding (1 violation)\n"


def test_the_reference_engine_says_the_same(rdf):
    """PySHACL writes the very same findings."""
    arguments = ("check", "data.ttl", "--shapes", "shapes.ttl", "--ontology", "classes.ttl")
    assert rdf(*arguments, "--engine", "pyshacl") == rdf(*arguments)


def test_a_check_that_looked_at_nothing_says_so(rdf):
    """Without the ontology nobody is a person; no finding is then no praise."""
    ran = rdf("check", "data.ttl", "--shapes", "shapes.ttl")
    assert (ran.code, ran.text) == (0, "")
    assert "0 nodes in 1 RDF file checked: no findings; no shape targets anything there" in ran.err
    covered = rdf("check", "data.ttl", "--shapes", "shapes.ttl", "--coverage")
    assert covered.code == 1
    assert "data.ttl:3:1: violation: No shape targets any type of this node" in covered.text


def test_a_folder_s_shapes_are_no_data(rdf):
    """A folder may hold data, shapes and ontology side by side."""
    ran = rdf("check", ".", "--shapes", "shapes.ttl", "--ontology", "classes.ttl", "--format", "json")
    assert [(each["source"], each["line"]) for each in json.loads(ran.out)] == [("data.ttl", 3)]
    assert "1 RDF file checked" in ran.err


def test_an_unreadable_file_is_named_and_the_rest_goes_on(rdf):
    """The exit code is 3; the other file's finding is there all the same."""
    (rdf.folder / "broken.nt").write_text("<http://e/a> <http://e/b> .\n", encoding="utf-8")
    ran = rdf("check", "data.ttl", "broken.nt", "--shapes", "shapes.ttl", "--ontology", "classes.ttl")
    assert ran.code == 3
    assert "broken.nt:1:27: violation: This file could not be read" in ran.text
    assert "data.ttl:3:1: violation: A person has a name." in ran.text


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("data.ttl", "--shapes", "bad.ttl"), 2, "kg: bad.ttl:1:83: sh:minCount "),
        (("data.ttl", "--shapes", "nowhere"), 2, "kg: nowhere: there is no such file or folder"),
        (("nowhere.ttl", "--shapes", "shapes.ttl"), 3, "kg: nowhere.ttl: there is no such file or folder"),
        (("page.txt", "--shapes", "shapes.ttl"), 2, "kg: page.txt is no RDF file (.ttl, "),
        (("data.ttl", "--shapes", "shapes.ttl", "--changed-since", "HEAD"), 2, "kg: --changed-since chooses pages"),
    ],
)
def test_what_cannot_be_done_is_refused(rdf, arguments, code, message):
    """Each mistake has its exit code and says what is wrong, with the place where there is one."""
    bad = "<urn:s> sh:path <urn:p> ; sh:minCount 'x' ; sh:targetNode <urn:a> ."
    (rdf.folder / "bad.ttl").write_text(f"@prefix sh: <http://www.w3.org/ns/shacl#> . {bad}", encoding="utf-8")
    rdf.page("page.txt", "A page.")
    ran = rdf("check", *arguments)
    assert (ran.code, ran.text) == (code, "")
    assert message in ran.err


def test_our_own_graph_conforms_to_our_shapes(built):
    """What `kg export` writes is checked with our shapes when none are named; so is a file beside pages."""
    built("export", "--format", "turtle", "--output", "graph.ttl")
    ran = built("check", "graph.ttl", "examples")
    assert (ran.code, ran.text) == (0, "")
    assert "5 pages and " in ran.err
    graph = built.folder / "graph.ttl"
    text = graph.read_text(encoding="utf-8")
    graph.write_text(text.replace('confidence "1"', 'confidence "9"', 1), encoding="utf-8")
    spoilt = built("check", "graph.ttl")
    line = next(number for number, line in enumerate(text.split("\n"), 1) if 'confidence "1"' in line)
    assert spoilt.code == 1
    assert f"graph.ttl:{line}:" in spoilt.text


def test_a_comment_with_a_reason_keeps_a_finding_out(rdf):
    """The number of such findings is told."""
    path = rdf.folder / "data.ttl"
    path.write_text(DATA.replace("ex:a a", "# kg-ignore: Person-name anonymous by law\nex:a a"), encoding="utf-8")
    ran = rdf("check", "data.ttl", "--shapes", "shapes.ttl", "--ontology", "classes.ttl")
    assert (ran.code, ran.text) == (0, "")
    assert ran.err == "1 node in 1 RDF file checked: no findings; 1 finding suppressed by comments\n"


@pytest.mark.parametrize("form", ["jsonl", "sarif", "junit", "github", "gitlab", "markdown", "csv", "turtle"])
def test_every_format_tells_findings_of_anyone_s_rdf(rdf, form):
    """Blank nodes and shapes without IRIs break no format."""
    nameless = SHAPES + "ex:Person-shape sh:property [ sh:path ( ex:knows ex:name ) ; sh:minCount 1 ] ."
    (rdf.folder / "shapes.ttl").write_text(nameless, encoding="utf-8")
    Path(rdf.folder / "data.ttl").write_text(DATA + "[] a ex:Author .\n", encoding="utf-8")
    ran = rdf("check", "data.ttl", "--shapes", "shapes.ttl", "--ontology", "classes.ttl", "--format", form)
    assert ran.code == 1
    assert "Traceback" not in ran.err
    assert "data.ttl" in ran.text
