"""What clients wrote: files that are published with a version, and handed on from version to version.

    versions/vN/deposits/curated/NAME.nt     a graph of curated facts, as sorted N-Triples
    versions/vN/deposits/pages/KEY.html      a page, as it came

A build takes them as further sources. A file is the same one on the disk in every version that has it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from kg.model.errors import StoreError
from kg.store.durable import share_file
from kg.store.folder import Version

FOLDER: Final = "deposits"
#: What begins the names of graphs of curated facts, and those of pages.
CURATED: Final = "curated/"
PAGES: Final = "pages/"


class Deposits:
    """The deposits of a version, and what becomes of them in the next.

    Args:
        home: the version's folder.
        digests: the SHA-256 of each, by name.
    """

    def __init__(self, home: Path | None = None, digests: Mapping[str, str] | None = None) -> None:
        self._home = home
        self._digests = dict(digests or {})
        self._new: dict[str, bytes] = {}

    @classmethod
    def of(cls, version: Version | None) -> Deposits:
        """Those of a version; none where there is none."""
        return cls(version.path, version.manifest.deposits) if version else cls()

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._digests))

    def __contains__(self, name: str) -> bool:
        return name in self._digests

    def under(self, kind: str) -> Iterator[str]:
        """The names of one kind, in order."""
        return (name for name in self if name.startswith(kind))

    def payload(self, name: str) -> bytes:
        """The bytes of a deposit.

        Raises:
            KeyError: there is none of this name.
            StoreError: it cannot be read, or is not what was written.
        """
        if name in self._new:
            return self._new[name]
        digest, path = self._digests[name], self._place(name)
        try:
            payload = path.read_bytes()
        except OSError as error:
            raise StoreError(str(path), str(error)) from error
        if hashlib.sha256(payload).hexdigest() != digest:
            raise StoreError(str(path), "it is not what was written; its digest differs from the manifest's")
        return payload

    def put(self, name: str, payload: bytes) -> None:
        """Sets a deposit of the next version."""
        self._new[name] = payload
        self._digests[name] = hashlib.sha256(payload).hexdigest()

    def remove(self, name: str) -> None:
        """Leaves a deposit out of the next version."""
        self._new.pop(name, None)
        self._digests.pop(name, None)

    def write(self, version: Path) -> Mapping[str, str]:
        """Puts all of them into the folder of a version in the making; their digests by name.

        Raises:
            OSError: the disk fails.
        """
        for name in self:
            target = version / FOLDER / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if name in self._new:
                target.write_bytes(self._new[name])
            else:
                share_file(self._place(name), target)
        return dict(sorted(self._digests.items()))

    def _place(self, name: str) -> Path:
        if self._home is None:
            raise KeyError(name)
        return self._home / FOLDER / name
