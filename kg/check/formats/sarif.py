"""Findings as SARIF 2.1.0 (OASIS Standard)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from kg import __version__
from kg.check.fingerprint import fingerprint
from kg.check.formats.checked import Checked, is_unreadable
from kg.check.formats.location import location
from kg.check.rules import Rule, rule_name
from kg.model.evidence import Place
from kg.model.verdict import Finding, Severity

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ROOT: Final = "%SRCROOT%"
_FINGERPRINT: Final = "shapeFocusPathValue/v1"
_GITHUBS: Final = "primaryLocationLineHash"  # the one by which GitHub tells alerts apart


def sarif(checked: Checked) -> str:
    """A log with one run: the rules that were broken, a result for each finding, and what could not be read.

    A rule has the severity of its shape as default level; a result has its own. Columns are counted in code points.
    """
    broken = sorted({finding.shape for finding in checked.findings})
    indexes = {shape: index for index, shape in enumerate(broken)}
    unreadable = [finding for finding in checked.findings if is_unreadable(finding)]
    invocation: dict[str, Any] = {"executionSuccessful": not unreadable}
    if unreadable:
        invocation["toolExecutionNotifications"] = [_notification(finding) for finding in unreadable]
    driver = {
        "name": "Policy KG",
        "semanticVersion": __version__,
        "rules": [_rule(shape, checked.rules) for shape in broken],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder in which kg was run."}}},
        "invocations": [invocation],
        "results": [_result(finding, indexes) for finding in checked.findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rule(shape: str, rules: Mapping[str, Rule]) -> dict[str, Any]:
    name, rule = rule_name(shape), rules.get(shape)
    if rule is None:
        return {"id": name}
    return {
        "id": name,
        "name": "".join(word.capitalize() for word in rule.title.split()),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.message},
        "help": {"text": f"{rule.message} To learn more: kg check --explain {name}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"shape": shape},
    }


def _result(finding: Finding, indexes: Mapping[str, int]) -> dict[str, Any]:
    properties = {"focus": finding.focus, "path": finding.path, "value": finding.value}
    identity = fingerprint(finding)
    result: dict[str, Any] = {
        "ruleId": rule_name(finding.shape),
        "ruleIndex": indexes[finding.shape],
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(finding.message)},
        "partialFingerprints": {_FINGERPRINT: identity, _GITHUBS: f"{identity}:1"},
        "properties": {name: value for name, value in properties.items() if value is not None},
    }
    if finding.where:
        result["locations"] = [{"physicalLocation": _physical(finding.where)}]
    else:
        result["locations"] = [{"logicalLocations": [{"fullyQualifiedName": finding.focus}]}]
    return result


def _notification(finding: Finding) -> dict[str, Any]:
    notification: dict[str, Any] = {"level": "error", "message": {"text": _message(finding.message)}}
    if finding.where:
        notification["locations"] = [{"physicalLocation": _physical(finding.where)}]
    return notification


def _message(words: str) -> str:
    """The words with nothing that would be a placeholder (section 3.11.5) or a link (section 3.11.6)."""
    return words.replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _physical(place: Place) -> dict[str, Any]:
    at = location(place)
    artifact = {"uri": at.uri} if at.is_url else {"uri": at.uri, "uriBaseId": _ROOT}
    region: dict[str, Any] = {
        "startLine": at.line,
        "startColumn": at.column,
        "endLine": at.end_line,
        "endColumn": at.end_column,
    }
    if place.quote:
        region["snippet"] = {"text": place.quote}
    return {"artifactLocation": artifact, "region": region}
