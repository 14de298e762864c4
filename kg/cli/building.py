"""`kg build`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import plural, progress, say
from kg.cli.options import Quiet, Sources, StoreFolder
from kg.cli.stations import set_up
from kg.cli.summary import leave, show_findings, show_pages, source_paths, tally
from kg.settings import read_settings

if TYPE_CHECKING:
    from kg.summary import Summary

_SHOWN_GAPS = 5


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
    paths = source_paths(sources, settings)
    with progress(count_pages(paths, settings.records), quiet=quiet) as listen:
        strictness = Strictness.STRICT if strict else Strictness.QUARANTINE
        summary = set_up(settings).build(paths, folder, strictness, listen)
    show_findings(summary)
    if not quiet:
        show_pages(summary)
        _show_summary(summary, folder, time.perf_counter() - begun)
    leave(summary)


def _show_summary(summary: Summary, folder: Path, seconds: float) -> None:
    say(
        f"{plural(summary.pages, 'page')} read, {plural(summary.reports, 'report')}, "
        f"{plural(summary.statements, 'statement')}, {plural(summary.gaps, 'gap')}, {tally(summary)}"
    )
    if summary.curated or summary.withheld:
        say(f"{plural(summary.curated, 'curated fact')} stated by hand")
    if summary.lacking:
        often = sorted(summary.lacking.items(), key=lambda each: (-each[1], each[0]))[:_SHOWN_GAPS]
        told = ", ".join(f"{name} ({plural(pages, 'page')})" for name, pages in often)
        say(f"most frequent gaps: {told}; all of them: kg report")
    version = f"version {summary.version.name} in {folder}" if summary.version else "nothing published"
    say(f"{version}, {seconds:.1f} s")
