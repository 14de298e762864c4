"""How a write and what became of it cross the pipes between the server, the writer and the process of one write.

Frames are those of `kg.query.messages`: a JSON header and a payload. The payload is the body of a write, and behind it
the documents that it loads; nothing is pickled.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields

from kg.accounts import finding_of, finding_values
from kg.model.writes import Loaded, Write, WriteKind, WriteOutcome, Written
from kg.query.messages import Header, frame

_LISTS = ("using_graphs", "using_named_graphs")
#: Who asks, and on which conditions.
_WHO_AND_WHEN = ("author", "idempotency_key", "version", "is_deletion_confirmed")


def write_frame(write: Write, mark: str) -> bytes:
    """The message that asks for a write; the mark is this one asking, however often it is repeated."""
    loads = [(each.iri, each.media_type, len(each.payload)) for each in write.loads]
    header = {**_told(write), "loads": loads, "mark": mark}
    return frame(header, b"".join([write.body, *(each.payload for each in write.loads)]))


def read_write(header: Header, payload: bytes) -> tuple[Write, str]:
    """The write of a message, and its mark."""
    told = {name: value for name, value in header.items() if name not in {"mark", "loads"}}
    lists = {name: tuple(told[name]) for name in _LISTS}
    at = len(payload) - sum(size for *_, size in header["loads"])
    body, loads = payload[:at], []
    for iri, media_type, size in header["loads"]:
        loads.append(Loaded(iri=iri, media_type=media_type, payload=payload[at : at + size]))
        at += size
    write = Write(**{**told, **lists, "kind": WriteKind(told["kind"]), "body": body, "loads": tuple(loads)})
    return write, header["mark"]


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
    """SHA-256 over what a write asks for, whoever sends it and on which conditions, whatever its documents say now."""
    told = {name: value for name, value in _told(write).items() if name not in _WHO_AND_WHEN}
    whole = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
    whole.update(b"\0" + write.body)
    return whole.hexdigest()


def _told(write: Write) -> dict[str, object]:
    """A write without its body and its documents, as JSON holds it."""
    told = {each.name: getattr(write, each.name) for each in fields(Write) if each.name not in {"body", "loads"}}
    return {**told, "kind": write.kind.value}
