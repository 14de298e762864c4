"""`kg report`: what pages do not say, by field and publisher, and which pages are no reports."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from enum import Enum
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import output, plural, printable
from kg.cli.options import Output, StoreFolder
from kg.cli.progress import progress
from kg.cli.querying import ask
from kg.cli.stations import set_up
from kg.cli.values import local
from kg.settings import Settings, read_settings

if TYPE_CHECKING:
    from kg.query.gaps import FieldGaps, NoReport
    from kg.summary import Outcome

_UNREADABLE = 3
_COLUMNS = ("field", "publisher", "layout", "pages", "of", "example", "reason")


class GapsFormat(Enum):
    """How `kg report` writes gaps."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


@dataclass(kw_only=True)
class _Gaps:
    """What is to be shown; unreadable pages have no layout."""

    reports: int
    fields: Sequence[FieldGaps]
    others: Sequence[NoReport]
    unreadable: Sequence[NoReport] = ()


def report(
    sources: Annotated[
        list[Path] | None, typer.Argument(help="Pages and folders to read. Default: the current version is asked.")
    ] = None,
    *,
    form: Annotated[GapsFormat, typer.Option("--format", help="How the gaps are written.")] = GapsFormat.TABLE,
    store: StoreFolder = None,
    out: Output = None,
) -> None:
    """List what report pages do not say, by field, publisher and layout, and the pages that are no reports.

    Each field stands with the number of pages that lack it, of how many, and one of them with its reason. Without
    sources the current version is asked; with sources these are read, and nothing is published.

    \b
    Examples:
      kg report
      kg report examples --format csv
      kg report pages/ -o gaps.json --format json
    """
    settings = read_settings()
    found = _read(sources, settings) if sources else _stored(settings, store)
    with output(out) as stream:
        stream.write(_WRITERS[form](found).encode())
    if found.unreadable:
        raise typer.Exit(_UNREADABLE)


def _stored(settings: Settings, store: Path | None) -> _Gaps:
    """The gaps of the current version."""
    from kg.query.gaps import GAPS, OTHERS, REPORTS, field_gaps, no_reports

    reports, gaps, others = (json.loads(ask(query, settings, store).payload) for query in (REPORTS, GAPS, OTHERS))
    pages = sum(int(row["pages"]["value"]) for row in reports["results"]["bindings"])
    return _Gaps(reports=pages, fields=field_gaps(reports, gaps), others=no_reports(others))


def _read(sources: Sequence[Path], settings: Settings) -> _Gaps:
    """The gaps of pages that are read now."""
    from kg.query.gaps import NoReport, gap_order
    from kg.sources import count_pages
    from kg.summary import Summary

    summary, tally = Summary(), _Tally()
    with progress(lambda: count_pages([path for path in sources if path.exists()]), quiet=False) as listen:
        for outcome in set_up(settings).outcomes(sources, summary, listen):
            tally.add(outcome)
    return _Gaps(
        reports=tally.whole.total(),
        fields=sorted(tally.fields(), key=gap_order),
        others=tally.others,
        unreadable=[NoReport(source=each.source, layout="", reason=each.reason) for each in summary.unreadable],
    )


class _Tally:
    """Counts reports and gaps, page by page."""

    def __init__(self) -> None:
        self.whole: Counter[tuple[str, str]] = Counter()
        self.others: list[NoReport] = []
        self._gaps: dict[tuple[str, str, str], FieldGaps] = {}

    def add(self, outcome: Outcome) -> None:
        """Takes in a page."""
        from kg.model.records import OtherPage
        from kg.query.gaps import FieldGaps, NoReport
        from kg.rdf.vocab import DCTERMS

        source, reading = outcome.page.source, outcome.reading
        if isinstance(reading, OtherPage):
            self.others.append(NoReport(source=source, layout=reading.layout, reason=reading.reason))
            return
        named = (quad.object for quad in outcome.quads.stated if quad.predicate == DCTERMS("publisher"))
        publisher = next((str(each).strip("<>") for each in named), "")
        self.whole[publisher, reading.layout] += 1
        for name, gap in {gap.field: gap for gap in reversed(reading.gaps)}.items():
            key = (publisher, reading.layout, name)
            empty = FieldGaps(
                publisher=publisher, layout=reading.layout, field=name, pages=0, of=0, example=source, reason=gap.reason
            )
            before = self._gaps.get(key, empty)
            self._gaps[key] = replace(before, pages=before.pages + 1)

    def fields(self) -> Iterator[FieldGaps]:
        """The gaps, each with the number of pages that might have had it."""
        for gap in self._gaps.values():
            yield replace(gap, of=self.whole[gap.publisher, gap.layout])


def _table(found: _Gaps) -> str:
    no_reports = "1 page that is no report" if len(found.others) == 1 else f"{len(found.others):,} pages that are none"
    lines = [f"{plural(found.reports, 'report')}, {no_reports}", ""]
    rows = [("pages", "field", "publisher", "layout", "for example")]
    rows += [
        (f"{gap.pages}/{gap.of}", gap.field, local(gap.publisher) or "none", gap.layout, f"{gap.example}: {gap.reason}")
        for gap in found.fields
    ]
    lines += list(_aligned(rows)) if found.fields else ["no gaps"]
    for title, pages in (("no reports", found.others), ("unreadable", found.unreadable)):
        if pages:
            lines += ["", title]
            lines += [f"  {each.source}: {each.reason}" for each in pages]
    return "".join(f"{printable(line)}\n" for line in lines)


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    for *cells, last in rows:
        yield "  ".join([*(f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True)), last])


def _csv(found: _Gaps) -> str:
    """A row for each gap; a page that is no report lacks the field `report`, one that cannot be read `page`."""
    written = StringIO()
    table = csv.DictWriter(written, _COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows({name: asdict(gap)[name] for name in _COLUMNS} for gap in found.fields)
    for field, pages in (("report", found.others), ("page", found.unreadable)):
        for each in pages:
            row = {"field": field, "layout": each.layout, "pages": 1, "of": 1, "example": each.source}
            table.writerow({**row, "reason": each.reason})
    return written.getvalue()


def _json(found: _Gaps) -> str:
    return json.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n"


_WRITERS = {GapsFormat.TABLE: _table, GapsFormat.CSV: _csv, GapsFormat.JSON: _json}
