"""Bodies of several parts: each is a graph, and all go to one (Graph Store Protocol, section 5.5; RFC 7578)."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from typing import Final

from kg.model.writes import MULTIPART, Write, WriteOutcome
from kg.writing.declined import Declined

_MOST: Final = 100


def parts_of(write: Write) -> tuple[Write, ...]:
    """The write itself, or one for each part of its body.

    Raises:
        Declined: its parts cannot be told apart, or are too many.
    """
    if write.media_type.partition(";")[0].strip().casefold() != MULTIPART:
        return (write,)
    head = f"Content-Type: {write.media_type}\r\n\r\n".encode("latin-1", "replace")
    form = BytesParser(EmailMessage, policy=HTTP).parsebytes(head + write.body)
    parts = list(form.iter_parts()) if form.is_multipart() and not form.defects else []
    if not 0 < len(parts) <= _MOST:
        reason = f"expected a form of 1 to {_MOST} parts, each a graph with its Content-Type"
        raise Declined(WriteOutcome.MALFORMED, reason)
    found = ((part.get_content_type(), part.get_payload(decode=True)) for part in parts)
    return tuple(
        replace(write, media_type=media_type, body=body if isinstance(body, bytes) else b"")
        for media_type, body in found
    )
