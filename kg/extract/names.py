# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Names in prose: capitalised sequences with a head noun, unnamed groups, and what the authority knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.extract.cuefile import CueFile
from kg.extract.gazetteer import Gazetteer, Match
from kg.extract.namespans import NameSpan, apart, covered, owned, place, united, with_acronym
from kg.model.evidence import Span
from kg.model.knowledge import Entry, EntryKind, Knowledge, Scheme
from kg.model.records import ThingKind

#: A year that begins a document's name: "2030 Agenda".
_YEAR = r"(?:19|20)\d{2}(?=\s+(?:Agenda|Guidelines?|Outline|Plan|Roadmap|Strategy|Vision)\b)"
_WORD = rf"(?:(?:[A-Z]\.){{2,}}|[A-Z][\w’'&/-]*|(?<!\d)\d{{1,3}}(?:st|nd|rd|th)\b|{_YEAR})"
_SEQUENCE = re.compile(rf"{_WORD}(?:\s+(?:(?:of|for|on)\s+(?:the\s+)?|(?:and|&|de|et|la|für|und)\s+)?{_WORD})*")
_PRINTED_WORD = re.compile(r"[\w’'&/-]+")
_LIST_TAIL = re.compile(rf"((?:,\s+{_WORD}(?:\s+{_WORD}){{0,2}}){{1,5}}),?\s+and\s+({_WORD}(?:\s+{_WORD}){{0,3}})")
_LIST_HEAD = re.compile(r"\b(\w+)\s+(?:of|for|on)\s")
_JOIN = re.compile(r"(?<!\s)\s+(?:and|&)\s+(?:[Tt]he\s+)?")
_COMMA = re.compile("[,，]")
_POSSESSIVE = re.compile(r"[’']s\s+")
_QUALIFIER = re.compile(r"\s[(（][A-Z][a-z]+(?:\s(?:and\s)?[A-Z][a-z]+)*[)）]")
_SPACE = re.compile(r"\s")
_OF = re.compile(r"\sof\s+(?:the\s+)?")
_OF_PLACE = re.compile(rf"\sof\s+(?:the\s+)?{_WORD}$")
_OPENING = re.compile(r"\s?[(（]")
_QUOTED = re.compile('[“"](?P<title>[^“”"\\n]{3,160})[”"]')
_OPENER = re.compile(r"(\w+)\s+")
#: No name is longer, in code points; whatever is, was never meant as one name.
_LONGEST = 200
_MOST_STOPS = 5
_OPENERS = frozenset(
    (  # noqa: SIM905 - sixty words read better as running text
        "A All Although An And As At Both But By Each First For From Given However If In It Its Many Most Of On One Or "
        "Other Second Since So Some Such That The Their Then There These They Third This Those Thus Through To Two "
        "Under Unlike Until We When Where While With"
    ).split()
)
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
        self._body_heads = {
            head.casefold(): concept.iri for concept in knowledge.in_scheme(Scheme.BODY_TYPE) for head in concept.heads
        }
        self._heads = {
            **dict.fromkeys(self._body_heads, ThingKind.BODY),
            **{head.casefold(): ThingKind.PROGRAMME for head in cues.heads["programme"]},
            **{head.casefold(): ThingKind.PLAN for head in (*cues.heads["plan"], *cues.heads["title"])},
        }
        self._refused, self._refused_whole = cues.refused, cues.refused_whole
        self._places = Gazetteer(knowledge.of_kind(EntryKind.JURISDICTION))
        heads = "|".join(
            re.escape(head) for head in (*cues.heads["plan"], *cues.heads["programme"], *cues.heads["title"])
        )
        self._title = re.compile(rf"\b(?P<head>{heads})\b", re.IGNORECASE)
        self._behind_quote = re.compile(rf"\s+(?P<head>{heads})\b", re.IGNORECASE)
        agent_verbs = r"(?:coordinated|managed|run|led|overseen|steered|directed|funded|supervised)"
        group_nouns, programme_nouns = "|".join(cues.heads["group"]), "|".join(cues.heads["programme_group"])
        self._body_group = re.compile(
            rf"(?:(?:the|its|their|other|all)\s+)*(?P<name>(?:[a-z][\w-]*\s+){{0,3}}(?:{group_nouns})\s+"
            rf"(?:of|under|in|within)\s+(?:the\s+)?(?P<owner>{_SEQUENCE.pattern}))"
        )
        self._programme_group = re.compile(
            rf"(?:(?:the|its|their|other|all|several)\s+)*(?P<name>(?:[a-z][\w-]*\s+){{1,6}}?(?:{programme_nouns})\b"
            rf"(?:\s+(?:\w+ly\s+)?{agent_verbs}\s+by\s+(?:the\s+)?(?P<agent>{_SEQUENCE.pattern}))?)"
        )

    def names(self, text: str, start: int, end: int) -> list[NameSpan]:
        """All names in text[start:end], in order; none lies within another."""
        known = list(self.gazetteer.matches(text, start, end))
        titles = list(self._quoted_titles(text, start, end))
        found = [name for span in self._sequences(text, start, end, known) for name in self._split(text, span)]
        found = sorted([*titles, *(name for name in found if not covered(name.name, titles))], key=place)
        found += [_known(match) for match in known if not covered(match.span, found)]
        named = sorted((self._completed(text, name, end) for name in found), key=place)
        kept = [name for name, before in zip(named, [None, *named], strict=False) if not before or apart(before, name)]
        return [owned(text, name, behind) for name, behind in zip(kept, [*kept[1:], None], strict=False)]

    def body_group(self, text: str, start: int, end: int) -> NameSpan | None:
        """The unnamed bodies that the words at start speak of: "related agencies of the National Diet"."""
        match = self._body_group.match(text, start, end)
        if not match:
            return None
        span, owner = Span(*match.span("name")), match["owner"]
        named = self._is_body(owner) or self._head(owner) is not None
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

    def _quoted_titles(self, text: str, start: int, end: int) -> Iterator[NameSpan]:
        """Titles of documents in quotation marks: those that hold a head such as Opinions, or stand before one."""
        for quote in _QUOTED.finditer(text, start, end):
            words = quote["title"]
            if not words[0].isupper() or words[-1] in ",.;!?" or len(words.split()) < 2:  # noqa: PLR2004 - one word is no title
                continue
            behind = self._behind_quote.match(text, quote.end(), end)
            head = behind or self._title.search(words)
            if head:
                kind = self._heads.get(head["head"].casefold(), ThingKind.PLAN)
                span = Span(quote.start(), behind.end()) if behind else Span(*quote.span("title"))
                yield NameSpan(kind=kind if kind is not ThingKind.BODY else ThingKind.PLAN, name=span, whole=span)

    def _sequences(self, text: str, start: int, end: int, known: Iterable[Match]) -> list[Span]:
        """The runs of capitalised words, each widened to the known name it overlaps; one word alone names nothing."""
        lists = [each.span for each in known if _COMMA.search(text, each.span.start, each.span.end)]
        spans: list[Span] = []
        for match in _SEQUENCE.finditer(text, start, end):
            left, right = match.span()
            if lists or _SPACE.search(text, left, right):
                left = _skip_openers(text, left, right)
                if left < right:
                    spans += self._possessions(text, left, right)
                    spans[-1] = self._with_list_tail(text, spans[-1], end)
        return united(spans, lists) if lists else spans

    def _possessions(self, text: str, start: int, end: int) -> list[Span]:
        """A run cut behind each owner: "the State Council's Opinions" is two names, "President's Council" is one."""
        spans: list[Span] = []
        for mark in _POSSESSIVE.finditer(text, start, end):
            owner = text[start : mark.start()]
            if self._is_body(owner) or self._places.bearers(owner):
                spans.append(Span(start, mark.start()))
                start = mark.end()
        return [*spans, Span(start, end)]

    def _with_list_tail(self, text: str, span: Span, end: int) -> Span:
        """A name such as "Ministry of Education, Culture and Science" runs on over its commas."""
        tail = _LIST_TAIL.match(text, span.end, end) if text.startswith(",", span.end) else None
        head = _LIST_HEAD.search(text, span.start, span.end) if tail else None
        if not head or not tail or head.group(1).casefold() not in self._heads:
            return span
        words = _PRINTED_WORD.findall(tail.group())
        runs_on = not any(word.casefold() in self._heads or (word.isupper() and len(word) > 1) for word in words)
        return Span(span.start, tail.end()) if runs_on else span

    def _split(self, text: str, span: Span) -> Iterator[NameSpan]:
        """The names in a run: "A Council and B Agency" are two where both sides have a head of their own."""
        stops = [match.span() for match in _JOIN.finditer(text, span.start, span.end)]
        stops.append((span.end, span.end))
        start = span.start
        while stops:
            name, used = self._first_name(text, start, stops)
            if name:
                yield self._owned(text, *name)
            start, stops = stops[used - 1][1], stops[used:]

    def _first_name(self, text: str, start: int, stops: list[tuple[int, int]]) -> tuple[_Headed | None, int]:
        """The name that a run begins with, and how many of its stops it passes; a name has few "and"s."""
        prefixes = [self._headed(text, start, stop) for stop, _ in stops[:_MOST_STOPS]]
        split: int | None = None
        for at, prefix in enumerate(prefixes[: len(stops) - 1]):
            if prefix and self._ends_with_head(text, prefix[0]):
                split, behind = at, stops[at][1]
                if any(self._headed(text, behind, stop) for stop, _ in stops[at + 1 : at + 1 + _MOST_STOPS]):
                    return prefix, at + 1
        if len(prefixes) == len(stops) and prefixes[-1]:
            return prefixes[-1], len(stops)
        return (None, 1) if split is None else (prefixes[split], split + 1)

    def _ends_with_head(self, text: str, span: Span) -> bool:
        printed = text[span.start : span.end]
        return printed.split()[-1].casefold() in self._heads or bool(self.gazetteer.bearers(printed))

    def _headed(self, text: str, start: int, end: int) -> _Headed | None:
        """A run as one name, with its head, when a head noun says that it is one."""
        if end - start > _LONGEST:
            return None
        printed = text[start:end]
        refused = self._refused_whole.fullmatch(printed) or self._refused.search(printed)
        if refused:
            tail = _OF.search(text, start + refused.end(), end)
            return self._headed(text, tail.end(), end) if tail else None
        head = self._head(printed)
        return (Span(start, end), head) if head else None

    def _head(self, printed: str) -> str | None:
        """The head noun: the first one followed by of, for or on, else the last word."""
        words = [word.casefold() for word in _PRINTED_WORD.findall(printed)]
        if len(words) < 2:  # noqa: PLR2004 - a head alone ("the Council") names nothing
            return None
        ends = [at for at, word in enumerate(words) if at and word in _SOFT]
        for end in (*ends, len(words)):
            for head in (" ".join(words[max(0, end - 2) : end]), words[end - 1]):
                if head in self._heads:
                    return head
        return None

    def _owned(self, text: str, span: Span, head: str) -> NameSpan:
        """The name that a run with a head is, with its owner."""
        return NameSpan(
            kind=self._heads[head],
            name=span,
            whole=span,
            body_type=self._body_heads.get(head),
            owner=self._owner(text, span),
        )

    def _owner(self, text: str, span: Span) -> Span | None:
        """What the name says its bearer is part of: "… of Cabinet Office", "Cabinet … Conference"."""
        for link in _OF.finditer(text, span.start, span.end):
            if self._is_body(text[link.end() : span.end]):
                return Span(link.end(), span.end)
        match = next(self.gazetteer.matches(text, span.start, span.end), None)
        if match is None or match.span.start != span.start or match.span.end == span.end:
            return None
        behind = text[match.span.end : span.end]
        if behind[0] != " " or not self._head(behind.strip()) or behind.split(maxsplit=1)[0] in _SOFT:
            return None
        return match.span if _bodies(match.entries) else None

    def _completed(self, text: str, name: NameSpan, end: int) -> NameSpan:
        """The name with what follows it in brackets: its acronym, or a qualifier such as "(Research)"."""
        if not _OPENING.match(text, name.name.end, end):
            return name
        qualifier = _QUALIFIER.match(text, name.name.end, end) if name.kind is ThingKind.BODY else None
        if qualifier and not self._places.bearers(qualifier.group()[2:-1]):
            span = Span(name.name.start, qualifier.end())
            name = replace(name, name=span, whole=span)
        return with_acronym(text, name, end)

    def _is_body(self, name: str) -> bool:
        if _bodies(self.gazetteer.bearers(name)):
            return True
        place = _OF_PLACE.search(name)
        return place is not None and bool(_bodies(self.gazetteer.bearers(name[: place.start()].rstrip())))


def _known(match: Match) -> NameSpan:
    """A name that the authority knows and grammar did not find."""
    entry = match.entries[0]
    return NameSpan(kind=_KINDS[entry.kind], name=match.span, whole=match.span, body_type=entry.body_type)


def _bodies(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.kind in (EntryKind.BODY, EntryKind.INSTITUTION)]


def _skip_openers(text: str, start: int, end: int) -> int:
    """Where the run starts once words that only open a sentence are left out."""
    while (match := _OPENER.match(text, start, end)) and match.group(1) in _OPENERS:
        start = match.end()
    return end if text[start:end] in _OPENERS else start
