"""Findings for people, as good compilers write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from kg.check.formats.checked import Checked, by_source, is_unreadable, tally
from kg.check.formats.palette import PLAIN, Ink, Palette, severity_ink
from kg.check.formats.visible import cut_to, cut_to_end, visible, width
from kg.check.rules import rule_name
from kg.check.shapes import SHAPE
from kg.model.evidence import Place
from kg.model.excerpt import Excerpt
from kg.model.verdict import Finding

_COLUMNS: Final = 100  # of a line of a page; what is longer is cut around the words
_MARGIN: Final = 6  # at least, so that findings stand under one another
_LONGEST_VALUE: Final = 300
_CUT: Final = "…"
_NO_EXCERPTS: Final[Mapping[Place, Excerpt]] = MappingProxyType({})


def human(checked: Checked) -> str:
    """The findings in plain text."""
    return findings_text(checked.findings, checked.excerpts)


def findings_text(
    findings: Iterable[Finding], excerpts: Mapping[Place, Excerpt] = _NO_EXCERPTS, palette: Palette = PLAIN
) -> str:
    """The findings of each source together, with the source's tally behind them; sources are parted by a blank line.

    A finding is a line with place, severity, message and shape; then the line of the page with the words marked; then
    focus, path and value; then how to learn more.
    """
    return "\n".join(
        "".join(f"{line}\n" for finding in group for line in _lines(finding, excerpts, palette))
        + palette.paint(f"{visible(source) or 'not read from a page'}: {tally(group)}\n", Ink.PLACE)
        for source, group in by_source(findings)
    )


def _lines(finding: Finding, excerpts: Mapping[Place, Excerpt], palette: Palette) -> Iterator[str]:
    ink = severity_ink(finding.severity)
    place = visible(str(finding.where or finding.focus_term))
    name = rule_name(finding.shape)
    severity = palette.paint(f"{finding.severity.value.lower()}:", ink)
    yield f"{palette.paint(f'{place}:', Ink.PLACE)} {severity} {visible(finding.message)} [{visible(name)}]"
    number = str(finding.where.line) if finding.where else ""
    margin = " " * max(_MARGIN, len(number) + 1)
    excerpt = excerpts.get(finding.where) if finding.where else None
    if excerpt:
        before, words, after = _fitted(excerpt)
        bar = palette.paint(f"{number:>{len(margin)}} |", Ink.MARGIN)
        yield f"{bar} {before}{words}{after}".rstrip()
        marks = palette.paint("^" * max(width(words), 1), ink)
        yield f"{palette.paint(f'{margin} |', Ink.MARGIN)} {' ' * width(before)}{marks}"
    if not is_unreadable(finding):
        yield f"{margin} = {_triple(finding)}"
        if finding.shape.startswith(SHAPE):
            yield f"{margin} = help: kg check --explain {visible(name)}"


def _fitted(excerpt: Excerpt) -> tuple[str, str, str]:
    """The excerpt's parts, cut to fit into one line of a terminal, the words before all else."""
    before, words, after = visible(excerpt.before), visible(excerpt.words), visible(excerpt.after)
    if width(words) > _COLUMNS:
        words, after, excerpt_cut = cut_to(words, _COLUMNS - 1), "", True
    else:
        excerpt_cut = excerpt.cut_after
    room = _COLUMNS - width(words)
    least_before = min(width(before), max(room - width(after), room // 2))
    shown_before = cut_to_end(before, least_before)
    shown_after = cut_to(after, room - width(shown_before))
    if excerpt.cut_before or shown_before != before:
        shown_before = _CUT + shown_before[1:]
    if excerpt_cut or shown_after != after:
        shown_after = shown_after[:-1] + _CUT
    return shown_before, words, shown_after


def _triple(finding: Finding) -> str:
    """Focus, path and value in N-Triples' way."""
    path = finding.path if finding.path is None or "<" in finding.path else f"<{finding.path}>"
    value = finding.value
    if value and len(value) > _LONGEST_VALUE:
        value = value[:_LONGEST_VALUE] + _CUT
    return visible(" ".join(part for part in (finding.focus_term, path, value) if part))
