"""Findings for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby

from kg.check.shapes import SHAPE
from kg.model.verdict import Finding


def findings_text(findings: Iterable[Finding]) -> str:
    """A line a finding, as compilers write them, then the words it is about, then its focus, path and value.

    Sources are parted by a blank line.
    """
    by_source = groupby(findings, key=lambda finding: finding.where.source if finding.where else "")
    return "\n\n".join("\n".join(line for finding in group for line in _lines(finding)) for _, group in by_source)


def findings_json(findings: Iterable[Finding]) -> str:
    """A JSON array with an object for each finding."""
    return json.dumps(finding_records(findings), ensure_ascii=False, indent=2)


def finding_records(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """One record a finding, of strings, numbers and None alone; a record names its place or has none."""
    return [_record(finding) for finding in findings]


def _lines(finding: Finding) -> list[str]:
    place = finding.where or f"<{finding.focus}>"
    name = finding.shape.removeprefix(SHAPE)
    lines = [f"{place}: {finding.severity.value.lower()}: {finding.message} [{name}]"]
    if finding.where and finding.where.quote:
        lines.append(f"    “{finding.where.quote.splitlines()[0]}”")
    path = finding.path if finding.path is None or "<" in finding.path else f"<{finding.path}>"
    lines.append("    " + " ".join(part for part in (f"<{finding.focus}>", path, finding.value) if part))
    return lines


def _record(finding: Finding) -> dict[str, object]:
    place = finding.where
    return {
        "shape": finding.shape,
        "severity": finding.severity.value,
        "message": finding.message,
        "focus": finding.focus,
        "path": finding.path,
        "value": finding.value,
        "source": place.source if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "quote": place.quote if place else None,
    }
