"""Examples of what passes a shape and what does not."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from kg.check.rules import rule_name
from kg.check.shapes import CANARIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What passes a shape beside what does not: as Turtle without prefixes, and only where the two differ."""

    passing: str
    failing: str


def example(shapes: Path, examples: Path, iri: str) -> Example | None:
    """The simplest example for a shape: one that breaks as little else as can be, and the valid one most like it.

    A node shape without one has its canary, and nothing that passes.

    Args:
        shapes: the folder of the shapes, with the canaries.
        examples: one folder a thing, with `valid_*.ttl`, `invalid_*.ttl`, and beside each of these a list of what it
            breaks.
        iri: the shape.
    """
    breaking = sorted((len(_broken(file)), file) for file in examples.glob("*/*.expected"))
    for _, file in breaking:
        if iri in _broken(file):
            return _contrasted(file.with_suffix(".ttl"))
    canary = shapes / CANARIES / f"{rule_name(iri)}.ttl"
    return Example(passing="", failing="\n".join(_lines(canary))) if canary.is_file() else None


def _contrasted(file: Path) -> Example:
    failing = _lines(file)
    contrasts = [_contrast(_lines(valid), failing) for valid in sorted(file.parent.glob("valid_*.ttl"))]
    return min(
        contrasts,
        key=lambda each: len(each.passing) + len(each.failing),
        default=Example(passing="", failing="\n".join(failing)),
    )


def _contrast(passing: list[str], failing: list[str]) -> Example:
    same = SequenceMatcher(a=passing, b=failing, autojunk=False)
    blocks = [each for each in same.get_opcodes() if each[0] != "equal"]
    return Example(
        passing="\n".join(_excerpt(passing, [(start, end) for _, start, end, _, _ in blocks])),
        failing="\n".join(_excerpt(failing, [(start, end) for _, _, _, start, end in blocks])),
    )


def _excerpt(lines: list[str], spans: list[tuple[int, int]]) -> list[str]:
    """The lines of these spans, each below the line that its description begins with."""
    wanted = {at for start, end in spans for at in range(start, end)}
    for start, _ in spans:
        wanted.add(next((at for at in range(min(start, len(lines) - 1), -1, -1) if lines[at][:1].strip()), 0))
    shown: list[str] = []
    for at in sorted(wanted):
        if shown and at - 1 not in wanted:
            shown.append("    …")
        shown.append(lines[at])
    return [line for line in shown if line.strip()]


def _lines(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("@prefix")]


def _broken(file: Path) -> frozenset[str]:
    """The shapes that an example breaks."""
    return frozenset(line.split("\t")[1] for line in file.read_text(encoding="utf-8").splitlines() if "\t" in line)
