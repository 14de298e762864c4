"""Archives of pages → pages: JSON Lines, a page a line as `{"url": …, "media_type": …, "text": …}`, plain or gzipped.

An archive is read as a stream: memory holds one line, however many there are, and no line beyond the limit.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kg.model.page import Page
from kg.sources.kinds import MEDIA_TYPES, sniffed
from kg.sources.taken import Taken, Unreadable

_PIECE = 64 * 1024
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20\x7f-\x9f\ud800-\udfff]+")
_TEXTUAL = frozenset(MEDIA_TYPES.values()) - {MEDIA_TYPES[".pdf"]}


def archived_pages(file: Path, source: str, most_bytes: int) -> Iterator[Taken]:
    """The pages of an archive, in order; a line that is none is named with its number, and the rest is read.

    A page's source is its URL, else the archive and the line.
    """
    found = False
    try:
        with gzip.open(file, "rb") if file.suffix.casefold() == ".gz" else file.open("rb") as stream:
            for number, line in _lines(stream, most_bytes):
                if line is None:
                    limit = f"a page may have {most_bytes:,} (setting most_page_bytes)"
                    taken: Taken = Unreadable(source=f"{source}:{number}", reason=f"the line is too long; {limit}")
                elif not line.strip():
                    continue
                else:
                    taken = _page(line, source, number)
                found = True
                yield taken
    except (OSError, EOFError, zlib.error) as error:
        found = True
        reason = getattr(error, "strerror", None) or str(error)
        yield Unreadable(source=source, reason=f"the archive cannot be read on: {reason}")
    if not found:
        yield Unreadable(source=source, reason="the archive holds no page")


def _lines(stream: BinaryIO | gzip.GzipFile, most_bytes: int) -> Iterator[tuple[int, bytes | None]]:
    """The lines with their numbers from 1; None for one that is too long, which is passed by piece after piece."""
    number = 0
    while line := stream.readline(most_bytes + 1):
        number += 1
        if len(line) <= most_bytes or line.endswith(b"\n"):
            yield number, line
            continue
        while (rest := stream.readline(_PIECE)) and not rest.endswith(b"\n"):
            pass
        yield number, None


def _page(line: bytes, source: str, number: int) -> Taken:
    try:
        entry = json.loads(line.decode().removeprefix(_BOM).rstrip("\r\n"))
        return _entry(entry, f"{source}#line={number}")
    except UnicodeDecodeError as error:
        reason = f"no UTF-8: byte {line[error.start]:#04x} at offset {error.start} of the line"
    except UnicodeEncodeError as error:
        reason = f"its text holds half a character, U+{ord(error.object[error.start]):04X}, at offset {error.start}"
    except RecursionError:
        reason = "no JSON that is read: it is nested too deeply"
    except json.JSONDecodeError as error:
        reason = f"no JSON: {error.msg} at column {error.colno}"
    except ValueError as error:
        reason = str(error)
    return Unreadable(source=f"{source}:{number}", reason=reason)


def _entry(entry: object, place: str) -> Page:
    if not isinstance(entry, dict):
        raise ValueError('no JSON object; a page is {"url": …, "media_type": …, "text": …}')  # noqa: TRY004 - the line is at fault, not a caller
    text, url, media_type = (entry.get(name) for name in ("text", "url", "media_type"))
    if not isinstance(text, str):
        raise ValueError(f"its text is {type(text).__name__}; a page has a string `text`")  # noqa: TRY004 - as above
    if url is not None and not (isinstance(url, str) and _URL.fullmatch(url)):
        raise ValueError("its url is no absolute URL")
    payload = text.encode()
    kind = sniffed(payload) if media_type is None else str(media_type).partition(";")[0].strip().casefold()
    if kind not in _TEXTUAL:
        raise ValueError(f"its media_type is {media_type!r:.80}; {', '.join(sorted(_TEXTUAL))} are read")
    return Page(source=url or place, media_type=kind, payload=payload)
