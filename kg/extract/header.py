"""What stands where: the lines of a page matched by a layout's rules, and the body below them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.extract.layouts import Expectation, Layout, LineRule
from kg.model.evidence import Evidence, Found, Span
from kg.model.page import Text
from kg.model.records import Gap

_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_LONGEST_HEADER_LINE = 2000


@dataclass(frozen=True, slots=True)
class Field:
    """A field's words: their span, the rule that read them, and the line they stand in, without the space around it."""

    span: Span
    rule: str
    line: Span


@dataclass(frozen=True, kw_only=True)
class Header:
    """The fields a layout reads on a page, and the span of the prose below."""

    layout: Layout
    text: Text
    fields: Mapping[str, Field]
    body: Span | None
    fit: int

    def has(self, name: str) -> bool:
        """Whether the field is there, with words."""
        return name in self.fields

    def words(self, name: str) -> str:
        """The field's words."""
        span = self.fields[name].span
        return self.text.content[span.start : span.end]

    def evidence(self, name: str) -> Evidence:
        """The field's words as evidence."""
        span = self.fields[name].span
        return self.text.quote(span.start, span.end)

    def method(self, name: str) -> str:
        """The name of the rule that read the field."""
        return f"{self.layout.name}/{self.fields[name].rule}"

    def found(self, name: str) -> Found[str] | None:
        """The field as printed, or None where the page lacks it."""
        if not self.has(name):
            return None
        return Found(value=self.words(name), evidence=self.evidence(name), method=self.method(name))

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

    A layout fits by the weights of its rules that match; of two that fit alike, the one that reads more fields wins.
    """
    headers = [_apply(text, layout) for layout in layouts]
    fitting = [header for header in headers if header.fit >= header.layout.fits_from]
    return max(fitting, key=lambda header: (header.fit, len(header.fields), header.layout.name), default=None)


def _apply(text: Text, layout: Layout) -> Header:
    fields: dict[str, Field] = {}
    used: set[str] = set()
    opened: Span | None = None
    closed: int | None = None
    free: list[Span] = []
    for line in _lines(text.content):
        rule, match = _first_match(text.content, line, layout, used)
        if rule is None or match is None:
            if opened is None and line.end - line.start <= _LONGEST_HEADER_LINE:
                free.append(line)
            continue
        used.add(rule.name)
        _take(fields, rule, match, line)
        if rule.opens_body:
            opened = Span(match.start("abstract"), len(text.content))
        elif opened is not None and closed is None:
            closed = line.start
    fit = sum(rule.weight for rule in layout.lines if rule.name in used)
    fit += _take_free(text.content, layout, free, fields)
    body = _body(text.content, fields, opened, closed)
    if body:
        label = fields.get("abstract")
        fields["abstract"] = Field(body, label.rule if label else "body", label.line if label else body)
    else:
        fields.pop("abstract", None)
    return Header(layout=layout, text=text, fields=fields, body=body, fit=fit)


def _lines(content: str) -> list[Span]:
    return [Span(*match.span()) for match in _LINE.finditer(content)]


def _first_match(
    content: str, line: Span, layout: Layout, used: set[str]
) -> tuple[LineRule | None, re.Match[str] | None]:
    for rule in layout.lines:
        if rule.free or rule.name in used or (line.end - line.start > _LONGEST_HEADER_LINE and not rule.opens_body):
            continue
        match = rule.pattern.fullmatch(content, line.start, line.end)
        if match:
            return rule, match
    return None, None


def _take(fields: dict[str, Field], rule: LineRule, match: re.Match[str], line: Span) -> None:
    for name, words in match.groupdict().items():
        if words is not None and (words or name == "abstract"):
            fields.setdefault(name, Field(Span(*match.span(name)), rule.name, line))


def _take_free(content: str, layout: Layout, lines: list[Span], fields: dict[str, Field]) -> int:
    """Gives the lines that no rule claimed to the free rules, each rule the first line that it matches."""
    fit = 0
    for rule in (rule for rule in layout.lines if rule.free):
        bound = min((fields[name].line.start for name in rule.above if name in fields), default=len(content))
        for line in [line for line in lines if line.start < bound]:
            match = rule.pattern.fullmatch(content, line.start, line.end)
            if match:
                _take(fields, rule, match, line)
                lines.remove(line)
                fit += rule.weight
                break
    return fit


def _body(content: str, fields: Mapping[str, Field], opened: Span | None, closed: int | None) -> Span | None:
    """The prose: from the line that opens it to the next header line, else all below the last header line."""
    if opened is not None:
        return _trimmed(content, opened.start, closed if closed is not None else len(content))
    above = [field.line.end for name, field in fields.items() if name != "keywords"]
    below = [field.line.start for name, field in fields.items() if name == "keywords"]
    return _trimmed(content, max(above, default=0), min(below, default=len(content)))


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
