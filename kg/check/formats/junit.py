"""Findings as JUnit XML: a test case for each page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Final

from kg.check.formats.checked import KNOWLEDGE, Checked, is_unreadable
from kg.check.rules import rule_name
from kg.model.verdict import Finding

#: Characters that no XML 1.0 document holds (section 2.2).
_FORBIDDEN: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(checked: Checked) -> str:
    """A test case for each page: it fails by the findings that the check fails on, and tells of the others.

    A page that could not be read is an error, as a test that could not be run.
    """
    cases: dict[str, list[Finding]] = {source: [] for source in checked.sources}
    for finding in checked.findings:
        cases.setdefault(finding.where.source if finding.where else KNOWLEDGE, []).append(finding)
    errors = sum(any(map(is_unreadable, found)) for found in cases.values())
    failures = sum(any(_is_failure(each, checked) for each in found) for found in cases.values())
    counts = f'tests="{len(cases)}" failures="{failures}" errors="{errors}" skipped="0"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="kg check" {counts}>',
        f'  <testsuite name="kg check" {counts}>',
        *(line for source in sorted(cases) for line in _case(source, cases[source], checked)),
        "  </testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _is_failure(finding: Finding, checked: Checked) -> bool:
    return checked.fails(finding) and not is_unreadable(finding)


def _case(source: str, findings: list[Finding], checked: Checked) -> Iterator[str]:
    name = f"<testcase classname={_attribute('kg.check')} name={_attribute(source)}"
    if not findings:
        yield f"    {name}/>"
        return
    yield f"    {name}>"
    told = []
    for finding in findings:
        if is_unreadable(finding):
            yield f"      {_element('error', finding)}"
        elif checked.fails(finding):
            yield f"      {_element('failure', finding)}"
        else:
            told.append(_line(finding))
    if told:
        yield f"      <system-out>{_text(chr(10).join(told))}</system-out>"
    yield "    </testcase>"


def _element(name: str, finding: Finding) -> str:
    kind, message = _attribute(rule_name(finding.shape)), _attribute(finding.message)
    path = f" {finding.path}" if finding.path else ""
    value = f" {finding.value}" if finding.value else ""
    text = _text(f"{_line(finding)}\n{finding.focus}{path}{value}")
    return f"<{name} type={kind} message={message}>{text}</{name}>"


def _line(finding: Finding) -> str:
    place = finding.where or finding.focus_term
    return f"{place}: {finding.severity.value.lower()}: {finding.message} [{rule_name(finding.shape)}]"


def _text(words: str) -> str:
    return escape(_writable(words), quote=False)


def _attribute(words: str) -> str:
    """The words in quotes; line ends and tabs by number, since a parser makes them spaces (XML 1.0, section 3.3.3)."""
    shown = escape(_writable(words))
    return '"' + re.sub(r"[\t\n\r]", lambda match: f"&#{ord(match[0])};", shown) + '"'


def _writable(words: str) -> str:
    return _FORBIDDEN.sub(lambda match: f"<U+{ord(match[0]):04X}>", words)
