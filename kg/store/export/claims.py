"""All claims with their words as one Parquet table, for users of data frames; a row for each passage of a claim."""

from __future__ import annotations

import tempfile
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode

from kg.model.errors import UsageError
from kg.rdf.vocab import COORD, DCTERMS, OA, RDF, TYPE
from kg.store.export.sorting import sorted_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Store

    Row = dict[str, str | int | float | None]

_DEFAULT = DefaultGraph()
_GROUP: Final = 10_000  # rows a row group, which is what is held in memory
_OF_CLAIM: Final = {
    "report": COORD("statedIn"),
    "subject": RDF("subject"),
    "predicate": RDF("predicate"),
    "object": RDF("object"),
    "polarity": COORD("polarity"),
    "confidence": COORD("confidence"),
    "rule": COORD("method"),
}
_OF_PASSAGE: Final = {
    "start": OA("start"),
    "end": OA("end"),
    "line": COORD("line"),
    "column": COORD("column"),
    "sheet": COORD("sheet"),
    "quote": OA("exact"),
}
_NUMBERS: Final = frozenset({"start", "end", "line", "column"})


def write_claims(store: Store, out: BinaryIO) -> None:
    """Write every claim in the order of IRIs, in memory that does not grow with their number.

    Offsets count code points from 0, lines and columns count from 1; an object's datatype or language stands beside it.

    Raises:
        UsageError: pyarrow is not installed; it comes with the extra `parquet`.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra, and 100 MB
        from pyarrow import parquet  # noqa: PLC0415 - as above
    except ImportError as error:
        raise UsageError("Parquet needs pyarrow; install it with: pip install 'policy-kg[parquet]'") from error
    text, number = pa.string(), pa.int64()
    kinds = {name: number if name in _NUMBERS else text for name in _names()} | {"confidence": pa.float64()}
    schema = pa.schema(kinds.items())
    with (
        tempfile.TemporaryDirectory(prefix="kg-export-") as folder,
        parquet.ParquetWriter(out, schema, compression="zstd") as writer,
    ):
        rows = _rows(store, Path(folder))
        while group := list(islice(rows, _GROUP)):
            writer.write_table(pa.Table.from_pylist(group, schema))


def _names() -> Iterator[str]:
    yield "claim"
    for name in _OF_CLAIM:
        yield name
        yield from ("datatype", "language") if name == "object" else ()
    yield from ("source", *_OF_PASSAGE)


def _rows(store: Store, folder: Path) -> Iterator[Row]:
    claims = (quad.subject for quad in store.quads_for_pattern(None, TYPE, COORD("Claim"), _DEFAULT))
    lines = (f"{claim.value}\n".encode() for claim in claims if isinstance(claim, NamedNode))
    for line in sorted_lines(lines, folder):
        yield from _claim(store, NamedNode(line.decode().rstrip("\n")))


def _claim(store: Store, claim: NamedNode) -> Iterator[Row]:
    said = {name: _first(store, claim, predicate) for name, predicate in _OF_CLAIM.items()}
    row: Row = {"claim": claim.value, **{name: _text(term) for name, term in said.items()}}
    row["confidence"] = float(row["confidence"] or 0)
    value = said["object"]
    if isinstance(value, Literal):
        row |= {"datatype": value.datatype.value, "language": value.language}
    for passage in sorted(_terms(store, claim, COORD("evidence")), key=str):
        yield row | _passage(store, passage)


def _passage(store: Store, passage: object) -> Row:
    if not isinstance(passage, NamedNode):
        return {}
    told = {name: _text(_first(store, passage, predicate)) for name, predicate in _OF_PASSAGE.items()}
    page = _first(store, passage, DCTERMS("isPartOf"))
    source = _text(_first(store, page, COORD("sourcePath"))) if isinstance(page, NamedNode) else None
    return {
        "source": source,
        **{name: int(text) if text and name in _NUMBERS else text for name, text in told.items()},
    }


def _terms(store: Store, node: NamedNode, predicate: NamedNode) -> Iterable[object]:
    return (quad.object for quad in store.quads_for_pattern(node, predicate, None, _DEFAULT))


def _first(store: Store, node: NamedNode, predicate: NamedNode) -> object:
    return next(iter(_terms(store, node, predicate)), None)


def _text(term: object) -> str | None:
    return term.value if isinstance(term, Literal | NamedNode) else None
