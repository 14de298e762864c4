"""All that a format may tell of a check."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from types import MappingProxyType
from typing import Final

from kg.check.rules import UNREADABLE, Rule
from kg.model.evidence import Place
from kg.model.excerpt import Excerpt
from kg.model.verdict import Finding, Severity

_AT: Final = re.compile(r"line (?P<line>[1-9]\d*)(?:, column (?P<column>[1-9]\d*))?(?: or before)?:")

#: The name of all that is known before a page is read, where a source is called for.
KNOWLEDGE: Final = "ontology and authority"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """An entry of a baseline that nothing was found for any more.

    Attributes:
        file: the baseline.
        line: where the entry stands in it, from 1.
        entry: what it was about, in a few words.
    """

    file: str
    line: int
    entry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check came to.

    Attributes:
        findings: what was found and is not known, with a finding of the rule `source-unreadable` for each input that
            could not be read; in reading order.
        sources: what was checked: pages, or the name of what is known beforehand.
        excerpts: the lines that findings are about, by their places.
        rules: the rules that findings name, by IRI.
        fail_on: the least severity that the check fails on.
        known: how many findings a baseline knows; they are left out.
        stale: entries of the baseline that nothing was found for.
    """

    findings: tuple[Finding, ...]
    sources: tuple[str, ...] = ()
    excerpts: Mapping[Place, Excerpt] = field(default_factory=lambda: MappingProxyType({}))
    rules: Mapping[str, Rule] = field(default_factory=lambda: MappingProxyType({}))
    fail_on: Severity = Severity.VIOLATION
    known: int = 0
    stale: tuple[Stale, ...] = ()

    def fails(self, finding: Finding) -> bool:
        """Whether the check fails on this finding."""
        return finding.severity.rank >= self.fail_on.rank


def unreadable_finding(source: str, reason: str) -> Finding:
    """What is found of an input that could not be read; its focus is the input's name, as no node stands for it."""
    return Finding(
        shape=UNREADABLE,
        focus=source,
        path=None,
        value=None,
        severity=Severity.VIOLATION,
        message=f"This file could not be read, so nothing in it was checked: {reason}",
        where=_fault_place(source, reason),
    )


def _fault_place(source: str, reason: str) -> Place:
    """The place that a reason begins with, as those of files with lines do; else the file's first line."""
    at = _AT.match(reason)
    return Place(source=source, line=int(at["line"]) if at else 1, column=int(at["column"] or 1) if at else 1)


def is_unreadable(finding: Finding) -> bool:
    """Whether the finding says that an input could not be read."""
    return finding.shape == UNREADABLE


def by_source(findings: Iterable[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    """The findings of each source in turn; what was not read from a page comes under the empty name."""
    for source, group in groupby(findings, key=lambda finding: finding.where.source if finding.where else ""):
        yield source, list(group)


def tally(findings: Iterable[Finding]) -> str:
    """`3 findings (1 violation, 2 warnings)`."""
    return counted(Counter(finding.severity for finding in findings))


def counted(by_severity: Mapping[Severity, int]) -> str:
    """The same where their numbers are known."""
    counts = {each: by_severity.get(each, 0) for each in sorted(Severity, key=lambda each: -each.rank)}
    if not any(counts.values()):
        return "no findings"
    parts = [_plural(count, severity.value.lower()) for severity, count in counts.items() if count]
    return f"{_plural(sum(counts.values()), 'finding')} ({', '.join(parts)})"


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
