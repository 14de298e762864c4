"""Files and folders → pages, in a fixed order; what cannot be taken is named, never passed over in silence."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.model.errors import SourceError
from kg.model.page import Page

#: File name suffixes that are read as pages, with their media types.
MEDIA_TYPES = {".txt": "text/plain", ".text": "text/plain"}
#: The largest page that is read, in bytes; a report page is a few kilobytes.
MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A file in a folder that is of no kind we read."""

    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file that should be a page and could not be read."""

    source: str
    reason: str


Taken = Page | PassedOver | Unreadable


def find_pages(paths: Sequence[Path], *, most_bytes: int = MOST_BYTES) -> Iterator[Taken]:
    """The pages in files and folders (recursively), by path; hidden files and folders are left alone.

    A page's source is its path from the working folder, else from the parent of the path given, so that the same pages
    give the same graph wherever they lie.

    Raises:
        SourceError: a path does not exist, or a folder holds no page.
    """
    for path in paths:
        if not path.exists():
            raise SourceError(str(path), "there is no such file or folder")
        if path.is_dir():
            yield from _folder(path, most_bytes)
        else:
            yield _file(path, source_name(path, path.parent), most_bytes, named=True)


def count_pages(paths: Sequence[Path]) -> int:
    """How many files will be read as pages."""
    return sum(1 for path in paths for file in (_walk(path) if path.is_dir() else [path]) if file.suffix in MEDIA_TYPES)


def source_name(file: Path, root: Path) -> str:
    """The name by which a person finds the file, with forward slashes."""
    absolute, here = file.absolute(), Path.cwd()
    if absolute.is_relative_to(here):
        return absolute.relative_to(here).as_posix()
    return absolute.relative_to(root.absolute()).as_posix()


def _folder(folder: Path, most_bytes: int) -> Iterator[Taken]:
    found = False
    root = folder.absolute().parent
    for file in _walk(folder):
        taken = _file(file, source_name(file, root), most_bytes, named=False)
        found = found or not isinstance(taken, PassedOver)
        yield taken
    if not found:
        kinds = ", ".join(sorted(MEDIA_TYPES))
        raise SourceError(str(folder), f"the folder holds no page; pages are files that end in {kinds}")


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place) / name for name in sorted(files) if not name.startswith("."))


def _file(file: Path, source: str, most_bytes: int, *, named: bool) -> Taken:
    media_type = MEDIA_TYPES.get(file.suffix.casefold())
    if media_type is None:
        kinds = ", ".join(sorted(MEDIA_TYPES))
        reason = f"files of kind {file.suffix or '(no suffix)'} are not read; pages are files that end in {kinds}"
        return Unreadable(source=source, reason=reason) if named else PassedOver(source=source)
    try:
        size = file.stat().st_size
        if size > most_bytes:
            limit = f"a page may have {most_bytes:,} (setting most_page_bytes)"
            return Unreadable(source=source, reason=f"the file has {size:,} bytes; {limit}")
        return Page(source=source, media_type=media_type, payload=file.read_bytes())
    except OSError as error:
        return Unreadable(source=source, reason=error.strerror or str(error))
