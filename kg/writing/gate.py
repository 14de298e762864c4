"""The one gate of every write: lock, staged copy, apply, full check, publish; or nothing at all."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final

from kg.model.errors import StoreError, StoreLocked
from kg.model.writes import Write, WriteOutcome, Written
from kg.store import Start, VersionStore, Writer
from kg.writing.corpus import Corpus
from kg.writing.declined import Declined
from kg.writing.history import Entry, History
from kg.writing.options import GateOptions, Policy
from kg.writing.plain import PlainDataset

_PAUSE: Final = 0.02


class Gate:
    """Applies writes to one store, one at a time.

    Attributes:
        kind: what the store is, and so what becomes of a write.
    """

    def __init__(self, options: GateOptions) -> None:
        self.options = options
        self._versions = VersionStore(options.store)
        self.kind = Corpus(options) if options.policy is Policy.CURATED else PlainDataset(options)

    def set_up(self) -> None:
        """Loads all that writes need, so that processes forked from this one share it."""
        self.kind.set_up()

    def apply(self, write: Write, mark: str) -> Written:
        """What became of a write; a mark that was published before is not applied again."""
        if len(write.body) > self.options.most_bytes:
            reason = f"the body has {len(write.body):,} bytes; at most {self.options.most_bytes:,} are taken"
            return self.failed(WriteOutcome.TOO_LARGE, reason)
        until = time.monotonic() + self.options.patience
        while True:
            try:
                return self._locked(write, mark)
            except StoreLocked as error:
                if time.monotonic() >= until:
                    return self.failed(WriteOutcome.BUSY, f"{error}; try again soon")
                time.sleep(_PAUSE)
            except StoreError as error:
                return self.failed(WriteOutcome.FAILED, str(error))

    def failed(self, outcome: WriteOutcome, reason: str) -> Written:
        """The answer where nothing was published, with the version that is current."""
        version = self._versions.current_or_none()
        return Written(outcome=outcome, version=version.name if version else "", reason=reason)

    def told(self, mark: str) -> Written | None:
        """What became of an asking, where it was published."""
        try:
            return History.of(self._versions.current_or_none()).of_mark(mark)
        except OSError:
            return None

    def _locked(self, write: Write, mark: str) -> Written:
        with self._versions.writer(f"a write: {write.kind.value} {write.target}", Start.CURRENT) as writer:
            name = writer.current.name if writer.current else ""
            try:
                return self._once(write, mark, writer, name)
            except Declined as declined:
                return declined.written(name)

    def _once(self, write: Write, mark: str, writer: Writer, name: str) -> Written:
        """The answer that was given already, or that of this write."""
        history = History.of(writer.current)
        told = history.of_mark(mark) or history.of_key(write)
        if told:
            return replace(told, version=told.version or name)
        if write.version is not None and write.version != name:
            reason = f"{name or 'no version'} is current, and the write was meant for {write.version}; read again"
            raise Declined(WriteOutcome.STALE, reason)
        written = self.kind.written(write, Entry.of(write, mark, writer.next_name), writer)
        if written.outcome is WriteOutcome.PUBLISHED:
            writer.prune(self.options.kept_versions)
        return written
