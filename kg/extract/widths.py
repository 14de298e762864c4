# ruff: noqa: RUF001, RUF002 - full-width marks are what it is about
"""Full-width and ASCII characters alike: one text to match in, with every character in its place."""

from __future__ import annotations

import re
from typing import Final

#: U+FF01 to U+FF5E are U+0021 to U+007E in the width of an ideograph.
_WIDE: Final[dict[int, int | str]] = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_BRACKETS: Final[dict[int, int | str]] = {
    ord(wide): plain for wide, plain in zip("【】〔〕［］", "[][][]", strict=True)
}
_SPACES: Final[dict[int, int | str]] = {0x3000: " ", 0xA0: " "}
_NARROW: Final[dict[int, int | str]] = {**_WIDE, **_BRACKETS, **_SPACES}
_ANY = re.compile("[\u00a0\u3000【】〔〕！-～]")


def narrow(text: str) -> str:
    """The text with full-width characters as ASCII ones; as long as it was, so that offsets stay.

    >>> narrow("（Total：４７６０），【Abstract】")
    '(Total:4760),[Abstract]'
    """
    return text if text.isascii() or not _ANY.search(text) else text.translate(_NARROW)
