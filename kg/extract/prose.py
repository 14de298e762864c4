# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""A page's prose: its sentences, and the names in them, acronyms included once they are defined."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from kg.extract.names import NameFinder
from kg.extract.namespans import NameSpan, place
from kg.extract.resolve import Query, Resolver
from kg.extract.sentences import sentences
from kg.extract.triggers import Triggers, plain, spaced
from kg.model.evidence import Found, Span
from kg.model.page import Text
from kg.model.records import Named, ThingKind

#: The longest sentence that is read; in longer ones, names and cues have nothing to do with each other.
LONGEST_SENTENCE = 4000
_FEW = 16
_ITEM_START = re.compile(
    r"(?=[,;:，；、abinopt])(?:[,;:，；、]|\b(?:and|as well as|or|plus|both|namely|including|together with)\b)"
)
#: What may stand before an item's name: an article, more determiners, and its owner ("Japan's new Council").
_LEAD = re.compile(
    r"\s*(?:(?:and|or)\s+)?(?P<article>(?:(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir)\s+)?)"
    r"(?P<more>(?:(?:the|a|an|its|their|his|this|new|newly established|also)\s+)*)"
    r"(?P<owner>(?:[A-Z][\w.]*(?:\s[A-Z]\w+)?['’]s?\s+)?)"
)
_FINITE = re.compile(
    r"\s+(?:is|are|was|were|has|have|had|reports?|answers|supports?|advises?|decides?|coordinates?|plans|sets|holds"
    r"|meets)\b"
)
_WORD_EDGE = re.compile(r"\b")
_CAPITAL = re.compile(r"[A-Z](?<!\w.)")


#: For each rule, the places where its keys stand.
Called = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a page tells about the names in it: the jurisdiction it writes about, and its date."""

    jurisdiction: str | None
    on: date | None


@dataclass(slots=True)
class Sentence:
    """A sentence and the names in it, in order; none lies within another.

    Attributes:
        called: for each rule that its words may meet, the places where the rule's keys stand.
        bodies: the bodies among the names; by_start: the names by the place where they begin.
    """

    span: Span
    names: Sequence[NameSpan]
    called: Called
    bodies: Sequence[NameSpan] = field(init=False)
    by_start: Mapping[int, NameSpan] = field(init=False)
    _starts: Sequence[int] = field(init=False)

    def __post_init__(self) -> None:
        if not self.names:  # as in most sentences
            self.bodies, self.by_start, self._starts = (), {}, ()
            return
        self.bodies = [name for name in self.names if name.kind is ThingKind.BODY]
        self.by_start = {name.name.start: name for name in self.names}
        self._starts = [name.whole.start for name in self.names]

    def holds(self, start: int, end: int) -> bool:
        """Whether a stretch of text lies within one of the names, or its bracketed acronym."""
        at = bisect_right(self._starts, start)
        return at > 0 and end <= self.names[at - 1].whole.end


@dataclass(kw_only=True)
class Prose:
    """The prose of one page, ready for the rules.

    Attributes:
        sentences: those that are read; too_long: those that are not.
        defined: the names that acronyms were defined for, by acronym.
        content: the page's text.
    """

    text: Text
    setting: Setting
    finder: NameFinder
    resolver: Resolver
    triggers: Triggers[str]
    sentences: tuple[Sentence, ...] = ()
    too_long: tuple[Span, ...] = ()
    defined: dict[str, NameSpan] = field(default_factory=dict)
    content: str = field(init=False)
    _found: dict[tuple[int, int, str], Found[Named]] = field(default_factory=dict)
    _things: dict[tuple[int, int], Named] = field(default_factory=dict)
    _lengths: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.content = self.text.content

    @cached_property
    def plain(self) -> str:
        """The page's text with plain apostrophes and spaces, as cues are written; every offset stays."""
        return plain(self.content)

    @cached_property
    def marked(self) -> str:
        """Plain text with a space for each mark that may stand before a word; every offset stays."""
        return spaced(self.plain)

    def words(self, span: Span) -> str:
        """The words of a span."""
        return self.content[span.start : span.end]

    def line(self, span: Span) -> str:
        """The words of a span, on one line."""
        return " ".join(self.words(span).split())

    def add(self, span: Span) -> None:
        """Takes in the sentences of a span."""
        spans = list(sentences(self.content, span.start, span.end))
        self.sentences += tuple(self._sentence(each) for each in spans if each.end - each.start <= LONGEST_SENTENCE)
        self.too_long += tuple(each for each in spans if each.end - each.start > LONGEST_SENTENCE)

    def named(self, name: NameSpan, method: str = "name/grammar") -> Found[Named]:
        """The thing a name stands for, worked out once; an acronym stands for what the page defined it as."""
        key = name.name.start, name.name.end, method
        found = self._found.get(key)
        if found is None:
            evidence = self.text.evidence(name.name)
            found = self._found[key] = Found(value=self._thing(self.meaning(name)), evidence=evidence, method=method)
        return found

    def _thing(self, name: NameSpan) -> Named:
        key = name.name.start, name.name.end
        thing = self._things.get(key)
        if thing is None:
            thing = self._things[key] = self._resolved(name)
        return thing

    def _resolved(self, name: NameSpan) -> Named:
        """A thing with what the page tells of it, looked up in the authority."""
        printed = self.line(name.name)
        acronym = self._acronym(name)
        query = Query(
            kind=name.kind,
            name=printed,
            acronym=acronym.value if acronym else None,
            body_type=name.body_type,
            owner=self.line(name.owner) if name.owner else None,
            jurisdiction=self.setting.jurisdiction,
            on=self.setting.on,
        )
        return Named(
            kind=name.kind,
            name=printed,
            acronym=acronym,
            body_type=name.body_type,
            parent=self._owner(name, query),
            jurisdiction=self.setting.jurisdiction,
            resolution=self.resolver.resolve(query),
        )

    def meaning(self, name: NameSpan) -> NameSpan:
        """The name itself, or the definition of the acronym that it is."""
        return self.defined.get(self.words(name.name), name)

    def items(self, region: Span, sentence: Sentence, *kinds: ThingKind) -> Iterator[NameSpan]:
        """The names and groups of these kinds that stand as items of the list in a region of a sentence.

        An item begins where the region does or behind a comma, a colon or a conjunction; what stands deeper inside an
        item ("…, chaired by the Prime Minister, …") is none. A name that a finite verb follows begins a new clause, and
        ends the list.
        """
        behind = region.start
        for start in self._item_starts(region, sentence):
            item = self._item_at(Span(start, region.end), sentence, kinds) if start >= behind else None
            if item is None:
                continue
            behind = item.whole.end
            if _FINITE.match(self.content, item.whole.end, region.end):
                return
            yield item

    def _item_at(self, rest: Span, sentence: Sentence, kinds: tuple[ThingKind, ...]) -> NameSpan | None:
        """The name that an item begins with, if it is of these kinds; else the unnamed group it speaks of."""
        lead = _LEAD.match(self.content, rest.start, rest.end)
        if lead is None:
            return None
        places = (rest.start, *(lead.end(part) for part in ("article", "more", "owner")))
        name = next((sentence.by_start[at] for at in places if at in sentence.by_start), None)
        if name is not None:
            return name if name.kind in kinds else None
        left = lead.end("article")
        if ThingKind.BODY_GROUP in kinds and (group := self.finder.body_group(self.content, left, rest.end)):
            return group
        if ThingKind.PROGRAMME_GROUP in kinds:
            return self.finder.programme_group(self.content, left, rest.end)
        return None

    def _item_starts(self, region: Span, sentence: Sentence) -> Iterator[int]:
        yield _past_space(self.content, region.start)
        for match in _ITEM_START.finditer(self.content, region.start, region.end):
            if not sentence.holds(*match.span()):
                yield _past_space(self.content, match.end())

    def _sentence(self, span: Span) -> Sentence:
        names = self.finder.names(self.content, span.start, span.end)
        for name in names:
            if name.acronym:
                self._define(self.words(name.acronym), name)
        called = self.triggers.scan(self.marked, span.start, span.end)
        found = Sentence(span, names, called)
        if not self._may_hold_acronyms(span):
            return found
        acronyms = [each for each in self._defined_acronyms(span) if not found.holds(each.name.start, each.name.end)]
        if not acronyms:
            return found
        return Sentence(span, sorted([*names, *acronyms], key=place), called)

    def _define(self, acronym: str, name: NameSpan) -> None:
        """Takes in what an acronym stands for; its first definition counts."""
        if acronym in self.defined:
            return
        self.defined[acronym] = name
        lengths = self._lengths.setdefault(acronym[0], [])
        if len(acronym) not in lengths:
            lengths.append(len(acronym))
            lengths.sort(reverse=True)

    def _may_hold_acronyms(self, span: Span) -> bool:
        """Whether an acronym may stand in a span: the few that most pages define are looked for one by one."""
        if not 0 < len(self.defined) <= _FEW:
            return len(self.defined) > 0
        words = self.words(span)
        return any(acronym in words for acronym in self.defined)

    def _defined_acronyms(self, span: Span) -> Iterator[NameSpan]:
        """The acronyms defined so far that stand in a span as words, the longest at each place."""
        for match in _CAPITAL.finditer(self.content, span.start, span.end):
            for length in self._lengths.get(match.group(), ()):
                end = match.start() + length
                meant = self.defined.get(self.content[match.start() : end]) if end <= span.end else None
                if meant and _WORD_EDGE.match(self.content, end):
                    found = Span(match.start(), end)
                    yield NameSpan(kind=meant.kind, name=found, whole=found, body_type=meant.body_type)
                    break

    def _acronym(self, name: NameSpan) -> Found[str] | None:
        if name.acronym is None:
            return None
        words = self.text.evidence(name.acronym)
        return Found(value=words.quote, evidence=words, method="name/acronym")

    def _owner(self, name: NameSpan, query: Query) -> Found[Named] | None:
        if name.owner is None or query.owner is None:
            return None
        sought = Query(kind=ThingKind.BODY, name=query.owner, jurisdiction=query.jurisdiction, on=query.on)
        thing = Named(
            kind=ThingKind.BODY,
            name=query.owner,
            jurisdiction=query.jurisdiction,
            resolution=self.resolver.resolve(sought),
        )
        return Found(value=thing, evidence=self.text.evidence(name.owner), method="name/owner")


def _past_space(content: str, at: int) -> int:
    while at < len(content) and content[at].isspace():
        at += 1
    return at
