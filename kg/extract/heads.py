"""Head nouns: what a capitalised run of words names, and how much of it is the name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from kg.extract.cuefile import CueFile
from kg.model.knowledge import Knowledge, Scheme
from kg.model.records import ThingKind

_WORDS = re.compile(r"[\w’'&/-]+")  # noqa: RUF001 - a typographic apostrophe
_LINK = re.compile(r"\s(?:of|for|on)\s+(?P<the>the\s+)?")
_SOFT = frozenset({"of", "for", "on"})


class Heads:
    """The head nouns of bodies, by the vocabulary of body types, and those of documents, by the cue file."""

    def __init__(self, knowledge: Knowledge, cues: CueFile) -> None:
        self._types: Mapping[str, str] = {
            head.casefold(): concept.iri for concept in knowledge.in_scheme(Scheme.BODY_TYPE) for head in concept.heads
        }
        self._kinds = {
            **dict.fromkeys((*self._types, *map(str.casefold, cues.heads["body"])), ThingKind.BODY),
            **{head.casefold(): ThingKind.PROGRAMME for head in cues.heads["programme"]},
            **{head.casefold(): ThingKind.PLAN for head in (*cues.heads["plan"], *cues.heads["title"])},
        }
        self._most_words = max(head.count(" ") + 1 for head in self._kinds)
        roles = "|".join(cues.heads["role"])
        self._role = re.compile(rf"\b(?:{roles})(?:[\s-]general)?$", re.IGNORECASE)

    def __contains__(self, word: str) -> bool:
        return word.casefold() in self._kinds

    def kind(self, head: str) -> ThingKind:
        """What a head noun makes of a name; a plan where it is none."""
        return self._kinds.get(head.casefold(), ThingKind.PLAN)

    def body_type(self, head: str) -> str | None:
        """The type of body that a head noun tells."""
        return self._types.get(head.casefold())

    def of(self, printed: str) -> str | None:
        """The head noun of a run: the first one followed by of, for or on, else the last word.

        A head alone ("the Council", "the Governing Board") names nothing.
        """
        words = list(map(str.casefold, _WORDS.findall(printed)))
        if len(words) < 2:  # noqa: PLR2004 - a head and what tells it from others
            return None
        kinds = self._kinds
        if len(words) <= self._most_words and " ".join(words) in kinds:
            return None
        ends = [] if _SOFT.isdisjoint(words) else [at for at, word in enumerate(words) if at and word in _SOFT]
        for end in (*ends, len(words)):
            last = words[end - 1]
            if end > 1 and (two := f"{words[end - 2]} {last}") in kinds:
                return two
            if last in kinds:
                return last
        return None

    def opens(self, printed: str) -> bool:
        """Whether a name begins with its head: "Ministry of …", "Law on …"."""
        first, *rest = [word.casefold() for word in _WORDS.findall(printed)][:2]
        return first in self._kinds and bool(rest) and rest[0] in _SOFT

    def is_role(self, printed: str) -> bool:
        """Whether words end in what somebody is in a body: "Prime Minister", "Senior Fellow"."""
        return self._role.search(printed) is not None

    def opens_role(self, printed: str) -> bool:
        """Whether words say of what body somebody is something: "Senior Fellow of the …"."""
        link = _LINK.search(printed)
        return link is not None and self.is_role(printed[: link.start()])

    def ends(self, printed: str) -> bool:
        """Whether the last word is a head."""
        return printed.rsplit(maxsplit=1)[-1].casefold() in self._kinds

    def of_bodies(self, word: str) -> bool:
        """Whether a word is the head of a body's name."""
        return self._kinds.get(word.casefold()) is ThingKind.BODY

    def before_name(self, printed: str) -> int:
        """How many characters before a name belong to what it is said of: "Chair of", "Critics of the"."""
        link = _LINK.search(printed)
        if link is None:
            return 0
        said = printed[: link.start()]
        words = list(map(str.casefold, _WORDS.findall(said)))
        kinds = self._kinds
        if not kinds.keys().isdisjoint(words) or any(f"{before} {word}" in kinds for before, word in pairwise(words)):
            return 0
        return link.end() if link["the"] or self.is_role(said) else 0
