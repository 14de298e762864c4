"""`kg why-not`: which rules were tried for a field, and how far each got."""

from __future__ import annotations

import pytest

SEED = "examples/drc-2021-267.txt"


@pytest.fixture
def why_not(kg, seed):
    """What the command says of a field of the seed, with some words replaced."""

    def ask(field, old="", new=""):
        kg.page("page.txt", seed.replace(old, new) if old else seed)
        ran = kg("why-not", "page.txt", field)
        assert (ran.code, ran.err) == (0, "")
        return ran.text

    return ask


def test_the_line_that_comes_closest_is_told(why_not):
    """A rule that no line matches shows the line it gets furthest on, and what would have to follow."""
    shown = why_not("number", "No.267, 2021", "No.267 of MMXXI")
    assert "number: nothing was read\n" in shown
    assert "no line matches; line 11 comes closest, up to “Research Report, No.267”; then it would have" in shown


def test_a_rule_that_catches_its_line_without_the_field_says_so(why_not):
    """The series line is caught, its optional part is not there."""
    shown = why_not("cumulative_number", " (Total 6332)", "")
    assert "  series-line: catches line 11, where the part for cumulative_number is not: “Research Report" in shown


def test_a_field_that_is_there_is_told_with_its_place(why_not):
    """Whoever asks in vain learns that it was read."""
    shown = why_not("title")
    assert shown.startswith("title: Japan")
    assert ", at page.txt:5:1, read by drc/title\n" in shown
    assert "  title: catches line 5, with title “Japan" in shown


def test_all_layouts_are_told_with_their_weights(why_not):
    """The one that was taken is marked."""
    shown = why_not("title")
    assert "\nlayouts tried\n" in shown
    assert next(line for line in shown.splitlines() if line.endswith("; taken")).startswith("  drc: fits: weight ")
    assert "  policy-brief: does not fit: weight " in shown


def test_a_field_read_from_others_shows_their_rules(why_not):
    """Authors are read from the byline."""
    shown = why_not("authors", "By Shen Hengchao & Sun Jie, Research Team on", "Research Team:")
    assert shown.startswith("authors: nothing was read\n")
    assert "\nrules of drc that read byline\n" in shown


def test_a_layout_without_a_rule_for_the_field_says_so(built):
    """Policy briefs have no cumulative number."""
    shown = built("why-not", "examples/mcrp-2023-2.txt", "cumulative-number").text
    assert "\nrules of policy-brief that read cumulative_number: none\n" in shown


def test_a_cue_that_stands_nowhere_is_told(why_not):
    """For what prose tells, each rule is there, those whose cue is missing too."""
    shown = why_not("reports-to")
    assert "reportsTo: nothing was read\n" in shown
    assert "\n  reports-to: its cue stands in no sentence\n" in shown
    assert "\n  the prose begins at page.txt:13:11\n" in shown


def test_a_cue_whose_objects_are_not_understood_is_told_with_its_sentence(why_not):
    """The sentence, the words for the objects and the reason are shown."""
    shown = why_not(
        "components", "Coordinating bodies include the Compre", "Coordinating bodies include apples. Thus Compre"
    )
    assert "page.txt:13:164, with “apples.” for its objects: no name of a body is known there\n" in shown


def test_a_cue_that_was_read_is_told_with_its_statements(why_not):
    """Rules that did their work are counted."""
    assert "for its objects: read 3 statements\n" in why_not("functions")


def test_lessons_are_explained_by_their_cues(why_not):
    """Where an announcement stands is told, and which cues stand nowhere."""
    shown = why_not("lessons")
    assert "  an announcement, such as “The lessons are as follows”: page.txt:13:" in shown
    assert "  a heading, such as “Lessons”: in no sentence\n" in shown


def test_a_page_that_is_no_report_says_so_first(kg):
    """The reason why it is none stands before the field."""
    kg.page("news.txt", "You Are Here: Home > News\n\nLakes\n\nBy A. Berg, DRC\n\nAbstract: It rains.\n")
    assert kg("why-not", "news.txt", "number").text.startswith("news.txt: no report: ")


@pytest.mark.parametrize(
    "field", ["series-year", "seriesYear", "series_year", "HASCOMPONENT", "mechanism", "statements"]
)
def test_a_field_may_be_spelt_in_several_ways(built, field):
    """Hyphens, underscores and capitals do not matter."""
    assert built("why-not", SEED, field).code == 0


def test_an_unknown_field_lists_those_that_are_known(built):
    """A mistyped field is an error."""
    ran = built("why-not", SEED, "colour")
    assert (ran.code, ran.out) == (2, b"")
    assert "there is no field 'colour'; the fields are about, abstract, authors, " in ran.err
