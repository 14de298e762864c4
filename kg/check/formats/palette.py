"""Colours on a terminal, or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from kg.model.verdict import Severity


class Ink(Enum):
    """What a colour is for."""

    PLACE = "place"
    MARGIN = "margin"
    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Palette:
    """Select Graphic Rendition parameters (ECMA-48, section 8.3.117) for inks; an ink without any is no colour."""

    codes: Mapping[Ink, str]

    def paint(self, words: str, ink: Ink) -> str:
        """The words in that ink."""
        code = self.codes.get(ink)
        return f"\x1b[{code}m{words}\x1b[0m" if code and words else words


PLAIN: Final = Palette(MappingProxyType({}))
COLOURED: Final = Palette(
    MappingProxyType({Ink.PLACE: "1", Ink.MARGIN: "34", Ink.VIOLATION: "1;31", Ink.WARNING: "1;33", Ink.INFO: "1;36"})
)


def severity_ink(severity: Severity) -> Ink:
    """The ink of a severity."""
    return Ink[severity.name]
