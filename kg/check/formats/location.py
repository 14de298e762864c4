"""Where other programs look for a finding: a file, and a line in that file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from kg.model.evidence import Place

_PART = re.compile(r"#(?P<kind>line|page|row)=(?P<number>\d+)")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_LINES_OF_TEXT = (".csv", ".tsv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place in a file as the file is stored.

    A source may be a part of a file: a line of an archive, a row of a table, a page of a PDF. A row is text as it
    stands in the file. In an archive's line the page is written in JSON, so the line is told and no column. A page of a
    PDF has no line in the file.

    Attributes:
        file: the path, or the URL.
        line: from 1.
        column: from 1, in code points.
        end_line: where the words end.
        end_column: the column behind the words.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def is_url(self) -> bool:
        """Whether the source lies elsewhere than among the files."""
        return bool(_URL.match(self.file))

    @property
    def uri(self) -> str:
        """The URL, or the path as a relative reference (RFC 3986, section 4.2)."""
        return self.file if self.is_url else quote(self.file, safe="/")


def location(place: Place) -> Location:
    """Where a place lies in its file."""
    part = _PART.search(place.source)
    if part is None or part.end() != len(place.source):
        return _location(place.source, place.line, place)
    file = place.source[: part.start()]
    if part["kind"] != "page" and file.casefold().endswith(_LINES_OF_TEXT):
        return _location(file, int(part["number"]) + place.line - 1, place)
    line = 1 if part["kind"] == "page" else int(part["number"])
    return Location(file=file, line=line, column=1, end_line=line, end_column=1)


def _location(file: str, line: int, place: Place) -> Location:
    lines = place.quote.split("\n")
    last = len(lines) - 1
    end_column = len(lines[-1]) + (1 if last else place.column)
    return Location(file=file, line=line, column=place.column, end_line=line + last, end_column=end_column)
