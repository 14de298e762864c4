"""Things of one class as a table for spreadsheets: a row a thing, a column a property (RFC 4180)."""

from __future__ import annotations

import csv
import tempfile
from collections import defaultdict
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode

from kg.model.errors import UsageError
from kg.rdf.vocab import PREFIXES, TYPE
from kg.store.export.sorting import sorted_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Quad, Store

_DEFAULT = DefaultGraph()
_BETWEEN: Final = " | "
#: What a spreadsheet would take for the beginning of a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_table(store: Store, of_class: NamedNode, out: BinaryIO) -> None:
    """Write the things of a class in the order of their IRIs, in memory that does not grow with their number.

    Several values of one property stand in one cell, in order, parted by ` | `. A cell that a spreadsheet would take
    for a formula begins with a quote.

    Raises:
        UsageError: there is nothing of that class.
    """
    columns = sorted({quad.predicate for thing in _things(store, of_class) for quad in _about(store, thing)}, key=_name)
    if not columns:
        raise UsageError(f"the version holds nothing of the class <{of_class.value}>")
    text = TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(["iri", *map(_name, columns)])
    with tempfile.TemporaryDirectory(prefix="kg-export-") as folder:
        lines = (f"{thing.value}\n".encode() for thing in _things(store, of_class))
        for line in sorted_lines(lines, Path(folder)):
            rows.writerow(_row(store, NamedNode(line.decode().rstrip("\n")), columns))
    text.detach()


def _things(store: Store, of_class: NamedNode) -> Iterator[NamedNode]:
    found = (quad.subject for quad in store.quads_for_pattern(None, TYPE, of_class, _DEFAULT))
    return (thing for thing in found if isinstance(thing, NamedNode))


def _about(store: Store, thing: NamedNode) -> Iterator[Quad]:
    return store.quads_for_pattern(thing, None, None, _DEFAULT)


def _row(store: Store, thing: NamedNode, columns: list[NamedNode]) -> list[str]:
    values: dict[NamedNode, list[str]] = defaultdict(list)
    for quad in _about(store, thing):
        values[quad.predicate].append(_text(quad.object))
    return [thing.value, *(_cell(_BETWEEN.join(sorted(values[column]))) for column in columns)]


def _text(term: object) -> str:
    return term.value if isinstance(term, Literal | NamedNode) else str(term)


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _name(term: NamedNode) -> str:
    """The property with its prefix, or in full where it has none."""
    for prefix, namespace in PREFIXES.items():
        if term.value.startswith(namespace):
            return f"{prefix}:{term.value.removeprefix(namespace)}"
    return term.value
