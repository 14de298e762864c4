"""Files and folders → pages, in a fixed order; what cannot be taken is named, never passed over in silence."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.model.errors import SourceError
from kg.model.page import Page
from kg.sources.archives import archived_pages
from kg.sources.kinds import KINDS, is_archive, media_type
from kg.sources.stdin import STDIN, stdin_page
from kg.sources.taken import MOST_BYTES, PassedOver, Taken, Unreadable


def find_pages(paths: Sequence[Path], *, most_bytes: int = MOST_BYTES) -> Iterator[Taken]:
    """The pages in files and folders (recursively), by path; hidden files and folders are left alone.

    A path may be a pattern such as `pages/*.txt` (`**` for folders at any depth), or `-` for standard input. A file
    that holds a page a line gives its pages in order.

    A page's source is its path from the working folder, else from the parent of the path given, so that the same pages
    give the same graph wherever they lie. Links to files are followed, links to folders are not.

    Raises:
        SourceError: a path does not exist, a pattern matches nothing, or a folder holds no page.
    """
    for path in paths:
        if path == STDIN:
            yield stdin_page(most_bytes)
        elif path.is_dir():
            yield from _folder(path, most_bytes)
        elif path.exists():
            yield from _file(path, source_name(path, path.parent), most_bytes, named=True)
        else:
            yield from _pattern(path, most_bytes)


def count_pages(paths: Sequence[Path]) -> int:
    """How many files will be read as pages; an archive of pages counts as one."""
    files = (file for path in paths for file in _files(path))
    return sum(1 for file in files if file == STDIN or media_type(file) or is_archive(file))


def source_name(file: Path, root: Path) -> str:
    """The name by which a person finds the file, with forward slashes."""
    absolute, here = Path(os.path.abspath(file)), Path.cwd()  # noqa: PTH100 - resolve() would follow links
    if absolute.is_relative_to(here):
        return absolute.relative_to(here).as_posix()
    return absolute.relative_to(os.path.abspath(root)).as_posix()  # noqa: PTH100 - as above


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        return _walk(path, [])
    return iter([path] if path == STDIN or path.exists() else _matches(path))


def _matches(pattern: Path) -> list[Path]:
    """The files and folders that a pattern matches, by path."""
    return [Path(match) for match in sorted(glob.glob(str(pattern), recursive=True))]  # noqa: PTH207 - Path.glob takes no absolute pattern


def _pattern(pattern: Path, most_bytes: int) -> Iterator[Taken]:
    if not glob.has_magic(str(pattern)):
        raise SourceError(str(pattern), "there is no such file or folder")
    files = [match for match in _matches(pattern) if match.is_file()]
    if not files:
        raise SourceError(str(pattern), "no file matches this pattern")
    root = Path(*pattern.parts[: next(at for at, part in enumerate(pattern.parts) if glob.has_magic(part))])
    found = False
    for file in files:
        for taken in _file(file, source_name(file, root.parent), most_bytes, named=False):
            found = found or not isinstance(taken, PassedOver)
            yield taken
    if not found:
        raise SourceError(str(pattern), f"no file that matches this pattern is a page; pages end in {KINDS}")


def _folder(folder: Path, most_bytes: int) -> Iterator[Taken]:
    found = False
    root = Path(os.path.abspath(folder)).parent  # noqa: PTH100 - as above
    failed: list[OSError] = []
    for file in _walk(folder, failed):
        for taken in _file(file, source_name(file, root), most_bytes, named=False):
            found = found or not isinstance(taken, PassedOver)
            yield taken
    for error in failed:
        found = True
        yield Unreadable(source=source_name(Path(error.filename), root), reason=error.strerror or str(error))
    if not found:
        raise SourceError(str(folder), f"the folder holds no page; pages are files that end in {KINDS}")


def _walk(folder: Path, failed: list[OSError]) -> Iterator[Path]:
    """The files of a folder and its folders, by name; a folder that cannot be listed goes to `failed`."""
    for place, folders, files in os.walk(folder, onerror=failed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place) / name for name in sorted(files) if not name.startswith("."))


def _file(file: Path, source: str, most_bytes: int, *, named: bool) -> Iterator[Taken]:
    kind, archive = media_type(file), is_archive(file)
    if not _is_utf_8(source):
        written = source.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        is_page = kind or archive
        yield Unreadable(source=written, reason="its name is no UTF-8") if is_page else PassedOver(source=written)
    elif archive and _is_regular(file):
        yield from archived_pages(file, source, most_bytes)
    elif kind or archive:
        yield _page(file, source, kind or "", most_bytes)
    elif named:
        reason = f"files of kind {file.suffix or '(no suffix)'} are not read; pages are files that end in {KINDS}"
        yield Unreadable(source=source, reason=reason)
    else:
        yield PassedOver(source=source)


def _is_utf_8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_regular(file: Path) -> bool:
    """Whether the file can be read as one; what it is instead, reading it as a page tells."""
    try:
        return stat.S_ISREG(file.stat().st_mode)
    except OSError:
        return False


def _page(file: Path, source: str, kind: str, most_bytes: int) -> Page | Unreadable:
    try:
        payload = _payload(file, most_bytes)
    except OSError as error:
        return Unreadable(source=source, reason=error.strerror or str(error))
    if isinstance(payload, bytes):
        return Page(source=source, media_type=kind, payload=payload)
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
