# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Which authority entry a name stands for: a link where the signs agree and no other comes near, else an abstention.

A name is compared with each name of each entry of its jurisdiction, word by word. Words weigh by how rare they are in
the authority; words for one type of body that translate the same foreign word (council, conference: 会議) count as one;
the jurisdiction's name does not count, and the owner's only where that helps. An acronym links only within its
jurisdiction and at its time.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kg.extract.words import stem
from kg.model.knowledge import Entry, EntryKind, Knowledge, Name, NameKind, Scheme
from kg.model.records import Candidate, Resolution, ThingKind

_LINK = 0.75
_MARGIN = 0.1
_PROPOSE = 0.4
_UNKNOWN_WORD = 0.5  # weight of a word that no entry bears: it tells no entry from another
_OWNER_AGREES = 0.1
_BELOW_CERTAIN = 0.99
_MOST_CANDIDATES = 5
_MOST_REMEMBERED = 10_000
_WORD = re.compile(r"[^\W_]+(?:&[^\W_]+)?")
_STOP = frozenset({"a", "an", "and", "by", "for", "in", "of", "on", "the", "to"})
_EXPANSIONS = {"s&t": "science technology", "sti": "science technology innovation", "r&d": "research development"}
_ENTRY_KINDS = {
    ThingKind.BODY: (EntryKind.BODY, EntryKind.INSTITUTION),
    ThingKind.BODY_GROUP: (),
    ThingKind.INSTITUTION: (EntryKind.INSTITUTION, EntryKind.BODY),
    ThingKind.PLAN: (EntryKind.PLAN_SERIES, EntryKind.PLAN),
    ThingKind.PROGRAMME: (EntryKind.PROGRAMME,),
    ThingKind.PROGRAMME_GROUP: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A name to resolve, and what the page tells about its bearer."""

    kind: ThingKind
    name: str
    acronym: str | None = None
    body_type: str | None = None
    owner: str | None = None
    jurisdiction: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sought:
    """A query with the sets of words that its name is compared by: all of them, and those without the owner's."""

    query: Query
    words: tuple[frozenset[str], ...]


class Resolver:
    """Resolves names against the authority."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._entries = knowledge.entries
        self._type_words, self._type_class = _type_classes(knowledge)
        self._places = {
            word
            for entry in knowledge.of_kind(EntryKind.JURISDICTION)
            for name in entry.names
            for word in self._words(name.text)
        }
        self._names = {
            entry.iri: tuple(dict.fromkeys(self._telling(name.text) for name in _spelled_out(entry)))
            for entry in self._entries
        }
        self._texts = {entry.iri: {name.text for name in entry.names} for entry in self._entries}
        self._acronyms = {
            entry.iri: {name.text for name in entry.names if name.kind is NameKind.ACRONYM} for entry in self._entries
        }
        frequency = Counter(word for names in self._names.values() for word in set().union(*names))
        self._weight = {word: 1 / (1 + math.log(count)) for word, count in frequency.items()}
        self._resolved: dict[Query, Resolution] = {}

    def resolve(self, query: Query) -> Resolution:
        """The entry the name stands for, or the candidates it may stand for, best first."""
        if query not in self._resolved:
            if len(self._resolved) >= _MOST_REMEMBERED:
                self._resolved.clear()
            self._resolved[query] = self._resolution(query)
        return self._resolved[query]

    def _resolution(self, query: Query) -> Resolution:
        names = (query.name, query.name.replace(query.owner or "", " "))
        sought = _Sought(query=query, words=tuple(dict.fromkeys(map(self._telling, names))))
        scored = sorted(
            ((score, entry) for entry in self._eligible(query) if (score := self._score(sought, entry)) >= _PROPOSE),
            key=lambda item: (-item[0], item[1].iri),
        )
        candidates = tuple(
            Candidate(iri=entry.iri, score=_decimal(score)) for score, entry in scored[:_MOST_CANDIDATES]
        )
        if not scored:
            return Resolution()
        best, entry = scored[0]
        everywhere = entry.jurisdiction is None and best == 1
        if query.jurisdiction is None and not everywhere:
            return Resolution(candidates=candidates)
        runner_up = scored[1][0] if len(scored) > 1 else 0.0
        if best >= _LINK and best - runner_up >= _MARGIN and self._types_agree(query, entry):
            return Resolution(linked=entry.iri, preferred=entry.label)
        return Resolution(candidates=candidates)

    def _eligible(self, query: Query) -> Iterable[Entry]:
        kinds = _ENTRY_KINDS[query.kind]
        for entry in self._entries:
            if entry.kind not in kinds:
                continue
            if query.jurisdiction is not None and entry.jurisdiction not in (None, query.jurisdiction):
                continue
            if query.on and entry.start and entry.start.first_day > query.on:
                continue
            if query.owner and query.owner != query.name and query.owner in self._texts[entry.iri]:
                continue  # what is part of an entry is not that entry
            yield entry

    def _score(self, sought: _Sought, entry: Entry) -> float:
        """1 for an acronym or a full name; else the weighted share of words in common."""
        query, acronyms = sought.query, self._acronyms[entry.iri]
        if query.acronym in acronyms or query.name in acronyms:
            return _at_its_time(query, entry)
        if query.name in self._texts[entry.iri]:
            return 1.0
        best = max(
            (self._overlap(words, name) for name in self._names[entry.iri] for words in sought.words), default=0.0
        )
        return min(best + _OWNER_AGREES, _BELOW_CERTAIN) if best < 1 and self._owned_alike(query, entry) else best

    def _owned_alike(self, query: Query, entry: Entry) -> bool:
        """Whether the owner that the name tells is the entry's parent in the authority."""
        return any(query.owner in self._texts[parent] for parent in entry.parents)

    def _overlap(self, first: frozenset[str], second: frozenset[str]) -> float:
        """Dice's coefficient over weighted words; 1 only for the same set."""
        if first.isdisjoint(second):
            return 0.0
        total = self._sum(first) + self._sum(second)
        return 2 * self._sum(first & second) / total if total else 0.0

    def _sum(self, words: Iterable[str]) -> float:
        return math.fsum(self._weight.get(word, _UNKNOWN_WORD) for word in sorted(words))

    def _types_agree(self, query: Query, entry: Entry) -> bool:
        if query.body_type is None or entry.body_type is None:
            return True
        named = not self._texts[entry.iri].isdisjoint((query.acronym, query.name))
        return named or self._type_class.get(query.body_type) == self._type_class.get(entry.body_type)

    def _telling(self, text: str) -> frozenset[str]:
        """The words of a name that tell its bearer from others: all but those of jurisdictions' names."""
        return frozenset(self._words(text)) - self._places

    def _words(self, text: str) -> list[str]:
        """The stems that count, a body type's noun replaced by its class."""
        raw = [word.casefold() for word in _WORD.findall(text.replace("’s", "").replace("'s", ""))]
        words = [part for word in raw for part in _EXPANSIONS.get(word, word).split() if part not in _STOP]
        return [self._type_words.get(word, stem(word)) for word in words]


def _spelled_out(entry: Entry) -> Sequence[Name]:
    return [name for name in entry.names if name.kind is not NameKind.ACRONYM]


def _at_its_time(query: Query, entry: Entry) -> float:
    """An acronym's score: less where the entry had ended before the report, so that the one in force wins."""
    ended = query.on and entry.end and entry.end.last_day < query.on
    return 0.8 if ended else 1.0


def _type_classes(knowledge: Knowledge) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Head noun → class token, and body type → class token; types that translate alike share a class."""
    types = knowledge.in_scheme(Scheme.BODY_TYPE)
    token = {concept.iri: min((concept.iri, *concept.translates_like)) for concept in types}
    heads = {head.casefold(): token[concept.iri] for concept in types for head in concept.heads}
    return heads, token


def _decimal(score: float) -> Decimal:
    return Decimal(f"{score:.3f}")
