"""Layouts: how a publisher prints its report pages, as data in one TOML file each."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from kg.extract.cuefile import fill
from kg.extract.grammar import FRAGMENTS
from kg.model.errors import LayoutError

#: The fields that line rules may read.
FIELDS = frozenset(
    "title section report_section available byline series special number series_year cumulative_number issued abstract "
    "keywords institution".split()
)
_REQUIRED = {"name", "title", "language", "name_order", "key", "fits_from", "report_when", "line"}
_OPTIONAL = {"jurisdiction", "expect"}


class NameOrder(Enum):
    """Which part of a person's name a publisher prints first."""

    FAMILY_FIRST = "family-first"
    GIVEN_FIRST = "given-first"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRule:
    """What one line of a page may be; see the comment in `layouts/drc.toml` for the keys."""

    name: str
    pattern: re.Pattern[str]
    weight: int = 0
    free: bool = False
    above: tuple[str, ...] = ()
    opens_body: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """A field that report pages of a layout have, and where it stands: behind the first of `after` that is there."""

    field: str
    after: tuple[str, ...]
    say: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One publisher's way of printing report pages."""

    name: str
    title: str
    language: str
    name_order: NameOrder
    key: str
    fits_from: int
    report_when: tuple[str, ...]
    lines: tuple[LineRule, ...]
    expectations: tuple[Expectation, ...]
    jurisdiction: str | None


def read_layouts(folder: Path) -> tuple[Layout, ...]:
    """All layouts of a folder, by name.

    Raises:
        LayoutError: a file is no layout, or the folder holds none.
    """
    layouts = tuple(read_layout(file) for file in sorted(folder.glob("*.toml")))
    if not layouts:
        raise LayoutError(str(folder), "holds no layout (*.toml)")
    return layouts


def read_layout(file: Path) -> Layout:
    """One layout.

    Raises:
        LayoutError: the file cannot be read, or says something a layout cannot say.
    """
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LayoutError(file.name, str(error)) from error
    missing, unknown = _REQUIRED - data.keys(), data.keys() - _REQUIRED - _OPTIONAL
    if missing or unknown:
        wrong = f"lacks {', '.join(sorted(missing))}" if missing else f"has unknown keys {', '.join(sorted(unknown))}"
        raise LayoutError(file.name, wrong)
    try:
        return Layout(
            name=data["name"],
            title=data["title"],
            language=data["language"],
            name_order=NameOrder(data["name_order"]),
            key=data["key"],
            fits_from=data["fits_from"],
            report_when=tuple(data["report_when"]),
            lines=tuple(_line_rule(file, rule) for rule in data["line"]),
            expectations=tuple(_expectation(rule) for rule in data.get("expect", ())),
            jurisdiction=data.get("jurisdiction"),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise LayoutError(file.name, f"{type(error).__name__}: {error}") from error


def _line_rule(file: Path, rule: Mapping[str, Any]) -> LineRule:
    try:
        pattern = re.compile(rf"\s*(?:{fill(rule['pattern'], FRAGMENTS)})\s*")
    except re.error as error:
        raise LayoutError(file.name, f"line rule {rule['name']!r} is no regular expression: {error}") from error
    if unknown := pattern.groupindex.keys() - FIELDS:
        known = ", ".join(sorted(FIELDS))
        raise LayoutError(
            file.name, f"line rule {rule['name']!r} reads {', '.join(sorted(unknown))}; the fields are {known}"
        )
    options = {name: rule[name] for name in ("weight", "free", "opens_body") if name in rule}
    return LineRule(name=rule["name"], pattern=pattern, above=tuple(rule.get("above", ())), **options)


def _expectation(rule: Mapping[str, Any]) -> Expectation:
    return Expectation(field=rule["field"], after=tuple(rule["after"]), say=rule["say"])
