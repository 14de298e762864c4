# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""What a prose has spoken of so far: the bodies that "it" and "the council" may take up, and the mechanism."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from kg.extract.mechanism import MechanismFinder
from kg.extract.namespans import NameSpan
from kg.extract.prose import Prose, Sentence
from kg.model.evidence import Span
from kg.model.records import ThingKind

_ARTICLE = re.compile(
    r"\s*(?:(?:Both|both|Neither|neither|Either|either)\s+)?(?:(?:The|the|A|a|Its|its)\s+)?(?:(?:new|newly\s+\w+|former|then)\s+)?"
    r"(?:[A-Z][\w.]*(?:\s[A-Z]\w+)?['’]s?\s+)?"
)
#: What may stand before a clause's subject: an adverb, a place or a time.
_FRONT = re.compile(
    r"\s*(?:(?:In|Since|By|From|in|since|by|from)\s+(?:(?:early|late|mid)[\s-]+)?(?:[A-Z]\w+\s+)?\d{4}\b,?"
    r"|(?:In|On|By|Since|From|Until|At|After|Before|Under|Within|For|With|As|Through|Following|Based)\s"
    r"(?:(?!\s(?:it|they)\s)[^,;:()]){1,80}(?P<comma>,)"
    r"|(?:Today|today|Now|now|Currently|currently|Then|then|Here|Thus|Since then|At present|However|Moreover"
    r"|Furthermore|Also|Finally|First|Second|Third|In addition|In turn|in turn|Meanwhile|Formally|Officially|and)\b,?"
    r"|[-•*·]|\(?\d{1,2}[.)])"
)
_ANAPHOR = re.compile(r"\s*(?:The|the|This|this)\s+(?P<head>\w+(?:\s\w+)?)\b(?!['’]s?\b)")
_PRONOUN = re.compile(r"\s*(?:It|it|Its|its)\b")
_MOST_FRONTS = 3


class Mechanism(Enum):
    """The report's mechanism, as something a sentence may speak of."""

    OF_THE_REPORT = "mechanism"


#: What a clause begins with: a body, or the mechanism.
Topic = NameSpan | Mechanism


@dataclass(frozen=True, slots=True)
class Lead:
    """What a clause speaks of, and where the words for it begin and end."""

    topic: Topic
    words: Span


def clause_start(prose: Prose, sentence: Sentence, start: int, end: int) -> int:
    """Where a clause's subject may begin, behind adverbs and phrases of time and place."""
    for _ in range(_MOST_FRONTS):
        match = _FRONT.match(prose.content, start, end)
        if match is None or (match["comma"] and sentence.holds(*match.span("comma"))):
            break
        start = match.end()
    return start


def leading_body(prose: Prose, sentence: Sentence, start: int) -> NameSpan | None:
    """The body that the words from a place of a sentence begin with, behind an article or an owner."""
    by_start = sentence.by_start
    at = _ARTICLE.match(prose.content, start, sentence.span.end)
    for place in (start, at.end() if at else start):
        for begin in (place, place + 1) if prose.content[place : place + 1].isspace() else (place,):
            name = by_start.get(begin)
            if name is not None and name.kind is ThingKind.BODY:
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

    def __init__(self, prose: Prose, types: Mapping[str, str], mechanisms: MechanismFinder) -> None:
        self._prose = prose
        self._types = types
        self._mechanisms = mechanisms
        self._starts = [sentence.span.start for sentence in prose.sentences]
        self._topics: dict[int, Topic | None] = {}
        self._phrases: dict[int, tuple[Span, ...]] = {}
        self._tracks: tuple[dict[str | None, _Track], dict[str | None, _Track]] | None = None

    def lead(self, sentence: Sentence, clause: Span) -> Lead | None:
        """What a clause of a sentence begins with: a body, what takes one up, or the mechanism."""
        content = self._prose.content
        start = clause_start(self._prose, sentence, clause.start, clause.end)
        body = leading_body(self._prose, sentence, start)
        if body is not None:
            return Lead(body, Span(body.name.start, body.whole.end))
        if pronoun := _PRONOUN.match(content, start, clause.end):
            within = clause.start > sentence.span.start
            first = self.lead(sentence, sentence.span) if within else None
            topic = (first.topic if first else None) if within else self._before(sentence)
            return Lead(topic, Span(*pronoun.span())) if topic else None
        for phrase in self.mechanisms(sentence):
            article = _ARTICLE.match(content, start, clause.end)
            if start <= phrase.start <= (article.end() if article else start):
                return Lead(Mechanism.OF_THE_REPORT, phrase)
        return self._anaphor(sentence, Span(start, clause.end))

    def mechanisms(self, sentence: Sentence) -> tuple[Span, ...]:
        """The phrases for the mechanism in a sentence."""
        start = sentence.span.start
        if start not in self._phrases:
            places = sentence.called.get("mechanism", ())
            self._phrases[start] = tuple(self._mechanisms.phrases(self._prose.content, sentence.span, places))
        return self._phrases[start]

    @cached_property
    def speaks_of_mechanism(self) -> bool:
        """Whether any sentence has a phrase for the mechanism."""
        return any(self.mechanisms(each) for each in self._prose.sentences)

    def _anaphor(self, sentence: Sentence, clause: Span) -> Lead | None:
        """The one council that "the council" stands for.

        It is the one council that earlier sentences began with, else the only one they name; where there are several,
        it is left open.
        """
        match = _ANAPHOR.match(self._prose.content, clause.start, clause.end)
        if not match:
            return None
        words = match["head"].casefold()
        first = words.split()[0]
        for head in (words, first):
            if head in self._types:
                name = self._only(self._types[head], self._number(sentence))
                end = match.end() if head == words else match.start("head") + len(first)
                return Lead(name, Span(match.start(), end)) if name else None
        return None

    def _number(self, sentence: Sentence) -> int:
        return bisect_left(self._starts, sentence.span.start)

    def _before(self, sentence: Sentence) -> Topic | None:
        """What the sentence before began with, which "it" takes up, over any number of sentences that begin so."""
        number = self._number(sentence)
        first = number
        while first > 0 and first - 1 not in self._topics:
            first -= 1
        for at in range(first, number):
            earlier = self._prose.sentences[at]
            lead = self.lead(earlier, earlier.span)
            self._topics[at] = lead.topic if lead else None
        return self._topics[number - 1] if number else None

    def _only(self, kind: str, number: int) -> NameSpan | None:
        for tracks in self._tracked():
            name, any_named = tracks[kind].before(number) if kind in tracks else (None, False)
            if any_named:
                return name
        return None

    def _tracked(self) -> tuple[dict[str | None, _Track], dict[str | None, _Track]]:
        """The bodies that sentences begin with, and all that they name, by type."""
        if self._tracks is None:
            led: dict[str | None, _Track] = {}
            named: dict[str | None, _Track] = {}
            for number, sentence in enumerate(self._prose.sentences):
                if not sentence.bodies:
                    continue
                start = clause_start(self._prose, sentence, sentence.span.start, sentence.span.end)
                topic = leading_body(self._prose, sentence, start)
                if topic:
                    self._track(led, number, topic)
                for body in sentence.bodies:
                    self._track(named, number, body)
            self._tracks = led, named
        return self._tracks

    def _track(self, tracks: dict[str | None, _Track], number: int, name: NameSpan) -> None:
        meant = self._prose.line(self._prose.meaning(name).name)
        tracks.setdefault(name.body_type, _Track()).add(number, name, meant)
