"""Which authority entries a text may mean, for a person to choose from: likeness of letters proposes, never links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, utils

from kg.model.knowledge import Entry, Name

_LEAST = 50.0
_MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An entry, its name that is most like the text, and how like, from 0 to 100."""

    entry: Entry
    name: Name
    score: float


def proposals(text: str, entries: Iterable[Entry], most: int = _MOST) -> list[Proposal]:
    """The entries with a name or key like the text, the most like first."""
    sought = utils.default_process(text)
    found = [
        max((_proposal(sought, entry, name) for name in entry.names), key=lambda each: each.score) for entry in entries
    ]
    likely = [each for each in found if each.score >= _LEAST]
    return sorted(likely, key=lambda each: (-each.score, each.entry.iri))[:most]


def _proposal(sought: str, entry: Entry, name: Name) -> Proposal:
    """The mean of two likenesses: of all words, and of the words that one of the two has alone."""
    printed = utils.default_process(name.text)
    score = (fuzz.token_sort_ratio(sought, printed) + fuzz.token_set_ratio(sought, printed)) / 2
    known = 100.0 if sought == utils.default_process(entry.key) else 0.0
    return Proposal(entry=entry, name=name, score=max(score, known))
