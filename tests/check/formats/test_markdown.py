"""Findings as a summary in Markdown."""

import re

from kg.check.formats import Stale
from kg.check.formats.markdown import markdown


def test_a_page_with_findings_has_a_table(checked, finding):
    """The tally comes first, then a row a finding."""
    assert markdown(checked(finding(), known=2)) == (
        "## kg check\n\n"
        "1 checked: **1 finding (1 violation)**\n\n"
        "2 known to the baseline and left out\n\n"
        "### pages/a.txt\n\n"
        "| line | severity | finding | words | shape |\n"
        "|---:|---|---|---|---|\n"
        "| 2 | violation | A report has one date. | wrong | Report-issued |\n"
    )


def test_no_word_of_a_page_is_markup(assault):
    """Every row keeps its five cells; tags, links, mentions and code stay words."""
    rows = [line for line in markdown(assault).splitlines() if line.startswith("| ") and "severity" not in line]
    assert [row.count("|") for row in rows] == [6, 6]
    assert not re.search(r"[<>`*\[\]@]", "".join(rows))


def test_a_long_list_is_cut_and_says_so(checked, finding):
    """A job's page has its limit; what is left out is counted."""
    text = markdown(checked(*(finding(line=line) for line in range(1, 703))))
    assert "… and 202 more findings" in text


def test_stale_entries_are_listed(checked):
    """Who reads the summary learns that the baseline can shrink."""
    stale = Stale(file="b.jsonl", line=3, entry="Report-issued <urn:x>")
    assert "- Report-issued &#60;urn:x&#62;\n" in markdown(checked(stale=(stale,)))
