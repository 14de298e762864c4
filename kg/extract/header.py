# ruff: noqa: RUF001 - the patterns are of typographic marks
"""What stands where: the lines of a page matched by a layout's rules, and the body below them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kg.extract.layouts import Expectation, Layout, LineRule
from kg.extract.lines import header_lines
from kg.extract.widths import narrow
from kg.model.evidence import Evidence, Found, Span
from kg.model.page import Text
from kg.model.records import Gap

_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_LONGEST_HEADER_LINE = 2000
_FIND_WITHIN = 20_000
#: A line that is no header line: long, and it ends as a sentence does.
_PROSE = re.compile(r"[^\n]{79,}[.!?。](?:[”’\"')\]]|\[\d+\])*")
#: What stands above the prose: a free line below one of these may be its first.
_ABOVE_PROSE = frozenset({"title", "byline", "number", "available"})
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Field:
    """A field's words: their span, the rule that read them, and the line they stand in, without the space around it.

    `value` is what the words mean, where the page writes characters in another way than it means them.
    """

    span: Span
    rule: str
    line: Span
    value: str | None = None


@dataclass(frozen=True, kw_only=True)
class Header:
    """The fields a layout reads on a page, and the span of the prose below.

    `plain` is the text with full-width characters as ASCII ones, for patterns to match in.
    """

    layout: Layout
    text: Text
    plain: str
    fields: Mapping[str, Field]
    more: tuple[tuple[str, Field], ...]
    body: Span | None
    fit: int

    def all(self, name: str) -> list[Field]:
        """Every line's words for the field, in order."""
        first = [self.fields[name]] if self.has(name) else []
        return [*first, *(field for other, field in self.more if other == name)]

    def has(self, name: str) -> bool:
        """Whether the field is there, with words."""
        return name in self.fields

    def words(self, name: str) -> str:
        """The field's words, as they are meant."""
        field = self.fields[name]
        return self.text.content[field.span.start : field.span.end] if field.value is None else field.value

    def evidence(self, name: str) -> Evidence:
        """The field's words as evidence."""
        span = self.fields[name].span
        return self.text.evidence(span)

    def method(self, name: str) -> str:
        """The name of the rule that read the field."""
        return f"{self.layout.name}/{self.fields[name].rule}"

    def found(self, name: str) -> Found[str] | None:
        """The field as printed, or None where the page lacks it."""
        return self.meaning(name, self.words(name)) if self.has(name) else None

    def meaning(self, name: str, value: _Value) -> Found[_Value]:
        """What the field's words mean, with the words."""
        return Found(value=value, evidence=self.evidence(name), method=self.method(name))

    def gaps(self) -> tuple[Gap, ...]:
        """What the layout expects and the page lacks."""
        missing = [wanted for wanted in self.layout.expectations if not self.has(wanted.field)]
        return tuple(
            Gap(field=wanted.field, reason=_reason(wanted), at=self._expected_at(wanted)) for wanted in missing
        )

    def gap(self, name: str, reason: str) -> Gap:
        """A field whose words are there and could not be understood."""
        return Gap(field=name, reason=reason, at=self.fields[name].span)

    def _expected_at(self, wanted: Expectation) -> Span:
        anchor = next((self.fields[name] for name in wanted.after if self.has(name)), None)
        return _below(self.text.content, anchor.line.end if anchor else 0)


def read_header(text: Text, layouts: Sequence[Layout]) -> Header | None:
    """The header by the layout that fits best, or None where none fits.

    A layout fits by the weights of its rules that match; of two that fit alike, the one that reads more fields wins. A
    fallback layout is taken only where no other fits.
    """
    plain = narrow(text.content)
    lines = _Lines(text, plain, tuple(header_lines(plain)))
    best = _best(lines, [layout for layout in layouts if not layout.fallback])
    return best or _best(lines, [layout for layout in layouts if layout.fallback])


@dataclass(frozen=True, slots=True)
class _Lines:
    """A page's lines that are not blank, and the characters to match in."""

    text: Text
    plain: str
    spans: tuple[Span, ...]


def _best(lines: _Lines, layouts: Sequence[Layout]) -> Header | None:
    """The best header; a layout whose rules all together weigh less than what was found is not tried."""
    best: Header | None = None
    for layout in sorted(layouts, key=lambda layout: -layout.whole_weight):
        if best and layout.whole_weight < best.fit:
            break
        header = _apply(lines, layout)
        if header and (best is None or _rank(header) > _rank(best)):
            best = header
    return best


def _rank(header: Header) -> tuple[int, int, str]:
    return header.fit, len(header.fields), header.layout.name


class _Page:
    """A page's lines as one layout's rules claim them."""

    def __init__(self, content: str, layout: Layout) -> None:
        self.content = content
        self.layout = layout
        self.fields: dict[str, Field] = {}
        self.more: list[tuple[str, Field]] = []
        self.used: set[str] = set()
        self.free: list[Span] = []
        self.opened: int | None = None
        self.closed: int | None = None
        self.header_end = 0
        self.told = False  # whether prose began that no rule opened

    def claim(self, line: Span, first: int | None) -> None:
        """Gives a line to a rule that may claim it, from the first that matches it on; else to the free rules."""
        rule, match = (None, None) if first is None else self._first_match(line, first)
        if rule is None or match is None:
            self.leave(line)
            return
        self.used.add(rule.name)
        self.take(rule, match, line)
        if rule.opens_body:
            self.closed = None if self.opened is None else self.closed
            self.opened = match.start("abstract")
        elif rule.closes_body or self.told or self.opened is not None:
            self.closed = line.start if self.closed is None else self.closed
        elif self.closed is None:
            self.header_end = line.end

    def leave(self, line: Span) -> None:
        """Keeps a line that no rule claims for the free rules, and notes where prose begins."""
        if self.opened is None and line.end - line.start <= _LONGEST_HEADER_LINE:
            self.free.append(line)
        if not self.told and not _ABOVE_PROSE.isdisjoint(self.fields):
            self.told = _PROSE.fullmatch(self.content, line.start, line.end) is not None

    def take(self, rule: LineRule, match: re.Match[str], line: Span) -> None:
        """Takes the fields that a rule reads; the first words of a field count, and further ones of a rule for many."""
        for name in rule.pattern.groupindex:
            start, end = match.span(name)
            if start < 0 or (start == end and name != "abstract"):
                continue
            found = Field(Span(start, end), rule.name, line)
            if name in self.fields and rule.many:
                self.more.append((name, found))
            self.fields.setdefault(name, found)

    def take_free(self) -> int:
        """Gives the lines that no rule claimed to the free rules, each rule the first line that it matches."""
        fit = 0
        for rule in self.layout.free:
            if self.knows(rule) or not all(name in self.fields for name in rule.below):
                continue
            above = [self.fields[name].line.start for name in rule.above if name in self.fields]
            bound = min(above, default=len(self.content))
            for line in [line for line in self.free if line.start < bound]:
                match = rule.pattern.fullmatch(self.content, line.start, line.end)
                if match:
                    self.take(rule, match, line)
                    self.free.remove(line)
                    self.header_end = max(self.header_end, line.end) if self.closed is None else self.header_end
                    fit += rule.weight
                    break
        return fit

    def body(self) -> Span | None:
        """The prose: the words of an abstract line; else from the line that opens it, or the last header line, on."""
        abstract = self.fields.get("abstract")
        if abstract and self.opened is None:
            return abstract.span
        start = self.opened if self.opened is not None else self.header_end
        return _trimmed(self.content, start, self.closed if self.closed is not None else len(self.content))

    def knows(self, rule: LineRule) -> bool:
        """Whether all that a rule could read has been read."""
        return bool(rule.fields) and not rule.many and self.fields.keys() >= rule.fields

    def may_claim(self, rule: LineRule) -> bool:
        """Whether a rule may claim the next line: it is not used up, and neither bound to the header nor waiting."""
        if rule.name in self.used and not rule.many:
            return False
        if not (rule.above_body or rule.below):
            return True
        if self.told or self.opened is not None or self.closed is not None:
            return False
        return not rule.below or (all(name in self.fields for name in rule.below) and not self.knows(rule))

    def _first_match(self, line: Span, first: int) -> tuple[LineRule | None, re.Match[str] | None]:
        long = line.end - line.start > _LONGEST_HEADER_LINE
        for rule in self.layout.claiming[first:]:
            if (long and "abstract" not in rule.fields) or not self.may_claim(rule):
                continue
            match = rule.pattern.fullmatch(self.content, line.start, line.end)
            if match:
                return rule, match
        return None, None


def _apply(lines: _Lines, layout: Layout) -> Header | None:
    """The header as a layout reads it, or None where the layout does not fit; a look at each line mostly tells."""
    firsts = [layout.first_claim(lines.plain, line) for line in lines.spans]
    missing = layout.fits_from - layout.free_weight
    if missing > 0 and all(first is None for first in firsts):
        return None
    page = _Page(lines.plain, layout)
    for line, first in zip(lines.spans, firsts, strict=True):
        page.claim(line, first)
    fit = sum(rule.weight for rule in layout.lines if rule.name in page.used)
    if fit < missing:
        return None
    fit += page.take_free()
    return _header(page, lines.text, fit) if fit >= layout.fits_from else None


def _header(page: _Page, text: Text, fit: int) -> Header:
    body = page.body()
    if body:
        label = page.fields.get("abstract")
        page.fields["abstract"] = Field(body, label.rule if label else "body", label.line if label else body)
    else:
        page.fields.pop("abstract", None)
    for rule in page.layout.finds:
        match = rule.pattern.search(page.content, 0, _FIND_WITHIN)
        if match:
            page.take(rule, match, Span(*match.span()))
    return Header(
        layout=page.layout,
        text=text,
        plain=page.content,
        fields=page.fields,
        more=tuple(page.more),
        body=body,
        fit=fit,
    )


def _trimmed(content: str, start: int, end: int) -> Span | None:
    piece = content[start:end]
    stripped = piece.strip()
    if not stripped:
        return None
    left = start + len(piece) - len(piece.lstrip())
    return Span(left, left + len(stripped))


def _below(content: str, anchor: int) -> Span:
    """Where a missing line should stand: the middle one of the blank lines below the anchor, else the next line."""
    following = _LINE.search(content, anchor + 1) if anchor else _LINE.search(content)
    end = following.start() if following else len(content)
    blanks = [at for at in range(anchor + 1, end) if content[at - 1] == "\n"] if anchor else []
    at = blanks[len(blanks) // 2] if blanks else end
    return Span(at, at)


def _reason(wanted: Expectation) -> str:
    return f"the page does not say it: {wanted.say}"
