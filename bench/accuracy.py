"""How well pages are read: a folder of pages against gold records, field by field and kind by kind.

    python bench/accuracy.py PAGES GOLD [--json] [--errors]

What counts as right is said in README.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gold import FIELDS, Item, gold_name, named_item, one, plain

from kg import assets
from kg.extract import Reader, read_layouts
from kg.model.errors import KgError
from kg.model.page import Page
from kg.model.records import Named, OtherPage, Reading, Report
from kg.pages import read_page
from kg.rdf.iris import Minter
from kg.rdf.knowledge import read_knowledge
from kg.sources import find_pages

BASE = "http://127.0.0.1:8000/"
ALL = "all"
#: Gold kinds of pages that are no reports.
NO_REPORTS = frozenset({"drc-other"})
#: Fields of which a page that is no report has none, whatever stands on it.
_OF_REPORTS_ALONE = frozenset({"series", "report_number", "series_year", "total_number"})


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """What gold says and we do not (`gold`), or we say and gold does not (`ours`)."""

    page: str
    field: str
    gold: str | None
    ours: str | None


@dataclass
class Tally:
    """How many items agree, how many are ours alone, and how many gold's."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, other: Tally) -> None:
        """Counts another tally in."""
        self.right, self.wrong, self.missed = (
            self.right + other.right,
            self.wrong + other.wrong,
            self.missed + other.missed,
        )

    @property
    def judged(self) -> bool:
        """Whether there was anything to find, or was anything found."""
        return bool(self.right + self.wrong + self.missed)

    @property
    def precision(self) -> float:
        """The share of ours that is right; 1 where we say nothing."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of gold that we have; 1 where gold says nothing."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.judged else 1.0


@dataclass
class Scores:
    """Tallies by kind of page and field, and what they come from."""

    tallies: dict[str, dict[str, Tally]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Tally)))
    pages: Counter[str] = field(default_factory=Counter)
    numbers_on_other_pages: int = 0
    read_as_reports: int = 0
    disagreements: list[Disagreement] = field(default_factory=list)

    def tally(self, kind: str, name: str) -> Tally:
        """The tally of a field, or of `header`, on pages of a kind, or of `all`."""
        return self.tallies[kind][name]


_HEADER, _ACRONYM, _PARENT = "header", "bodies: acronym", "bodies: parent"
ROWS = tuple(row for each in FIELDS for row in (each.name, *((_ACRONYM, _PARENT) if each.name == "bodies" else ())))


def score(pages: Path, gold: Path, reader: Reader | None = None) -> Scores:
    """Reads every page of a folder that has a gold record of the same name in another, and compares.

    Raises:
        ValueError: a gold record has no page, or there is none.
        KgError: a page cannot be read.
    """
    records = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(gold.glob("*.json"))}
    found = {Path(page.source).stem: page for page in find_pages([pages]) if isinstance(page, Page)}
    lacking = sorted(records.keys() - found.keys())
    if lacking or not records:
        raise ValueError(f"no page in {pages} for {', '.join(lacking)}" if lacking else f"no gold record in {gold}")
    reader = reader or standard_reader()
    scores = Scores()
    for name, record in records.items():
        _compare(scores, name, record, reader.read(read_page(found[name])))
    return scores


def standard_reader() -> Reader:
    """Reads by what comes with Policy KG."""
    return Reader(read_layouts(assets.layouts()), read_knowledge(assets.ontology(), Minter(BASE)))


def _compare(scores: Scores, page: str, gold: Mapping[str, Any], reading: Reading) -> None:
    kind = gold["kind"]
    report = reading.told if isinstance(reading, OtherPage) else reading
    scores.pages.update((kind, ALL))
    if kind in NO_REPORTS and isinstance(reading, Report):
        scores.read_as_reports += 1
        scores.numbers_on_other_pages += reading.number is not None
    for each in FIELDS:
        if each.name not in gold or (each.name == "keywords" and gold.get("keywords_truncated")):
            continue
        absent = report is None or (isinstance(reading, OtherPage) and each.name in _OF_REPORTS_ALONE)
        ours = [] if absent else list(dict.fromkeys(each.ours(report)))
        wanted = list(dict.fromkeys(each.gold(gold[each.name])))
        if each.name == "abstract_start":
            ours = _cut(ours, wanted)
        _count(scores, (kind, page, each.name), wanted, ours, header=each.is_header)
    if report is not None and "bodies" in gold:
        _compare_parts(scores, (kind, page), gold["bodies"] or (), [found.value for found in report.bodies])


def _cut(ours: list[Item], wanted: list[Item]) -> list[Item]:
    """An abstract, cut to as much as gold gives of it."""
    length = max((len(way) for item in wanted for way in item), default=60)
    return [frozenset(way[:length].rstrip() for way in item) for item in ours]


def _compare_parts(
    scores: Scores, at: tuple[str, str], wanted: Iterable[Mapping[str, Any]], ours: Iterable[Named]
) -> None:
    """Acronyms and parents, of the bodies that both have."""
    mine = {plain(named.name): named for named in ours}
    for body in wanted:
        named = mine.get(plain(body["name"]))
        if named is None:
            continue
        acronym = named.acronym.value if named.acronym else None
        parent = [named_item(named.parent.value)] if named.parent else []
        _count(scores, (*at, _ACRONYM), one(body["acronym"]), one(acronym), header=False)
        _count(scores, (*at, _PARENT), gold_name(body["parent"]), parent, header=False)


def _count(
    scores: Scores, at: tuple[str, str, str], wanted: Sequence[Item], ours: Sequence[Item], *, header: bool
) -> None:
    kind, page, name = at
    missed, wrong = _unmatched(wanted, ours)
    tally = Tally(right=len(wanted) - len(missed), wrong=len(wrong), missed=len(missed))
    for pages in (kind, ALL):
        for row in (name, _HEADER) if header else (name,):
            scores.tally(pages, row).add(tally)
    scores.disagreements += [
        Disagreement(page=page, field=name, gold=_shown(missed, at), ours=_shown(wrong, at))
        for at in range(max(len(missed), len(wrong)))
    ]


def _unmatched(wanted: Sequence[Item], ours: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """What is left of both when each item of one has been paired with one of the other, at most."""
    missed, wrong = [], list(ours)
    for item in wanted:
        partner = next((each for each in wrong if each & item), None)
        if partner is None:
            missed.append(item)
        else:
            wrong.remove(partner)
    return missed, wrong


def _shown(items: Sequence[Item], at: int) -> str | None:
    return min(items[at], key=lambda way: (-len(way), way)) if at < len(items) else None


def table(scores: Scores) -> str:
    """Precision, recall and F1 per field and kind, and how many items gold has."""
    kinds = [kind for kind in sorted(scores.pages) if kind != ALL] + [ALL]
    heads = "".join(f" | {f'{kind} ({scores.pages[kind]})':^24}" for kind in kinds)
    lines = [f"{'':22}{heads}", f"{'':22}{' |   prec   rec    F1 gold' * len(kinds)}"]
    lines += [_row(row, [scores.tally(kind, row) for kind in kinds]) for row in ROWS]
    lines += [
        "-" * len(lines[1]),
        *(_row(row, [scores.tally(kind, row) for kind in kinds]) for row in (_HEADER, "bodies")),
    ]
    others = sum(scores.pages[kind] for kind in NO_REPORTS)
    numbered = scores.numbers_on_other_pages
    lines.append(f"{others} pages that are no reports: {scores.read_as_reports} read as one, {numbered} with a number")
    return "\n".join(lines)


def _row(name: str, tallies: Sequence[Tally]) -> str:
    cells = (
        f" | {each.precision:6.3f}{each.recall:6.3f}{each.f1:6.3f}{each.right + each.missed:5}"
        if each.judged
        else f" | {'·':>6}{'·':>6}{'·':>6}{'·':>5} "
        for each in tallies
    )
    return f"{name:22}{''.join(cells)}"


def as_json(scores: Scores) -> Mapping[str, Any]:
    """The same as values."""
    kinds = {
        kind: {
            "pages": count,
            "fields": {row: _figures(scores.tally(kind, row)) for row in (*ROWS, _HEADER)},
        }
        for kind, count in sorted(scores.pages.items())
    }
    return {
        "kinds": kinds,
        "others_read_as_reports": scores.read_as_reports,
        "numbers_on_other_pages": scores.numbers_on_other_pages,
        "disagreements": [
            {"page": each.page, "field": each.field, "gold": each.gold, "ours": each.ours}
            for each in scores.disagreements
        ],
    }


def _figures(tally: Tally) -> Mapping[str, float]:
    shares = {name: round(getattr(tally, name), 4) for name in ("precision", "recall", "f1")}
    return {"right": tally.right, "wrong": tally.wrong, "missed": tally.missed, **shares}


def error_lines(scores: Scores) -> Iterator[str]:
    """Each disagreement: what gold has and what we have."""
    for each in scores.disagreements:
        yield f"{each.page}  {each.field}\n    gold  {each.gold or '—'}\n    ours  {each.ours or '—'}"


def main() -> int:
    """Scores the folders named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path, help="a folder of pages")
    parser.add_argument("gold", type=Path, help="a folder of gold records, NAME.json for the page NAME.txt")
    parser.add_argument("--json", action="store_true", help="write JSON instead of a table")
    parser.add_argument("--errors", action="store_true", help="list each disagreement")
    options = parser.parse_args()
    try:
        scores = score(options.pages, options.gold)
    except (KgError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(as_json(scores), ensure_ascii=False, indent=1))
        return 0
    if options.errors:
        print("\n".join(error_lines(scores)), end="\n\n")
    print(table(scores))
    return 0


if __name__ == "__main__":
    sys.exit(main())
