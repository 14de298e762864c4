"""Where each format of the findings goes: `--format FORMAT` or `--format FORMAT=FILE`, as often as one likes."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli.console import output
from kg.model.errors import UsageError
from kg.settings import refuses_colour

if TYPE_CHECKING:
    from kg.check.formats import Checked, FindingsFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A format and its file; None stands for standard output."""

    form: FindingsFormat
    file: Path | None


def destinations(formats: list[str], out: Path | None) -> list[Destination]:
    """What to write where; `--output` is for the one format that names no file.

    Raises:
        UsageError: there is no such format, two formats would share standard output, or two would be one file.
    """
    found = [_destination(words, out) for words in formats or ["human"]]
    files = [each.file for each in found]
    for file in files:
        if files.count(file) > 1:
            place = f"the file {file}" if file else "standard output"
            raise UsageError(f"two formats go to {place}; give each a file of its own: --format sarif=findings.sarif")
    if out is not None and out not in files:
        raise UsageError(f"--output {out} has no format to write: each --format names a file of its own")
    return found


def write(checked: Checked, where: list[Destination]) -> None:
    """Writes a check in each format.

    Raises:
        UsageError: a file cannot be written.
    """
    for destination in where:
        with output(destination.file) as stream:
            stream.write(_text(checked, destination).encode("utf-8", "backslashreplace"))


def tells_people(where: list[Destination]) -> bool:
    """Whether a person reads findings on standard output."""
    from kg.check.formats import FindingsFormat

    return any(each.form is FindingsFormat.HUMAN and each.file is None for each in where)


def _destination(words: str, out: Path | None) -> Destination:
    from kg.check.formats import FindingsFormat

    name, parts, file = words.partition("=")
    forms = {form.value: form for form in FindingsFormat}
    if name not in forms:
        near = get_close_matches(name, forms, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"there is no format {name}{hint} Formats: {', '.join(forms)}")
    if parts and not file:
        raise UsageError(f"--format {words} names no file; write --format {name}=FILE")
    return Destination(form=forms[name], file=Path(file) if file else out)


def _text(checked: Checked, destination: Destination) -> str:
    from kg.check.formats import COLOURED, FindingsFormat, findings_text, written

    if destination.form is FindingsFormat.HUMAN and destination.file is None and _wants_colour():
        return findings_text(checked.findings, checked.excerpts, COLOURED)
    return written(checked, destination.form)


def _wants_colour() -> bool:
    return sys.stdout.isatty() and not refuses_colour()
