"""PDF → Text: the words of its pages, read by pypdf in a process of its own, with an empty line between pages.

Lines end where they end on the page, and a word parted by a hyphen at a line's end stays parted: nothing is mended.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO, Final

from kg.model.errors import SourceError
from kg.model.evidence import Span
from kg.model.origins import Lines, Sheets
from kg.model.page import Fault, Page, Text
from kg.pages.mojibake import garbled, named

#: Seconds within which a PDF is read, by the clock.
DEADLINE: Final = 20.0
#: Bytes of address space its reader may use.
MEMORY: Final = 1024**3

_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_LONGEST_REASON: Final = 200
_LAST_WORDS: Final = 4096


def read_pdf(page: Page, *, deadline: float = DEADLINE, memory: int = MEMORY) -> Text:
    """The text of a PDF.

    Raises:
        SourceError: it is corrupt or encrypted, holds no text, or cannot be read within the deadline and the memory.
    """
    parts: list[str] = []
    faults: list[Fault] = []
    starts: list[int] = []
    length = 0
    printed, odd = _printed(page, deadline, memory)
    for sheet in printed:
        cleaned, removed = _without_controls(sheet)
        if cleaned and parts:
            parts.append("\n\n")
            length += 2
        starts.append(length)
        faults += [Fault(reason, Span(length + at, length + at)) for at, reason in removed]
        parts.append(cleaned)
        length += len(cleaned)
    content = "".join(parts)
    if not content.strip():
        raise SourceError(page.source, f"the PDF holds no text; it may be scanned{odd and f' ({odd})'}")
    origins = Sheets(starts=starts, lines=Lines.of(content))
    return Text(page=page, content=content, faults=named([*faults, *garbled(content)]), origins=origins)


def _without_controls(printed: str) -> tuple[str, list[tuple[int, str]]]:
    """A page's text, and the control characters that were left out of it, with their places."""
    whole = printed.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    lines = _LINE_END.sub("\n", whole).strip("\n ")
    removed = [
        (match.start() - number, f"the control character U+{ord(match.group()):04X} was left out here")
        for number, match in enumerate(_CONTROL.finditer(lines))
    ]
    return _CONTROL.sub("", lines), removed


def _printed(page: Page, deadline: float, memory: int) -> tuple[list[str], str]:
    """The text of each page of the PDF, and what its reader found odd about it."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        given.write(page.payload)
        given.seek(0)
        command = [sys.executable, "-P", "-m", "kg.pages.pdf_worker", str(memory), str(int(deadline) + 1)]
        path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
        try:
            subprocess.run(  # noqa: S603 - our own module, run by our own interpreter
                command,
                stdin=given,
                stdout=output,
                stderr=errors,
                env={"PYTHONPATH": path},
                timeout=deadline,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise SourceError(page.source, f"the PDF was not read within {deadline:g} s") from error
        output.seek(0)
        *sheets, end = [json.loads(line) for line in output if line.endswith(b"\n")] or [{}]
        if "end" not in end:
            raise SourceError(page.source, f"the PDF cannot be read: {_short(end.get('error') or _last_words(errors))}")
        return [sheet["text"] for sheet in sheets], _short(end["end"])


def _last_words(errors: BinaryIO) -> str:
    """What a reader said when it ended unasked."""
    size = errors.seek(0, os.SEEK_END)
    errors.seek(max(0, size - _LAST_WORDS))
    lines = errors.read().decode("utf-8", "replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "its reader was ended by the system")


def _short(reason: str) -> str:
    reason = " ".join(reason.split())
    return reason if len(reason) <= _LONGEST_REASON else f"{reason[:_LONGEST_REASON]}…"
