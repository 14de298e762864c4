"""A store, or a part of it, in one of the serialisations of RDF."""

from __future__ import annotations

import hashlib
import re
import tempfile
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from pyoxigraph import DefaultGraph, Literal, Quad, RdfFormat, Store, parse, serialize

from kg.model.errors import UsageError
from kg.rdf.formats import GraphFormat
from kg.rdf.vocab import PREFIXES
from kg.store.export.sorting import sorted_lines
from kg.store.stream import ByteStream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DEFAULT = DefaultGraph()
_LINES = {GraphFormat.NQUADS, GraphFormat.NTRIPLES}
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def export(store: Store, graph_format: GraphFormat, out: BinaryIO, *, scratch: Path | None = None) -> None:
    """Write the store: the dataset where the format holds datasets, else the default graph.

    N-Quads and N-Triples are canonical lines in the order of their bytes. The other formats follow the order of graphs
    (the default graph first), then of N-Triples lines, with the prefixes of `kg.rdf.vocab`; JSON-LD is expanded.

    Memory stays below about 100 MB; what does not fit is sorted in temporary files, in the folder `scratch` or else in
    the system's.

    Raises:
        UsageError: RDF/XML is asked for and a literal holds a character that XML has no way to write.
        OSError: `out` or the temporary files cannot be written.
    """
    _write(_of_format(store, graph_format), graph_format, out, scratch)


def export_part(quads: Iterable[Quad], graph_format: GraphFormat, out: BinaryIO) -> None:
    """Write some quads as `export` writes a store; a quad that comes twice is written once.

    Formats that hold no datasets give the statements of all the quads' graphs.

    Raises:
        UsageError, OSError: as `export`, and what the iterator of quads raises.
    """
    if not graph_format.holds_datasets:
        quads = (Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    _write(quads, graph_format, out, None)


def export_digest(store: Store, *, scratch: Path | None = None) -> str:
    """SHA-256, in hexadecimal, of the N-Quads export: equal for equal sets of quads, and for those alone."""
    digest = hashlib.sha256()
    with tempfile.TemporaryDirectory(prefix="kg-export-", dir=scratch) as folder:
        for line in sorted_lines(_lines(cast("Iterable[Quad]", store)), Path(folder)):
            digest.update(line)
    return digest.hexdigest()


def _write(quads: Iterable[Quad], graph_format: GraphFormat, out: BinaryIO, scratch: Path | None) -> None:
    with tempfile.TemporaryDirectory(prefix="kg-export-", dir=scratch) as folder:
        if graph_format in _LINES:
            out.writelines(_distinct(sorted_lines(_lines(quads), Path(folder))))
            return
        ordered: Iterable[Quad] = _in_order(quads, Path(folder))
        if graph_format is GraphFormat.RDFXML:
            ordered = _writable_in_xml(ordered)
        serialize(ordered, out, graph_format.rdf, prefixes=PREFIXES)


def _of_format(store: Store, graph_format: GraphFormat) -> Iterable[Quad]:
    """The quads that a format can hold: all, or those of the merged graph."""
    return cast("Iterable[Quad]", store) if graph_format.holds_datasets else _merged(store)


def _merged(store: Store) -> Iterable[Quad]:
    return store.quads_for_pattern(None, None, None, _DEFAULT)


def _lines(quads: Iterable[Quad]) -> Iterator[bytes]:
    return (b"%b .\n" % str(quad).encode() for quad in quads)


def _distinct(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted lines without those that repeat the one before."""
    return (line for line, _ in groupby(lines))


def _in_order(quads: Iterable[Quad], folder: Path) -> Iterator[Quad]:
    """The quads by graph, then line: to be sorted, a line follows its graph and a tab, which no IRI contains."""
    keyed = (f"{_graph_key(quad)}\t{quad} .\n".encode() for quad in quads)
    lines = (line.partition(b"\t")[2] for line in _distinct(sorted_lines(keyed, folder)))
    return parse(cast("IO[bytes]", ByteStream(lines)), RdfFormat.N_QUADS, lenient=True)


def _graph_key(quad: Quad) -> str:
    return "" if quad.graph_name == _DEFAULT else str(quad.graph_name)


def _writable_in_xml(quads: Iterable[Quad]) -> Iterator[Quad]:
    for quad in quads:
        found = _NOT_XML.search(quad.object.value) if isinstance(quad.object, Literal) else None
        if found:
            place = f"{quad.subject} {quad.predicate}"
            raise UsageError(
                f"RDF/XML cannot hold the character U+{ord(found[0]):04X} of {place}; choose another format"
            )
        yield quad
