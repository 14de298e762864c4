"""Findings as a summary in Markdown, for a pull request or a job's page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kg.check.formats.checked import Checked, by_source, tally
from kg.check.formats.visible import visible
from kg.check.rules import rule_name
from kg.model.verdict import Finding

_MOST: Final = 500  # a job's page on GitHub may have 1 MiB
_SPECIAL: Final = re.compile(r"[\\`*_\[\]#~|<>&@]")
_HEAD: Final = "| line | severity | finding | words | shape |\n|---:|---|---|---|---|\n"


def markdown(checked: Checked) -> str:
    """The tally, and a table for each page with findings; no word of a page is taken for markup."""
    parts = ["## kg check\n", f"{len(checked.sources):,} checked: **{tally(checked.findings)}**\n"]
    if checked.known:
        parts.append(f"{checked.known:,} known to the baseline and left out\n")
    shown = checked.findings[:_MOST]
    for source, group in by_source(shown):
        name = _plain(source) or "Not read from a page"
        parts.append(f"### {name}\n\n{_HEAD}" + "".join(_rows(group)))
    if len(shown) < len(checked.findings):
        parts.append(f"… and {len(checked.findings) - len(shown):,} more findings\n")
    if checked.stale:
        entries = "".join(f"- {_plain(stale.entry)}\n" for stale in checked.stale)
        parts.append(f"### Stale entries of the baseline\n\n{entries}")
    return "\n".join(parts)


def _rows(findings: list[Finding]) -> Iterator[str]:
    for finding in findings:
        line = str(finding.where.line) if finding.where else ""
        words = _plain(finding.where.quote.split("\n")[0]) if finding.where else ""
        name = _plain(rule_name(finding.shape))
        yield f"| {line} | {finding.severity.value.lower()} | {_plain(finding.message)} | {words} | {name} |\n"


def _plain(words: str) -> str:
    """The words with each character that Markdown, HTML or a forge gives a meaning as a character reference."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", visible(words))
