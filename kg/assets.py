"""Where ontology/, shapes/ and layouts/ lie: inside an installed wheel, or beside the package in a checkout."""

from __future__ import annotations

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


def layouts() -> Path:
    """The folder with one TOML file a publisher."""
    return _folder("layouts")
