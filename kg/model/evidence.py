"""The exact words that say so: spans, quotes, and values that carry them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)

CERTAIN = Decimal("1.0")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points in a page's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a source file for a person to look at; line and column count from 1."""

    source: str
    line: int
    column: int
    quote: str = ""

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}"


def on_sheet(source: str, sheet: int | str | None) -> str:
    """The source, with one of its numbered pages named as RFC 8118 (section 3) does, if there is one."""
    return f"{source}#page={sheet}" if sheet else source


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Words of a page: `text[span.start:span.end] == quote`; page is the payload's SHA-256."""

    page: str
    span: Span
    quote: str


class Polarity(Enum):
    """Whether the words assert a statement or deny it."""

    ASSERTED = "asserted"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[T_co]):
    """A value read from a page. There is none without its words.

    Attributes:
        method: name of the rule that read it, such as `drc/series-line` or `statement/components`.
        confidence: from 0 to 1; 1.0 for what is printed as such, less where words hedge or a rule infers.
    """

    value: T_co
    evidence: Evidence
    method: str
    confidence: Decimal = CERTAIN
    polarity: Polarity = Polarity.ASSERTED
