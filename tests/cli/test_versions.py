"""`kg export`, `kg versions` and `kg rollback`."""

from __future__ import annotations

import re
import shutil

import pytest
from pyoxigraph import RdfFormat, parse

FORMATS = {
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}


@pytest.fixture(scope="module")
def rebuilt(built, tmp_path_factory):
    """The same pages built a second time, in another place with a longer path."""
    other = type(built)(tmp_path_factory.mktemp("another-place") / "further" / "down")
    other.folder.mkdir(parents=True)
    other.examples()
    assert other("build", "examples").code == 0
    return other


@pytest.mark.parametrize(("name", "rdf"), FORMATS.items(), ids=FORMATS)
def test_exports_are_the_same_bytes_wherever_they_are_built(built, rebuilt, name, rdf):
    """A version's export depends on its pages alone: not on the folder, the machine's path or the time."""
    first, second = built("export", "--format", name), rebuilt("export", "--format", name)
    assert first.code == second.code == 0
    assert first.out == second.out
    assert sum(1 for _ in parse(first.out, format=rdf)) > 1000


def test_no_export_names_a_folder_of_the_machine(built):
    """The graph holds paths from the working folder, never absolute ones."""
    assert str(built.folder).encode() not in built("export").out


def test_an_unknown_format_or_version_is_refused(built):
    """The message lists what there is."""
    ran = built("export", "--format", "n4")
    assert ran.code == 2
    assert "nquads" in ran.err
    ran = built("export", "--version", "v99")
    assert ran.code == 2
    assert "published: v1" in ran.err


def test_an_export_goes_to_a_file(built, tmp_path):
    """With --output the file holds what standard output would have got."""
    file = tmp_path / "graph.nq"
    assert built("export", "-o", str(file)).out == b""
    assert file.read_bytes() == built("export").out


@pytest.fixture(scope="module")
def two_versions(built, tmp_path_factory):
    """A store with two versions: one page, then two."""
    desk = type(built)(tmp_path_factory.mktemp("two-versions"))
    pages = sorted((built.folder / "examples").glob("*.txt"))[:2]
    for page in pages:
        desk.page(f"pages/{page.name}", page.read_bytes())
        assert desk("build", "pages").code == 0
    return desk


def test_versions_are_listed_with_what_they_hold(two_versions):
    """Each version has a line, the current one an asterisk."""
    lines = two_versions("versions").text.splitlines()
    assert [line[:4] for line in lines] == ["  v1", "* v2"]
    assert re.fullmatch(
        r"\* v2  2 pages, 2 reports, [\d,]+ statements, \d+ findings?  sum-sha256:[0-9a-f]{12}", lines[1]
    ), lines[1]


def test_rollback_goes_back_and_forth_and_removes_nothing(two_versions):
    """An earlier version becomes current and answers; the later one can be named again."""
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?report a coord:Report }"
    assert two_versions("rollback").out == b"v1 is current\n"
    assert two_versions("query", count, "--format", "csv").out == b"n\r\n1\r\n"
    assert two_versions("rollback", "v2").out == b"v2 is current\n"
    assert two_versions("query", count, "--format", "csv").out == b"n\r\n2\r\n"
    assert two_versions("export", "--version", "v1").out != two_versions("export").out


def test_there_is_no_rollback_to_what_never_was(two_versions):
    """An unknown version is a mistake of the user's and changes nothing."""
    ran = two_versions("rollback", "v9")
    assert (ran.code, ran.out) == (2, b"")
    assert "* v2" in two_versions("versions").text


def test_a_damaged_version_is_passed_over_aloud(two_versions, tmp_path):
    """When the current version does not hold, an older one answers and the damage is named."""
    desk = type(two_versions)(tmp_path)
    shutil.copytree(two_versions.folder / "kg-store", tmp_path / "kg-store")
    (tmp_path / "kg-store/versions/v2/manifest.json").write_text("{}", encoding="utf-8")
    ran = desk("query", "ASK { ?report a coord:Report }")
    assert (ran.code, ran.out) == (0, b"true\n")
    assert "WARNING: v2 in kg-store does not hold" in ran.err
    assert "using v1" in ran.err
