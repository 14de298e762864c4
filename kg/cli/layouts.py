"""`kg layout list` and `kg layout try`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import output, plural, printable
from kg.cli.options import Output
from kg.cli.stations import OnePage, one_text, set_up
from kg.settings import read_settings

if TYPE_CHECKING:
    from kg.extract.explain import Catch, Trial
    from kg.extract.layouts import Layout
    from kg.model.evidence import Span
    from kg.model.page import Text

_SHOWN = 100

app = typer.Typer(
    name="layout", help="List layouts, and try one on a page.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("list")
def list_layouts() -> None:
    """List the layouts that pages are read by, those of your own (setting `layouts`) last.

    \b
    Example:
      kg layout list
    """
    layouts = set_up(read_settings()).layouts
    width = max(len(layout.name) for layout in layouts)
    for layout in layouts:
        typer.echo(f"{layout.name:{width}}  {plural(len(layout.lines), 'line rule')}  {layout.title}")


@app.command("try")
def try_file(
    file: Annotated[Path, typer.Argument(help="A layout: one TOML file.", show_default=False)],
    page: OnePage,
    *,
    out: Output = None,
) -> None:
    """Show what one layout makes of a page: whether it fits and why, and line by line what each rule caught.

    The layout need not be among those that pages are read by. What its rules leave over, and what it expects and does
    not find, is listed too.

    \b
    Examples:
      kg layout try layouts/drc.toml examples/drc-2021-267.txt
      kg layout try my-layouts/lakeside.toml page.txt
    """
    from kg.extract.explain import try_layout
    from kg.extract.layouts import read_layout

    settings = read_settings()
    layout = read_layout(file)
    text = one_text(page, settings)
    trial = try_layout(text, layout)
    rivals = [try_layout(text, other) for other in set_up(settings).layouts if other.name != layout.name]
    with output(out) as stream:
        for line in _shown(text, trial, rivals):
            stream.write(f"{printable(line)}\n".encode())


def _shown(text: Text, trial: Trial, rivals: Sequence[Trial]) -> Iterator[str]:
    from kg.extract.explain import winner

    layout = trial.layout
    yield f"{text.page.source} by {layout.name} ({layout.title})"
    yield f"  {fit_text(trial)}"
    for rule in (rule for rule in layout.lines if rule.weight):
        caught = bool(trial.caught(rule.name))
        yield f"    {rule.weight if caught else 0:+d}  {rule.name}{'' if caught else ': no line is caught'}"
    yield f"  {_report_text(trial)}"
    taken = winner([trial, *rivals])
    yield f"  beside the other layouts, the page is read by {taken.name if taken else 'none'}"
    yield "\nlines"
    yield from _lines(text, trial)
    yield "\nexpected"
    yield from (f"  {each.field}: there" for each in trial.met)
    yield from (f"  {each.field}: MISSING; {each.say}" for each in trial.missing)
    idle = [rule.name for rule in (*layout.lines, *layout.finds) if not trial.caught(rule.name)]
    yield f"\nrules that caught nothing: {', '.join(idle) or 'none'}"
    yield f"lines that no rule claims: {len(trial.unclaimed)}"


def fit_text(trial: Trial) -> str:
    """Whether a layout fits, with its weights."""
    verdict = "fits" if trial.fits else "does not fit"
    fallback = ", and only where no other layout does" if trial.layout.fallback else ""
    return f"{verdict}: weight {trial.fit}; it fits from {trial.layout.fits_from}{fallback}"


def _report_text(trial: Trial) -> str:
    wanted: Layout = trial.layout
    has = [name for name in wanted.report_when if trial.header.has(name)]
    if has:
        return f"a report, since it has: {', '.join(has)}"
    return f"no report, since it has no {' or '.join(wanted.report_when)}"


def _lines(text: Text, trial: Trial) -> Iterator[str]:
    rows: list[tuple[Span, str]] = [(catch.line, _caught(text, catch)) for catch in trial.catches]
    rows += [(line, f"no rule: {_words(text, line)}") for line in trial.unclaimed]
    read_whole = any(span == trial.body for catch in trial.catches for _, span in catch.fields)
    if trial.body and not read_whole:
        rows.append((trial.body, f"prose: {_words(text, trial.body)}"))
    for span, shown in sorted(rows, key=lambda row: row[0]):
        yield f"  {text.place(span).line:>4}  {shown}"


def _caught(text: Text, catch: Catch) -> str:
    fields = "; ".join(f"{name} = {_words(text, span)}" for name, span in catch.fields)
    return f"{catch.rule}: {fields or f'reads no field of: {_words(text, catch.line)}'}"


def _words(text: Text, span: Span) -> str:
    words = " ".join(text.content[span.start : span.end].split())
    return f"“{words if len(words) <= _SHOWN else words[: _SHOWN - 2] + ' …'}”"
