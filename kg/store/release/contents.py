"""The data files of a release: the graph in three serialisations, its terms, its shapes and a table of its claims."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from importlib.util import find_spec
from typing import TYPE_CHECKING, BinaryIO, Final

from pyoxigraph import NamedNode

from kg import assets
from kg.model.errors import UsageError
from kg.rdf.formats import GraphFormat
from kg.store.export import OneGraph, export, export_part, selected
from kg.store.export.claims import write_claims
from kg.store.export.packing import Packing, packed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyoxigraph import Store

    from kg.store.release.order import Order

NQUADS: Final = "graph.nq.gz"
SHAPES_OF_OTHERS: Final = "shapes.ttl: the version was checked against other shapes than those installed"
NO_PYARROW: Final = "claims.parquet: it needs pyarrow; install it with: pip install 'policy-kg[parquet]'"
_PARQUET: Final = "application/vnd.apache.parquet"


class Role(Enum):
    """What a data file is to the dataset; the value says it to people."""

    DUMP = "the whole graph"
    MERGED = "the merged graph"
    TABLE = "the claims"
    TERMS = "the terms"
    SHAPES = "the shapes"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """A file of data as it was written.

    Attributes:
        media_type: of what is in it once it is unpacked.
        size: in bytes, as it lies on the disk.
        digest: SHA-256 in hexadecimal, of the same.
    """

    name: str
    role: Role
    about: str
    media_type: str
    packing: Packing
    size: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The data files, and those that are missing, each with the reason."""

    files: tuple[DataFile, ...]
    missing: tuple[str, ...]


def write_contents(store: Store, folder: Path, order: Order, *, shapes: str) -> Contents:
    """Write the data files into a folder, in memory that does not grow with the graph.

    Args:
        store: the version's.
        folder: where to; temporary files come there too, and go.
        order: base and packing are taken from it.
        shapes: digest of the shapes that the version was checked against.

    Raises:
        UsageError: the graph was built with another base.
        OSError: the folder cannot be written.
    """
    terms = OneGraph(f"{order.edition.base}graph/ontology")
    if not store.contains_named_graph(NamedNode(terms.iri)):
        raise UsageError(
            f"no graph <{terms.iri}>: the version was built with another base_iri; set that, or build again"
        )
    writer = _Writer(store, folder)
    files = [
        writer.graph("graph.nq", GraphFormat.NQUADS, Packing.GZIP),
        writer.graph("graph.ttl", GraphFormat.TURTLE, order.packing),
        writer.graph("graph.jsonld", GraphFormat.JSONLD, order.packing),
        writer.terms("ontology.ttl", terms),
    ]
    missing = []
    if assets.digest(assets.shapes()) == shapes:
        files.append(writer.shapes("shapes.ttl"))
    else:
        missing.append(SHAPES_OF_OTHERS)
    if find_spec("pyarrow") is not None:
        files.append(writer.claims("claims.parquet"))
    else:
        missing.append(NO_PYARROW)
    return Contents(files=tuple(files), missing=tuple(missing))


def sha256(file: Path) -> str:
    """The digest of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class _Writer:
    """Writes one file after the other."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder

    def graph(self, name: str, form: GraphFormat, packing: Packing) -> DataFile:
        name = f"{name}{packing.value}"
        with self._opened(name, packing) as out:
            export(self._store, form, out, scratch=self._folder)
        if form.holds_datasets:
            about = "the whole graph: the merged graph as the default graph, and a named graph for each page"
            return self._written(name, Role.DUMP, about, form.media_type, packing)
        about = "the merged graph alone, in which each statement stands once, whichever pages state it"
        return self._written(name, Role.MERGED, about, form.media_type, packing)

    def terms(self, name: str, graph: OneGraph) -> DataFile:
        with self._opened(name, Packing.NONE) as out:
            export_part(selected(self._store, graph), GraphFormat.TURTLE, out)
        about = "the classes, properties and vocabularies that the graph uses"
        return self._written(name, Role.TERMS, about, GraphFormat.TURTLE.media_type, Packing.NONE)

    def shapes(self, name: str) -> DataFile:
        """The files of shapes one after the other, which is Turtle: each declares its prefixes, none labels a node."""
        with self._opened(name, Packing.NONE) as out:
            for file in sorted(assets.shapes().glob("*.ttl")):
                out.write(file.read_bytes())
        about = "the SHACL shapes that every page's statements were checked against"
        return self._written(name, Role.SHAPES, about, GraphFormat.TURTLE.media_type, Packing.NONE)

    def claims(self, name: str) -> DataFile:
        with self._opened(name, Packing.NONE) as out:
            write_claims(self._store, out)
        about = "a row for each passage of each claim: statement, words, page, line, rule, confidence"
        return self._written(name, Role.TABLE, about, _PARQUET, Packing.NONE)

    @contextmanager
    def _opened(self, name: str, packing: Packing) -> Iterator[BinaryIO]:
        with (self._folder / name).open("wb") as file, packed(file, packing) as out:
            yield out

    def _written(self, name: str, role: Role, about: str, media_type: str, packing: Packing) -> DataFile:
        file = self._folder / name
        return DataFile(
            name=name,
            role=role,
            about=about,
            media_type=media_type.partition(";")[0],
            packing=packing,
            size=file.stat().st_size,
            digest=sha256(file),
        )
