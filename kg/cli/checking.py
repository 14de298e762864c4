"""`kg check`."""

from __future__ import annotations

import json
from enum import Enum
from typing import Annotated

import typer

from kg.cli.console import output, plural, progress, say
from kg.cli.options import Output, Quiet, Sources
from kg.cli.stations import set_up
from kg.cli.summary import leave, show_pages, source_paths, tally
from kg.settings import read_settings


class FindingsFormat(Enum):
    """How `kg check` writes findings."""

    HUMAN = "human"
    JSON = "json"


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
        paths = source_paths(sources, settings)
        with progress(count_pages(paths, settings.records), quiet=quiet) as listen:
            summary = builder.check(paths, listen)
        looked_at = plural(summary.pages, "page")
    with output(out) as stream:
        text = findings_text(summary.findings)
        if form is FindingsFormat.JSON:
            text = json.dumps(finding_records(summary.findings), ensure_ascii=False, indent=2)
        stream.write(f"{text}\n".encode() if text else b"")
    if not quiet:
        show_pages(summary)
        say(f"{looked_at} checked: {tally(summary)}")
    leave(summary)
