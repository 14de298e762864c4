"""`kg diff`: what changed, and the words that caused it."""

from __future__ import annotations

import gzip
import json
import shutil

import pytest
from pyoxigraph import RdfFormat, parse

PAGE = "drc-2021-267.txt"


def copied(built, folder):
    """A folder of its own with the example pages and their first version."""
    shutil.copytree(built.folder, folder, dirs_exist_ok=True)
    return type(built)(folder)


@pytest.fixture(scope="module")
def changed(built, tmp_path_factory):
    """A folder with two versions, between which a page's posting date and an author's name changed."""
    desk = copied(built, tmp_path_factory.mktemp("changed"))
    page = desk.folder / "examples" / PAGE
    page.write_text(
        page.read_text("utf-8").replace("Nov 11,2021", "Nov 12,2021").replace("Sun Jie", "Sun Jia"), "utf-8"
    )
    assert desk("build", "examples", "-q").code == 0
    assert desk("export", "-o", "new.nq").code == 0
    (desk.folder / "old.nq.gz").write_bytes(gzip.compress(desk("export", "--version", "v1").out))
    return desk


def test_a_changed_value_stands_with_both_quotes_and_their_places(changed):
    """A value that took another's place is one change, with the words of both pages."""
    told = changed("diff").text
    assert '~ dcterms:available  "2021-11-11"^^xsd:date → "2021-11-12"^^xsd:date' in told
    assert f"before: examples/{PAGE}:7:1: drc/posting-date: “Nov 11,2021”" in told
    assert f"now: examples/{PAGE}:7:1: drc/posting-date: “Nov 12,2021”" in told


def test_things_that_come_and_go_are_named_with_their_type(changed):
    """An author who is spelt otherwise is another person."""
    told = json.loads(changed("diff", "v1", "v2", "--format", "json").text)
    persons = {each["kind"]: each["thing"].rpartition("/")[2] for each in told["things"] if "person/" in each["thing"]}
    assert persons == {"added": "sun-jia>", "removed": "sun-jie>"}


def test_exports_compare_as_the_versions_do(changed):
    """Two exports give the same statements as the two versions they were made of."""
    versions = json.loads(changed("diff", "v1", "v2", "--format", "json").text)
    exports = json.loads(changed("diff", "old.nq.gz", "new.nq", "--format", "json").text)
    assert versions.pop("from") == "v1"
    assert exports.pop("from") == "old.nq.gz"
    assert {**versions, "to": ""} == {**exports, "to": ""}


def test_the_patch_makes_the_old_graph_the_new_one(changed):
    """Deleting the D lines and adding the A lines gives the new export, quad by quad."""
    quads = {name: set(parse(changed("export", "--version", name).out, RdfFormat.N_QUADS)) for name in ("v1", "v2")}
    lines = changed("diff", "v1", "v2", "--format", "patch").text.splitlines()
    halves = {sign: {each[2:] for each in lines if each[:2] == f"{sign} "} for sign in "AD"}
    deleted, added = ({*parse("\n".join(half).encode(), RdfFormat.N_QUADS)} for half in (halves["D"], halves["A"]))
    assert (quads["v1"] - deleted) | added == quads["v2"]
    assert deleted <= quads["v1"]
    assert not added & quads["v1"]


def test_the_exit_code_tells_a_difference_only_when_asked(changed):
    """Without --exit-code a difference is no failure; with it, 1 means different and 0 alike."""
    assert changed("diff", "v1", "v2").code == 0
    assert changed("diff", "v1", "v2", "--exit-code").code == 1
    alike = changed("diff", "v2", "new.nq", "--exit-code")
    assert (alike.code, alike.text) == (0, "v2 → new.nq: nothing changed\n")


def test_a_page_with_a_new_first_line_only_moves_its_claims(built, tmp_path):
    """Claims that stand a line further down in the same words are counted, not listed."""
    kg = copied(built, tmp_path)
    page = kg.folder / "examples" / PAGE
    page.write_text("\n" + page.read_text("utf-8"), "utf-8")
    assert kg("build", "examples", "-q").code == 0
    told = json.loads(kg("diff", "--format", "json").text)
    assert (told["things"], told["statements"], told["claims"]) == ([], [], [])
    assert told["moved"] > 10


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("diff", "v9"), 2, "v9"),
        (("diff", "nowhere.nq"), 2, "nowhere.nq"),
        (("diff", "broken.nq", "v1"), 3, "broken.nq"),
        (("diff", "broken.nq.gz", "v1"), 3, "broken.nq.gz"),
    ],
)
def test_what_cannot_be_compared_is_named(changed, arguments, code, said):
    """A version that is not there, and files that are none or broken."""
    changed.page("broken.nq", "no quads\n")
    changed.page("broken.nq.gz", b"\x1f\x8bnothing")
    ran = changed(*arguments)
    assert (ran.code, said in ran.err) == (code, True), ran.err


def test_the_first_version_has_nothing_before_it(built):
    """Without a second version, the user is told to name one."""
    ran = built("diff")
    assert ran.code == 2
    assert "v1 is the first version" in ran.err


def test_markdown_cells_cannot_break_their_table(built, tmp_path):
    """A quote with bars and tags stays in its cell."""
    kg = copied(built, tmp_path)
    page = kg.folder / "examples" / PAGE
    page.write_text(
        page.read_text("utf-8").replace("Sun Jie", "Sun Jia").replace("Enlightenment", "A | <b> way"), "utf-8"
    )
    assert kg("build", "examples", "-q").code == 0
    rows = [line for line in kg("diff", "--format", "markdown").text.splitlines() if line.startswith("| ")]
    assert rows
    assert {line.replace("\\|", "").count("|") for line in rows} == {6}
    assert not any("<b>" in line for line in rows)


def test_pruning_names_what_went_and_what_is_left(changed, tmp_path):
    """Of two versions the first goes; then there is nothing to remove, and none at all is too few."""
    kg = copied(changed, tmp_path)
    assert kg("prune", "--keep", "1").text == "removed v1; left: v2\n"
    assert kg("prune", "--keep", "1").text == "nothing to remove; left: v2\n"
    assert kg("prune", "--keep", "0").code == 2
