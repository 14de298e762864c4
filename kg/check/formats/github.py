"""Findings as annotations of a GitHub workflow: one workflow command a finding."""

from __future__ import annotations

from typing import Final

from kg.check.formats.checked import Checked
from kg.check.formats.location import location
from kg.check.formats.visible import visible
from kg.check.rules import rule_name
from kg.model.verdict import Finding, Severity

_COMMANDS: Final = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def workflow_commands(checked: Checked) -> str:
    """`::error file=…,line=…::message` for each finding, and a warning for each stale entry of the baseline."""
    lines = [_annotation(finding) for finding in checked.findings]
    lines += [
        _command(
            "warning", {"file": stale.file, "line": stale.line, "title": "stale baseline entry"}, _told(stale.entry)
        )
        for stale in checked.stale
    ]
    return "".join(f"{line}\n" for line in lines)


def _told(entry: str) -> str:
    return f"Nothing is found for this entry any more: {entry}. Write the baseline anew."


def _annotation(finding: Finding) -> str:
    command, name = _COMMANDS[finding.severity], rule_name(finding.shape)
    if finding.where is None:
        return _command(command, {"title": name}, f"{finding.focus_term}: {finding.message}")
    at = location(finding.where)
    if at.is_url:
        return _command(command, {"title": name}, f"{finding.where}: {finding.message}")
    properties: dict[str, str | int] = {"file": at.file, "line": at.line, "endLine": at.end_line}
    if at.line == at.end_line:  # columns are of one line only
        properties |= {"col": at.column, "endColumn": max(at.end_column, at.column)}
    return _command(command, {**properties, "title": name}, finding.message)


def _command(command: str, properties: dict[str, str | int], message: str) -> str:
    """A workflow command in which no word of a page can end it or start another."""
    shown = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{command} {shown}::{_data(message)}"


def _property(value: str | int) -> str:
    return _data(str(value)).replace(":", "%3A").replace(",", "%2C")


def _data(words: str) -> str:
    shown = "\n".join(map(visible, words.splitlines()))
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
