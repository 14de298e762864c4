"""Findings as SARIF 2.1.0.

The schema beside this file is the OASIS committee's for SARIF 2.1.0 (revision rtm.5), unchanged, as the npm package
@microsoft/jest-sarif 1.0.0-beta.0 (MIT) distributes it.
"""

import json
from pathlib import Path

import fastjsonschema
import pytest

from kg.check.fingerprint import fingerprint
from kg.check.formats import unreadable_finding
from kg.check.formats.sarif import sarif
from kg.model.verdict import Severity

SCHEMA = Path(__file__).with_name("sarif-2.1.0.schema.json")


@pytest.fixture(scope="module")
def run_of():
    """The one run of a check's log, which must be valid."""
    validate = fastjsonschema.compile(json.loads(SCHEMA.read_text(encoding="utf-8")), use_default=False)

    def run(check):
        log = json.loads(sarif(check))
        validate(log)
        (only,) = log["runs"]
        return only

    return run


def test_a_result_stands_at_its_words(run_of, checked, finding):
    """The region is in code points from the place to the end of the quote, in a file relative to the root."""
    run = run_of(checked(finding(quote="文字", source="a b.txt")))
    (result,) = run["results"]
    physical = result["locations"][0]["physicalLocation"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert physical["artifactLocation"] == {"uri": "a%20b.txt", "uriBaseId": "%SRCROOT%"}
    assert physical["region"] == {
        "startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 7, "snippet": {"text": "文字"},
    }  # fmt: skip


def test_a_rule_has_the_words_and_the_level_of_its_shape(run_of, checked, finding):
    """A setting changes a result's level and not its rule's."""
    run = run_of(checked(finding(severity=Severity.INFO)))
    (rule,) = run["tool"]["driver"]["rules"]
    (result,) = run["results"]
    assert (rule["id"], rule["name"], rule["defaultConfiguration"]["level"]) == ("Report-issued", "ReportDate", "error")
    assert "kg check --explain Report-issued" in rule["help"]["text"]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("Report-issued", 0, "note")


def test_a_result_has_its_fingerprint(run_of, checked, finding):
    """Alerts stay the same alert when lines move."""
    (result,) = run_of(checked(finding()))["results"]
    assert set(result["partialFingerprints"].values()) == {fingerprint(finding()), f"{fingerprint(finding())}:1"}


def test_what_could_not_be_read_makes_the_run_no_success(run_of, checked):
    """It is a result, and a notification of the run."""
    run = run_of(checked(unreadable_finding("b.txt", "no text")))
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "no text" in invocation["toolExecutionNotifications"][0]["message"]["text"]
    assert len(run["results"]) == 1


def test_what_has_no_file_has_a_logical_location(run_of, checked, finding):
    """A node of the authority is named; a page of the web has its URL and no root."""
    nowhere, far = run_of(checked(finding(line=None), finding(source="https://example.org/p")))["results"]
    assert nowhere["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == finding().focus
    assert far["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "https://example.org/p"}


def test_any_words_make_a_valid_log(run_of, assault, checked):
    """Hostile words and an empty check are valid too."""
    assert len(run_of(assault)["results"]) == 2
    assert run_of(checked())["results"] == []


def test_words_are_no_placeholders_and_no_links(run_of, checked, finding):
    """Braces are doubled and brackets parted, as the standard asks."""
    (result,) = run_of(checked(finding(message="see {0} [a](b)")))["results"]
    assert result["message"]["text"] == "see {{0}} [a] (b)"
