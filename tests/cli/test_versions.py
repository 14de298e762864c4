"""`kg export`, `kg versions` and `kg rollback`."""

from __future__ import annotations

import json
import re
import shutil
from datetime import datetime

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
    """Each version has two lines, the current one an asterisk; the second tells its date, its size and its changes."""
    lines = two_versions("versions").text.splitlines()
    assert [line[:4] for line in lines] == ["  v1", "    ", "* v2", "    "]
    assert re.fullmatch(
        r"\* v2  2 pages, 2 reports, [\d,]+ statements, \d+ findings?  sum-sha256-groups:[0-9a-f]{12}", lines[2]
    ), lines[2]
    assert re.fullmatch(
        r"      \d{4}-\d\d-\d\d \d\d:\d\d UTC, \d\.\d MB of its own, \d\.\d MB shared; "
        r"since v1 1 page added, \+[\d,]+ statements",
        lines[3],
    ), lines[3]


def test_programs_are_told_of_versions_in_json(two_versions):
    """Sizes are in bytes, and shared bytes belong to no version alone."""
    first, second = json.loads(two_versions("versions", "--json").out)
    assert (first["version"], first["current"], first["changes"]) == ("v1", False, None)
    assert (second["version"], second["current"], second["pages"]) == ("v2", True, 2)
    assert second["verdict"] == {"info": 0, "warning": 0, "violation": 0, "quarantined": 0}
    assert second["changes"] == {
        "since": "v1", "unit": "page", "added": 1, "changed": 0, "removed": 0,
        "statements": second["statements"] - first["statements"],
    }  # fmt: skip
    assert 0 < second["own_bytes"] < second["bytes"]
    assert first["bytes"] - first["own_bytes"] == second["bytes"] - second["own_bytes"]
    assert datetime.fromisoformat(second["published"]) >= datetime.fromisoformat(first["published"])
    (named,) = json.loads(two_versions("versions", "v2", "--json").out)
    assert named == second


def test_a_change_of_words_alone_is_a_changed_page(kg, seed):
    """A page whose passages moved states what it stated, and is told as changed; one that went as removed."""
    kg.page("pages/a.txt", seed)
    kg.page("pages/b.txt", seed.replace("No.267", "No.268").replace("6332", "6333"))
    kg("build", "pages")
    kg.page("pages/a.txt", f"\n{seed}")
    kg("build", "pages")
    (kg.folder / "pages/b.txt").unlink()
    kg("build", "pages")
    changes = [each["changes"] for each in json.loads(kg("versions", "--json").out)[1:]]
    assert [(each["added"], each["changed"], each["removed"]) for each in changes] == [(0, 1, 0), (0, 0, 1)]
    assert changes[1]["statements"] < 0


def test_versions_are_verified_on_request(two_versions, tmp_path):
    """Each version that holds is said to; one byte that the disk changed is named, and the exit code is 4."""
    ran = two_versions("versions", "--verify")
    assert ran.code == 0
    assert re.fullmatch(r"v1 holds: \d+ files, 3 graphs\nv2 holds: \d+ files, 4 graphs\n", ran.text), ran.text
    desk = type(two_versions)(tmp_path)
    shutil.copytree(two_versions.folder / "kg-store", tmp_path / "kg-store")
    file = max((tmp_path / "kg-store/versions/v2/data").glob("*.sst"), key=lambda each: each.stat().st_size)
    payload = bytearray(file.read_bytes())
    payload[1000] ^= 1
    file.write_bytes(payload)
    assert desk("versions").code == 0
    ran = desk("versions", "v2", "--verify")
    assert (ran.code, ran.out) == (4, b"")
    assert f"v2 does not hold: data/{file.name}: its bytes have the SHA-256 " in ran.err
    ran = desk("versions", "--verify", "--json")
    assert ran.code == 4
    first, second = json.loads(ran.out)
    assert first["damages"] == []
    assert second["damages"][0].startswith(f"data/{file.name}: ")
    (tmp_path / "kg-store/versions/v2/manifest.json").write_text("{}", encoding="utf-8")
    assert desk("versions").code == 0
    assert desk("versions", "--verify").code == 4


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
