"""A deployment's levels change what is shown, and never bring in what the shapes keep out."""

import pytest

from kg.model.severities import Level, Severities
from kg.model.verdict import Finding, Severity


def finding(severity):
    """A finding of some severity."""
    return Finding(shape="urn:s", focus="urn:f", path=None, value=None, severity=severity, message="No.")


@pytest.mark.parametrize("level", [Level.VIOLATION, Level.WARNING, Level.INFO])
def test_findings_are_shown_at_their_level(level):
    """The level takes the place of the shape's own severity."""
    (shown,) = Severities({"urn:s": level}).shown([finding(Severity.WARNING)])
    assert shown.severity.value.lower() == level.value


def test_findings_of_a_shape_that_is_off_are_not_shown():
    """Off is silence about this shape alone."""
    assert Severities({"urn:s": Level.OFF}).shown([finding(Severity.INFO)]) == ()
    assert len(Severities({"urn:other": Level.OFF}).shown([finding(Severity.INFO)])) == 1


@pytest.mark.parametrize("level", Level)
def test_a_violation_keeps_its_page_out_at_every_level(level):
    """Publication goes by the graver of the two."""
    assert Severities({"urn:s": level}).bars(finding(Severity.VIOLATION))


def test_a_warning_made_a_violation_keeps_its_page_out():
    """A deployment may be stricter than the shapes."""
    assert Severities({"urn:s": Level.VIOLATION}).bars(finding(Severity.WARNING))
    assert not Severities().bars(finding(Severity.WARNING))
