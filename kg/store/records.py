"""The files of a version, whose SHA-256 its manifest holds; one beside the data has the digest of each named graph.

Each line of `graphs.tsv` holds the digest and, after a tab, the graph's IRI, in the order of the IRIs: a
hundred thousand of them would be no manifest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from kg.model.errors import StoreError
from kg.store.folder import Damage, Version

GRAPHS: Final = "graphs.tsv"
_PIECE: Final = 1000  # lines


def file_digest(file: Path) -> str:
    """The SHA-256 of a file, however large it is.

    Raises:
        OSError: it cannot be read.
    """
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def graphs_record(digests: Mapping[str, str]) -> Iterator[bytes]:
    """The text of the file, in pieces."""
    iris = sorted(digests)
    for at in range(0, len(iris), _PIECE):
        yield "".join([f"{digests[iri]}\t{iri}\n" for iri in iris[at : at + _PIECE]]).encode()


def recorded_graphs(version: Version) -> Mapping[str, str]:
    """The digest of each named graph by its IRI, as the version was published with.

    Raises:
        StoreError: the file is not there or not what it was.
    """
    cells = (line.split("\t") for line in record(version, GRAPHS).decode().split("\n")[:-1])
    return {iri: digest for digest, iri in cells}


def record(version: Version, name: str) -> bytes:
    """A file that was published beside the data of a version.

    Raises:
        StoreError: it is not there or not what it was.
    """
    expected = version.manifest.records.get(name)
    if expected is None:
        raise StoreError(str(version.path), f"it was published without {name}")
    try:
        text = (version.path / name).read_bytes()
    except OSError as error:
        raise StoreError(str(version.path), f"{name}: {error.strerror or error}") from error
    if hashlib.sha256(text).hexdigest() != expected:
        raise StoreError(str(version.path), f"{name} is not what was published")
    return text


def record_damages(version: Version) -> Iterator[Damage]:
    """The files beside the data of a version that are not what was published."""
    for name in version.manifest.records:
        try:
            record(version, name)
        except StoreError as error:
            yield Damage(name=name, reason=error.reason)
