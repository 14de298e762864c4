"""Plain text: bytes → Text, with the encodings we accept and clear refusals of what is no text."""

from __future__ import annotations

import re

from kg.model.errors import SourceError
from kg.model.page import Page, Text
from kg.pages.encoding import decoded
from kg.pages.mojibake import garbled

_LINE_END = re.compile(r"\r\n?")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def read_text(page: Page) -> Text:
    """The text of a plain-text page; line ends become line feeds, as RFC 5147 (section 2.1.1) counts them.

    A byte order mark is no part of the text.

    Raises:
        SourceError: the page is empty, in no encoding that is read, or holds control characters that no text holds.
    """
    content = _LINE_END.sub("\n", decoded(page))
    if not content.strip():
        raise SourceError(page.source, "the page is empty")
    control = _CONTROL.search(content)
    if control:
        line = content.count("\n", 0, control.start()) + 1
        raise SourceError(page.source, f"no plain text: control character U+{ord(control.group()):04X} in line {line}")
    return Text(page=page, content=content, faults=garbled(content))
