"""Findings as programs and spreadsheets read them."""

import csv
import io
import json

from kg.check.fingerprint import fingerprint
from kg.check.formats.records import finding_records, findings_csv, findings_json, findings_jsonl


def test_records_hold_everything_a_finding_does(finding):
    """Shape, focus, path, value, severity, message, place, and what makes it the same from run to run."""
    (record,) = finding_records([finding(quote="文")])
    assert record == {
        "shape": "https://w3id.org/policy-kg/shape/Report-issued",
        "severity": "Violation",
        "message": "A report has one date.",
        "focus": "http://127.0.0.1:8000/id/report/x",
        "path": "http://purl.org/dc/terms/issued",
        "value": '"x"',
        "source": "pages/a.txt",
        "line": 2,
        "column": 5,
        "quote": "文",
        "fingerprint": fingerprint(finding()),
    }


def test_a_record_without_a_place_says_so(finding):
    """Source, line, column and quote are null together."""
    (record,) = finding_records([finding(line=None)])
    assert {record[key] for key in ("source", "line", "column", "quote")} == {None}


def test_json_and_json_lines_hold_the_same_records(checked, finding):
    """One array, or one line a record."""
    check = checked(finding(), finding(line=3))
    assert [json.loads(line) for line in findings_jsonl(check).splitlines()] == json.loads(findings_json(check))


def test_no_findings_are_an_empty_array_and_no_lines(checked):
    """A program can always parse the answer."""
    assert (findings_json(checked()), findings_jsonl(checked())) == ("[]\n", "")


def test_csv_holds_the_same_cells(checked, finding):
    """A row of names, then a row a finding, lines ended as RFC 4180 has it."""
    text = findings_csv(checked(finding(quote='a, "b"\nc')))
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (row["quote"], row["line"], row["severity"]) == ('a, "b"\nc', "2", "Violation")
    assert text.count("\r\n") == 2


def test_no_cell_is_a_formula(checked, finding):
    """A spreadsheet shows what a page says and computes nothing."""
    for words in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"):
        (row,) = csv.DictReader(io.StringIO(findings_csv(checked(finding(quote=words))), newline=""))
        assert row["quote"] == f"'{words}"
