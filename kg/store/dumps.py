"""An export read back: a file of RDF, plain or packed, as a store of its own."""

from __future__ import annotations

import tempfile
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import zstandard
from pyoxigraph import RdfFormat, Store

from kg.model.errors import SourceError
from kg.store.export.packing import Packing, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def opened_dump(path: Path) -> Iterator[Store]:
    """The graph of an export, in a temporary folder that goes with the `with` block; memory stays flat.

    Raises:
        SourceError: the file cannot be read, or holds no RDF of the kind its name says.
    """
    form = _format(path)
    with tempfile.TemporaryDirectory(prefix="kg-dump-") as folder:
        store = Store(folder)
        try:
            with unpacked(path) as stream:
                store.bulk_load(stream, form, lenient=True)
        except (OSError, EOFError, zlib.error, zstandard.ZstdError, SyntaxError) as error:
            raise SourceError(str(path), str(error)) from error
        yield store


def is_dump(path: Path) -> bool:
    """Whether a file of this name may be an export: its name ends in that of an RDF format, packed or not."""
    return _by_name(path) is not None


def _format(path: Path) -> RdfFormat:
    form = _by_name(path)
    if form is None:
        raise SourceError(
            str(path),
            "its name ends in that of no RDF format; expected .nq, .trig, .ttl, .nt, or one of these with .gz or .zst",
        )
    return form


def _by_name(path: Path) -> RdfFormat | None:
    name = path.name.removesuffix(Packing.of(path).value)
    return RdfFormat.from_extension(name.rpartition(".")[2]) if "." in name else None
