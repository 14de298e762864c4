"""Findings as a GitLab code quality report."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Final

from kg.check.fingerprint import fingerprint
from kg.check.formats.checked import Checked
from kg.check.formats.location import location
from kg.check.rules import rule_name
from kg.model.evidence import Place
from kg.model.verdict import Severity

_SEVERITIES: Final = {Severity.VIOLATION: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def code_quality(checked: Checked) -> str:
    """A JSON array with an issue for each finding; what was not read from a page stands at its shape's name."""
    seen: Counter[str] = Counter()
    issues = []
    for finding in checked.findings:
        name = rule_name(finding.shape)
        at = location(finding.where or Place(source=name, line=1, column=1))
        identity = f"{fingerprint(finding)} {at.file}"
        seen[identity] += 1
        issues.append(
            {
                "description": finding.message,
                "check_name": name,
                "fingerprint": _unique(identity, seen[identity]),
                "severity": _SEVERITIES[finding.severity],
                "location": {"path": at.file, "lines": {"begin": at.line}},
            }
        )
    return json.dumps(issues, ensure_ascii=False, indent=2) + "\n"


def _unique(identity: str, occurrence: int) -> str:
    """Differs for every issue of a report, as GitLab asks, and stays the same from run to run and when lines move."""
    return hashlib.sha256(f"{identity} {occurrence}".encode("utf-8", "surrogatepass")).hexdigest()
