"""Functions and features told in another order of words than cues have: "priorities are set by X"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from kg.extract.namespans import NameSpan
from kg.extract.relations import Told
from kg.extract.subjects import View
from kg.extract.things import clause_end, listed
from kg.extract.words import Hit, Sized, longest
from kg.model.evidence import Span
from kg.model.knowledge import Scheme
from kg.model.records import Relation, ThingKind

_BODY = (ThingKind.BODY,)
_DONE_BY = re.compile(r"\b(?P<verb>[a-z]{3,}(?:\s+(?:up|out|over))?)\s+(?:(?:\w+ly|neither|both|either|not)\s+)?by\s+")
_BE = re.compile(r"(?=[abiw])\b(?:is|are|was|were|be|been|being)\b")
#: What may stand between "are" and its participle, or between two participles that share it.
_BETWEEN = re.compile(
    r"(?:.*\s(?:and|or|but|then)|)\s+(?:(?:not|never|also|now|still|then|both|no\s+longer|\w+ly)\s+)*"
)
#: What stands between an object and "be", leftwards.
_AUXILIARIES = re.compile(
    r"(?=\s|\Z)(?:\s+(?:has|have|had|may|might|can|could|will|would|shall|should|must|cannot|not|never|also|now|no|longer|to|be"
    r"|been|being|is|are|was|were|\w+ly))*\s*$"
)
#: What was done once is no function of whoever did it.
_PAST = re.compile(r"(?=[hw])\b(?:was|were|had)\b")
_BREAKS = re.compile(
    r"(?=[,;:abtwi])(?:[,;:]|\b(?:but|while|whereas|although|though|because|that|which|where|when|if)\b)"
)
_MEMBERS_OF = re.compile(r"\b[Mm]embers\s+of\s+(?:the\s+)?")
_ARE = re.compile(
    r"\s+(?:(?:do|did)\s+not\s+)?(?:(?:also|mainly|mostly)\s+)?(?:come|came|are|were|include|included|represent)\s+"
    r"(?:(?:not|all|also|mainly|mostly|drawn|recruited|chosen|appointed)\s+)*(?:from\s+)?"
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Turned:
    """Words put in the order that cues have, a first word and what is said of it, with the place of the latter."""

    first: Span
    rest: Span

    def text(self, page: str) -> str:
        """The words, the first one first."""
        return f"{page[self.first.start : self.first.end]} {page[self.rest.start : self.rest.end]}"

    def place(self, at: int) -> int:
        """Where what stands at a place of the turned words stands in the page."""
        behind = at - (self.first.end - self.first.start) - 1
        return self.rest.start + behind if behind >= 0 else self.first.start + at


class Inversions:
    """Finds concepts in words that are put in the order of cues first."""

    def __init__(self, met: Callable[[str], Sequence[Sized]]) -> None:
        self._met = met

    def told(self, view: View) -> Iterator[Told]:
        """What passives tell of whom they name behind "by", and what is told of the members of a body."""
        yield from self._done(view)
        yield from self._members(view)

    def _done(self, view: View) -> Iterator[Told]:
        if not view.has("by"):
            return
        for match in _DONE_BY.finditer(view.text, view.span.start, view.span.end):
            verb = Span(*match.span("verb"))
            what = _object(view, verb)
            agents = list(listed(view, match.end(), clause_end(view, match.end()), _BODY)) if what else []
            cue = Span(verb.start, match.end())
            for hit in self._hits(view, _Turned(verb, what), Scheme.FUNCTION) if what and agents else ():
                yield from (Told(Relation.PERFORMS, "statement/performs-passive", agent, hit, cue) for agent in agents)

    def _members(self, view: View) -> Iterator[Told]:
        if not view.has("embers"):
            return
        for match in _MEMBERS_OF.finditer(view.text, view.span.start, view.span.end):
            body = view.sentence.by_start.get(match.end())
            are = _ARE.match(view.text, body.whole.end, view.span.end) if body else None
            if body is None or are is None or body.kind is not ThingKind.BODY:
                continue
            members = Span(match.start(), match.start() + len("members"))
            turned = _Turned(members, Span(are.end(), clause_end(view, are.end())))
            for hit in self._hits(view, turned, Scheme.FEATURE):
                cue = Span(are.start(), are.end())
                yield Told(Relation.HAS_FEATURE, "statement/features-of-members", body, hit, cue)

    def _hits(self, view: View, turned: _Turned, scheme: Scheme) -> Iterator[Hit]:
        """The concepts that turned words call up, with their places in the page."""
        words = turned.text(view.text)
        found = [
            (size, hit)
            for size, hit in self._met(words)
            if hit.concept.scheme is scheme and hit.first.start == 0 and _may_be_done(view, turned, hit)
        ]
        for hit in longest(found):
            yield _placed(turned, hit, words)


def _object(view: View, verb: Span) -> Span | None:
    """What something is done to: the words before "is", "has been" or "may be", to the beginning of their clause."""
    be = None
    for be in _BE.finditer(view.text, view.span.start, verb.start):  # noqa: B007 - the last one is what is sought
        pass
    if be is None or not _BETWEEN.fullmatch(view.text, be.end(), verb.start):
        return None
    auxiliaries = _AUXILIARIES.search(view.text, view.span.start, be.end())
    end = auxiliaries.start() if auxiliaries else be.start()
    if _PAST.search(view.text, end, be.end()):
        return None
    start = view.span.start
    for broken in _BREAKS.finditer(view.text, view.span.start, end):
        if not view.sentence.holds(*broken.span()):
            start = broken.end()
    return Span(start, end) if view.text[start:end].strip() else None


def _may_be_done(view: View, turned: _Turned, hit: Hit) -> bool:
    """Whether the last word is none of a name, but for the noun that says what sort of body it names."""
    last = turned.place(hit.span.end - 1) + 1
    inside = next((name for name in view.sentence.names if name.name.start < last <= name.whole.end), None)
    return inside is None or (inside.kind is ThingKind.BODY and _is_outer(view, inside, last))


def _is_outer(view: View, name: NameSpan, end: int) -> bool:
    """Whether a word that ends at a place is the first or the last of a name."""
    first = _WORD.match(view.text, name.name.start)
    return end == name.name.end or (first is not None and end == first.end())


def _placed(turned: _Turned, hit: Hit, words: str) -> Hit:
    """A hit of turned words as one of the page: from the first of its words there to the last."""
    between = {span.start for span in hit.between}
    behind = (match for match in _WORD.finditer(words, hit.first.end, hit.span.end) if match.start() not in between)
    object_start = min((turned.place(match.start()) for match in behind), default=turned.rest.start)
    ends = (turned.place(hit.span.end - 1) + 1, turned.first.end)
    span = Span(min(object_start, turned.first.start), max(ends))
    return replace(hit, span=span, first=turned.first, between=())
