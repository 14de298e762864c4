"""Whether words assert a statement, deny it, hedge it, or only wish or suppose it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kg.extract.cuefile import CueFile
from kg.model.evidence import Polarity, Span

READ = Decimal("0.9")
HEDGED = Decimal("0.6")
_BREAK = re.compile(r"(?=[,;:abw])(?:[,;:]|\b(?:but|while|whereas|although|and)\b)")
_CONTRAST = re.compile(r"(?=[;,abw])(?:;|\b(?:but|while|whereas|although)\b|,\s+yet\b)")
_LEAVES_LIST = re.compile(
    r"(?=[;:abcdhimw])"
    r"(?:[;:]|\b(?:but|while|whereas|although|and|is|are|was|were|has|have|had|does|do|did|can|may|might|will)\b)"
)
_OR = re.compile(r"\bn?or\b")


@dataclass(frozen=True, slots=True)
class Telling:
    """How sure a statement is, and whether it is denied."""

    polarity: Polarity
    confidence: Decimal


class Modality:
    """Reads denials, hedges, wishes and suppositions by the cues of one language."""

    def __init__(self, cues: CueFile) -> None:
        self.keys = {kind: cues.modality[kind].keys for kind in ("denied", "hedged", "wished")}
        self._denied = cues.modality["denied"].patterns["denied"]
        self._hedged = cues.modality["hedged"].patterns["hedged"]
        wished = cues.modality["wished"].patterns
        self._wished, self._supposed, self._indirect = wished["wished"], wished["supposed"], wished["indirect"]

    def is_supposed(self, text: str, sentence: Span) -> bool:
        """Whether a sentence only supposes what it says: "if the council had the right …"."""
        return self._supposed.search(text, sentence.start, sentence.end) is not None

    def is_wished(self, text: str, sentence: Span, at: int) -> bool:
        """Whether the clause of a place only says what should be, or asks whether it is."""
        begin = _last_end(_CONTRAST, text, sentence.start, at)
        wished = self._wished.search(text, begin, at) or self._indirect.search(text, begin, at)
        return wished is not None

    def of(self, text: str, sentence: Span, cue: Span, value: Sequence[Span]) -> Telling:
        """How a sentence tells a value that the words of `cue` introduce.

        `value` holds the place where the value's words begin (an empty span), then the words between them that are not
        its own: "allocates *no* grants". A denial holds for the value when it stands in the value's own clause, when it
        stands with the cue and no contrast ("but") follows, or before a list that goes on with "or" to the value.
        """
        at, *between = value
        begin = _last_end(_CONTRAST, text, sentence.start, at.start)
        own = _last_end(_BREAK, text, begin, at.start)
        denied = (
            self._denies(text, Span(own, at.start))
            or any(self._denies(text, words) for words in between)
            or self._cue_denied(text, begin, cue, at)
            or self._list_denied(text, Span(begin, at.start), sentence.end)
        )
        hedged = self._hedged.search(text, begin, max(at.start, cue.end))
        return Telling(Polarity.DENIED if denied else Polarity.ASSERTED, HEDGED if hedged else READ)

    def _denies(self, text: str, span: Span) -> bool:
        return self._denied.search(text, span.start, span.end) is not None

    def _cue_denied(self, text: str, begin: int, cue: Span, at: Span) -> bool:
        if cue.start > at.start:
            return self._denies(text, Span(at.start, cue.end))
        return cue.start >= begin and self._denies(text, Span(_last_end(_BREAK, text, begin, cue.start), cue.end))

    def _list_denied(self, text: str, before: Span, end: int) -> bool:
        """Whether a list joined by "or" is denied from before its first item: "has no budget, staff or powers"."""
        denials = [match.end() for match in self._denied.finditer(text, before.start, before.end)]
        if not denials or _LEAVES_LIST.search(text, denials[-1], before.end):
            return False
        stop = _LEAVES_LIST.search(text, before.end, end)
        return _OR.search(text, denials[-1], stop.start() if stop else end) is not None


def _last_end(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Where the last match in text[start:end] ends, else the start."""
    last = start
    for match in pattern.finditer(text, start, end):
        last = match.end()
    return last
