"""Layouts: how a publisher prints its report pages, as data in one TOML file each."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.extract.cuefile import fill
from kg.extract.grammar import FRAGMENTS
from kg.model.errors import LayoutError
from kg.model.evidence import Span

#: The fields that line rules may read.
FIELDS = frozenset({
    "title", "section", "report_section", "available", "byline", "series", "special", "number", "series_year",
    "cumulative_number", "issued", "abstract", "keywords", "institution", "subtitle", "project", "marker",
    "volume",
})  # fmt: skip
_FIELDS_ARE = f"the fields are {', '.join(sorted(FIELDS))}"
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_GROUP_NAME = re.compile(r"\(\?P<(\w+)>")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")

_Keys = Mapping[str, type]
_LAYOUT_KEYS: _Keys = {
    "name": str, "title": str, "name_order": str, "key": str, "fits_from": int, "report_when": list,
    "line": list,
}  # fmt: skip
_OPTIONAL: _Keys = {"language": str, "jurisdiction": str, "expect": list, "find": list, "fallback": bool}
_RULE_OPTIONS: _Keys = {
    "weight": int, "free": bool, "above": list, "below": list, "opens_body": bool, "closes_body": bool,
    "above_body": bool, "many": bool,
}  # fmt: skip
_OF_TABLES = frozenset({"line", "expect", "find"})
_EXPECTED = {str: "a string", int: "a whole number", bool: "true or false", list: "a list of strings"}


class NameOrder(Enum):
    """Which part of a person's name a publisher prints first."""

    FAMILY_FIRST = "family-first"
    GIVEN_FIRST = "given-first"
    FAMILY_CAPITALS = "family-capitals"  # CHEN Xiaohong
    INVERTED = "inverted"  # Sapir, Andre


class Patterns(Enum):
    """When the patterns of layouts are compiled, which takes most of the time of reading them."""

    AT_ONCE = "at once"  # so that a faulty one is told with its file
    AT_USE = "at use"  # for layouts that are known to be sound; most pages need those of one layout


@dataclass(frozen=True, kw_only=True)
class LineRule:
    """What one line of a page may be; see the comment in `layouts/drc.toml` for the keys.

    `source` is the pattern as it is written, with its fragments filled in.
    """

    name: str
    source: str
    weight: int = 0
    free: bool = False
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    opens_body: bool = False
    closes_body: bool = False
    above_body: bool = False
    many: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What the line must match, whole."""
        return re.compile(self.source)

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields that it reads."""
        return frozenset(_GROUP_NAME.findall(self.source))


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """A field that report pages of a layout have, and where it stands: behind the first of `after` that is there."""

    field: str
    after: tuple[str, ...]
    say: str


@dataclass(frozen=True, kw_only=True)
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
    finds: tuple[LineRule, ...]
    expectations: tuple[Expectation, ...]
    jurisdiction: str | None
    fallback: bool = False

    @cached_property
    def claiming(self) -> tuple[LineRule, ...]:
        """The rules that claim lines, in order."""
        return tuple(rule for rule in self.lines if not rule.free)

    @cached_property
    def free(self) -> tuple[LineRule, ...]:
        """The rules for lines that no other rule claims, in order."""
        return tuple(rule for rule in self.lines if rule.free)

    @cached_property
    def any_line(self) -> re.Pattern[str]:
        """Matches what any claiming rule matches, in a group named r and the rule's place; most lines match none."""
        stripped = (_GROUP_NAME.sub("(?:", rule.source) for rule in self.claiming)
        return re.compile("|".join(f"(?P<r{at}>{pattern})" for at, pattern in enumerate(stripped)))

    def first_claim(self, content: str, line: Span) -> int | None:
        """The place of the first claiming rule that matches a line whole, or None."""
        match = self.any_line.fullmatch(content, line.start, line.end)
        return int(match.lastgroup[1:]) if match and match.lastgroup else None

    @cached_property
    def whole_weight(self) -> int:
        """The most that the evidence for this layout can weigh."""
        return sum(rule.weight for rule in self.lines)

    @cached_property
    def free_weight(self) -> int:
        """The most that free rules can add to the weight of the evidence."""
        return sum(rule.weight for rule in self.free)


def read_layouts(folder: Path, patterns: Patterns = Patterns.AT_ONCE) -> tuple[Layout, ...]:
    """All layouts of a folder, by name.

    Raises:
        LayoutError: a file is no layout, or the folder holds none.
    """
    layouts = tuple(read_layout(file, patterns) for file in sorted(folder.glob("*.toml")))
    if not layouts:
        raise LayoutError(str(folder), "holds no layout (*.toml)")
    return layouts


def read_layout(file: Path, patterns: Patterns = Patterns.AT_ONCE) -> Layout:
    """One layout.

    Raises:
        LayoutError: the file cannot be read, or says something a layout cannot say.
    """
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LayoutError(file.name, str(error)) from error
    try:
        layout = _layout(data)
        if patterns is Patterns.AT_ONCE:
            _compile(layout)
    except ValueError as error:
        raise LayoutError(file.name, str(error)) from error
    return layout


def _compile(layout: Layout) -> None:
    """Compiles every pattern of a layout.

    Raises:
        ValueError: one is no regular expression.
    """
    for rule in (*layout.lines, *layout.finds):
        try:
            _ = rule.pattern
        except re.error as error:
            raise ValueError(f"line rule {rule.name!r} is no regular expression: {error}") from error


def _layout(data: Mapping[str, Any]) -> Layout:
    _know(data, "the layout", _LAYOUT_KEYS, _OPTIONAL)
    lines = tuple(_line_rule(rule) for rule in data["line"])
    names = [line.name for line in lines]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"two line rules are named {repeated[0]!r}")
    if strange := sorted(set(data["report_when"]) - FIELDS):
        raise ValueError(f"report_when has {', '.join(strange)}; {_FIELDS_ARE}")
    language = data.get("language", "en")
    if not _LANGUAGE.fullmatch(language):
        raise ValueError(f"language is {language!r}; expected a BCP 47 tag such as 'en'")
    if not _KEY.fullmatch(data["key"]):
        raise ValueError(f"key is {data['key']!r}; expected small letters, digits and hyphens, such as 'drc'")
    orders = [order.value for order in NameOrder]
    if data["name_order"] not in orders:
        raise ValueError(f"name_order is {data['name_order']!r}; expected {' or '.join(orders)}")
    return Layout(
        name=data["name"],
        title=data["title"],
        language=language,
        name_order=NameOrder(data["name_order"]),
        key=data["key"],
        fits_from=data["fits_from"],
        report_when=tuple(data["report_when"]),
        lines=lines,
        finds=tuple(_line_rule(rule) for rule in data.get("find", ())),
        expectations=tuple(_expectation(rule) for rule in data.get("expect", ())),
        jurisdiction=data.get("jurisdiction"),
        fallback=data.get("fallback", False),
    )


def _know(table: object, what: str, required: _Keys, optional: _Keys) -> None:
    """Refuses a table that lacks a key, has one too many, or a value of another type.

    Raises:
        ValueError: the table says something else.
    """
    if not isinstance(table, dict):
        raise ValueError(f"{what} is {table!r}; expected a table")  # noqa: TRY004 - the caller names the file
    if missing := sorted(required.keys() - table.keys()):
        raise ValueError(f"{what} lacks {', '.join(missing)}")
    if unknown := sorted(table.keys() - required.keys() - optional.keys()):
        raise ValueError(f"{what} has unknown keys {', '.join(unknown)}")
    for name, value in table.items():
        wanted = required.get(name) or optional[name]
        texts = not isinstance(value, list) or name in _OF_TABLES or all(isinstance(each, str) for each in value)
        if type(value) is not wanted or not texts:
            raise ValueError(f"{what}: {name} is {value!r}; expected {_EXPECTED[wanted]}")


def _line_rule(rule: Mapping[str, Any]) -> LineRule:
    _know(rule, "a line rule", {"name": str, "pattern": str}, _RULE_OPTIONS)
    try:
        source = fill(rule["pattern"], FRAGMENTS)
    except KeyError as error:
        known = ", ".join(sorted(FRAGMENTS))
        raise ValueError(f"line rule {rule['name']!r} uses (?&{error.args[0]}); the fragments are {known}") from error
    options: dict[str, Any] = {
        name: tuple(rule[name]) if _RULE_OPTIONS[name] is list else rule[name] for name in _RULE_OPTIONS if name in rule
    }
    line = LineRule(name=rule["name"], source=source, **options)
    if unknown := sorted(line.fields - FIELDS):
        raise ValueError(f"line rule {line.name!r} reads {', '.join(unknown)}; {_FIELDS_ARE}")
    if line.opens_body and "abstract" not in line.fields:
        raise ValueError(f"line rule {line.name!r} opens the body and has no group named abstract")
    return line


def _expectation(rule: Mapping[str, Any]) -> Expectation:
    _know(rule, "an expectation", {"field": str, "after": list, "say": str}, {})
    if rule["field"] not in FIELDS:
        raise ValueError(f"an expectation is of {rule['field']!r}; {_FIELDS_ARE}")
    return Expectation(field=rule["field"], after=tuple(rule["after"]), say=rule["say"])
