"""Findings as people and programs read them."""

import json

from kg.check.render import finding_records, findings_json, findings_text
from kg.model.evidence import Place
from kg.model.verdict import Finding, Severity

FOCUS = "http://127.0.0.1:8000/id/report/x"


def finding(where, severity=Severity.WARNING):
    """A finding at a place."""
    return Finding(
        shape="https://w3id.org/policy-kg/shape/Report-title-stated",
        focus=FOCUS,
        path="http://purl.org/dc/terms/title",
        value=None,
        severity=severity,
        message="No title.",
        where=where,
    )


def test_a_finding_is_a_line_as_compilers_write_it_with_its_words_below():
    """Place, severity, message, shape; then the quote's first line; then focus and path."""
    where = Place(source="examples/x.txt", line=12, column=5, quote="Research Report,\nNo.267")
    assert findings_text([finding(where)]) == (
        "examples/x.txt:12:5: warning: No title. [Report-title-stated]\n"
        "    “Research Report,”\n"
        f"    <{FOCUS}> <http://purl.org/dc/terms/title>"
    )


def test_sources_are_parted_by_a_blank_line():
    """One block a source."""
    a, b = (Place(source=source, line=1, column=1) for source in ("a.txt", "b.txt"))
    lines = findings_text([finding(a), finding(a), finding(b)]).splitlines()
    assert [line.partition(":")[0] for line in lines if line[:1] != " "] == ["a.txt", "a.txt", "", "b.txt"]


def test_a_finding_without_a_place_names_its_node():
    """What was not read from a page is known by its IRI."""
    assert findings_text([finding(None, Severity.VIOLATION)]).startswith(f"<{FOCUS}>: violation: No title.")


def test_no_findings_are_no_text():
    """Silence is an empty string."""
    assert findings_text([]) == ""


def test_records_hold_everything_a_finding_does():
    """JSON keeps shape, focus, path, value, severity, message and place."""
    where = Place(source="x.txt", line=2, column=3, quote="文")
    (record,) = finding_records([finding(where)])
    assert record == {
        "shape": "https://w3id.org/policy-kg/shape/Report-title-stated",
        "severity": "Warning",
        "message": "No title.",
        "focus": FOCUS,
        "path": "http://purl.org/dc/terms/title",
        "value": None,
        "source": "x.txt",
        "line": 2,
        "column": 3,
        "quote": "文",
    }
    assert json.loads(findings_json([finding(where)])) == [record]


def test_a_record_without_a_place_says_so():
    """Source, line, column and quote are null together."""
    (record,) = finding_records([finding(None)])
    assert {record[key] for key in ("source", "line", "column", "quote")} == {None}
