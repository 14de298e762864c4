"""Copies runs of a source into a text as browsers show them: white space collapsed, references decoded, places kept."""

from __future__ import annotations

import re
from array import array

from kg.model.evidence import Span
from kg.model.origins import Lines, Runs
from kg.model.page import Fault
from kg.pages.markup import REFERENCE, character

_WHITE = " \t\n\f\r"
_CONTROL = r"[\x00-\x08\x0b\x0e-\x1f\x7f]"
#: Where a stretch of source is not copied as it stands.
SPLIT = re.compile(rf"[ \t\n\f]{{2,}}|[\t\n\f]|{REFERENCE}|{_CONTROL}")
_SPLIT_LITERAL = re.compile(rf"[ \t\n\f]{{2,}}|[\t\n\f]|{_CONTROL}")
_SPLIT_SPACED = re.compile(rf"{REFERENCE}|{_CONTROL}")


class Transcript:
    """A text in the making, line by line.

    Attributes:
        faults: the control characters that were left out.
    """

    def __init__(self, source: str) -> None:
        self.faults: list[Fault] = []
        self._source = source
        self._parts: list[str] = []
        self._length = 0
        self._starts, self._sources = array("Q"), array("Q")
        self._line: list[tuple[str, int]] = []
        self._line_length = 0
        self._line_faults: list[tuple[int, str]] = []

    @property
    def content(self) -> str:
        """The lines that were ended."""
        return "".join(self._parts)

    @property
    def origins(self) -> Runs:
        """Where each of its characters stands in the source."""
        return Runs(starts=self._starts, sources=self._sources, lines=Lines.of(self._source))

    @property
    def _at_edge(self) -> bool:
        return not self._line or self._line[-1][0][-1] in _WHITE

    def copy(self, start: int, end: int) -> None:
        """Adds a stretch of the source to the line."""
        self._copy(SPLIT, start, end)

    def copy_literal(self, start: int, end: int) -> None:
        """Adds a stretch in which an ampersand is an ampersand."""
        self._copy(_SPLIT_LITERAL, start, end)

    def copy_spaced(self, start: int, end: int) -> None:
        """Adds a stretch whose white space is kept."""
        self._copy(_SPLIT_SPACED, start, end)

    def space(self, origin: int) -> None:
        """Adds a space unless one stands there, or the line is empty."""
        if not self._at_edge:
            self._add(" ", origin)

    def cell(self, origin: int) -> None:
        """Begins another cell of a row."""
        if self._line and self._line[-1][0] == " ":
            self._line_length -= 1
            self._line.pop()
        if self._line and self._line[-1][0] != "\t":
            self._add("\t", origin)

    def end_line(self, *, blank_above: bool) -> None:
        """Ends the line; one without words leaves nothing behind."""
        while self._line and not self._line[-1][0].strip(_WHITE):
            self._line.pop()
        line, faults = self._line, self._line_faults
        self._line, self._line_faults, self._line_length = [], [], 0
        if not "".join(words for words, _ in line).strip():
            self.faults += [Fault(reason, Span(self._length, self._length)) for _, reason in faults]
            return
        if self._parts:
            self._write("\n\n" if blank_above else "\n")
        first = self._length
        last = len(line) - 1
        for number, (words, origin) in enumerate(line):
            self._run(words.rstrip(_WHITE) if number == last else words, origin)
        places = (min(first + at, self._length) for at, _ in faults)
        self.faults += [Fault(reason, Span(at, at)) for at, (_, reason) in zip(places, faults, strict=True)]

    def _copy(self, split: re.Pattern[str], start: int, end: int) -> None:
        at = start
        for match in split.finditer(self._source, start, end):
            if match.start() > at:
                self._words(at, match.start(), split)
            self._special(match.group(), match.start())
            at = match.end()
        if at < end:
            self._words(at, end, split)

    def _words(self, start: int, end: int, split: re.Pattern[str]) -> None:
        """Adds words between which single spaces stand."""
        if split is not _SPLIT_SPACED and self._source[start] == " " and self._at_edge:
            start += 1
        if start < end:
            self._add(self._source[start:end], start)

    def _special(self, found: str, origin: int) -> None:
        if found[0] in _WHITE:
            self.space(origin)
        elif found[0] == "&":
            meant = character(found)
            if meant in _WHITE:
                self.space(origin)
            else:
                self._add(meant, origin)
        else:
            reason = f"the control character U+{ord(found):04X} was left out here"
            self._line_faults.append((self._line_length, reason))

    def _add(self, words: str, origin: int) -> None:
        self._line.append((words, origin))
        self._line_length += len(words)

    def _run(self, words: str, origin: int) -> None:
        if not self._starts or self._length - self._starts[-1] != origin - self._sources[-1]:
            self._starts.append(self._length)
            self._sources.append(origin)
        self._write(words)

    def _write(self, words: str) -> None:
        self._parts.append(words)
        self._length += len(words)
