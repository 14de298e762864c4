"""Verdicts: what conforms, and the order of findings."""

from dataclasses import replace
from itertools import permutations

import pytest

from kg.model.evidence import Place
from kg.model.verdict import Coverage, Finding, Severity, Verdict

COVERAGE = Coverage(subjects=1, shapes=1, canaries=1)


def finding(severity=Severity.VIOLATION, line=1, column=1, source="a.txt"):
    """A finding at a place."""
    where = Place(source=source, line=line, column=column)
    return Finding(shape="s", focus="f", path=None, value=None, severity=severity, message="m", where=where)


@pytest.mark.parametrize(
    ("severity", "conforms"), [(Severity.VIOLATION, False), (Severity.WARNING, True), (Severity.INFO, True)]
)
def test_only_violations_break_conformance(severity, conforms):
    """A page with warnings conforms."""
    assert Verdict(findings=(finding(severity),), coverage=COVERAGE).conforms is conforms


def test_findings_at_least_as_grave():
    """Warnings and worse leave out infos."""
    verdict = Verdict(findings=tuple(finding(each) for each in Severity), coverage=COVERAGE)
    assert [each.severity for each in verdict.at_least(Severity.WARNING)] == [Severity.VIOLATION, Severity.WARNING]


def test_findings_are_ordered_as_a_reader_meets_them():
    """By source, line and column, the gravest first; those without a place before all."""
    places = [finding(line=2), finding(column=5), finding(severity=Severity.INFO), finding(), finding(source="0.txt")]
    nowhere = Finding(shape="s", focus="f", path=None, value=None, severity=Severity.INFO, message="m")
    ordered = sorted([*places, nowhere], key=lambda each: each.sort_key)
    assert ordered == [nowhere, places[4], places[3], places[2], places[1], places[0]]


def test_findings_that_can_be_told_apart_have_one_order():
    """In whatever order they were met; else the same pages would give other bytes the next time."""
    one = finding()
    others = [replace(one, message="other"), replace(one, component="other"), replace(one, value="other"), one]
    orders = {tuple(sorted(met, key=lambda each: each.sort_key)) for met in permutations(others)}
    assert len(orders) == 1
