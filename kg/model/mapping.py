"""Tables of records: which files they stand in, which column tells which field, and the records themselves."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePath
from typing import Final

from kg.model.errors import SettingsError
from kg.model.page import Page

#: The fields that a column may tell, as layouts name them.
RECORD_FIELDS: Final = (
    "title", "subtitle", "series", "number", "series_year", "cumulative_number", "issued", "available", "byline",
    "institution", "abstract", "keywords",
)  # fmt: skip
_KEYS: Final[Mapping[str, type]] = {"file": str, "format": str, "columns": dict, "layout": str, "delimiter": str}
_NEEDED = ("file", "format", "columns")
#: The layout whose language and order of names hold for records when none is named.
GENERIC: Final = "generic"


class TableFormat(Enum):
    """How a file holds records."""

    CSV = "csv"
    JSON_LINES = "json-lines"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMapping:
    """How the records of some files are read.

    Attributes:
        name: the mapping's own name in kg.toml.
        file: a pattern that the ends of their paths match, such as `index/*.csv`.
        columns: pairs of a field and the column (CSV) or key (JSON Lines) that tells it.
        layout: the layout whose language, order of names and publisher hold for them.
        delimiter: what stands between the cells of a CSV row.
    """

    name: str
    file: str
    format: TableFormat
    columns: tuple[tuple[str, str], ...]
    layout: str = GENERIC
    delimiter: str = ","

    def is_for(self, file: PurePath) -> bool:
        """Whether the file holds such records."""
        return file.match(self.file)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordField:
    """What a record says of a field: where it stands in the record's text, and what that means.

    `value` differs from the words where the format writes characters in another way, such as `""` within quotes.
    """

    name: str
    start: int
    end: int
    value: str


@dataclass(frozen=True, kw_only=True)
class Record(Page):
    """A page that is a row of a CSV file or a line of a JSON Lines file: its payload is the row as it stands there.

    Attributes:
        mapping: how it was read.
        fields: what it says, in the order of the mapping; a list gives one for each of its items.
        table: the file, as a person would look for it.
        row_line: the line of the file on which the row begins.
    """

    mapping: RecordMapping
    fields: tuple[RecordField, ...]
    table: str
    row_line: int

    @property
    def file(self) -> str:
        """The file that holds the row."""
        return self.table

    @property
    def first_line(self) -> int:
        """The line of the file on which the row begins."""
        return self.row_line


def record_mappings(tables: object) -> tuple[RecordMapping, ...]:
    """The mappings of the setting `records`: tables by name, or the same in TOML: `{index = {file = …}}`.

    Raises:
        SettingsError: a table says something that no mapping says.
    """
    if isinstance(tables, str):
        try:
            tables = tomllib.loads(f"records = {tables}")["records"]
        except tomllib.TOMLDecodeError as error:
            raise SettingsError("records", tables, f"an inline table of TOML: {error}") from error
    if not isinstance(tables, dict):
        raise SettingsError("records", tables, "tables such as [records.index]")
    return tuple(_mapping(f"records.{name}", name, table) for name, table in tables.items())


def _mapping(setting: str, name: str, table: object) -> RecordMapping:
    if not isinstance(table, dict):
        raise SettingsError(setting, table, f"a table with {', '.join(_NEEDED)}")
    for key, value in table.items():
        if key not in _KEYS:
            raise SettingsError(f"{setting}.{key}", value, f"one of the keys {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]) or not value:
            raise SettingsError(f"{setting}.{key}", value, "a table of columns" if key == "columns" else "a text")
    if lacking := [key for key in _NEEDED if key not in table]:
        raise SettingsError(setting, table, f"a table with {', '.join(lacking)} too")
    delimiter = table.get("delimiter", ",")
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise SettingsError(f"{setting}.delimiter", delimiter, 'one character, and neither " nor a line end')
    return RecordMapping(
        name=name,
        file=table["file"],
        format=_format(f"{setting}.format", table["format"]),
        columns=_columns(f"{setting}.columns", table["columns"]),
        layout=table.get("layout", GENERIC),
        delimiter=delimiter,
    )


def _format(setting: str, value: str) -> TableFormat:
    try:
        return TableFormat(value)
    except ValueError as error:
        raise SettingsError(setting, value, " or ".join(form.value for form in TableFormat)) from error


def _columns(setting: str, columns: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for field, column in columns.items():
        if field not in RECORD_FIELDS:
            raise SettingsError(f"{setting}.{field}", column, f"one of the fields {', '.join(RECORD_FIELDS)}")
        if not isinstance(column, str) or not column:
            raise SettingsError(f"{setting}.{field}", column, "the name of a column")
        pairs.append((field, column))
    return tuple(pairs)
