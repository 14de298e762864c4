"""What kind of page a file is: by the end of its name, or where it has none, by how it begins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from os.path import splitext
from typing import Final

#: File name suffixes that are read as pages, with their media types.
MEDIA_TYPES: Final[Mapping[str, str]] = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".pdf": "application/pdf",
}
#: Ends of names of files that hold a page a line.
ARCHIVES: Final = (".jsonl", ".jsonl.gz")
#: The kinds, for people.
KINDS: Final = ", ".join(sorted((*MEDIA_TYPES, *ARCHIVES)))

_LOOKED_AT = 1024
_XML = re.compile(rb"<\?xml[^>]*>\s*", re.IGNORECASE)
_ASIDE = re.compile(rb"(?:\s+|<!--.*?-->)*", re.DOTALL)
_HTML = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)


def media_type(file: str) -> str | None:
    """The media type that a file's name tells, None where it is no page."""
    at = file.rfind(".")
    if at > 0 and file[at - 1] not in "/." and (found := MEDIA_TYPES.get(file[at:])):
        return found  # as most names are written
    return MEDIA_TYPES.get(splitext(file)[1].casefold())  # noqa: PTH122 - a path for each of a hundred thousand names takes a second


def is_archive(file: str) -> bool:
    """Whether a file's name says that it holds a page a line."""
    return file.casefold().endswith(ARCHIVES)


def sniffed(payload: bytes) -> str:
    """The media type of a page without a name: what PDF and HTML begin with, else plain text."""
    if payload.startswith(b"%PDF-"):
        return MEDIA_TYPES[".pdf"]
    head = payload[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").replace(b"\0", b"").lstrip()
    xml = _XML.match(head)
    start = _ASIDE.match(head, xml.end() if xml else 0)
    if start and _HTML.match(head, start.end()):
        return MEDIA_TYPES[".xhtml" if xml else ".html"]
    return MEDIA_TYPES[".txt"]
