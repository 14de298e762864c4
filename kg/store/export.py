"""A store written out: the same statements give the same bytes, on any machine, at any path, however they came in."""

from __future__ import annotations

import hashlib
import heapq
import re
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from pyoxigraph import DefaultGraph, Literal, Quad, RdfFormat, Store, parse, serialize

from kg.model.errors import UsageError
from kg.rdf.formats import GraphFormat
from kg.rdf.vocab import PREFIXES
from kg.store.stream import ByteStream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RUN = 32 * 1024 * 1024
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
    with tempfile.TemporaryDirectory(prefix="kg-export-", dir=scratch) as folder:
        if graph_format in _LINES:
            out.writelines(_sorted(_lines(store, graph_format), Path(folder)))
            return
        quads: Iterable[Quad] = _sorted_quads(store, graph_format, Path(folder))
        if graph_format is GraphFormat.RDFXML:
            quads = _writable_in_xml(quads)
        serialize(quads, out, graph_format.rdf, prefixes=PREFIXES)


def export_digest(store: Store, *, scratch: Path | None = None) -> str:
    """SHA-256, in hexadecimal, of the N-Quads export: equal for equal sets of quads, and for those alone."""
    digest = hashlib.sha256()
    with tempfile.TemporaryDirectory(prefix="kg-export-", dir=scratch) as folder:
        for line in _sorted(_lines(store, GraphFormat.NQUADS), Path(folder)):
            digest.update(line)
    return digest.hexdigest()


def _lines(store: Store, graph_format: GraphFormat) -> Iterator[bytes]:
    quads = store if graph_format.holds_datasets else store.quads_for_pattern(None, None, None, _DEFAULT)
    return (b"%b .\n" % str(quad).encode() for quad in cast("Iterable[Quad]", quads))


def _sorted_quads(store: Store, graph_format: GraphFormat, folder: Path) -> Iterator[Quad]:
    """The quads by graph, then line: to be sorted, a line follows its graph and a tab, which no IRI contains."""
    quads = store if graph_format.holds_datasets else store.quads_for_pattern(None, None, None, _DEFAULT)
    keyed = (f"{_graph_key(quad)}\t{quad} .\n".encode() for quad in cast("Iterable[Quad]", quads))
    lines = (line.partition(b"\t")[2] for line in _sorted(keyed, folder))
    return parse(cast("IO[bytes]", ByteStream(lines)), RdfFormat.N_QUADS, lenient=True)


def _graph_key(quad: Quad) -> str:
    return "" if quad.graph_name == _DEFAULT else str(quad.graph_name)


def _sorted(lines: Iterable[bytes], folder: Path) -> Iterator[bytes]:
    """The lines in the order of their bytes: sorted runs in files, merged; a single run stays in memory."""
    run: list[bytes] = []
    files: list[Path] = []
    size = 0
    for line in lines:
        run.append(line)
        size += len(line)
        if size >= _RUN:
            files.append(_written(sorted(run), folder / str(len(files))))
            run, size = [], 0
    run.sort()
    return heapq.merge(*map(_read, files), run) if files else iter(run)


def _written(run: list[bytes], file: Path) -> Path:
    with file.open("wb") as out:
        out.writelines(run)
    return file


def _read(file: Path) -> Iterator[bytes]:
    with file.open("rb") as run:
        yield from run


def _writable_in_xml(quads: Iterable[Quad]) -> Iterator[Quad]:
    for quad in quads:
        found = _NOT_XML.search(quad.object.value) if isinstance(quad.object, Literal) else None
        if found:
            place = f"{quad.subject} {quad.predicate}"
            raise UsageError(
                f"RDF/XML cannot hold the character U+{ord(found[0]):04X} of {place}; choose another format"
            )
        yield quad
