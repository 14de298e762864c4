"""Facts that a librarian states by hand: checked like all others, published with their file, never taken for read."""

from __future__ import annotations

import json
import subprocess

import pytest

HEAD = """@prefix coord: <https://w3id.org/policy-kg/coord#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
PARENT = HEAD + "<id/body/jp-csti> org:reportsTo <id/body/jp-mext> .\n"
AUTHOR = """
<id/report/drc-2021-267> dcterms:creator <id/person/li-hua> ; coord:authorship <id/authorship/drc-2021-267/3> .
<id/authorship/drc-2021-267/3> a coord:Authorship ; coord:position 3 ; coord:author <id/person/li-hua> .
<id/person/li-hua> a foaf:Person ; foaf:name "Li Hua" .
"""
JSON = {
    "@context": {
        "coord": "https://w3id.org/policy-kg/coord#",
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
    },
    "@id": "id/report/drc-2021-267",
    "dcterms:creator": {"@id": "id/person/li-hua", "foaf:name": "Li Hua", "@type": "foaf:Person"},
    "coord:authorship": {
        "@id": "id/authorship/drc-2021-267/3",
        "coord:position": 3,
        "coord:author": {"@id": "id/person/li-hua"},
        "@type": "coord:Authorship",
    },
}
SEED_ONLY = "examples/drc-2021-267.txt"


@pytest.fixture
def curated(kg):
    """`kg` with the example pages and a folder of curated facts."""
    kg.examples()
    kg.page("kg.toml", 'curated = ["curated"]\nsources = ["examples"]\n')
    return kg


def rows(kg, query):
    """The rows that answer a query."""
    return kg("query", query, "--format", "csv").text.splitlines()[1:]


def test_a_curated_fact_is_published_with_its_file(curated):
    """It stands in its file's graph, once in the default graph, and `kg why` names the file."""
    curated.page("curated/parents.ttl", PARENT)
    ran = curated("build")
    assert ran.code == 0, ran.err
    assert "1 curated fact stated by hand\n" in ran.err
    assert curated("why", "body/jp-csti", "org:reportsTo", "body/jp-mext").text == (
        "curated/parents.ttl: body/jp-csti reportsTo body/jp-mext\n    stated by hand\n"
    )
    assert rows(curated, "SELECT (COUNT(*) AS ?n) { ?s org:reportsTo <http://127.0.0.1:8000/id/body/jp-mext> }") == [
        "1"
    ]
    (told,) = rows(
        curated,
        "SELECT ?graph ?digest { ?fact a coord:CuratedFact ; prov:wasDerivedFrom ?file . "
        "?file dcterms:identifier ?digest "
        "GRAPH ?graph { ?body org:reportsTo <http://127.0.0.1:8000/id/body/jp-mext> } }",
    )
    graph, digest = told.split(",")
    assert graph.startswith("http://127.0.0.1:8000/graph/curated/curated-parents-ttl--")
    assert digest.startswith("sha256:")


@pytest.mark.parametrize(("name", "text"), [("a.ttl", HEAD + AUTHOR), ("deep/b.jsonld", json.dumps(JSON))])
def test_a_reports_missing_author_can_be_added(curated, name, text):
    """A fact about what a page tells needs no type of its own: the page gives it; and nobody takes it for read."""
    curated.page(f"curated/{name}", text)
    ran = curated("build")
    assert ran.code == 0, ran.err
    why = curated("why", "person/li-hua").text
    assert f"curated/{name}: report/drc-2021-267 creator person/li-hua\n    stated by hand\n" in why
    assert "confidence" not in why


def test_two_builds_are_the_same_bytes(curated):
    """And a changed file is another version."""
    curated.page("curated/a.ttl", HEAD + AUTHOR)
    curated("build", "--store", "one")
    curated("build", "--store", "two")
    exports = [curated("export", "--store", store).out for store in ("one", "two")]
    assert exports[0] == exports[1] != b""
    again = curated("build", "--store", "one").err
    assert "version v1 in one" in again
    curated.page("curated/a.ttl", HEAD + AUTHOR + "# seen again\n")
    assert "version v2 in one" in curated("build", "--store", "one").err


def test_a_file_with_a_violation_is_quarantined_whole(curated):
    """None of its facts is published, the other files' are, and the exit code is 1."""
    curated.page("curated/a.ttl", HEAD + "<id/body/jp-csti> org:reportsTo <id/body/jp-mext> ;\n  coord:acronim 'X' .\n")
    curated.page("curated/b.ttl", HEAD + AUTHOR)
    for command in ("check", "build"):
        ran = curated(command)
        assert ran.code == 1
        assert "curated/a.ttl: quarantined: it has a Violation" in ran.err
        assert "curated/a.ttl:7:2: violation: This property is neither in the ontology" in ran.text + ran.err
        assert "curated/b.ttl" not in ran.text + ran.err
    assert rows(curated, "SELECT ?path { ?file a coord:CuratedFile ; coord:sourcePath ?path }") == ["curated/b.ttl"]
    assert curated("build", "--strict", "--store", "strict").code == 1
    assert not (curated.folder / "strict" / "CURRENT").exists()


def test_a_fact_about_what_nobody_knows_is_a_violation(curated):
    """A slip in an IRI makes no new thing."""
    curated.page("curated/a.ttl", HEAD + AUTHOR.replace("drc-2021-267", "drc-2012-267"))
    ran = curated("check")
    assert ran.code == 1
    assert "curated/a.ttl:8:2: violation: This node has no type" in ran.text


def test_what_a_page_lacks_is_no_finding_of_the_file(curated, seed):
    """The page's own warnings are told once."""
    curated.page("examples/drc-2021-267.txt", seed.replace("Keywords:", ""))
    curated.page("curated/a.ttl", HEAD + AUTHOR)
    ran = curated("check", SEED_ONLY)
    assert "The page gives no keywords" in ran.text
    assert "curated/a.ttl" not in ran.text + ran.err


def test_an_author_without_a_place_in_the_byline_is_a_violation(curated):
    """Facts about a report are judged together with what its page told."""
    curated.page("curated/a.ttl", HEAD + AUTHOR.replace(" ; coord:authorship <id/authorship/drc-2021-267/3>", ""))
    ran = curated("check")
    assert ran.code == 1
    assert "[Report-creator-authorship]" in ran.text


def test_a_date_that_differs_from_the_authoritys_is_a_warning(curated):
    """The fact is published; a person looks which one is right."""
    curated.page("curated/a.ttl", HEAD + '<id/body/jp-csti> coord:startDate "1931"^^xsd:gYear .\n')
    ran = curated("check")
    assert ran.code == 0
    assert "curated/a.ttl:7:2: warning: The curated fact gives another date than the authority or a page" in ran.text


BROKEN = {
    "a.ttl": ("<a> <b>\n<c> <d> .", "line 2, column "),
    "b.jsonld": (
        '{"@context": "https://schema.org/", "@id": "id/a"}',
        "line 1: names the remote context 'https://schema.org/'",
    ),
    "c.jsonld": ('{"http://x/p":' * 5000, "line 1: is nested more than 100 deep"),
    "d.ttl": (HEAD + "\n<id/body/jp-csti> org:reportsTo [] .", "line 8: holds a blank node"),
    "e.rdf": ("<!DOCTYPE rdf [<!ENTITY a 'a'>]>", "RDF/XML is not read"),
    "f.trig": ("<g> { <a> <b> <c> }", "its format is for several graphs, and a file is one"),
    "g.ttl": ("# nothing", "states nothing"),
    "h.nt": ("\n".join(f'<http://x/{n}> <http://x/p> "a" .' for n in range(10_001)), "states 10,001 facts"),
    "i.ttl": (b"\xff\xfe", "line 1, column 1: "),
    "j.jsonld": ("12", "states nothing"),
}


def test_broken_files_are_named_and_the_rest_goes_on(curated):
    """Each with its file, and its line where it has one; the exit code is 3."""
    for name, (text, _) in BROKEN.items():
        curated.page(f"curated/{name}", text)
    curated.page("curated/z.ttl", PARENT)
    curated.page("curated/notes.md", "Notes of the librarian")
    ran = curated("build")
    assert ran.code == 3
    for name, (_, reason) in BROKEN.items():
        assert f"curated/{name}: unreadable: {reason}" in ran.err
    assert "since they are no pages: examples/README.md, curated/notes.md\n" in ran.err
    assert curated("why", "body/jp-mext").text.endswith("stated by hand\n")


def test_two_files_whose_names_differ_in_capitals_alone_are_not_both_read(curated):
    """They would be one graph, and their facts counted twice."""
    curated.page("curated/Japan.ttl", PARENT)
    curated.page("curated/japan.ttl", HEAD + AUTHOR)
    ran = curated("build")
    assert ran.code == 3
    assert "curated/japan.ttl: unreadable: has the name of curated/Japan.ttl but for capitals; rename one" in ran.err
    assert "\n1 curated fact stated by hand\n" in ran.err


def test_what_is_too_large_or_not_there_is_named(curated):
    """The limit is that of pages."""
    curated.page("curated/a.ttl", PARENT)
    ran = curated("check", KG_CURATED="curated:elsewhere.ttl", KG_MOST_PAGE_BYTES="100")
    assert ran.code == 3
    unreadable = "This file could not be read, so nothing in it was checked: "
    assert f"curated/a.ttl:1:1: violation: {unreadable}the file has " in ran.text
    assert f"elsewhere.ttl:1:1: violation: {unreadable}there is no such file or folder" in ran.text


def test_curated_files_among_the_sources_are_not_passed_over(curated):
    """They are read, though not as pages."""
    curated.page("curated/a.ttl", PARENT)
    assert "passed over" not in curated("check", ".").err.replace("passed over, since they are no pages: kg.toml", "")


def test_a_check_of_changed_pages_judges_no_facts_about_the_others(curated):
    """Until the facts themselves change: then everything is checked."""
    curated.page("curated/a.ttl", HEAD + AUTHOR)

    def git(*words):
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(("git", *identity, *words), cwd=curated.folder, check=True, capture_output=True)

    for words in (("init",), ("add", "."), ("commit", "-m", "all")):
        git(*words)
    curated.page("examples/hiip-2022-41.txt", (curated.folder / "examples/hiip-2022-41.txt").read_text() + "\n")
    ran = curated("check", "--changed-since", "HEAD")
    assert (ran.code, ran.text) == (0, "")
    assert "1 page checked" in ran.err
    curated.page("curated/a.ttl", HEAD + AUTHOR.replace("drc-2021-267", "drc-2012-267"))
    ran = curated("check", "--changed-since", "HEAD")
    assert ran.code == 1
    assert "curated/a.ttl:8:2: violation" in ran.text
