"""Findings as JUnit XML."""

from xml.etree import ElementTree as ET

from kg.check.formats import unreadable_finding
from kg.check.formats.junit import junit
from kg.model.verdict import Severity


def parsed(check):
    """The document, whose counts must agree with its cases."""
    root = ET.fromstring(junit(check))  # noqa: S314 - our own document
    (suite,) = root
    assert root.attrib == suite.attrib
    cases = list(suite)
    assert suite.get("tests") == str(len(cases))
    assert suite.get("failures") == str(sum(case.find("failure") is not None for case in cases))
    assert suite.get("errors") == str(sum(case.find("error") is not None for case in cases))
    return cases


def test_every_page_is_a_test_case(checked, finding):
    """A clean page passes; one with findings fails once for each."""
    check = checked(finding(), finding(line=3), sources=("pages/a.txt", "pages/clean.txt"))
    failing, clean = parsed(check)
    assert [each.tag for each in failing] == ["failure", "failure"]
    assert failing[0].attrib == {"type": "Report-issued", "message": "A report has one date."}
    assert (clean.get("name"), list(clean)) == ("pages/clean.txt", [])


def test_what_the_check_does_not_fail_on_is_told_and_passes(checked, finding):
    """A Warning is a failure only when the check fails on Warnings."""
    warning = finding(severity=Severity.WARNING)
    (case,) = parsed(checked(warning))
    assert [each.tag for each in case] == ["system-out"]
    (case,) = parsed(checked(warning, fail_on=Severity.WARNING))
    assert [each.tag for each in case] == ["failure"]


def test_an_unreadable_page_is_an_error(checked):
    """A test that could not be run is no failed one."""
    (case,) = parsed(checked(unreadable_finding("b.txt", "no text")))
    assert [each.tag for each in case] == ["error"]


def test_any_words_make_well_formed_xml(assault):
    """Characters that XML forbids are shown by number; markup is text."""
    _, hostile = parsed(assault)
    assert "<U+001B>" in hostile.find("failure").get("message")
    assert "<script>" in hostile.find("failure").text
