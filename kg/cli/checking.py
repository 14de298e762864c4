"""`kg check`."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.changed import changed_pages
from kg.cli.console import plural, say
from kg.cli.explaining import explain_shapes
from kg.cli.known import BASELINE, known_findings
from kg.cli.options import Jobs, Output, Quiet, Sources, worker_count
from kg.cli.progress import progress
from kg.cli.rdf_checking import Coverage, Ontology, RdfOptions, Shapes, is_rdf, rdf_run
from kg.cli.run import Run, joined
from kg.cli.stations import set_up
from kg.cli.summary import FINDINGS, UNREADABLE, show_pages, source_paths
from kg.cli.written import Destination, destinations, tells_people, write
from kg.model.errors import UsageError
from kg.model.verdict import Severity
from kg.settings import Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.build import Builder, Listener, Manner
    from kg.check.baseline import Baseline
    from kg.check.formats import Checked
    from kg.model.verdict import Finding
    from kg.summary import Summary

    Station = Callable[[Sequence[Path], Listener], Summary]

Formats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar="FORMAT[=FILE]",
        help="How findings are written: human, json, jsonl, sarif, junit, github (annotations), gitlab (code quality), "
        "markdown, csv or turtle (a SHACL report). With =FILE into that file; may be given several times.",
        show_default="human",
    ),
]


#: Pages below which workers cost more than they bring.
_WORTH_WORKERS = 32


class Engine(Enum):
    """The validators, as `kg.check.engine.EngineKind` has them; that module is for commands that run."""

    COMPILED = "compiled"
    PYSHACL = "pyshacl"


class FailOn(Enum):
    """The least severity that a check fails on."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


def check(  # noqa: PLR0913 - one parameter for each option
    sources: Sources = None,
    *,
    shapes: Shapes = None,
    ontology: Ontology = None,
    coverage: Coverage = False,
    engine: Annotated[
        Engine, typer.Option("--engine", help="What validates: our compiled shapes, or pySHACL, the slow reference.")
    ] = Engine.COMPILED,
    knowledge: Annotated[
        bool, typer.Option("--knowledge", help="Check our vocabularies and the authority instead of pages.")
    ] = False,
    formats: Formats = None,
    out: Output = None,
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="The least severity that makes the exit code 1.")
    ] = FailOn.VIOLATION,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="FILE", help="Leave out the findings that this file knows.")
    ] = None,
    write_baseline: Annotated[
        bool,
        typer.Option("--write-baseline", help=f"Write what is found into the baseline. Default: {BASELINE}."),
    ] = False,
    changed_since: Annotated[
        str | None,
        typer.Option("--changed-since", metavar="REV", help="Check only pages that changed in git since this commit."),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Explain the shapes named instead of checking; without a name, list them all."),
    ] = False,
    jobs: Jobs = None,
    quiet: Quiet = False,
) -> None:
    """Check pages, or anyone's RDF, against shapes; nothing is published.

    Each finding names file, line and column of the words it is about, the shape, and what to do. Files of RDF (.ttl,
    .trig, .nt, .nq, .jsonld, .rdf, .owl) are checked together, against our shapes or with --shapes against yours.

    \b
    Examples:
      kg check examples
      kg check page.txt --format json -o findings.json
      kg check pages --format human --format sarif=findings.sarif --fail-on warning
      kg check pages --baseline .kg-baseline --changed-since origin/main
      kg check --explain Report-title
      kg check data.ttl --shapes my-shapes/ --ontology my.ttl --coverage
      kg check --knowledge
    """
    settings = read_settings()
    if explain:
        explain_shapes([str(name) for name in sources or ()], out, settings)
        return
    where = destinations(formats or [], out)
    options = _rdf_options(shapes, ontology, engine, coverage=coverage)
    builder = set_up(settings, options.engine)
    if changed_since is not None and (knowledge or options.foreign):
        other = "--knowledge checks all that is known beforehand" if knowledge else "RDF files are one graph"
        raise UsageError(f"--changed-since chooses pages; {other}")
    if knowledge:
        run = _knowledge(builder)
    else:
        whole = source_paths(sources, settings)
        paths = whole if changed_since is None else changed_pages(whole, changed_since, settings)
        check_all = builder.check if paths == whole else builder.check_pages
        run = _sources(builder, _station(check_all, jobs, settings), paths, options, settings, quiet=quiet)
    known = known_findings(baseline, run.judged, renew=_found(run) if write_baseline else None)
    checked = _checked(run, known, Severity[fail_on.name], where)
    write(checked, where)
    if not quiet:
        _tell(run, checked, where)
    _leave(checked, run)


def _rdf_options(
    shapes: list[Path] | None, ontology: list[Path] | None, engine: Engine, *, coverage: bool
) -> RdfOptions:
    from kg.check.engine import EngineKind

    return RdfOptions(
        shapes=tuple(shapes or ()),
        ontology=tuple(ontology or ()),
        coverage=coverage,
        engine=EngineKind(engine.value),
    )


def _sources(  # noqa: PLR0913 - what is asked for, and what it is done with
    builder: Builder, check_all: Station, paths: list[Path], options: RdfOptions, settings: Settings, *, quiet: bool
) -> Run:
    """Pages as pages and RDF as RDF; with shapes or an ontology of somebody's own, RDF alone."""
    rdf = paths if options.foreign else [path for path in paths if is_rdf(path)]
    pages = [path for path in paths if path not in rdf]
    if not rdf:
        return _pages(check_all, pages, settings, quiet=quiet)
    run = rdf_run(rdf, options, builder)
    return joined(_pages(check_all, pages, settings, quiet=quiet), run) if pages else run


def _station(
    check_all: Callable[[Sequence[Path], Listener, Manner], Summary], jobs: int | None, settings: Settings
) -> Station:
    """A check with its workers: none for a few pages, unless they are asked for."""
    from kg.build import Manner
    from kg.sources import count_pages

    def station(paths: Sequence[Path], listen: Listener) -> Summary:
        is_worth_it = jobs is not None or count_pages(paths, settings.records) >= _WORTH_WORKERS
        workers = worker_count(jobs, settings) if is_worth_it else 1
        return check_all(paths, listen, Manner(jobs=workers, page_deadline=settings.page_deadline))

    return station


def _pages(check_all: Station, paths: list[Path], settings: Settings, *, quiet: bool) -> Run:
    from kg.check.baseline import Judged
    from kg.sources import count_pages

    with progress(lambda: count_pages(paths, settings.records), quiet=quiet) as listen:
        summary = check_all(paths, listen)
    sources = (*summary.checked, *(source for source, _ in summary.repeated))
    judged = Judged(sources=frozenset(sources))
    return Run(summary=summary, looked_at=plural(summary.pages, "page"), sources=sources, judged=judged)


def _knowledge(builder: Builder) -> Run:
    from kg.check.baseline import Judged
    from kg.check.formats import KNOWLEDGE
    from kg.summary import Findings, Summary

    verdict = builder.check_knowledge()
    summary = Summary(findings=Findings(builder.severities.shown(verdict.findings)))
    judged = Judged(sources=frozenset(), knowledge=True)
    things = plural(verdict.coverage.subjects, "thing")
    return Run(summary=summary, looked_at=things, sources=(KNOWLEDGE,), judged=judged)


def _found(run: Run) -> tuple[Finding, ...]:
    """All findings in reading order, those about what could not be read among them."""
    from kg.check.formats import unreadable_finding

    unreadable = [unreadable_finding(each.source, each.reason) for each in run.summary.unreadable]
    return tuple(sorted((*run.summary.findings, *unreadable), key=lambda finding: finding.sort_key))


def _checked(run: Run, known: Baseline, fail_on: Severity, where: list[Destination]) -> Checked:
    from kg import assets
    from kg.check.formats import Checked, FindingsFormat
    from kg.check.rules import read_rules

    found = _found(run)
    new = known.unknown(found)
    tells_rules = any(each.form is FindingsFormat.SARIF for each in where)
    return Checked(
        findings=new,
        sources=run.sources,
        excerpts=run.summary.excerpts,
        rules=read_rules(assets.shapes()) if tells_rules else {},
        fail_on=fail_on,
        known=len(found) - len(new),
        stale=known.stale(found, run.judged),
    )


def _tell(run: Run, checked: Checked, where: list[Destination]) -> None:
    from kg.check.formats import tally, visible

    show_pages(run.summary, unreadable_shown=tells_people(where))
    for stale in checked.stale:
        say(f"{stale.file}:{stale.line}: stale: nothing is found any more for {visible(stale.entry)}")
    outcome = [tally(checked.findings)]
    if checked.known:
        outcome.append(f"{plural(checked.known, 'known finding')} left out")
    if checked.stale:
        outcome.append(f"{checked.stale[0].file} has {len(checked.stale):,} stale; write it anew with --write-baseline")
    say(f"{run.looked_at} checked: {'; '.join((*outcome, *run.notes))}")


def _leave(checked: Checked, run: Run) -> None:
    if run.summary.unreadable:
        raise typer.Exit(UNREADABLE)
    if any(map(checked.fails, checked.findings)):
        raise typer.Exit(FINDINGS)
