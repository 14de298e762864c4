"""A page's text with the words marked from which values were read: in brackets, or in colour on a terminal."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.model.evidence import Found, Span
from kg.model.records import Report

if TYPE_CHECKING:
    from rich.text import Text as Coloured

#: What the words of a mark are about, and how that looks on a terminal.
STYLES: Final[Mapping[str, str]] = {
    "header": "bold cyan",
    "people": "bold magenta",
    "places": "bold yellow",
    "things": "bold green",
    "concepts": "bold blue",
    "sentences": "underline",
}
_KINDS: Final = {
    "authors": "people", "team": "people", "departments": "people", "institution": "people",
    "jurisdictions": "places", "about": "places",
    "mechanism": "things", "bodies": "things", "documents": "things",
    "statements": "sentences", "lessons": "sentences",
}  # fmt: skip


#: Fields whose words hold those of others, so that a mark would say nothing.
_CONTAINERS: Final = frozenset({"type", "abstract"})


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that were read as something, and what that is about (a key of STYLES)."""

    span: Span
    label: str
    kind: str


def marks(report: Report) -> list[Mark]:
    """What was read where, the outer before the inner; none crosses another, and no two are of the same words.

    Sentences are marked only where nothing was read within them.
    """
    first: dict[Span, Mark] = {}
    for mark in _all(report):
        if mark.label not in _CONTAINERS:
            first.setdefault(mark.span, mark)
    chosen: list[Mark] = []
    for mark in sorted(first.values(), key=lambda mark: (mark.span.start, -mark.span.end)):
        inside = (other.span.start for other in first.values() if other is not mark)
        if mark.kind == "sentences" and any(mark.span.start <= start < mark.span.end for start in inside):
            continue
        if all(mark.span.start >= other.span.end or mark.span.end <= other.span.end for other in chosen):
            chosen.append(mark)
    return chosen


def bracketed(content: str, found: Sequence[Mark]) -> str:
    """The text with each mark as `[label: words]`."""
    opening = [(mark.span.start, 1, -mark.span.end, f"[{mark.label}: ") for mark in found]
    closing = [(mark.span.end, 0, -mark.span.start, "]") for mark in found]
    parts, at = [], 0
    for place, _, _, bracket in sorted(opening + closing):
        parts += [content[at:place], bracket]
        at = place
    return "".join([*parts, content[at:]])


def coloured(content: str, found: Sequence[Mark]) -> Coloured:
    """The text with the marks in colour, below a line that says what the colours mean."""
    from rich.text import Text as Coloured

    text = Coloured("colours: ")
    for kind in [kind for kind in STYLES if any(mark.kind == kind for mark in found)]:
        text.append(kind, STYLES[kind]).append("  ")
    text.append("\n\n")
    shift = len(text)
    text.append(content)
    for mark in found:
        text.stylize(STYLES[mark.kind], mark.span.start + shift, mark.span.end + shift)
    return text


def _all(report: Report) -> Iterator[Mark]:
    for field in dataclasses.fields(report):
        yield from _of(getattr(report, field.name), field.name, _KINDS.get(field.name, "header"))


def _of(value: object, label: str, kind: str) -> Iterator[Mark]:
    """The marks of a value and of all that it holds."""
    if isinstance(value, Found):
        yield Mark(value.evidence.span, label, kind)
        yield from _of(value.value, label, kind)
    elif isinstance(value, tuple):
        for each in value:
            yield from _of(each, label, kind)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            inner = getattr(value, field.name)
            yield from _of(inner, field.name, _inner_kind(inner, kind))


def _inner_kind(value: object, kind: str) -> str:
    """What stands in a sentence is a thing, or a concept that its words call up."""
    if kind != "sentences":
        return kind
    inner = value[0] if isinstance(value, tuple) and value else value
    return "concepts" if isinstance(inner, Found) and isinstance(inner.value, str) else "things"
