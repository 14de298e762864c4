"""What commands tell of a run over pages, and the exit code it ends with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kg.cli.console import plural, say
from kg.settings import Settings, refuses_colour

if TYPE_CHECKING:
    from kg.summary import Summary

FINDINGS, UNREADABLE = 1, 3
_MOST_TOLD_AGAIN = 1000  # findings: a quarter of a million took 8 s and 800 MB to tell


def source_paths(sources: list[Path] | None, settings: Settings) -> list[Path]:
    """The sources named on the command line, else those of the settings."""
    return list(sources or settings.sources)


def show_findings(summary: Summary) -> None:
    """Tells the findings; where there are many, of pages that did not change only those that keep a page out."""
    from kg.check.formats import COLOURED, PLAIN, findings_text

    findings = summary.findings if len(summary.findings) <= _MOST_TOLD_AGAIN else summary.findings.news
    if findings:
        palette = COLOURED if sys.stderr.isatty() and not refuses_colour() else PLAIN
        say(findings_text(findings, findings.excerpts, palette).rstrip("\n"))
    if left := len(summary.findings) - len(findings):
        say(f"not told again: {plural(left, 'finding')} about pages that did not change; kg check tells all")


def show_pages(summary: Summary, *, unreadable_shown: bool = False) -> None:
    """Tells of every page that is not simply among those read.

    Args:
        summary: what became of the pages.
        unreadable_shown: whether the findings tell already of what could not be read.
    """
    from kg.check.formats import visible

    lines = [f"{each.source}: unreadable: {each.reason}" for each in (() if unreadable_shown else summary.unreadable)]
    lines += [
        f"{source}: quarantined: it has a Violation, and none of its statements is published"
        for source in (*summary.quarantined, *summary.withheld)
    ]
    lines += [f"{source}: no report: {reason}" for source, reason in summary.others]
    lines += [f"{source}: left out: the same bytes as {earlier}" for source, earlier in summary.repeated]
    if summary.passed_over:
        lines.append(f"passed over, since they are no pages: {', '.join(summary.passed_over)}")
    for line in lines:
        say(visible(line))


def tally(summary: Summary) -> str:
    """`3 findings (1 violation, 2 warnings)`."""
    from kg.check.formats import counted

    return counted(summary.findings.by_severity)


def leave(summary: Summary) -> None:
    """Ends the command as its exit codes promise.

    Raises:
        Exit: a page could not be read, or something graver than a Warning was found, or a page was quarantined.
    """
    if summary.unreadable:
        raise typer.Exit(UNREADABLE)
    if summary.violated or summary.quarantined or summary.withheld:
        raise typer.Exit(FINDINGS)
