"""Findings as a GitLab code quality report."""

import json

from kg.check.formats.gitlab import code_quality


def test_an_issue_has_all_that_gitlab_asks_for(checked, finding):
    """Description, name, fingerprint, severity, and a path with its line."""
    (issue,) = json.loads(code_quality(checked(finding())))
    assert len(issue.pop("fingerprint")) == 64
    assert issue == {
        "description": "A report has one date.",
        "check_name": "Report-issued",
        "severity": "major",
        "location": {"path": "pages/a.txt", "lines": {"begin": 2}},
    }


def test_a_fingerprint_survives_moved_lines(checked, finding):
    """The issue in the target branch is the same issue."""
    one, other = (json.loads(code_quality(checked(finding(line=line))))[0] for line in (2, 40))
    assert one["fingerprint"] == other["fingerprint"]


def test_no_two_issues_share_a_fingerprint(checked, finding):
    """GitLab drops what has the same."""
    check = checked(finding(), finding(message="Another."), finding(source="pages/b.txt"))
    issues = json.loads(code_quality(check))
    assert len({issue["fingerprint"] for issue in issues}) == 3
