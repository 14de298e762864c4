"""`kg authority find`, `show` and `add`."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.rdf.vocab import COORD, SKOS

BASE = "http://127.0.0.1:8000/"
LAKES = ["authority", "add", "body/fi-lakes", "--name", "Council of the Lakes", "--fact", "jurisdiction=FI"]
FILE = "own/body-fi-lakes.ttl"
PAGE = """You Are Here: Home > Reports

How Finland Steers Research (No.7, 2021)

Nov 11,2021

By A. Berg, DRC

Research Report, No.7, 2021 (Total 6000) 2021-9-15

Abstract: Coordinating bodies include the Council of the Lakes.

Keywords: Finland
"""


@pytest.fixture
def own(kg):
    """Runs `kg` with an authority folder of one's own."""
    return lambda *arguments: kg(*arguments, KG_AUTHORITY="own")


def statements(kg):
    """The statements of the file that was written."""
    quads = parse((kg.folder / FILE).read_bytes(), format=RdfFormat.TURTLE, base_iri=BASE)
    return {(quad.subject.value, quad.predicate, quad.object) for quad in quads}


def test_an_acronym_is_found_with_kind_jurisdiction_and_dates(kg):
    """A proposal tells what the entry is, where it belongs and when it existed, and by which name it was found."""
    first, second = kg("authority", "find", "CSTI", "--jurisdiction", "jp").text.splitlines()[:2]
    body = "Council for Science, Technology and Innovation: body/jp-csti, CoordinatingBody, JP, since 2001-01-06"
    assert first == f"100  {body}"
    assert second == "       by its name CSTI (Acronym, en)"


def test_a_jurisdiction_keeps_others_out(kg):
    """With --jurisdiction no entry of another one is proposed."""
    rows = kg("authority", "find", "Council", "--jurisdiction", "FI").text.splitlines()
    assert rows
    assert all(", FI" in row for row in rows if not row.startswith("       "))


def test_nothing_found_is_said(kg):
    """No proposal is no failure; standard output stays empty."""
    ran = kg("authority", "find", "zzzzzzzzzz")
    assert (ran.code, ran.out) == (0, b"")
    assert "no entry has a name like 'zzzzzzzzzz'" in ran.err


def test_an_unknown_jurisdiction_lists_those_that_are_known(kg):
    """A mistyped code is an error."""
    ran = kg("authority", "find", "Council", "--jurisdiction", "XX")
    assert ran.code == 2
    assert "there is no jurisdiction 'XX'; the authority has AU, " in ran.err


@pytest.mark.parametrize("key", ["jp-csti", "body/jp-csti", f"{BASE}id/body/jp-csti"])
def test_an_entry_is_shown_by_key_or_iri(kg, key):
    """Names with kind and dates, facts, and the sources of both by number."""
    shown = kg("authority", "show", key).text
    assert "\n  CSTP (Acronym, en, from 2001-01-06 to 2014-05-18) Verified [1] [3] [5]\n" in shown
    assert "\n  predecessor: body/jp-cst Unverified [6]\n" in shown
    assert "\n  [6] General knowledge, not looked up\n" in shown


def test_a_jurisdiction_is_shown_by_its_labels(kg):
    """It has no names with sources of their own, and that is said."""
    assert "\n  Japan (prefLabel, en) no source of its own\n" in kg("authority", "show", "jp").text


def test_an_unknown_entry_is_answered_with_those_that_are_like_it(kg):
    """A mistyped key is an error that proposes keys."""
    ran = kg("authority", "show", "jp-cstii")
    assert (ran.code, ran.out) == (2, b"")
    assert "the authority has no entry 'jp-cstii'; perhaps body/jp-csti, " in ran.err


def test_an_added_entry_is_written_and_shown(kg, own):
    """What stands in the file is what the command prints."""
    ran = own(*LAKES)
    assert ran.code == 0, ran.err
    assert ran.text == (kg.folder / FILE).read_text(encoding="utf-8")
    assert "written to own/body-fi-lakes.ttl" in ran.err


def test_names_become_labels_by_their_kinds(kg, own):
    """Official and native names are preferred labels, acronyms bare strings, the others further labels."""
    own(*LAKES, "--name", "järvineuvosto@fi", "--name", "acronym:CL", "--name", "former:Lake Board")
    written = statements(kg)
    body = f"{BASE}id/body/fi-lakes"
    assert (body, SKOS("prefLabel"), Literal("järvineuvosto", language="fi")) in written
    assert (body, COORD("acronym"), Literal("CL")) in written
    assert (body, SKOS("altLabel"), Literal("Lake Board", language="en")) in written
    assert (f"{BASE}id/name/fi-lakes/4", COORD("nameKind"), COORD("FormerName")) in written


def test_a_source_makes_an_entry_verified_and_none_unverified(kg, own):
    """Who gives the page where it stands vouches for it."""
    own(*LAKES)
    assert (f"{BASE}id/name/fi-lakes/1", COORD("verification"), COORD("Unverified")) in statements(kg)
    (kg.folder / FILE).unlink()
    own(*LAKES, "--source", "https://www.example.org/x", "--source", "s48")
    written = statements(kg)
    assert (f"{BASE}id/fact/fi-lakes/1", COORD("verification"), COORD("Verified")) in written
    assert NamedNode(f"{BASE}id/source/s48") in {value for _, _, value in written}


def test_an_added_entry_is_known_to_the_other_commands(kg, own):
    """It is found, shown, keeps the shapes, and links names on pages."""
    own(*LAKES)
    kg.page("page.txt", PAGE)
    assert "Council of the Lakes: body/fi-lakes" in own("authority", "find", "Council of Lakes").text
    assert "in own/body-fi-lakes.ttl" in own("authority", "show", "fi-lakes").text
    assert own("check", "--knowledge").code == 0
    assert "Council of the Lakes → body/fi-lakes" in own("read", "page.txt").text
    assert "Council of the Lakes → not in the authority" in kg("read", "page.txt").text or (
        "Council of the Lakes → linked to none" in kg("read", "page.txt").text
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["body/fi-lakes", "--name", "X"], "the authority has body/fi-lakes already: Council of the Lakes"),
        (["body/fi-y", "--name", "COUNCIL of the  lakes"], "'Council of the Lakes' is a name of body/fi-lakes already"),
        (["body/fi-y", "--name", "Y@fi"], "an entry needs an official name in English"),
        (["fi-y", "--name", "Y"], "'fi-y' is no key; expected body/, institution/, plan/, plan-series/, programme/"),
        (["body/fi-y", "--name", "Y", "--fact", "height=3"], "'height=3' is no fact; expected NAME=VALUE"),
        (["body/fi-y", "--name", "Y", "--fact", "start=soon"], "'soon' is no date such as 2021"),
        (["body/fi-y", "--name", "Y", "--fact", "type=club"], "there is no body type 'club'; the vocabulary has "),
        (["body/fi-y", "--name", "Y", "--fact", "part-of=zz"], "the authority has no entry 'zz'"),
        (["body/fi-y", "--name", "Y", "--source", "a b"], "'a b' is no source"),
        (["body/fi-y", "--name", "Y", "--source", "s999"], "[Name-source]"),
        (
            ["body/fi-y", "--name", "Y", "--fact", "start=2014", "--fact", "end=2010"],
            "This thing ends before it starts",
        ),
    ],
)
def test_what_may_not_be_added_is_refused_and_not_written(kg, own, arguments, words):
    """The message says what is wrong, and the folder stays as it was."""
    own(*LAKES)
    ran = own("authority", "add", *arguments)
    assert (ran.code, ran.out) == (2, b"")
    assert words in ran.err
    assert [file.name for file in (kg.folder / "own").iterdir()] == ["body-fi-lakes.ttl"]


def test_without_a_folder_of_ones_own_nothing_is_added(kg):
    """The message says which setting names the folder."""
    ran = kg(*LAKES)
    assert ran.code == 2
    assert 'write authority = "my-authority" in kg.toml' in ran.err
