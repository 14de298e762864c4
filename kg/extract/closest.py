"""How far a line rule gets on the lines that it does not match: the longest beginning of its pattern that does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.model.evidence import Span

_ATOM = re.compile(
    r"""
    (?P<group>\((?:\?(?:P<\w+>|[:=!]|<[=!]|[aiLmsux-]+:))?)   # the beginning of a group
    | (?P<close>\))
    | (?P<bar>\|)
    | (?:\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|.)              # an escaped character
      | \[\^?\]?(?:\\.|[^\]\\])*\]                            # a set of characters
      | .)
    """,
    re.VERBOSE | re.DOTALL,
)
_QUANTIFIER = re.compile(r"(?:[*+?]|\{\d*,?\d*\})[?+]?")
_LOOKS_AROUND = re.compile(r"\(\?(?:=|!|<=|<!)")
_LEAST = 3  # letters in common that are no accident
_LONGEST_LINE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far a rule gets on a line: the words it matches there, and the rest of its pattern."""

    line: Span
    matched: Span
    wants: str


def closest(content: str, pattern: re.Pattern[str], lines: Sequence[Span]) -> Reach | None:
    """The line on which the longest stretch is matched by a beginning of the pattern; None where none begins like it.

    A beginning is the pattern up to any of its parts, with the groups that are open there closed.
    """
    found = [begin for begin in beginnings(pattern) if not begin.pattern.search("")]
    best: Reach | None = None
    for line in (line for line in lines if line.end - line.start <= _LONGEST_LINE):
        reach = _reach(content, line, pattern.pattern, found)
        if reach and (best is None or reach.matched.end - reach.matched.start > best.matched.end - best.matched.start):
            best = reach
    return best


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first `length` characters of a pattern, as a pattern."""

    pattern: re.Pattern[str]
    length: int


def beginnings(pattern: re.Pattern[str]) -> list[Beginning]:
    """The beginnings of a pattern, the shortest first."""
    return [Beginning(each, length) for length, text in _cuts(pattern.pattern) if (each := _compiled(text, pattern))]


def _cuts(pattern: str) -> Iterator[tuple[int, str]]:
    """Where a pattern may be cut, and the pattern up to there; not within what only looks ahead or behind."""
    opened: list[bool] = []  # for each open group, whether it only looks around
    at = 0
    while at < len(pattern):
        atom = _ATOM.match(pattern, at)
        if atom is None:
            return
        at = atom.end()
        if atom["group"]:
            opened.append(bool(_LOOKS_AROUND.match(atom["group"])))
            continue
        if atom["close"]:
            opened = opened[:-1]
        if quantifier := _QUANTIFIER.match(pattern, at):
            at = quantifier.end()
        if not atom["bar"] and not any(opened):
            yield at, pattern[:at] + ")" * len(opened)


def _compiled(text: str, whole: re.Pattern[str]) -> re.Pattern[str] | None:
    try:
        return re.compile(text, whole.flags)
    except re.error:
        return None


def _reach(content: str, line: Span, pattern: str, found: Sequence[Beginning]) -> Reach | None:
    """What the longest beginning that matches here matches; a longer match of a shorter one counts for nothing."""
    for begin in reversed(found):
        match = begin.pattern.match(content, line.start, line.end)
        if match:
            matched = Span(*match.span())
            enough = len(content[matched.start : matched.end].strip()) >= _LEAST
            return Reach(line=line, matched=matched, wants=pattern[begin.length :]) if enough else None
    return None
