"""What a build tells to programs, and what it would do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from kg.cli.console import INTERRUPTED, Told, plural, say
from kg.cli.progress import Course
from kg.model.errors import KgError

if TYPE_CHECKING:
    from kg.build import Listener, Plan
    from kg.summary import Summary

_EVERY: Final = 5.0  # seconds


@contextmanager
def json_log(count: Callable[[], int]) -> Iterator[Listener]:
    """An object a line on standard error, every few seconds.

    Args:
        count: counts the pages that there are.
    """
    course = Course(count, _EVERY)

    def listen(source: str, summary: Summary) -> None:
        if passed := course.passed(summary):
            _log(
                "progress", source=source, seconds=round(passed.seconds, 1), of_pages=passed.total,
                statements_per_second=round(passed.speed), seconds_left=round(passed.left), **_numbers(summary),
            )  # fmt: skip

    yield listen


@contextmanager
def json_errors() -> Iterator[None]:
    """An error of ours, or Ctrl-C, which ends the command, as such an object.

    Raises:
        Exit: there was an error.
        Told: it was Ctrl-C.
    """
    try:
        yield
    except KgError as error:
        _log("error", kind=type(error).__name__, message=str(error), exit_code=error.exit_code)
        raise typer.Exit(error.exit_code) from error
    except KeyboardInterrupt:
        _log("interrupted", exit_code=INTERRUPTED)
        raise Told(INTERRUPTED) from None


def log_summary(summary: Summary, seconds: float) -> None:
    """Tells of each finding, each page that is not simply among those read, and of the whole."""
    for finding in summary.findings:
        place = finding.where
        where = {"source": place.source, "line": place.line, "column": place.column} if place else {}
        _log(
            "finding", shape=finding.shape, focus=finding.focus, severity=finding.severity.name.lower(),
            message=finding.message, **where,
        )  # fmt: skip
    for each in summary.unreadable:
        _log("unreadable", source=each.source, reason=each.reason)
    for source in (*summary.quarantined, *summary.withheld):
        _log("quarantined", source=source)
    for source, reason in summary.others:
        _log("no report", source=source, reason=reason)
    for source, earlier in summary.repeated:
        _log("repeated", source=source, earlier=earlier)
    for source in summary.passed_over:
        _log("passed over", source=source)
    version = summary.version.name if summary.version else None
    _log("done", version=version, seconds=round(seconds, 2), **_numbers(summary))


def warn_of(damage: str, folder: Path, *, logs: bool) -> None:
    """Tells of a damaged version: the build that follows heals the store."""
    if logs:
        _log("damage", store=str(folder), reason=damage)
    else:
        say(f"WARNING: {folder} does not hold what was published ({damage}); every page is read again")


def show_plan(plan: Plan, *, logs: bool) -> None:
    """Tells what a build would do."""
    acts = {"read (new)": plan.new, "read (changed)": plan.changed, "take out": plan.vanished, "keep": plan.kept}
    if logs:
        for act, sources in acts.items():
            for source in sources:
                _log("plan", act=act, source=source)
        _log("planned", unchanged=plan.unchanged, causes=list(plan.causes), changes=not plan.changes_nothing)
        return
    for act, sources in acts.items():
        for source in sources:
            say(f"would {act}: {source}")
    for each in plan.unreadable:
        say(f"{each.source}: unreadable: {each.reason}")
    if plan.causes:
        say(f"every page would be read, since {', '.join(plan.causes)}")
    say(
        f"{plural(len(plan.new), 'new page')}, {len(plan.changed):,} changed, {len(plan.vanished):,} gone, "
        f"{plan.unchanged:,} unchanged"
    )


def _numbers(summary: Summary) -> dict[str, int]:
    return {
        "pages": summary.pages, "read": summary.read, "reports": summary.reports, "statements": summary.statements,
        "gaps": summary.gaps, "findings": len(summary.findings), "unreadable": len(summary.unreadable),
    }  # fmt: skip


def _log(event: str, **values: object) -> None:
    say(json.dumps({"event": event, **values}, ensure_ascii=False))
