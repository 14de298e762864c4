"""The audit log: who asked for which write, and what became of it; no write without it.

Each write has two lines of JSON of one `id`: one before it is begun, on the disk before anything else happens, and one
with what became of it. A request to write that never came so far has one line, which says why; of those from whoever
may not write, a few in a minute, and how many more there were: else anybody could fill the disk. Of what clients wrote
a digest stands in it, so the file holds no text of theirs but the names of graphs and reports.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final

from kg.model.writes import Write, Written
from kg.store.durable import sync_folder

_MODE: Final = 0o600
_LONGEST: Final = 2000  # letters of a name
_STRANGERS: Final = 20  # lines in a minute about those who may not write


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, as far as it is known.

    Attributes:
        id: of this request; the response bears it, too.
        address: of the other end of the connection; a proxy's, where there is one.
        method, path: of the request.
    """

    id: str
    address: str
    method: str
    path: str


_STRANGE: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.MISDIRECTED_REQUEST})


class AuditLog:
    """A file to which lines are added; it is opened for each, so that it may be moved away at any time."""

    def __init__(self, file: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._file, self._now = file, now
        self._turn = asyncio.Lock()
        self._minute: datetime | None = None
        self._strangers = self._untold = 0

    async def began(self, caller: Caller, write: Write, version: str) -> None:
        """A write is about to be tried.

        Args:
            caller: who asks for it.
            write: what is asked for.
            version: what is served before it.

        Raises:
            OSError: this could not be recorded; the write must not be tried.
        """
        digest = hashlib.sha256(write.body).hexdigest()
        told = {
            "token": write.author,
            "kind": write.kind.value,
            "target": write.target[:_LONGEST],
            "media_type": write.media_type[:_LONGEST],
            "bytes": len(write.body),
            "sha256": digest,
            "confirmed": write.is_deletion_confirmed,
            "version": version,
        }
        await self._add("began", caller, told)

    async def ended(self, caller: Caller, write: Write, written: Written | None) -> None:
        """What became of it; None where that is not known.

        Raises:
            OSError: this could not be recorded.
        """
        told: dict[str, object] = {"token": write.author, "kind": write.kind.value, "target": write.target[:_LONGEST]}
        if written is None:
            told |= {"outcome": "unknown"}
        else:
            told |= {
                "outcome": written.outcome.value,
                "version": written.version,
                "added": written.added,
                "removed": written.removed,
                "findings": len(written.findings),
            }
        await self._add("ended", caller, told)

    async def refused(self, caller: Caller, status: int, reason: str) -> None:
        """A request to write was refused before anything was tried.

        Raises:
            OSError: this could not be recorded.
        """
        if status in _STRANGE and self._is_crowded():
            self._untold += 1
            return
        told: dict[str, object] = {"status": status, "reason": reason[:_LONGEST]}
        if self._untold:
            told["untold"], self._untold = self._untold, 0
        await self._add("refused", caller, told)

    def _is_crowded(self) -> bool:
        """Whether enough was said of strangers in this minute."""
        minute = self._now().replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute, self._strangers = minute, 0
        self._strangers += 1
        return self._strangers > _STRANGERS

    async def _add(self, event: str, caller: Caller, told: Mapping[str, object]) -> None:
        members = {
            "time": self._now().isoformat(timespec="milliseconds"),
            "event": event,
            "id": caller.id,
            "address": caller.address,
            "method": caller.method[:_LONGEST],
            "path": caller.path[:_LONGEST],
            **told,
        }
        line = json.dumps(members, ensure_ascii=True, separators=(",", ":")) + "\n"
        async with self._turn:
            await asyncio.to_thread(_append, self._file, line.encode("ascii"))


def _append(file: Path, line: bytes) -> None:
    handle = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, _MODE)
    try:
        end = os.fstat(handle).st_size
        if end and os.pread(handle, 1, end - 1) != b"\n":
            line = b"\n" + line  # the one before it was cut off with the power
        if os.write(handle, line) < len(line):
            os.ftruncate(handle, end)
            raise OSError(errno.ENOSPC, "there is no room for a whole line", str(file))
        os.fsync(handle)
        if end == 0:
            sync_folder(file.parent)
    finally:
        os.close(handle)
