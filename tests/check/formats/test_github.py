"""Findings as annotations of a GitHub workflow."""

import re

from kg.check.formats import Stale
from kg.check.formats.github import workflow_commands
from kg.model.verdict import Severity


def test_a_finding_is_an_annotation_on_its_line(checked, finding):
    """File, line and columns are those of the words."""
    assert workflow_commands(checked(finding())) == (
        "::error file=pages/a.txt,line=2,endLine=2,col=5,endColumn=10,title=Report-issued::A report has one date.\n"
    )


def test_severities_are_those_of_workflow_commands(checked, finding):
    """Violation, Warning and Info are error, warning and notice."""
    text = workflow_commands(checked(*(finding(severity=severity) for severity in Severity)))
    assert sorted(re.findall(r"^::(\w+) ", text, re.MULTILINE)) == ["error", "notice", "warning"]


def test_words_over_lines_have_no_columns(checked, finding):
    """GitHub takes columns only where an annotation has one line."""
    assert "line=2,endLine=3,title" in workflow_commands(checked(finding(quote="a\nb")))


def test_no_word_of_a_page_is_a_command(assault):
    """Each finding is one line, and properties end where they should."""
    lines = workflow_commands(assault).splitlines()
    assert len(lines) == 2
    for line in lines:
        properties, _, message = re.fullmatch(r"::error ((?:[^:]|%3A)*)(::)(.*)", line).groups()
        assert all(re.fullmatch(r"\w+=[^,:]*", each) for each in properties.split(","))
        assert "\r" not in message


def test_a_comma_or_a_colon_in_a_path_ends_no_property(checked, finding):
    """They are written by number, as the runner reads them."""
    text = workflow_commands(checked(finding(source="pages/a,line=9:b%.txt")))
    assert text.startswith("::error file=pages/a%2Cline=9%3Ab%25.txt,line=2,")


def test_what_lies_elsewhere_is_told_without_a_file(checked, finding):
    """A URL or a node of the authority has no file here; the message names it."""
    assert workflow_commands(checked(finding(line=None))).startswith("::error title=Report-issued::<http://127.0.0.1")
    far = workflow_commands(checked(finding(source="https://example.org/p")))
    assert far.startswith("::error title=Report-issued::https://example.org/p:2:5: A report")


def test_a_stale_entry_is_a_warning_at_its_line_of_the_baseline(checked):
    """Who removed a fault is told to renew the baseline."""
    stale = Stale(file=".kg-baseline", line=3, entry="Report-issued <urn:x>")
    text = workflow_commands(checked(stale=(stale,)))
    assert text.startswith("::warning file=.kg-baseline,line=3,title=stale baseline entry::Nothing is found")
