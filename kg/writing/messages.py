"""How a write and what became of it cross the pipes between the server, the writer and the process of one write.

Frames are those of `kg.query.messages`: a JSON header and a payload. The payload is the body of a write; nothing is
pickled.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields

from kg.accounts import finding_of, finding_values
from kg.model.writes import Write, WriteKind, WriteOutcome, Written
from kg.query.messages import Header, frame

_LISTS = ("using_graphs", "using_named_graphs")
#: Who asks, and on which conditions.
_WHO_AND_WHEN = ("author", "idempotency_key", "version", "is_deletion_confirmed")


def write_frame(write: Write, mark: str) -> bytes:
    """The message that asks for a write; the mark is this one asking, however often it is repeated."""
    header = {**_told(write), "mark": mark}
    return frame(header, write.body)


def read_write(header: Header, payload: bytes) -> tuple[Write, str]:
    """The write of a message, and its mark."""
    told = {name: value for name, value in header.items() if name != "mark"}
    lists = {name: tuple(told[name]) for name in _LISTS}
    return Write(**{**told, **lists, "kind": WriteKind(told["kind"]), "body": payload}), header["mark"]


def written_frame(written: Written) -> bytes:
    """The message that says what became of a write."""
    told = {each.name: getattr(written, each.name) for each in fields(Written)}
    findings = [finding_values(each) for each in written.findings]
    return frame({**told, "outcome": written.outcome.value, "findings": findings})


def read_written(header: Header) -> Written:
    """What became of a write, by a message."""
    findings = tuple(map(finding_of, header["findings"]))
    return Written(**{**header, "outcome": WriteOutcome(header["outcome"]), "findings": findings})


def write_digest(write: Write) -> str:
    """SHA-256 over what a write asks for, whoever sends it and on which conditions."""
    told = {name: value for name, value in _told(write).items() if name not in _WHO_AND_WHEN}
    whole = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
    whole.update(b"\0" + write.body)
    return whole.hexdigest()


def _told(write: Write) -> dict[str, object]:
    """A write without its body, as JSON holds it."""
    told = {each.name: getattr(write, each.name) for each in fields(Write) if each.name != "body"}
    return {**told, "kind": write.kind.value}
