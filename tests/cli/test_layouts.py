"""`kg layout list` and `kg layout try`."""

from __future__ import annotations

import re

import pytest

LAYOUT = """
name = "lake"
title = "Lake note"
language = "en"
name_order = "given-first"
key = "lake"
fits_from = 3
report_when = ["number"]
[[line]]
name = "masthead"
weight = 1
pattern = 'Lake Notes'
[[line]]
name = "number-line"
weight = 2
pattern = 'Note (?P<number>\\d+), (?P<issued>(?&date))'
[[line]]
name = "authors"
weight = 1
pattern = 'Written by (?P<byline>.+)'
[[line]]
name = "in-short"
opens_body = true
pattern = 'In short(?P<abstract>)'
[[line]]
name = "title"
free = true
above = ["number"]
pattern = '(?P<title>.+)'
[[expect]]
field = "byline"
after = ["title"]
say = "a line such as “Written by A”"
[[expect]]
field = "title"
after = []
say = "a title"
"""
PAGE = """Lake Notes

How Korea Advises Itself
Note 3, 14 May 2024
Nobody signs this

In short
A council meets.
It decides.
"""


@pytest.fixture
def tried(kg):
    """What `kg layout try` writes of the page."""
    kg.page("lake.toml", LAYOUT)
    kg.page("page.txt", PAGE)
    ran = kg("layout", "try", "lake.toml", "page.txt")
    assert (ran.code, ran.err) == (0, "")
    return ran.text


def test_every_layout_is_listed_with_its_title_and_rules(kg):
    """A row each: name, number of line rules, title."""
    rows = kg("layout", "list").text.splitlines()
    assert "DRC report page, in English" in next(row for row in rows if re.match(r"drc +\d+ line rules  ", row))


def test_layouts_of_ones_own_are_listed_too(kg):
    """The folder of the setting `layouts` is read."""
    kg.page("own/lake.toml", LAYOUT)
    assert re.search(r"^lake +5 line rules  Lake note$", kg("layout", "list", KG_LAYOUTS="own").text, re.MULTILINE)


def test_whether_it_fits_is_told_with_the_weights(tried):
    """The sum is told, and what each rule gave to it."""
    assert tried.startswith("page.txt by lake (Lake note)\n  fits: weight 3; it fits from 3\n")
    assert "    +1  masthead\n    +2  number-line\n    +0  authors: no line is caught\n" in tried


def test_a_report_is_told_by_its_field(tried):
    """The field that makes the page a report is named."""
    assert "  a report, since it has: number\n" in tried


def test_the_layout_that_would_read_the_page_is_named(tried):
    """Beside the layouts in use, this one wins or another does."""
    assert "the page is read by lake\n" in tried


def test_each_line_shows_what_its_rule_caught(tried):
    """Line by line: the rule and its fields, the lines that none claims, and the prose."""
    lines = tried.partition("\nlines\n")[2].partition("\n\n")[0]
    assert lines.splitlines() == [
        "     1  masthead: reads no field of: “Lake Notes”",
        "     3  title: title = “How Korea Advises Itself”",
        "     4  number-line: number = “3”; issued = “14 May 2024”",
        "     5  no rule: “Nobody signs this”",
        "     7  in-short: abstract = “A council meets. It decides.”",
    ]


def test_what_is_expected_is_there_or_missing(tried):
    """Each expectation has a row, a missing one with the layout's words for it."""
    assert "\nexpected\n  title: there\n  byline: MISSING; a line such as “Written by A”\n" in tried


def test_idle_rules_and_left_over_lines_are_counted(tried):
    """At the end stand the rules that caught nothing and the number of lines that none claims."""
    assert tried.endswith("\nrules that caught nothing: authors\nlines that no rule claims: 1\n")


def test_a_layout_that_does_not_fit_shows_what_it_catches_all_the_same(kg):
    """Whoever writes a layout sees how far it is from fitting."""
    kg.page("lake.toml", LAYOUT.replace("fits_from = 3", "fits_from = 4"))
    kg.page("page.txt", PAGE)
    shown = kg("layout", "try", "lake.toml", "page.txt").text
    assert "  does not fit: weight 3; it fits from 4\n" in shown
    assert "number-line: number = “3”" in shown


def test_a_broken_layout_is_refused_with_its_fault(kg):
    """The message names the file and the fault."""
    kg.page("lake.toml", LAYOUT.replace("(?P<number>", "(?P<nummer>"))
    kg.page("page.txt", PAGE)
    ran = kg("layout", "try", "lake.toml", "page.txt")
    assert (ran.code, ran.out) == (2, b"")
    assert "line rule 'number-line' reads nummer" in ran.err


def test_the_shipped_layouts_have_names_of_their_own(kg):
    """No two rows of the list begin alike."""
    names = [row.split()[0] for row in kg("layout", "list").text.splitlines()]
    assert len(set(names)) == len(names) >= 2
