"""Answers compared as the standard compares them: rows as a bag or a sequence, blank nodes by their places alone."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from manifests import file_of
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    parse,
    parse_query_results,
)

XSD = "http://www.w3.org/2001/XMLSchema#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_NUMBERS = {
    "integer": int,
    "decimal": Decimal,
    "float": float,
    "double": float,
    "boolean": {"true": True, "1": True, "false": False, "0": False}.__getitem__,
}
_RESULTS = {
    ".srx": QueryResultsFormat.XML,
    ".srj": QueryResultsFormat.JSON,
    ".tsv": QueryResultsFormat.TSV,
}
_GRAPHS = {".ttl": RdfFormat.TURTLE, ".rdf": RdfFormat.RDF_XML}
_MEDIA_TYPES = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".ttl": "text/turtle",
    ".rdf": "application/rdf+xml",
}

Row: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by the variables of the head; a missing value is None."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]


def media_type_of(result: str) -> str:
    """The media type in which to ask for an answer like this file."""
    return _MEDIA_TYPES[".srx" if _is_result_set(file_of(result)) else file_of(result).suffix]


def agrees(payload: bytes, result: str, *, ordered: bool) -> bool:
    """Whether an answer in the file's own format says what the file says."""
    path = file_of(result)
    if _is_result_set(path):
        return _same(_parsed(payload, QueryResultsFormat.XML), _result_set(path, result), ordered=ordered)
    if path.suffix in _GRAPHS:
        form = _GRAPHS[path.suffix]
        return canonical(payload, form) == canonical(path.read_bytes(), form, base=result)
    if path.suffix == ".csv":
        return _csv(payload) == _csv(path.read_bytes())
    found, wanted = (_parsed(written, _RESULTS[path.suffix]) for written in (payload, path.read_bytes()))
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    return _same(found, wanted, ordered=ordered)


def canonical(payload: bytes, form: RdfFormat, base: str | None = None) -> Dataset:
    """A graph with blank nodes named by their places: isomorphic graphs become equal."""
    dataset = Dataset(parse(payload, format=form, base_iri=base))
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def _parsed(payload: bytes, form: QueryResultsFormat) -> bool | Table:
    found = parse_query_results(payload, format=form)
    if isinstance(found, QueryBoolean):
        return bool(found)
    names = tuple(sorted(variable.value for variable in found.variables))
    return Table(names, tuple(tuple(_value(row[name]) for name in names) for row in found))


def _result_set(path: Path, base: str) -> Table:
    """A result set written as RDF, as the first test suite did."""
    objects = defaultdict(list)
    for quad in parse(path=path, format=_GRAPHS[path.suffix], base_iri=base):
        objects[quad.subject, quad.predicate.value.removeprefix(RS)].append(quad.object)
    names = sorted(each.value for (_, link), found in objects.items() if link == "resultVariable" for each in found)
    rows = []
    for solution in (each for (_, link), found in objects.items() if link == "solution" for each in found):
        pairs = (
            (objects[binding, "variable"][0].value, objects[binding, "value"][0])
            for binding in objects[solution, "binding"]
        )
        row = dict(pairs)
        rows.append(tuple(_value(row.get(name)) for name in names))
    return Table(tuple(names), tuple(rows))


def _value(term: object) -> object:
    """A term; of a number its datatype and value, since the standard says what it is and not how it is written."""
    if not isinstance(term, Literal) or term.datatype.value.removeprefix(XSD) not in _NUMBERS:
        return term
    try:
        return term.datatype.value, _NUMBERS[term.datatype.value.removeprefix(XSD)](term.value)
    except (ValueError, ArithmeticError, KeyError):
        return term


def _same(found: Table, wanted: Table, *, ordered: bool) -> bool:
    if found.variables != wanted.variables or len(found.rows) != len(wanted.rows):
        return False
    if ordered:
        return _match(list(found.rows), list(wanted.rows), {}, ordered=True)
    plain = [Counter(row for row in table.rows if not _has_blank(row)) for table in (found, wanted)]
    blank = [[row for row in table.rows if _has_blank(row)] for table in (found, wanted)]
    return plain[0] == plain[1] and _match(*blank, {}, ordered=False)


def _has_blank(row: Row) -> bool:
    return any(isinstance(term, BlankNode) for term in row)


def _match(found: list[Row], wanted: list[Row], known: dict[BlankNode, BlankNode], *, ordered: bool) -> bool:
    """Whether the rows pair up under one bijection of blank nodes that extends the known one."""
    if not found:
        return not wanted
    first, rest = found[0], found[1:]
    for index, row in enumerate(wanted[:1] if ordered else wanted):
        extended = _paired(first, row, known)
        if extended is not None and _match(rest, wanted[:index] + wanted[index + 1 :], extended, ordered=ordered):
            return True
    return False


def _paired(row: Row, other: Row, known: dict[BlankNode, BlankNode]) -> dict[BlankNode, BlankNode] | None:
    pairs = dict(known)
    for mine, theirs in zip(row, other, strict=True):
        if not (isinstance(mine, BlankNode) and isinstance(theirs, BlankNode)):
            if mine != theirs:
                return None
        elif pairs.setdefault(mine, theirs) != theirs:
            return None
    return pairs if len(set(pairs.values())) == len(pairs) else None


def _is_result_set(path: Path) -> bool:
    return path.suffix in _GRAPHS and f"<{RS}>" in path.read_text(encoding="utf-8")


def _csv(payload: bytes) -> Counter:
    """The bag of rows, each by its variables; the names of blank nodes carry no meaning."""
    head, *rows = csv.reader(io.StringIO(payload.decode(), newline=""))
    named = (sorted(zip(head, row, strict=True)) for row in rows)
    return Counter(tuple((name, re.sub(r"^_:.*", "_:", value)) for name, value in row) for row in named)
