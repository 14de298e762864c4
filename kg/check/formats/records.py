"""Findings as records: JSON, JSON Lines and CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from typing import Final

from kg.check.fingerprint import fingerprint
from kg.check.formats.checked import Checked
from kg.check.formats.visible import visible
from kg.model.verdict import Finding

#: What a spreadsheet would take for the beginning of a formula, or pass over on its way to one.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def findings_json(checked: Checked) -> str:
    """A JSON array with an object for each finding."""
    return json.dumps(finding_records(checked.findings), ensure_ascii=False, indent=2) + "\n"


def findings_jsonl(checked: Checked) -> str:
    """A line of JSON for each finding."""
    return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in finding_records(checked.findings))


def findings_csv(checked: Checked) -> str:
    """A row for each finding below a row of names (RFC 4180); a cell that would be a formula starts with a quote."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(_KEYS)
    writer.writerows(map(_cell, record.values()) for record in finding_records(checked.findings))
    return table.getvalue()


def finding_records(findings: Iterable[Finding]) -> list[dict[str, str | int | None]]:
    """One record a finding, of strings, numbers and None alone; a record names its place or has none."""
    return [dict(zip(_KEYS, _values(finding), strict=True)) for finding in findings]


_KEYS: Final = (
    "shape", "severity", "message", "focus", "path", "value", "source", "line", "column", "quote", "fingerprint",
)  # fmt: skip


def _values(finding: Finding) -> tuple[str | int | None, ...]:
    place = finding.where
    at = (place.source, place.line, place.column, place.quote) if place else (None,) * 4
    said = (finding.shape, finding.severity.value, finding.message, finding.focus, finding.path, finding.value)
    return (*said, *at, fingerprint(finding))


def _cell(value: str | int | None) -> str | int | None:
    if isinstance(value, str):
        value = _CONTROL.sub(lambda match: visible(match[0]), value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
