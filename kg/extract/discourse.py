# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""What a prose has spoken of so far: the bodies that "it" and "the council" may take up."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.extract.names import NameSpan
from kg.extract.prose import Prose, Sentence
from kg.model.evidence import Span

_ARTICLE = re.compile(r"\s*(?:(?:The|the|A|a|Its|its)\s+)?(?:[A-Z][\w.]*(?:\s[A-Z]\w+)?['’]s?\s+)?")
_ANAPHOR = re.compile(r"\s*(?:The|the|This|this)\s+(?P<head>\w+(?:\s\w+)?)\b")
_PRONOUN = re.compile(r"\s*(?:It|it)\b")


def leading_body(prose: Prose, sentence: Sentence, start: int) -> NameSpan | None:
    """The body that the words from a place of a sentence begin with, behind an article or an owner."""
    at = _ARTICLE.match(prose.content, start, sentence.span.end)
    for place in (start, at.end() if at else start):
        for begin in (place, place + 1) if prose.content[place : place + 1] == " " else (place,):
            name = sentence.by_start.get(begin)
            if name in sentence.bodies:
                return name
    return None


@dataclass(slots=True)
class _Track:
    """The bodies of one type in the order of their sentences, and the sentence from which they are more than one."""

    sentences: list[int] = field(default_factory=list)
    names: list[NameSpan] = field(default_factory=list)
    first: str = ""
    parted: int | None = None

    def add(self, number: int, name: NameSpan, meant: str) -> None:
        """Takes in a body that a sentence names."""
        self.first = self.first or meant
        if self.parted is None and meant != self.first:
            self.parted = number
        self.sentences.append(number)
        self.names.append(name)

    def before(self, number: int) -> tuple[NameSpan | None, bool]:
        """The last one that earlier sentences name, if they name but one; and whether they name any."""
        count = bisect_left(self.sentences, number)
        alone = self.parted is None or self.parted >= number
        return (self.names[count - 1] if count and alone else None), count > 0


class Discourse:
    """The topics and bodies of a prose, sentence by sentence; `types` are body types by their head nouns."""

    def __init__(self, prose: Prose, types: Mapping[str, str]) -> None:
        self._prose = prose
        self._types = types
        self._starts = [sentence.span.start for sentence in prose.sentences]
        self._topics = [leading_body(prose, sentence, sentence.span.start) for sentence in prose.sentences]
        self._led: dict[str | None, _Track] = {}
        self._named: dict[str | None, _Track] = {}
        for number, (sentence, topic) in enumerate(zip(prose.sentences, self._topics, strict=True)):
            if topic:
                self._track(self._led, number, topic)
            for body in sentence.bodies:
                self._track(self._named, number, body)

    def taken_up(self, clause: Span) -> NameSpan | None:
        """The body that "the council" or "it" at a clause's start stands for.

        "It" is what the sentence before began with. "The council" is the one council that earlier sentences began with,
        else the only one they name; where there are several, it is left open.
        """
        number = bisect_left(self._starts, clause.start + 1) - 1
        if _PRONOUN.match(self._prose.content, clause.start, clause.end):
            return self._topics[number - 1] if number > 0 else None
        match = _ANAPHOR.match(self._prose.content, clause.start, clause.end)
        if not match:
            return None
        words = match["head"].casefold()
        kind = self._types.get(words) or self._types.get(words.partition(" ")[0])
        return self._only(kind, number) if kind else None

    def _only(self, kind: str, number: int) -> NameSpan | None:
        for tracks in (self._led, self._named):
            name, any_named = tracks[kind].before(number) if kind in tracks else (None, False)
            if any_named:
                return name
        return None

    def _track(self, tracks: dict[str | None, _Track], number: int, name: NameSpan) -> None:
        meant = self._prose.line(self._prose.meaning(name).name)
        tracks.setdefault(name.body_type, _Track()).add(number, name, meant)
