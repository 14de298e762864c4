"""Records in CSV (RFC 4180) and JSON Lines → pages that say where each of their fields stands.

A file is read as a stream, row by row. A row that cannot be read is named with its line, and the rest is read; a
mapping that names a column which the file has not is refused, since every row would lack it.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from kg.model.mapping import Record, RecordField, RecordMapping, TableFormat
from kg.sources.csv_rows import csv_rows
from kg.sources.json_rows import json_rows
from kg.sources.rows import BadRow, Row, Table
from kg.sources.taken import MOST_BYTES, Unreadable

_ROWS: Final[Mapping[TableFormat, Callable[[Table], Iterator[Row | BadRow]]]] = {
    TableFormat.CSV: csv_rows,
    TableFormat.JSON_LINES: json_rows,
}

_TEXT: Final = "text/plain"


def records(
    file: Path, source: str, mapping: RecordMapping, most_bytes: int = MOST_BYTES
) -> Iterator[Record | Unreadable]:
    """The records of a file, in order, each a page whose text is its row.

    Args:
        file: the file, gzipped where its name ends in `.gz`.
        source: the file's name for people; a record's source adds its line: `index.csv#line=3`.
        mapping: which column tells which field.
        most_bytes: the longest row that is read.

    Raises:
        SettingsError: the file has no column that the mapping names.
    """
    found = False
    try:
        with gzip.open(file, "rb") if file.suffix.casefold() == ".gz" else file.open("rb") as stream:
            table = Table(stream=stream, source=source, mapping=mapping, most_bytes=most_bytes)
            for row in _ROWS[mapping.format](table):
                found = True
                yield _record(row, source, mapping)
    except (OSError, EOFError, zlib.error) as error:
        found = True
        reason = getattr(error, "strerror", None) or str(error)
        yield Unreadable(source=source, reason=f"the records cannot be read on: {reason}")
    if not found:
        yield Unreadable(source=source, reason="the file holds no record")


def _record(row: Row | BadRow, source: str, mapping: RecordMapping) -> Record | Unreadable:
    if isinstance(row, BadRow):
        return Unreadable(source=f"{source}:{row.line}", reason=row.reason)
    fields = tuple(
        RecordField(name=field, start=cell.start, end=cell.end, value=cell.value)
        for field, column in mapping.columns
        for cell in row.cells.get(column, ())
    )
    if not fields:
        columns = ", ".join(column for _, column in mapping.columns)
        return Unreadable(source=f"{source}:{row.line}", reason=f"the row says nothing in {columns}")
    place = f"{source}#line={row.line}"
    return Record(
        source=place, media_type=_TEXT, payload=row.payload, mapping=mapping, fields=fields,
        table=source, row_line=row.line,
    )  # fmt: skip
