"""The names by which people find the files of a run: the same on every machine, and each for one file alone."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from kg.sources.stdin import STDIN


class SourceNames:
    """Names for the files under some paths: files, folders and patterns.

    Within the working folder a file's name is its path from there. Elsewhere it begins with the last part of the path
    that was given; where this would be another path's name too, with as many more parts as tell them apart.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._here = Path.cwd()
        roots = {_absolute(pattern_root(path)) for path in paths if path != STDIN}
        inside = {root for root in roots if root.is_relative_to(self._here)}
        outside = {root for root in roots - inside if not roots.intersection(root.parents)}
        self._labels = _labels(outside, _Working(self._here, inside))

    def name(self, file: Path) -> str:
        """The file's name, with forward slashes.

        Raises:
            ValueError: the file lies under none of the paths, and not in the working folder.
        """
        absolute = _absolute(file)
        if absolute.is_relative_to(self._here):
            return absolute.relative_to(self._here).as_posix()
        for root in (absolute, *absolute.parents):
            if root in self._labels:
                return (self._labels[root] / absolute.relative_to(root)).as_posix()
        raise ValueError(f"{file} lies under none of the paths that were given")


def pattern_root(path: Path) -> Path:
    """The path itself, or of a pattern that matches no file of its very name the folder above its first wildcard."""
    if path.exists() or not glob.has_magic(str(path)):
        return path
    return Path(*path.parts[: next(at for at, part in enumerate(path.parts) if glob.has_magic(part))])


class _Working:
    """The working folder, and the paths in it that were given."""

    def __init__(self, here: Path, inside: set[Path]) -> None:
        self._here = here
        self._inside = inside
        self._above = {parent for root in inside for parent in root.parents}

    def has(self, label: PurePosixPath) -> bool:
        """Whether files that lie here may have names that begin with the label."""
        place = self._here / label
        taken = place in self._above or not self._inside.isdisjoint((place, *place.parents))
        return taken and place.exists()


def _labels(outside: Iterable[Path], working: _Working) -> dict[Path, PurePosixPath]:
    """How the names of the files under each path begin: with its last part, or as many more as are needed."""
    parts = dict.fromkeys(outside, 1)
    while True:
        labels = {root: _last_parts(root, count) for root, count in parts.items()}
        doubled = [root for root in _doubled(labels, working) if not labels[root].is_absolute()]
        if not doubled:
            return labels
        for root in doubled:
            parts[root] += 1


def _doubled(labels: dict[Path, PurePosixPath], working: _Working) -> Iterator[Path]:
    """The paths whose label another one bears, or one above or below it."""
    bearers = Counter(labels.values())
    above = {parent for label in bearers for parent in label.parents}
    for root, label in labels.items():
        shared = bearers[label] > 1 or label in above or any(parent in bearers for parent in label.parents)
        if shared or working.has(label):
            yield root


def _last_parts(path: Path, count: int) -> PurePosixPath:
    """The last parts of an absolute path; with all of them, the path itself."""
    return PurePosixPath(*path.parts[-count:])


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
