"""What pages are judged by: where none of it changed, an unchanged page says what it said."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kg import __version__, assets
from kg.build.stations import Stations

#: What reading, mapping and checking lean on.
_LIBRARIES: Final = ("ahocorasick_rs", "anyascii", "pyoxigraph", "pypdf", "rapidfuzz")


def recipe(stations: Stations, curated: str) -> Mapping[str, str]:
    """Digests by name of all that a page's statements and its verdict depend on, beside the page itself.

    The code counts by its bytes and not only by its version, so that a change of the program is never missed.

    Args:
        stations: with their settings; nothing is loaded.
        curated: the digest of the curated facts.
    """
    folders = {
        "ontology": [assets.ontology()],
        "shapes": [assets.shapes()],
        "layouts": stations.layout_folders,
        "authority": [stations.authority] if stations.authority else [],
    }
    settings = (
        stations.minter.base, stations.records, sorted(stations.severities.levels.items()), stations.most_bytes,
        stations.engine,
    )  # fmt: skip
    return {
        **{name: " ".join(map(assets.digest, places)) for name, places in folders.items()},
        "curated": curated,
        "settings": hashlib.sha256(repr(settings).encode()).hexdigest(),
        "code": code_digest(),
    }


def code_digest() -> str:
    """SHA-256 over the program's version, its source files and the versions of the libraries that it reads with."""
    from importlib.metadata import version  # noqa: PLC0415 - loads forty modules, and a check asks for no recipe

    whole = hashlib.sha256(__version__.encode())
    package = Path(__file__).resolve().parents[1]
    for file in sorted(package.rglob("*.py")):
        if file.relative_to(package).parts[0] not in ("cli", "web", "query", "writing"):
            whole.update(file.relative_to(package).as_posix().encode() + b"\0" + file.read_bytes())
    for library in _LIBRARIES:
        whole.update(f"{library} {version(library)}\n".encode())
    return whole.hexdigest()
