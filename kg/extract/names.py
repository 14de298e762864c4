# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Names in prose: capitalised sequences with a head noun, unnamed groups, and what the authority knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from kg.extract.cuefile import CueFile
from kg.extract.gazetteer import Gazetteer, Match
from kg.extract.heads import Heads
from kg.extract.namespans import NameSpan, apart, covered, owned, place, with_acronym
from kg.extract.runs import SEQUENCE, WORD, Runs
from kg.extract.titles import Titles
from kg.model.evidence import Span
from kg.model.knowledge import Entry, EntryKind, Knowledge, NameKind
from kg.model.records import ThingKind

_JOIN = re.compile(r"\s(?<!\s\s)\s*(?:and|&)\s+(?P<article>[Tt]he\s+)?")
_COMMA = re.compile("[,，]")
_NUMBERED = re.compile(r"\d")
_QUALIFIER = re.compile(r"\s[(（](?P<words>[A-Z][a-z]+(?:\s(?:and\s)?[A-Z][a-z]+)*)[)）]")
_BRACKETED = re.compile(r"\s?[(（](?P<words>[^()（）]{3,80})[)）]")
_TAIL_OF = re.compile(r"\sof\s+(?:the\s+)?")
_OF_THE = re.compile(r"\sof\s+the\s+")
_OPENING = re.compile(r"\s?[(（]")
_OF_PLACE = re.compile(rf"\sof\s+(?:the\s+)?{WORD}$")
#: No name is longer, in code points; whatever is, was never meant as one name.
_LONGEST = 200
_MOST_STOPS = 5
_SOFT = ("of", "for", "on")
_KINDS = {
    EntryKind.BODY: ThingKind.BODY,
    EntryKind.INSTITUTION: ThingKind.BODY,
    EntryKind.PLAN: ThingKind.PLAN,
    EntryKind.PLAN_SERIES: ThingKind.PLAN,
    EntryKind.PROGRAMME: ThingKind.PROGRAMME,
}


#: Where a name stands, and its head noun.
_Headed = tuple[Span, str]


class NameFinder:
    """Finds names by grammar and by the authority, knowing the heads of the vocabularies."""

    def __init__(self, knowledge: Knowledge, cues: CueFile) -> None:
        self.gazetteer = Gazetteer(entry for entry in knowledge.entries if entry.kind in _KINDS)
        self._heads = Heads(knowledge, cues)
        self._refused, self._refused_whole = cues.refused, cues.refused_whole
        self._places = Gazetteer(knowledge.of_kind(EntryKind.JURISDICTION))
        self._english = _words_of_names(knowledge)
        self._titles = Titles(cues, self._heads, self._is_known)
        self._runs = Runs(self._heads, self._is_known, lambda words: bool(self._places.bearers(words)), cues.terms)
        agent_verbs = r"(?:coordinated|managed|run|led|overseen|steered|directed|funded|supervised)"
        group_nouns, programme_nouns = "|".join(cues.heads["group"]), "|".join(cues.heads["programme_group"])
        self._body_group = re.compile(
            rf"(?:(?:the|its|their|other|all)\s+)*(?P<name>(?:[a-z][\w-]*\s+){{0,3}}(?:{group_nouns})\s+"
            rf"(?:of|under|in|within)\s+(?:the\s+)?(?P<owner>{SEQUENCE}))"
        )
        self._programme_group = re.compile(
            rf"(?:(?:the|its|their|other|all|several)\s+)*(?P<name>(?:[a-z][\w-]*\s+){{1,6}}?(?:{programme_nouns})\b"
            rf"(?:\s+(?:\w+ly\s+)?{agent_verbs}\s+by\s+(?:the\s+)?(?P<agent>{SEQUENCE}))?)"
        )

    def names(self, text: str, start: int, end: int) -> list[NameSpan]:
        """All names in text[start:end], in order; none lies within another."""
        known = list(self.gazetteer.matches(text, start, end))
        titles = self._titles.find(text, start, end)
        listed = [each.span for each in known if _COMMA.search(text, each.span.start, each.span.end)]
        runs = self._runs.find(text, start, end, listed)
        if not (runs or titles or known):
            return []
        found = [name for span in runs for name in self._split(text, span)]
        if titles:
            found = sorted([*titles, *(name for name in found if not covered(name.name, titles))], key=place)
        found += [_known(match) for match in known if not covered(match.span, found)]
        named = [self._completed(text, name, end) for name in found]
        documents = [name for name in named if name.kind is not ThingKind.BODY]
        named += [name for each in documents if (name := self._titles.apposed(text, each, start, end))]
        return _linked(text, sorted(named, key=place))

    def body_group(self, text: str, start: int, end: int) -> NameSpan | None:
        """The unnamed bodies that the words at start speak of: "related agencies of the National Diet"."""
        match = self._body_group.match(text, start, end)
        if not match:
            return None
        span, owner = Span(*match.span("name")), match["owner"]
        named = self._is_body(owner) or self._heads.of(owner) is not None
        return NameSpan(
            kind=ThingKind.BODY_GROUP, name=span, whole=span, owner=Span(*match.span("owner")) if named else None
        )

    def programme_group(self, text: str, start: int, end: int) -> NameSpan | None:
        """The unnamed programmes that the words at start speak of, with who coordinates them where that follows."""
        match = self._programme_group.match(text, start, end)
        if not match:
            return None
        span = Span(*match.span("name"))
        agent = Span(*match.span("agent")) if match["agent"] else None
        return NameSpan(kind=ThingKind.PROGRAMME_GROUP, name=span, whole=span, agent=agent)

    def _split(self, text: str, span: Span) -> Iterator[NameSpan]:
        """The names in a run: "A Council and B Agency" are two where both sides have a head of their own."""
        stops = [match.span() for match in _JOIN.finditer(text, span.start, span.end)]
        stops.append((span.end, span.end))
        start = span.start
        while stops:
            name, used = self._first_name(text, start, stops)
            if name:
                yield from self._parted(text, self._owned(text, *name))
            start, stops = stops[used - 1][1], stops[used:]

    def _first_name(self, text: str, start: int, stops: list[tuple[int, int]]) -> tuple[_Headed | None, int]:
        """The name that a run begins with, and how many of its stops it passes; a name has few "and"s."""
        prefixes = [self._headed(text, start, stop) for stop, _ in stops[:_MOST_STOPS]]
        split: int | None = None
        for at, prefix in enumerate(prefixes[: len(stops) - 1]):
            if prefix and self._may_end(text, prefix[0], stops[at : at + 2]):
                split, behind = at, stops[at][1]
                if self._heads.opens_role(text[behind : stops[at + 1][0]]) or any(
                    self._headed(text, behind, stop) for stop, _ in stops[at + 1 : at + 1 + _MOST_STOPS]
                ):
                    return prefix, at + 1
        if len(prefixes) == len(stops) and prefixes[-1]:
            return prefixes[-1], len(stops)
        return (None, 1) if split is None else (prefixes[split], split + 1)

    def _may_end(self, text: str, span: Span, stops: list[tuple[int, int]]) -> bool:
        """Whether a name may end before a stop: with a head, or where what follows begins like a name itself."""
        printed = text[span.start : span.end]
        if self._heads.ends(printed) or self.gazetteer.bearers(printed):
            return True
        (end, begin), *after = stops
        behind = text[begin : after[0][0]] if after else ""
        anew = self._heads.opens(behind) or self._heads.opens_role(behind)
        return anew or "The" in text[end:begin] or _NUMBERED.match(behind) is not None

    def _parted(self, text: str, name: NameSpan) -> Iterator[NameSpan]:
        """A body and the one it is of, where each has a name of its own: "Bureau of Oats" of the "Grain Ministry"."""
        printed = text[name.name.start : name.name.end]
        if name.kind is not ThingKind.BODY or "of" not in printed:
            yield name
            return
        *_, link = [None, *_OF_THE.finditer(text, name.name.start, name.name.end)]
        if link is None or self.gazetteer.bearers(printed):
            yield name
            return
        left = self._headed(text, name.name.start, link.start())
        right = self._body(text, Span(link.end(), name.name.end))
        if right and left and self._heads.opens(text[left[0].start : left[0].end]):
            yield replace(self._owned(text, *left), owner=right.name)
            yield right
        else:
            yield replace(name, owner=right.name) if right else name

    def _body(self, text: str, span: Span) -> NameSpan | None:
        """The body that these words name, by grammar or by the authority."""
        bearers = _bodies(self.gazetteer.bearers(text[span.start : span.end]))
        if bearers:
            return _known(Match(span, tuple(bearers)))
        headed = self._headed(text, span.start, span.end)
        name = self._owned(text, *headed) if headed and headed[0] == span else None
        return name if name and name.kind is ThingKind.BODY else None

    def _headed(self, text: str, start: int, end: int) -> _Headed | None:
        """A run as one name, with its head, when a head noun says that it is one."""
        if end - start > _LONGEST:
            return None
        printed = text[start:end]
        head = self._heads.of(printed)
        if head is None:  # nor has any part of it that ends where it does
            return None
        refused = self._refused_whole.fullmatch(printed) or self._refused.search(printed)
        if refused:
            tail = _TAIL_OF.search(text, start + refused.end(), end)
            return self._headed(text, tail.end(), end) if tail else None
        if (before := self._heads.before_name(printed)) and not self.gazetteer.bearers(printed):
            return self._headed(text, start + before, end)
        return Span(start, end), head

    def _owned(self, text: str, span: Span, head: str) -> NameSpan:
        """The name that a run with a head is, with its owner."""
        known = {_KINDS[entry.kind] for entry in self.gazetteer.bearers(text[span.start : span.end])}
        kind, body_type = known.pop() if len(known) == 1 else self._heads.kind(head), self._heads.body_type(head)
        return NameSpan(kind=kind, name=span, whole=span, body_type=body_type, owner=self._owner(text, span))

    def _owner(self, text: str, span: Span) -> Span | None:
        """What the name says its bearer is part of: "… of Cabinet Office", "Cabinet … Conference"."""
        for link in _TAIL_OF.finditer(text, span.start, span.end) if text.find("of", span.start, span.end) >= 0 else ():
            if self._is_body(text[link.end() : span.end]):
                return Span(link.end(), span.end)
        match = next(self.gazetteer.matches(text, span.start, span.end), None)
        if match is None or match.span.start != span.start or match.span.end == span.end:
            return None
        behind = text[match.span.end : span.end]
        if behind[0] != " " or not self._heads.of(behind.strip()) or behind.split(maxsplit=1)[0] in _SOFT:
            return None
        return match.span if _bodies(match.entries) else None

    def _completed(self, text: str, name: NameSpan, end: int) -> NameSpan:
        """The name with what follows it: its acronym, a qualifier such as "(Research)", the year of a law."""
        if name.kind is not ThingKind.BODY:
            name = self._titles.completed(text, name, end)
        if not _OPENING.match(text, name.name.end, end):
            return name
        name = with_acronym(text, name, end)
        return name if name.acronym or name.kind is not ThingKind.BODY else self._qualified(text, name, end)

    def _qualified(self, text: str, name: NameSpan, end: int) -> NameSpan:
        """A body's name with English words, or its own language's name, in brackets behind it."""
        qualifier = _QUALIFIER.match(text, name.name.end, end)
        if qualifier and self._english.issuperset(qualifier["words"].casefold().split()):
            span = Span(name.name.start, qualifier.end())
            return with_acronym(text, replace(name, name=span, whole=span), end)
        native = _BRACKETED.match(text, name.name.end, end)
        return replace(name, whole=Span(name.name.start, native.end())) if native and self._is_native(native) else name

    def _is_native(self, bracketed: re.Match[str]) -> bool:
        """Whether brackets hold a body's name in its own language: "Science Council (Wissenschaftsrat)"."""
        words = bracketed["words"]
        names = (name for entry in _bodies(self.gazetteer.bearers(words)) for name in entry.names)
        return any(name.text == words and name.kind is NameKind.NATIVE for name in names)

    def _is_known(self, words: str) -> bool:
        """Whether words are a body or a place that the authority knows."""
        return self._is_body(words) or bool(self._places.bearers(words))

    def _is_body(self, name: str) -> bool:
        if _bodies(self.gazetteer.bearers(name)):
            return True
        place = _OF_PLACE.search(name)
        return place is not None and bool(_bodies(self.gazetteer.bearers(name[: place.start()].rstrip())))


def _linked(text: str, named: list[NameSpan]) -> list[NameSpan]:
    """The names, in order, that lie apart, each with the owner that follows it."""
    if not named:
        return named
    kept = [named[0], *(name for before, name in pairwise(named) if apart(before, name))]
    return [*(owned(text, name, behind) for name, behind in pairwise(kept)), kept[-1]]


def _known(match: Match) -> NameSpan:
    """A name that the authority knows and grammar did not find."""
    entry = match.entries[0]
    return NameSpan(kind=_KINDS[entry.kind], name=match.span, whole=match.span, body_type=entry.body_type)


def _bodies(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.kind in (EntryKind.BODY, EntryKind.INSTITUTION)]


def _words_of_names(knowledge: Knowledge) -> frozenset[str]:
    """The words of the authority's English names, places left out: what a qualifier in brackets is made of."""
    english = (
        name.text
        for entry in knowledge.entries
        if entry.kind is not EntryKind.JURISDICTION
        for name in entry.names
        if name.language == "en" and name.kind is not NameKind.ACRONYM
    )
    places = {
        word
        for entry in knowledge.of_kind(EntryKind.JURISDICTION)
        for name in entry.names
        for word in _folded(name.text)
    }
    return frozenset(word for text in english for word in _folded(text)) - places | {"and"}


def _folded(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
