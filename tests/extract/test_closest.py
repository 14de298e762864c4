"""How far a pattern gets on lines that it does not match."""

from __future__ import annotations

import re

import pytest

from kg import assets
from kg.extract.closest import beginnings, closest
from kg.extract.layouts import read_layouts
from kg.model.evidence import Span


def reach(pattern, line):
    """The words matched and the rest of the pattern."""
    found = closest(line, re.compile(pattern), [Span(0, len(line))])
    return found and (line[found.matched.start : found.matched.end], found.wants)


@pytest.mark.parametrize(
    ("pattern", "line", "matched", "wants"),
    [
        (r"Report, No\.(?P<number>\d+), \d{4}", "Report, No.267 of 2021", "Report, No.267", r", \d{4}"),
        (r"(?:Abstract|Summary)\s*:(?P<abstract>.*)", "Abstract. Japan", "Abstract", r":(?P<abstract>.*)"),
        (r"Total(?:\s*NO)? \d+\)", "Total NO 6332]", "Total NO 6332", r"\)"),
        (r"[A-Z]\w+\s(?=Nov)Nov 11", "Posted Nov 12", "Posted Nov 1", "1"),
        (r"Key\s?words{1}\s*[:\]]", "Keywords; a", "Keywords", r"[:\]]"),
    ],
)
def test_a_line_is_matched_up_to_where_it_departs(pattern, line, matched, wants):
    """The words so far are told, and the part of the pattern that the line does not meet."""
    assert reach(pattern, line) == (matched, wants)


@pytest.mark.parametrize(("pattern", "line"), [(r"Report", "Review"), (r"\d+ pages", "pages 3"), (r"(?:a|b)?c", "xyz")])
def test_less_than_three_letters_in_common_are_an_accident(pattern, line):
    """A line that hardly begins like the rule is not called close."""
    assert reach(pattern, line) is None


def test_the_line_that_gets_furthest_is_the_closest():
    """Of several lines the one with the longest match is told."""
    content = "Report\nReport, No.7\nReport, 7"
    lines = [Span(*match.span()) for match in re.finditer(r".+", content)]
    found = closest(content, re.compile(r"Report, No\.(\d+), \d{4}"), lines)
    assert found.line == lines[1]


@pytest.mark.parametrize("layout", read_layouts(assets.layouts()), ids=lambda layout: layout.name)
def test_the_longest_beginning_of_a_pattern_is_the_pattern(layout):
    """Every shipped pattern can be cut, and is whole at the end."""
    for rule in (*layout.lines, *layout.finds):
        assert beginnings(rule.pattern)[-1].length == len(rule.pattern.pattern)
