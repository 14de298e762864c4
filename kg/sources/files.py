"""Files and folders → pages, in a fixed order; what cannot be taken is named, never passed over in silence."""

from __future__ import annotations

import os
import stat
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
    """A file that should be a page, or a folder, that could not be read."""

    source: str
    reason: str


Taken = Page | PassedOver | Unreadable


def find_pages(paths: Sequence[Path], *, most_bytes: int = MOST_BYTES) -> Iterator[Taken]:
    """The pages in files and folders (recursively), by path; hidden files and folders are left alone.

    A page's source is its path from the working folder, else from the parent of the path given, so that the same pages
    give the same graph wherever they lie. Links to files are followed, links to folders are not.

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
    files = (file for path in paths for file in (_walk(path, []) if path.is_dir() else [path]))
    return sum(1 for file in files if _media_type(file))


def source_name(file: Path, root: Path) -> str:
    """The name by which a person finds the file, with forward slashes."""
    absolute, here = Path(os.path.abspath(file)), Path.cwd()  # noqa: PTH100 - resolve() would follow links
    if absolute.is_relative_to(here):
        return absolute.relative_to(here).as_posix()
    return absolute.relative_to(os.path.abspath(root)).as_posix()  # noqa: PTH100 - as above


def _folder(folder: Path, most_bytes: int) -> Iterator[Taken]:
    found = False
    root = Path(os.path.abspath(folder)).parent  # noqa: PTH100 - as above
    failed: list[OSError] = []
    for file in _walk(folder, failed):
        taken = _file(file, source_name(file, root), most_bytes, named=False)
        found = found or not isinstance(taken, PassedOver)
        yield taken
    for error in failed:
        found = True
        yield Unreadable(source=source_name(Path(error.filename), root), reason=error.strerror or str(error))
    if not found:
        kinds = ", ".join(sorted(MEDIA_TYPES))
        raise SourceError(str(folder), f"the folder holds no page; pages are files that end in {kinds}")


def _walk(folder: Path, failed: list[OSError]) -> Iterator[Path]:
    """The files of a folder and its folders, by name; a folder that cannot be listed goes to `failed`."""
    for place, folders, files in os.walk(folder, onerror=failed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place) / name for name in sorted(files) if not name.startswith("."))


def _media_type(file: Path) -> str | None:
    return MEDIA_TYPES.get(file.suffix.casefold())


def _file(file: Path, source: str, most_bytes: int, *, named: bool) -> Taken:
    media_type = _media_type(file)
    try:
        source.encode()
    except UnicodeEncodeError:
        written = source.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        return Unreadable(source=written, reason="its name is no UTF-8") if media_type else PassedOver(source=written)
    if media_type is None:
        kinds = ", ".join(sorted(MEDIA_TYPES))
        reason = f"files of kind {file.suffix or '(no suffix)'} are not read; pages are files that end in {kinds}"
        return Unreadable(source=source, reason=reason) if named else PassedOver(source=source)
    try:
        payload = _payload(file, most_bytes)
    except OSError as error:
        return Unreadable(source=source, reason=error.strerror or str(error))
    if isinstance(payload, bytes):
        return Page(source=source, media_type=media_type, payload=payload)
    return Unreadable(source=source, reason=payload)


def _payload(file: Path, most_bytes: int) -> bytes | str:
    """The file's bytes, or why they are not read; a file that grows meanwhile is not read past the limit."""
    status = file.stat()
    if not stat.S_ISREG(status.st_mode):
        return "it is no regular file"
    size = status.st_size
    if size <= most_bytes:
        with file.open("rb") as stream:
            payload = stream.read(most_bytes + 1)
        if len(payload) <= most_bytes:
            return payload
        size = len(payload)
    return f"the file has {size:,} bytes; a page may have {most_bytes:,} (setting most_page_bytes)"
