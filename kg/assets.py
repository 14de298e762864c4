"""Where ontology/, shapes/ and layouts/ lie: inside an installed wheel, or beside the package in a checkout."""

from __future__ import annotations

import hashlib
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def ontology() -> Path:
    """The folder with coord.ttl, vocabularies/, authority/, alignments/ and questions/."""
    return _folder("ontology")


def shapes() -> Path:
    """The folder with the SHACL shapes, one Turtle file a thing."""
    return _folder("shapes")


def shape_examples() -> Path:
    """The folder with examples of what passes each shape and what does not; in a checkout they are tests."""
    installed = _PACKAGE / "_data" / "shape-examples"
    return installed if installed.is_dir() else _PACKAGE.parent / "tests" / "shapes"


def layouts() -> Path:
    """The folder with one TOML file a publisher."""
    return _folder("layouts")


def digest(folder: Path) -> str:
    """SHA-256 over the names and contents of a folder's files, in the order of their names."""
    whole = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole.update(
            f"{file.relative_to(folder).as_posix()} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode()
        )
    return whole.hexdigest()
