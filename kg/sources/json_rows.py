"""JSON Lines, an object a line → rows whose values know where they stand in their line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json.decoder import JSONDecoder
from typing import NoReturn

from kg.sources.rows import BOM, BadRow, Cell, Row, Table, row_text, too_long, trimmed

_SPACE = re.compile(r"[ \t\n]*")
#: So many keys of an object are kept to be told.
_MOST_KEYS = 1000


def json_rows(table: Table) -> Iterator[Row | BadRow]:
    """The objects of the file.

    Raises:
        SettingsError: no line of the whole file has a key that the mapping names.
    """
    _need_keys(table)
    table.stream.seek(0)
    for number, line in table.lines():
        if line is None:
            yield BadRow(number, too_long(table.most_bytes))
        elif line.strip():
            yield _row(table, number, line)


def _need_keys(table: Table) -> None:
    """Looks for the mapping's keys, from the first line on until all of them have been seen."""
    missing = {column for _, column in table.mapping.columns}
    known: dict[str, None] = {}
    for _, line in table.lines():
        try:
            entry = json.loads(row_text(line or b"").removeprefix(BOM))
        except (ValueError, RecursionError):
            continue
        if isinstance(entry, dict):
            known |= dict.fromkeys(list(entry)[:_MOST_KEYS])
            missing -= entry.keys()
        if not missing:
            return
    if known:
        table.need_columns(name for name in known if name not in missing)


def _row(table: Table, number: int, line: bytes) -> Row | BadRow:
    payload = line.removeprefix(BOM.encode()).rstrip(b"\r\n")
    wanted = {column for _, column in table.mapping.columns}
    try:
        text = row_text(payload)
        cells = {name: _cells(text, at, name) for name, at in _values(text).items() if name in wanted}
    except json.JSONDecodeError as error:
        return BadRow(number, f"no JSON: {error.msg} at column {error.colno}")
    except RecursionError:
        return BadRow(number, "no JSON that is read: it is nested too deeply")
    except ValueError as error:
        return BadRow(number, str(error))
    return Row(line=number, payload=payload, cells={name: found for name, found in cells.items() if found})


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"no JSON: {name} is no number in it")


_DECODER = JSONDecoder(parse_constant=_refuse)


def _values(text: str) -> dict[str, int]:
    """Where the value of each key of a line's object begins; of a key that stands there twice, the last one."""
    if not isinstance(_DECODER.decode(text), dict):
        raise ValueError("no JSON object; a record is an object")  # noqa: TRY004 - the row is bad, not the program
    values: dict[str, int] = {}
    at = _after(text, text.index("{") + 1)
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        begin = _after(text, _after(text, at) + 1)
        values[name] = begin
        at = _after(text, _DECODER.raw_decode(text, begin)[1])
        at = _after(text, at + 1) if text[at] == "," else at
    return values


def _cells(text: str, begin: int, name: str) -> tuple[Cell, ...]:
    """A text or a number is one cell; a list of them, one for each; null is none."""
    if text[begin] != "[":
        return _cell(text, begin, name)[0]
    cells: list[Cell] = []
    at = _after(text, begin + 1)
    while text[at] != "]":
        found, at = _cell(text, at, name)
        cells += found
        at = _after(text, at)
        at = _after(text, at + 1) if text[at] == "," else at
    return tuple(cells)


def _cell(text: str, begin: int, name: str) -> tuple[tuple[Cell, ...], int]:
    """The cell that begins there, if it holds anything, and where it ends."""
    value, end = _DECODER.raw_decode(text, begin)
    if value is None:
        return (), end
    if isinstance(value, bool | dict | list):
        shown = f"{text[begin:end]:.40}"
        raise ValueError(f"{name} holds {shown}; a field is a text, a number or a list of those")  # noqa: TRY004 - as above
    if not isinstance(value, str):
        return (Cell(begin, end, text[begin:end]),), end
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError(f"{name} holds half a character")
    start, stop = trimmed(text, begin + 1, end - 1)
    return ((Cell(start, stop, value.strip()),) if value.strip() else ()), end


def _after(text: str, at: int) -> int:
    """The first place from there that is no space."""
    space = _SPACE.match(text, at)
    return space.end() if space else at
