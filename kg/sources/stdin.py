"""Standard input → one page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO, Final

from kg.model.page import Page
from kg.sources.kinds import sniffed
from kg.sources.taken import Taken, Unreadable

#: The path that stands for standard input.
STDIN: Final = Path("-")
_NAME: Final = "stdin"


def stdin_page(most_bytes: int, stream: BinaryIO | None = None) -> Taken:
    """What stands on standard input (or another stream), its kind told by how it begins."""
    payload = (stream or sys.stdin.buffer).read(most_bytes + 1)
    if len(payload) > most_bytes:
        limit = f"a page may have {most_bytes:,} (setting most_page_bytes)"
        return Unreadable(source=_NAME, reason=f"there are more bytes than a page may have; {limit}")
    return Page(source=_NAME, media_type=sniffed(payload), payload=payload)
