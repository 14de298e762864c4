"""`kg build`."""

from __future__ import annotations

import signal
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import plural, say
from kg.cli.options import Jobs, Quiet, Sources, StoreFolder, worker_count
from kg.cli.progress import progress
from kg.cli.staged import terminated
from kg.cli.stations import set_up
from kg.cli.summary import leave, show_findings, show_pages, source_paths, tally
from kg.model.errors import StoreError, StoreMissing
from kg.settings import read_settings

if TYPE_CHECKING:
    from kg.summary import Summary

_SHOWN_GAPS = 5


def build(  # noqa: PLR0913 - one parameter for each option
    sources: Sources = None,
    *,
    store: StoreFolder = None,
    strict: Annotated[bool, typer.Option("--strict", help="Publish nothing when a page has a Violation.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say which pages would be read or taken out, and change nothing.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Read every page again, also those that did not change.")
    ] = False,
    keep_missing: Annotated[
        bool, typer.Option("--keep-missing", help="Keep pages in the graph that are no longer there.")
    ] = False,
    jobs: Jobs = None,
    quiet: Quiet = False,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="Tell everything as JSON, one object a line, instead of in words.")
    ] = False,
) -> None:
    """Read pages, check them, and publish a version of the graph.

    Only pages that are new or changed since the current version are read, unless something else changed that pages
    are judged by; what is published is the same. A page that is no longer there is taken out.

    A page with a Violation is quarantined: none of its statements is published, and the exit code is 1. A page that
    cannot be read is named, and the exit code is 3. The rest is published.

    \b
    Examples:
      kg build examples
      kg build reports/ more/page.txt --store /srv/kg-store
      kg build --strict
      kg build reports/ --dry-run
    """
    from kg.build import Extent, Manner, Missing, Strictness
    from kg.cli.buildlog import json_errors, json_log, log_summary, show_plan, warn_of
    from kg.sources import count_pages

    with json_errors() if log_json else nullcontext():
        settings = read_settings()
        begun = time.perf_counter()
        folder = store or settings.store
        paths = source_paths(sources, settings)
        signal.signal(signal.SIGTERM, terminated)
        manner = Manner(
            strictness=Strictness.STRICT if strict else Strictness.QUARANTINE,
            extent=Extent.ALL if everything else Extent.CHANGED,
            missing=Missing.KEPT if keep_missing else Missing.RETRACTED,
            jobs=worker_count(jobs, settings),
            page_deadline=settings.page_deadline,
        )

        def count() -> int:
            return count_pages(paths, settings.records)

        if dry_run:
            show_plan(set_up(settings).plan(paths, folder, manner), logs=log_json)
            return
        if damage := _damage(folder):
            warn_of(damage, folder, logs=log_json)
        with json_log(count) if log_json else progress(count, quiet=quiet) as listen:
            summary = set_up(settings).build(paths, folder, manner, listen)
        seconds = time.perf_counter() - begun
        if log_json:
            log_summary(summary, seconds)
        else:
            show_findings(summary)
        if not (quiet or log_json):
            show_pages(summary)
            _show_summary(summary, folder, seconds)
        leave(summary)


def _damage(folder: Path) -> str | None:
    """What of the version that CURRENT names does not hold; None where it does, or there is none."""
    from kg.store import VersionStore

    try:
        found = VersionStore(folder).current().fallback_from
    except StoreMissing:
        return None
    except StoreError as error:
        return error.reason
    return f"{found.name}: {found.reason}" if found else None


def _show_summary(summary: Summary, folder: Path, seconds: float) -> None:
    say(
        f"{plural(summary.pages, 'page')} read, {plural(summary.reports, 'report')}, "
        f"{plural(summary.statements, 'statement')}, {plural(summary.gaps, 'gap')}, {tally(summary)}"
    )
    if summary.read < summary.pages:
        say(f"{plural(summary.read, 'page')} new or changed; the rest stands as the version before had it")
    if summary.kept:
        say(f"{plural(len(summary.kept), 'page')} kept though no longer there")
    if summary.curated or summary.withheld:
        say(f"{plural(summary.curated, 'curated fact')} stated by hand")
    if summary.lacking:
        often = sorted(summary.lacking.items(), key=lambda each: (-each[1], each[0]))[:_SHOWN_GAPS]
        told = ", ".join(f"{name} ({plural(pages, 'page')})" for name, pages in often)
        say(f"most frequent gaps: {told}; all of them: kg report")
    version = f"version {summary.version.name} in {folder}" if summary.version else "nothing published"
    say(f"{version}, {seconds:.1f} s")
