"""`kg report`: what pages do not say, and which are no reports."""

from __future__ import annotations

import csv
import json

import pytest

NO_REPORT = "You Are Here: Home > News\n\nLakes\n\nBy A. Berg, DRC\n\nAbstract: It rains.\n"


@pytest.fixture
def pages(kg, seed):
    """Two reports of one publisher, one of them without two fields, and a page that is no report."""
    kg.page("pages/whole.txt", seed)
    kg.page("pages/lacking.txt", seed.replace("Nov 11,2021\n", "").replace(" (Total 6332)", "").replace("267", "268"))
    kg.page("pages/news.txt", NO_REPORT)
    return kg


@pytest.fixture
def stored(pages):
    """The same pages, built."""
    ran = pages("build", "pages")
    assert ran.code == 0, ran.err
    return pages


def test_a_table_counts_the_pages_that_lack_a_field(stored):
    """A row for each field, publisher and layout, with an example and its reason."""
    ran = stored("report")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.text.splitlines()
    assert lines[0] == "2 reports, 1 page that is no report"
    assert lines[3].split()[:4] == ["1/2", "available", "institution/cn-drc", "drc"]
    assert "  pages/lacking.txt: the page does not say it: " in lines[3]


def test_pages_that_are_no_reports_stand_with_their_reasons(stored):
    """Silence is never success."""
    assert "\nno reports\n  pages/news.txt: the page has no " in stored("report").text


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_pages_that_are_read_now_give_what_the_store_gives(stored, form):
    """With sources nothing is asked of a store, and the answer is the same."""
    assert stored("report", "pages", "--format", form).out == stored("report", "--format", form).out


def test_csv_has_a_row_for_each_gap_and_each_page_that_is_no_report(pages):
    """A page that is no report lacks the field `report`."""
    rows = list(csv.DictReader(pages("report", "pages", "--format", "csv").text.splitlines()))
    assert [(row["field"], row["pages"], row["of"]) for row in rows] == [
        ("available", "1", "2"),
        ("cumulative_number", "1", "2"),
        ("report", "1", "1"),
    ]


def test_json_holds_fields_others_and_what_cannot_be_read(pages):
    """Unreadable pages are listed too, and the exit code says that there are some."""
    pages.page("pages/empty.txt", "")
    ran = pages("report", "pages", "--format", "json")
    told = json.loads(ran.out)
    assert ran.code == 3
    assert (told["reports"], len(told["fields"]), len(told["others"])) == (2, 2, 1)
    assert told["unreadable"] == [{"source": "pages/empty.txt", "layout": "", "reason": "the page is empty"}]


def test_without_gaps_that_is_said(built):
    """The example pages say all that is expected of them."""
    assert built("report").text == "5 reports, 0 pages that are none\n\nno gaps\n"


def test_a_report_goes_to_a_file(built, tmp_path):
    """With --output nothing goes to standard output."""
    assert built("report", "-o", str(tmp_path / "gaps.txt")).out == b""
    assert "no gaps" in (tmp_path / "gaps.txt").read_text(encoding="utf-8")


def test_without_a_store_and_sources_the_error_says_how_to_build_one(kg):
    """There is nothing to ask."""
    ran = kg("report")
    assert (ran.code, ran.out) == (2, b"")
    assert "build one with: kg build" in ran.err


def test_a_build_tells_its_most_frequent_gaps(pages):
    """One line of the summary names the fields that most pages lack."""
    assert "\nmost frequent gaps: available (1 page), cumulative_number (1 page); all of them: kg report\n" in (
        pages("build", "pages").err
    )


def test_a_build_without_gaps_has_no_such_line(kg, seed):
    """The line is there when there is something to tell."""
    kg.page("page.txt", seed)
    assert "most frequent gaps" not in kg("build", "page.txt").err
