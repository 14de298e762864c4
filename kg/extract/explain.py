"""What a layout makes of a page, line by line: what each rule caught, what no rule claimed, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.extract.header import Header, read_header
from kg.extract.layouts import Expectation, Layout, LineRule
from kg.extract.lines import header_lines
from kg.extract.widths import narrow
from kg.model.evidence import Span
from kg.model.page import Text

_WHATEVER_IT_WEIGHS = -1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Catch:
    """What one rule caught on one line: fields with their words; none where the rule reads no field."""

    rule: str
    line: Span
    fields: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One layout tried on one page, whether it fits or not.

    Attributes:
        fit: the sum of the weights of the rules that match; it fits from `layout.fits_from`.
        catches: in the order of the page.
        body: the prose; unclaimed: the lines outside it that no rule claimed.
        met, missing: what the layout expects of its pages.
    """

    layout: Layout
    header: Header
    fit: int
    catches: tuple[Catch, ...]
    body: Span | None
    unclaimed: tuple[Span, ...]
    met: tuple[Expectation, ...]
    missing: tuple[Expectation, ...]

    @property
    def fits(self) -> bool:
        """Whether the weights reach what the layout asks for."""
        return self.fit >= self.layout.fits_from

    @property
    def is_report(self) -> bool:
        """Whether the page has one of the fields that make it a report."""
        return any(self.header.has(name) for name in self.layout.report_when)

    def caught(self, rule: str) -> tuple[Catch, ...]:
        """What a rule caught."""
        return tuple(each for each in self.catches if each.rule == rule)


def try_layout(text: Text, layout: Layout) -> Trial:
    """The layout's rules on the page, by the reader itself, with its demand for weight left out."""
    header = read_header(text, [replace(layout, fits_from=_WHATEVER_IT_WEIGHS)])
    if header is None:
        raise TypeError("a layout that asks for nothing fits every page")
    catches = [*_fields_caught(header)]
    catches += _lines_caught(text, layout, catches)
    claimed = {each.line.start for each in catches}
    outside = (line for line in page_lines(text) if not _within(line, header.body))
    return Trial(
        layout=layout,
        header=header,
        fit=header.fit,
        catches=tuple(sorted(catches, key=lambda each: (each.line, each.rule))),
        body=header.body,
        unclaimed=tuple(line for line in outside if line.start not in claimed),
        met=tuple(each for each in layout.expectations if header.has(each.field)),
        missing=tuple(each for each in layout.expectations if not header.has(each.field)),
    )


def winner(trials: Sequence[Trial]) -> Layout | None:
    """The layout that the reader takes among those tried."""
    chosen = read_header(trials[0].header.text, [trial.layout for trial in trials]) if trials else None
    return chosen.layout if chosen else None


def page_lines(text: Text) -> list[Span]:
    """The lines that are not blank, without the space around them."""
    return list(header_lines(narrow(text.content)))


def _fields_caught(header: Header) -> Iterator[Catch]:
    """A catch for each rule and line that gave the header a field."""
    named = [*header.fields.items(), *header.more]
    by_line: dict[tuple[str, Span], list[tuple[str, Span]]] = {}
    for name, field in named:
        by_line.setdefault((field.rule, field.line), []).append((name, field.span))
    known = {rule.name for rule in (*header.layout.lines, *header.layout.finds)}
    for (rule, line), fields in by_line.items():
        if rule in known:  # the prose is read by none where no line opens it
            yield Catch(rule=rule, line=line, fields=tuple(sorted(fields, key=lambda each: each[1])))


def _lines_caught(text: Text, layout: Layout, catches: Sequence[Catch]) -> Iterator[Catch]:
    """A catch for each rule that claims a line and reads no field there."""
    busy, done = {each.line.start for each in catches}, {each.rule for each in catches}
    for rule in layout.lines:
        line = None if rule.name in done else _claimed(text, rule, busy)
        if line:
            busy.add(line.start)
            yield Catch(rule=rule.name, line=line)


def _claimed(text: Text, rule: LineRule, busy: set[int]) -> Span | None:
    free = (line for line in page_lines(text) if line.start not in busy)
    if rule.free:
        return None
    plain = narrow(text.content)
    return next((line for line in free if rule.pattern.fullmatch(plain, line.start, line.end)), None)


def _within(line: Span, body: Span | None) -> bool:
    return body is not None and line.start < body.end and body.start < line.end
