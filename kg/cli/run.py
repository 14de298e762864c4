"""What `kg check` looked at, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.check.baseline import Judged
    from kg.summary import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One check.

    Attributes:
        looked_at: how much was checked, in words.
        sources: what was checked, by name.
        judged: the entries of a baseline that it can judge.
        notes: what else a person should know.
    """

    summary: Summary
    looked_at: str
    sources: tuple[str, ...]
    judged: Judged
    notes: tuple[str, ...] = ()


def joined(first: Run, second: Run) -> Run:
    """A check of pages and one of RDF files, as one."""
    from kg.check.baseline import Judged
    from kg.summary import Findings

    summary = first.summary
    findings = sorted((*summary.findings, *second.summary.findings), key=lambda finding: finding.sort_key)
    summary.findings = Findings(findings, {**summary.excerpts, **second.summary.excerpts})
    summary.unreadable += second.summary.unreadable
    return Run(
        summary=summary,
        looked_at=f"{first.looked_at} and {second.looked_at}",
        sources=(*first.sources, *second.sources),
        judged=Judged(sources=frozenset((*first.judged.sources, *second.judged.sources))),
        notes=(*first.notes, *second.notes),
    )
