"""Dates as sources give them: a year, a month or a day, never completed from anything but the source."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_ISO = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A calendar date known to the year, the month or the day.

    Raises:
        ValueError: the parts name no date, or a day is given without a month.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError(f"day {self.day} without a month")
        date(self.year, self.month or 1, self.day or 1)

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """The date written as `2021`, `2021-09` or `2021-09-15` (ISO 8601).

        Raises:
            ValueError: the text is none of these, or names no day of the calendar.
        """
        if not _ISO.fullmatch(text):
            raise ValueError(f"{text!r} is no date such as 2021, 2021-09 or 2021-09-15")
        return cls(*(int(part) for part in text.split("-")))

    @property
    def iso(self) -> str:
        """ISO 8601, as precise as the date is."""
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    @property
    def first_day(self) -> date:
        """The earliest day it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        """The latest day it can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])
