"""`kg build` and `kg check`."""

from __future__ import annotations

import json
import time
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import output, plural, progress, say
from kg.cli.options import Output, Quiet, Sources, StoreFolder
from kg.cli.stations import set_up
from kg.settings import Settings, read_settings

if TYPE_CHECKING:
    from kg.build import Summary

FINDINGS, UNREADABLE = 1, 3
_SHOWN_GAPS = 5


class FindingsFormat(Enum):
    """How `kg check` writes findings."""

    HUMAN = "human"
    JSON = "json"


def build(
    sources: Sources = None,
    *,
    store: StoreFolder = None,
    strict: Annotated[bool, typer.Option("--strict", help="Publish nothing when a page has a Violation.")] = False,
    quiet: Quiet = False,
) -> None:
    """Read pages, check them, and publish a version of the graph.

    A page with a Violation is quarantined: none of its statements is published, and the exit code is 1. A page that
    cannot be read is named, and the exit code is 3. The rest is published.

    \b
    Examples:
      kg build examples
      kg build reports/ more/page.txt --store /srv/kg-store
      kg build --strict
    """
    from kg.build import Strictness
    from kg.sources import count_pages

    settings = read_settings()
    begun = time.perf_counter()
    folder = store or settings.store
    paths = _paths(sources, settings)
    with progress(count_pages(paths, settings.records), quiet=quiet) as listen:
        strictness = Strictness.STRICT if strict else Strictness.QUARANTINE
        summary = set_up(settings).build(paths, folder, strictness, listen)
    _show_findings(summary)
    if not quiet:
        _show_pages(summary)
        _show_summary(summary, folder, time.perf_counter() - begun)
    _leave(summary)


def check(
    sources: Sources = None,
    *,
    ontology: Annotated[
        bool, typer.Option("--ontology", help="Check the ontology's vocabularies and the authority instead of pages.")
    ] = False,
    form: Annotated[FindingsFormat, typer.Option("--format", help="How findings are written.")] = FindingsFormat.HUMAN,
    out: Output = None,
    quiet: Quiet = False,
) -> None:
    """Read pages and check them against the shapes, publishing nothing.

    Each finding names file, line and column of the words it is about, the shape, and what to do.

    \b
    Examples:
      kg check examples
      kg check page.txt --format json -o findings.json
      kg check --ontology
    """
    from kg.build import Summary
    from kg.check import finding_records, findings_text
    from kg.sources import count_pages

    settings = read_settings()
    builder = set_up(settings)
    if ontology:
        verdict = builder.checker.check_knowledge()
        summary = Summary(findings=list(verdict.findings))
        looked_at = plural(verdict.coverage.subjects, "thing")
    else:
        paths = _paths(sources, settings)
        with progress(count_pages(paths, settings.records), quiet=quiet) as listen:
            summary = builder.check(paths, listen)
        looked_at = plural(summary.pages, "page")
    with output(out) as stream:
        text = findings_text(summary.findings)
        if form is FindingsFormat.JSON:
            text = json.dumps(finding_records(summary.findings), ensure_ascii=False, indent=2)
        stream.write(f"{text}\n".encode() if text else b"")
    if not quiet:
        _show_pages(summary)
        say(f"{looked_at} checked: {_tally(summary)}")
    _leave(summary)


def _paths(sources: list[Path] | None, settings: Settings) -> list[Path]:
    return list(sources or settings.sources)


def _show_findings(summary: Summary) -> None:
    from kg.check import findings_text

    if summary.findings:
        say(findings_text(summary.findings))


def _show_pages(summary: Summary) -> None:
    for unreadable in summary.unreadable:
        say(f"{unreadable.source}: unreadable: {unreadable.reason}")
    for source in summary.quarantined:
        say(f"{source}: quarantined: it has a Violation, and none of its statements is published")
    for source, reason in summary.others:
        say(f"{source}: no report: {reason}")
    for source, earlier in summary.repeated:
        say(f"{source}: left out: the same bytes as {earlier}")
    if summary.passed_over:
        say(f"passed over, since they are no pages: {', '.join(summary.passed_over)}")


def _show_summary(summary: Summary, folder: Path, seconds: float) -> None:
    say(
        f"{plural(summary.pages, 'page')} read, {plural(summary.reports, 'report')}, "
        f"{plural(summary.statements, 'statement')}, {plural(summary.gaps, 'gap')}, {_tally(summary)}"
    )
    if summary.lacking:
        often = sorted(summary.lacking.items(), key=lambda each: (-each[1], each[0]))[:_SHOWN_GAPS]
        told = ", ".join(f"{name} ({plural(pages, 'page')})" for name, pages in often)
        say(f"most frequent gaps: {told}; all of them: kg report")
    version = f"version {summary.version.name} in {folder}" if summary.version else "nothing published"
    say(f"{version}, {seconds:.1f} s")


def _tally(summary: Summary) -> str:
    if not summary.findings:
        return "no findings"
    by_severity: dict[str, int] = {}
    for finding in sorted(summary.findings, key=lambda each: -each.severity.rank):
        name = finding.severity.value.lower()
        by_severity[name] = by_severity.get(name, 0) + 1
    return (
        plural(len(summary.findings), "finding")
        + f" ({', '.join(plural(count, name) for name, count in by_severity.items())})"
    )


def _leave(summary: Summary) -> None:
    if summary.unreadable:
        raise typer.Exit(UNREADABLE)
    if summary.violated:
        raise typer.Exit(FINDINGS)
