"""`kg read`: what is read from one page."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from enum import Enum
from io import StringIO
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import output, printable
from kg.cli.options import Output
from kg.cli.stations import OnePage, one_text, set_up
from kg.model.evidence import Polarity
from kg.settings import read_settings

if TYPE_CHECKING:
    from kg.cli.record import Entry
    from kg.model.page import Text
    from kg.model.records import Reading, Report


class RecordFormat(Enum):
    """How `kg read` writes a record."""

    TEXT = "text"
    JSON = "json"


def read(
    page: OnePage,
    *,
    form: Annotated[RecordFormat, typer.Option("--format", help="How the record is written.")] = RecordFormat.TEXT,
    out: Output = None,
) -> None:
    """Read one page and show its record; nothing is checked or published.

    Each value stands with the place of its words, the rule that read it and how sure it is, from 0 to 1. Below them
    stands the page's text with those words marked: in colour on a terminal, as [field: words] elsewhere.

    \b
    Examples:
      kg read examples/drc-2021-267.txt
      kg read page.html --format json -o page.json
      kg read - < page.txt
    """
    from kg.cli.record import record

    settings = read_settings()
    text = one_text(page, settings)
    reading = set_up(settings).reader.read(text)
    with output(out) as stream:
        if form is RecordFormat.JSON:
            written = json.dumps(record(text, reading), ensure_ascii=False, indent=2) + "\n"
        else:
            lines = "".join(f"{printable(line)}\n" for line in _lines(text, reading))
            written = lines + _marked(text, reading, to_file=out is not None)
        stream.write(written.encode())


def _lines(text: Text, reading: Reading) -> Iterator[str]:
    from kg.cli.record import entries, told
    from kg.model.records import OtherPage

    if isinstance(reading, OtherPage):
        yield f"{text.page.source}: no report: {reading.reason}"
    else:
        yield f"{text.page.source}: report {reading.key}, by layout {reading.layout}"
    for fault in text.faults:
        yield f"{text.place(fault.at)}: {fault.reason}"
    report = told(reading)
    if report is None:
        return
    previous: Entry | None = None
    for entry in entries(report):
        yield from _entry(text, entry, previous)
        previous = entry
    yield from _gaps(text, report)


def _entry(text: Text, entry: Entry, previous: Entry | None) -> Iterator[str]:
    """A value with its place below; a sentence is told once for all that is read from it."""
    from kg.cli.values import value_text
    from kg.model.records import Lesson, Statement

    found = entry.found
    if previous is None or previous.field != entry.field:
        yield f"\n{entry.field}"
    denied = "denied: " if found.polarity is Polarity.DENIED else ""
    yield f"  {denied}{value_text(found.value)}"
    yield f"      {text.place(found.evidence.span)}  {found.method}, confidence {found.confidence}"
    told_before = previous and previous.field == entry.field and previous.found.evidence == found.evidence
    if isinstance(found.value, Lesson | Statement) and not told_before:
        yield f"      “{' '.join(found.evidence.quote.split())}”"


def _gaps(text: Text, report: Report) -> Iterator[str]:
    yield "\nno gaps" if not report.gaps else "\ngaps"
    for gap in report.gaps:
        yield f"  {text.place(gap.at)}  {gap.field}: {gap.reason}"


def _marked(text: Text, reading: Reading, *, to_file: bool) -> str:
    from rich.console import Console

    from kg.cli.marks import bracketed, coloured, marks
    from kg.cli.record import told

    report = told(reading)
    found = marks(report) if report else []
    content = printable(text.content)
    terminal = Console()
    if to_file or not sys.stdout.isatty() or terminal.no_color or terminal.color_system is None:
        return f"\n{bracketed(content, found).rstrip()}\n"
    written = StringIO()
    Console(file=written, force_terminal=True, soft_wrap=True, highlight=False).print(coloured(content, found))
    return f"\n{written.getvalue().rstrip()}\n"
