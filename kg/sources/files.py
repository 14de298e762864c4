"""Files and folders → pages, in a fixed order; what cannot be taken is named, never passed over in silence."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.model.errors import SourceError
from kg.model.mapping import RecordMapping
from kg.sources.kinds import KINDS, MEDIA_TYPES, is_archive, media_type
from kg.sources.names import SourceNames
from kg.sources.page_files import Found, PageFile, Shelf
from kg.sources.stdin import STDIN
from kg.sources.taken import MOST_BYTES, PassedOver, Taken, Unreadable


def find_pages(
    paths: Sequence[Path], *, most_bytes: int = MOST_BYTES, mappings: Sequence[RecordMapping] = ()
) -> Iterator[Taken]:
    """The pages in files and folders (recursively), by path; hidden files and folders are left alone.

    A path may be a pattern such as `pages/*.txt` (`**` for folders at any depth), or `-` for standard input. A file
    that holds a page a line gives its pages in order, and one that a mapping is for gives its records.

    A page's source is its path from the working folder, else from the parent of the path given, so that the same pages
    give the same graph wherever they lie; two paths of one name are told apart by the folders above them. Links to
    files are followed, links to folders are not.

    Raises:
        SourceError: a path does not exist, a pattern matches nothing, or a folder holds no page.
        SettingsError: a mapping names a column that a file it is for has not.
    """
    for found in find_files(paths, mappings):
        if isinstance(found, PageFile):
            yield from found.pages(most_bytes)
        elif isinstance(found, Shelf):
            for file in found.files():
                yield from file.pages(most_bytes)
        else:
            yield found


def find_files(paths: Sequence[Path], mappings: Sequence[RecordMapping] = ()) -> Iterator[Found]:
    """The files whose pages `find_pages` gives, in its order, none of them opened yet.

    Raises:
        SourceError: a path does not exist, a pattern matches nothing, or a folder holds no page.
    """
    taking = _Taking(tuple(mappings), SourceNames(paths))
    for path in paths:
        if path == STDIN:
            yield PageFile(path=str(STDIN), source="", kind="")
        elif path.is_dir():
            yield from _folder(path, taking)
        elif path.exists():
            yield _file(str(path), taking.names.name(path), taking, named=True)
        else:
            yield from _pattern(path, taking)


def count_pages(paths: Sequence[Path], mappings: Sequence[RecordMapping] = ()) -> int:
    """How many files will be read as pages; an archive of pages, or a file of records, counts as one."""
    return sum(1 for _ in page_files(paths, mappings))


def page_files(paths: Sequence[Path], mappings: Sequence[RecordMapping] = ()) -> Iterator[Path]:
    """The files that will be read as pages or hold pages, in the order in which they are read.

    What is named and cannot be read (a path that does not exist, a file of another kind), and a folder that cannot be
    listed, is given as it is, so that reading it tells why.
    """
    taking = _Taking(tuple(mappings), SourceNames(()))
    for path in paths:
        failed: list[OSError] = []
        files = list(_files(path, failed))
        yield from (
            file
            for file in files
            if file == path or media_type(file.name) or is_archive(file.name) or taking.mapping(str(file))
        )
        yield from (Path(error.filename) for error in failed)
        if not files and not path.is_dir():
            yield path


@dataclass(frozen=True, slots=True)
class _Taking:
    """How files are taken: which hold records, and what they are called."""

    mappings: tuple[RecordMapping, ...]
    names: SourceNames

    def mapping(self, file: str) -> RecordMapping | None:
        """The first mapping that is for the file."""
        if not self.mappings:
            return None
        place = Path(os.path.abspath(file))  # noqa: PTH100 - resolve() would follow links
        return next((mapping for mapping in self.mappings if mapping.is_for(place)), None)


def _files(path: Path, failed: list[OSError]) -> Iterator[Path]:
    if path.is_dir():
        return walk(path, failed)
    return iter([path] if path == STDIN or path.exists() else _matches(path))


def _matches(pattern: Path) -> list[Path]:
    """The files and folders that a pattern matches, by path."""
    return [Path(match) for match in sorted(glob.glob(str(pattern), recursive=True))]  # noqa: PTH207 - Path.glob takes no absolute pattern


def _pattern(pattern: Path, taking: _Taking) -> Iterator[Found]:
    if not glob.has_magic(str(pattern)):
        raise SourceError(str(pattern), "there is no such file or folder")
    files = [match for match in _matches(pattern) if match.is_file()]
    if not files:
        raise SourceError(str(pattern), "no file matches this pattern")
    found = False
    for file in files:
        taken = _file(str(file), taking.names.name(file), taking, named=False)
        found = found or not isinstance(taken, PassedOver)
        yield taken
    if not found:
        raise SourceError(str(pattern), f"no file that matches this pattern is a page; pages end in {KINDS}")


def _folder(folder: Path, taking: _Taking) -> Iterator[Found]:
    found = False
    failed: list[OSError] = []
    for place, files in _places(folder, failed):
        name = taking.names.name(Path(place))
        above = "" if name == "." else f"{name}/"
        within = os.path.join(place, "")  # noqa: PTH118 - a path for each of a hundred thousand files takes seconds
        for taken in _placed(within, above, files, taking):
            found = found or not isinstance(taken, PassedOver)
            yield taken
    for error in failed:
        found = True
        yield Unreadable(source=taking.names.name(Path(error.filename)), reason=error.strerror or str(error))
    if not found:
        raise SourceError(str(folder), f"the folder holds no page; pages are files that end in {KINDS}")


def _placed(within: str, above: str, files: Sequence[str], taking: _Taking) -> Iterator[Found]:
    """The files of one folder; those that are a page each, and stand side by side, as one shelf."""
    usual = [MEDIA_TYPES.get(file[file.rfind(".") :], "") for file in files]
    if files and all(usual) and _is_utf_8(above + "".join(files)) and not taking.mappings:
        yield Shelf(within, above, files, usual)
        return
    names, kinds = list[str](), list[str]()
    for file in files:
        kind = media_type(file)
        if kind and _is_utf_8(above + file) and not taking.mapping(within + file):
            names.append(file)
            kinds.append(kind)
            continue
        taken = _file(within + file, above + file, taking, named=False)
        if names:
            yield Shelf(within, above, names, kinds)
            names, kinds = [], []
        yield taken
    if names:
        yield Shelf(within, above, names, kinds)


def _places(folder: Path, failed: list[OSError]) -> Iterator[tuple[str, list[str]]]:
    """The folder and its folders, by name, each with its files."""
    for place, folders, files in os.walk(folder, onerror=failed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield place, sorted(name for name in files if not name.startswith("."))


def walk(folder: Path, failed: list[OSError]) -> Iterator[Path]:
    """The files of a folder and its folders, by name; a folder that cannot be listed goes to `failed`."""
    for place, files in _places(folder, failed):
        yield from (Path(place) / name for name in files)


def _file(file: str, source: str, taking: _Taking, *, named: bool) -> Found:
    kind, mapping = media_type(file), taking.mapping(file) if taking.mappings else None
    is_page = bool(kind or mapping or is_archive(file))
    if not _is_utf_8(source):
        written = source.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        return Unreadable(source=written, reason="its name is no UTF-8") if is_page else PassedOver(source=written)
    if is_page:
        return PageFile(path=file, source=source, kind=kind or "", mapping=mapping)
    if named:
        suffix = Path(file).suffix or "(no suffix)"
        reason = f"files of kind {suffix} are not read; pages are files that end in {KINDS}"
        return Unreadable(source=source, reason=reason)
    return PassedOver(source=source)


def _is_utf_8(name: str) -> bool:
    try:
        return name.isascii() or bool(name.encode())
    except UnicodeEncodeError:
        return False
