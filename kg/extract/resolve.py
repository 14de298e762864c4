"""Which authority entry a name stands for: a link where the signs agree and no other comes near, else an abstention.

A name is compared with each name of each entry of its jurisdiction, word by word. Words weigh by how rare they are in
the authority; words for one type of body that translate the same foreign word (council, conference: 会議) count as one;
the jurisdiction's name does not count, and the owner's only where that helps. An acronym links only within its
jurisdiction and at its time.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar

from kg.extract.telling import TellingWords
from kg.model.knowledge import Entry, EntryKind, Knowledge, Name, NameKind, Scheme
from kg.model.records import Candidate, Resolution, ThingKind

_LINK = 0.75
_MARGIN = 0.1
_PROPOSE = 0.4
_UNKNOWN_WORD = 0.5  # weight of a word that no entry bears: it tells no entry from another
_OWNER_AGREES = 0.1
_BELOW_CERTAIN = 0.99
_SLACK = 1e-9  # what rounding may take from a bound
_MOST_CANDIDATES = 5
_MOST_REMEMBERED = 10_000
_UNKNOWN = Resolution()
_Value = TypeVar("_Value")
_ENTRY_KINDS = {
    ThingKind.BODY: (EntryKind.BODY, EntryKind.INSTITUTION),
    ThingKind.BODY_GROUP: (),
    ThingKind.INSTITUTION: (EntryKind.INSTITUTION, EntryKind.BODY),
    ThingKind.PLAN: (EntryKind.PLAN_SERIES, EntryKind.PLAN),
    ThingKind.PROGRAMME: (EntryKind.PROGRAMME,),
    ThingKind.PROGRAMME_GROUP: (),
}


class Query(NamedTuple):
    """A name to resolve, and what the page tells about its bearer."""

    kind: ThingKind
    name: str
    acronym: str | None = None
    body_type: str | None = None
    owner: str | None = None
    jurisdiction: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A name's telling words, and what they weigh together."""

    words: frozenset[str]
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shelf:
    """The entries that things of one kind and jurisdiction may be.

    Attributes:
        names: each name of each entry, with the entry's IRI.
        by_word: the places of the names that have a telling word; by_text: the IRIs of who bears a printed name.
    """

    names: tuple[tuple[str, _Weighed], ...]
    by_word: Mapping[str, tuple[int, ...]]
    by_text: Mapping[str, tuple[str, ...]]


class Resolver:
    """Resolves names against the authority."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._entries = knowledge.entries
        self._by_iri = knowledge.by_iri
        type_words, self._type_class = _type_classes(knowledge)
        places = knowledge.of_kind(EntryKind.JURISDICTION)
        self._telling = TellingWords(type_words, (name.text for place in places for name in place.names))
        names = {
            entry.iri: tuple(dict.fromkeys(self._telling.of(name.text) for name in _spelled_out(entry)))
            for entry in self._entries
        }
        self._texts = {entry.iri: {name.text for name in entry.names} for entry in self._entries}
        self._acronyms = {
            entry.iri: {name.text for name in entry.names if name.kind is NameKind.ACRONYM} for entry in self._entries
        }
        frequency = Counter(word for sets in names.values() for word in frozenset().union(*sets))
        self._weight = {word: 1 / (1 + math.log(count)) for word, count in frequency.items()}
        self._names = {iri: tuple(map(self._weighed, sets)) for iri, sets in names.items()}
        self._shelves: dict[tuple[ThingKind, str | None], _Shelf] = {}
        self._resolved: dict[Query, Resolution] = {}

    def resolve(self, query: Query) -> Resolution:
        """The entry the name stands for, or the candidates it may stand for, best first."""
        known = self._resolved.get(query)
        if known is None:
            if len(self._resolved) >= _MOST_REMEMBERED:
                self._resolved.clear()
            known = self._resolved[query] = self._resolution(query)
        return known

    def _resolution(self, query: Query) -> Resolution:
        scored = sorted(self._scored(query), key=lambda item: (-item[0], item[1].iri))
        if not scored:
            return _UNKNOWN
        candidates = tuple(
            Candidate(iri=entry.iri, score=_decimal(score)) for score, entry in scored[:_MOST_CANDIDATES]
        )
        best, entry = scored[0]
        everywhere = entry.jurisdiction is None and best == 1
        if query.jurisdiction is None and not everywhere:
            return Resolution(candidates=candidates)
        runner_up = scored[1][0] if len(scored) > 1 else 0.0
        if best >= _LINK and best - runner_up >= _MARGIN and self._types_agree(query, entry):
            return Resolution(linked=entry.iri, preferred=entry.label)
        return Resolution(candidates=candidates)

    def _scored(self, query: Query) -> Iterator[tuple[float, Entry]]:
        """The entries that a query's name may stand for, each with its score."""
        shelf = self._shelf(query.kind, query.jurisdiction)
        overlaps = self._overlaps(query, shelf)
        near = [iri for text in (query.name, query.acronym) if text for iri in shelf.by_text.get(text, ())]
        for iri in dict.fromkeys((*near, *overlaps)):
            entry = self._by_iri[iri]
            score = self._score(query, entry, overlaps.get(iri, 0.0))
            if score >= _PROPOSE and self._is_eligible(query, entry):
                yield score, entry

    def _overlaps(self, query: Query, shelf: _Shelf) -> Mapping[str, float]:
        """How far the names of entries have words in common with a name, or with it without its owner.

        It is the best of an entry's names that counts, and only what may make a candidate of it.
        """
        least = _PROPOSE - _OWNER_AGREES - _SLACK
        best: dict[str, float] = {}
        names = (query.name, query.name.replace(query.owner, " ")) if query.owner else (query.name,)
        for words in dict.fromkeys(map(self._telling.of, names)):
            sought = self._weighed(words)
            shared: defaultdict[int, float] = defaultdict(float)
            for word in words & shelf.by_word.keys():
                for at in shelf.by_word[word]:
                    shared[at] += self._weight[word]
            for at, weight in shared.items():
                iri, name = shelf.names[at]
                if 2 * weight >= least * (sought.weight + name.weight):
                    best[iri] = max(best.get(iri, 0.0), self._overlap(sought, name))
        return best

    def _shelf(self, kind: ThingKind, jurisdiction: str | None) -> _Shelf:
        """The entries that a thing of a kind and a jurisdiction may be; of any, where its own is not known."""
        known = self._shelves.get((kind, jurisdiction))
        if known is None:
            there = (None, jurisdiction)
            entries = [
                entry
                for entry in self._entries
                if entry.kind in _ENTRY_KINDS[kind] and (jurisdiction is None or entry.jurisdiction in there)
            ]
            names = tuple((entry.iri, name) for entry in entries for name in self._names[entry.iri])
            known = self._shelves[kind, jurisdiction] = _Shelf(
                names=names,
                by_word=_index((word, at) for at, (_, name) in enumerate(names) for word in sorted(name.words)),
                by_text=_index((text, entry.iri) for entry in entries for text in sorted(self._texts[entry.iri])),
            )
        return known

    def _is_eligible(self, query: Query, entry: Entry) -> bool:
        """Whether an entry existed at the time, and is not what the thing is part of: that has another name."""
        if query.on and entry.start and entry.start.first_day > query.on:
            return False
        return not query.owner or query.owner == query.name or query.owner not in self._texts[entry.iri]

    def _score(self, query: Query, entry: Entry, overlap: float) -> float:
        """1 for an acronym or a full name; else the weighted share of words in common."""
        acronyms = self._acronyms[entry.iri]
        if query.acronym in acronyms or query.name in acronyms:
            return _at_its_time(query, entry)
        if query.name in self._texts[entry.iri]:
            return 1.0
        if overlap < 1 and self._owned_alike(query, entry):
            return min(overlap + _OWNER_AGREES, _BELOW_CERTAIN)
        return overlap

    def _owned_alike(self, query: Query, entry: Entry) -> bool:
        """Whether the owner that the name tells is the entry's parent in the authority."""
        return query.owner is not None and any(query.owner in self._texts[parent] for parent in entry.parents)

    def _overlap(self, first: _Weighed, second: _Weighed) -> float:
        """Dice's coefficient over weighted words; 1 only for the same set."""
        common = first.words & second.words
        return 2 * self._sum(common) / (first.weight + second.weight) if common else 0.0

    def _weighed(self, words: frozenset[str]) -> _Weighed:
        return _Weighed(words, self._sum(words))

    def _sum(self, words: Iterable[str]) -> float:
        """The words' weights together; fsum is exact, so their order is of no account."""
        return math.fsum([self._weight.get(word, _UNKNOWN_WORD) for word in words])

    def _types_agree(self, query: Query, entry: Entry) -> bool:
        if query.body_type is None or entry.body_type is None:
            return True
        named = not self._texts[entry.iri].isdisjoint((query.acronym, query.name))
        return named or self._type_class.get(query.body_type) == self._type_class.get(entry.body_type)


def _index(pairs: Iterable[tuple[str, _Value]]) -> Mapping[str, tuple[_Value, ...]]:
    """Values by the word or name that they go with."""
    found: defaultdict[str, list[_Value]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}


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
