"""Plain text: bytes → Text, with the encodings we accept and clear refusals of what is no text."""

from __future__ import annotations

import re

from kg.model.errors import SourceError
from kg.model.page import Page, Text

_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(r"\r\n?")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def read_text(page: Page) -> Text:
    """The text of a plain-text page in UTF-8; line ends become line feeds, as RFC 5147 (section 2.1.1) counts them.

    Raises:
        SourceError: the page is empty, no UTF-8, or holds control characters that no text holds.
    """
    payload = page.payload.removeprefix(_BOM)
    if not payload.strip():
        raise SourceError(page.source, "the page is empty")
    try:
        content = payload.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(
            page.source, f"no UTF-8 text: byte {payload[error.start]:#04x} at offset {error.start}"
        ) from error
    content = _LINE_END.sub("\n", content)
    control = _CONTROL.search(content)
    if control:
        line = content.count("\n", 0, control.start()) + 1
        raise SourceError(page.source, f"no plain text: control character U+{ord(control.group()):04X} in line {line}")
    return Text(page=page, content=content)
