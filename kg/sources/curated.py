"""Files of curated facts, which people state by hand, in a fixed order; what cannot be taken is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from kg.sources.files import walk
from kg.sources.names import SourceNames
from kg.sources.page_files import file_page
from kg.sources.taken import MOST_BYTES, PassedOver, Taken, Unreadable

#: The ends of names of files that hold curated facts, with their media types.
CURATED: Final[Mapping[str, str]] = {
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".jsonld": "application/ld+json",
}
_KINDS: Final = ", ".join(sorted(CURATED))
_RDF_XML: Final = f"RDF/XML is not read; files of curated facts end in {_KINDS}"
_DATASETS: Final = f"its format is for several graphs, and a file is one; files of curated facts end in {_KINDS}"
_REFUSED: Final[Mapping[str, str]] = {
    **dict.fromkeys((".rdf", ".owl", ".xml"), _RDF_XML),
    **dict.fromkeys((".trig", ".nq"), _DATASETS),
}


def find_curated(paths: Sequence[Path], most_bytes: int = MOST_BYTES) -> Iterator[Taken]:
    """The files of curated facts in files and folders (recursively), by path; hidden ones are left alone.

    Each comes as its bytes, once, and is named as pages are. A path that is not there is unreadable, and so is RDF in
    any other format.
    """
    names, seen = SourceNames(paths), set[str]()
    for path in paths:
        failed: list[OSError] = []
        files = walk(path, failed) if path.is_dir() else iter([path])
        for file in files:
            source = names.name(file)
            if source not in seen:
                seen.add(source)
                yield _taken(file, source, most_bytes, named=file == path)
        for error in failed:
            yield Unreadable(source=names.name(Path(error.filename)), reason=error.strerror or str(error))


def _taken(file: Path, source: str, most_bytes: int, *, named: bool) -> Taken:
    kind = file.suffix.casefold()
    if kind in _REFUSED:
        return Unreadable(source=source, reason=_REFUSED[kind])
    if not file.exists():
        return Unreadable(source=source, reason="there is no such file or folder")
    if kind in CURATED:
        return file_page(file, source, CURATED[kind], most_bytes)
    if named:
        return Unreadable(source=source, reason=f"it holds no curated facts; files of them end in {_KINDS}")
    return PassedOver(source=source)
