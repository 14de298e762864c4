# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Of whom words are said: the body or the mechanism that stands as their subject, or none where that is not sure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from itertools import pairwise

from kg.extract.cuefile import CueFile, Gaps
from kg.extract.discourse import Discourse, Mechanism, Topic
from kg.extract.mechanism import MechanismFinder
from kg.extract.namespans import NameSpan
from kg.extract.prose import Called, Prose, Sentence
from kg.extract.words import Sized
from kg.model.evidence import Evidence, Span
from kg.model.knowledge import Concept
from kg.model.records import ThingKind

_JOINED = re.compile(
    r"\s*[,，、]\s*(?:the\s+)?|\s*(?:[,，、]\s*)?(?P<last>and|or|nor|as well as|&)\s+(?:(?:the|its|an?|their)\s+)?"
)
_CLAUSE = re.compile(
    r"(?=[;；:,abtw])"
    r"(?:[;；:]|\b(?:but|while|whereas|although|though|because|that)\b|,\s+yet\b|\band(?=\s+(?:it|its)\s))"
)
#: A relative clause whose subject is the name before it; "that the …" and "which it …" have another one.
_RELATIVE = re.compile(
    r"\s*(?:[(（][^()（）]{0,60}[)）])?\s*,?\s+(?:which|that)\b"
    r"(?!\s+(?:the|an?|its?|their|they|this|these|all|no|such|there|in|[A-Z]))"
)
_MARKER = re.compile(r"(?=[tw])\b(?:which|that|who|whose|where|when)\b")
_AND = re.compile(r"\band\b|&")
_SINGULAR = re.compile(r"\s+(?:is|was|has|does|(?!as\b|its\b|this\b)[a-z]{2,}(?<!s)s)\b")
_APPOSED = re.compile(r",\s+(?:the|an?)\s+$")
_APPOSITION_END = re.compile(r"\s*(?:[(（][^()（）]{0,60}[)）])?\s*,(?=\s)")
_GOES_ON = (",", "，", "and", "or", "but")
_OWNER = re.compile(r"[A-Z][\w.]*'s?")
_LOOKBACK = 60
_DOCUMENTS = (ThingKind.PLAN, ThingKind.PROGRAMME)


class Standing(Enum):
    """How a name stands in its sentence."""

    LEAD = "lead"  # a clause begins with it
    RELATIVE = "relative"  # "which" follows it
    CLAUSE = "clause"  # a finite verb follows it
    INNER = "inner"
    GOVERNED = "governed"  # a preposition stands before it


_SUBJECTS = (Standing.LEAD, Standing.RELATIVE, Standing.CLAUSE)


@dataclass(frozen=True, slots=True)
class Head:
    """Bodies named together, or the mechanism, as something that words may be said of."""

    words: Span
    topics: tuple[Topic, ...]
    standing: Standing

    @property
    def bodies(self) -> tuple[NameSpan, ...]:
        """The bodies; none where it is the mechanism."""
        return tuple(topic for topic in self.topics if isinstance(topic, NameSpan))


@dataclass
class View:
    """A sentence under the eyes of the rules.

    Attributes:
        text: the page's text with plain apostrophes and spaces; every offset stays.
        called: for each rule, the places where its keys stand.
        heads: what words may be said of, once it is known; met: the cues that its words meet, likewise; groups: the
            groups of programmes whose own words tell who runs them.
    """

    prose: Prose
    sentence: Sentence
    text: str
    called: Called
    heads: tuple[Head, ...] | None = None
    met: tuple[Sized, ...] | None = None
    groups: list[NameSpan] = field(default_factory=list)
    span: Span = field(init=False)
    words: str = field(init=False)

    def __post_init__(self) -> None:
        self.span = span = self.sentence.span
        self.words = self.text[span.start : span.end]

    def has(self, letters: str) -> bool:
        """Whether the letters stand anywhere in the sentence: sooner said than whether a pattern with them is met."""
        return letters in self.words

    @cached_property
    def quote(self) -> Evidence:
        """The sentence as evidence."""
        return self.prose.text.evidence(self.span)


class SubjectFinder:
    """Finds subjects; `body_types` give the head nouns by which a body is taken up again."""

    def __init__(self, mechanisms: MechanismFinder, body_types: tuple[Concept, ...]) -> None:
        self._mechanisms = mechanisms
        self._cues: CueFile = mechanisms.cues
        self._types = {head.casefold(): concept.iri for concept in body_types for head in concept.heads}
        self._last: tuple[Prose, Discourse] | None = None

    def discourse(self, prose: Prose) -> Discourse:
        """What the prose has spoken of, kept while the same prose is read."""
        if self._last is None or self._last[0] is not prose:
            self._last = (prose, Discourse(prose, self._types, self._mechanisms))
        return self._last[1]

    def said_of(self, view: View, at: int, gap: Gaps) -> Head | None:
        """Whom the words at a place are said of, when only such words as the gap allows stand between.

        The nearest name that is a subject decides; behind a comma or a conjunction, its predicate may go on.
        """
        for head in reversed(self.heads(view)):
            if head.words.end > at:
                continue
            if self._meets(view, gap, head.words.end, at):
                return None if head.standing is Standing.GOVERNED and gap is Gaps.FINITE else head
            if gap is not Gaps.FINITE and self._meets(view, Gaps.FINITE, head.words.end, at):
                return None if head.standing is Standing.GOVERNED else head
            if head.standing in _SUBJECTS and not _is_enclosed(view, head, at):
                return head if self._goes_on(view, head, at) else None
        return None

    def document(self, view: View, at: int) -> NameSpan | None:
        """The plan or programme that the words at a place are said of."""
        for name in reversed(view.sentence.names):
            if name.whole.end > at or name.kind not in _DOCUMENTS:
                continue
            if self._meets(view, Gaps.ATTRIBUTE, name.whole.end, at):
                return name
            end = _apposition_end(view, name)
            if not self._is_governed(view, name.name.start) and self._meets(view, Gaps.FINITE, end, at):
                return name
        return None

    def heads(self, view: View) -> Sequence[Head]:
        """All that words of a sentence may be said of, by where it ends."""
        if view.heads is None:
            view.heads = tuple(sorted(self._heads(view), key=lambda head: (head.words.end, head.words.start)))
        return view.heads

    def _heads(self, view: View) -> Iterator[Head]:
        leads = dict(self._leads(view))
        for group in _groups(view):
            words = Span(group[0].name.start, group[-1].whole.end)
            if view.text.startswith("'", words.end):  # its owner's name is not the subject
                leads.pop(words.start, None)
                continue
            if _is_of_last(view, group):
                group = group[-1:]  # noqa: PLW2901 - "…, and the agency reports" begins a clause
                words = Span(group[0].name.start, words.end)
            standing = Standing.LEAD if leads.pop(words.start, None) else self._standing(view, words)
            if standing is Standing.RELATIVE:
                group = group[-1:]  # noqa: PLW2901 - "which" takes up the last one alone
            yield Head(words, tuple(group), standing)
            if standing is Standing.GOVERNED and len(group) > 1 and self._cues.verb.match(view.text, words.end):
                yield Head(Span(group[-1].name.start, words.end), (group[-1],), Standing.CLAUSE)
        for phrase in self.discourse(view.prose).mechanisms(view.sentence):
            led = leads.pop(phrase.start, None)
            standing = Standing.LEAD if led else self._standing(view, phrase)
            yield Head(phrase, (Mechanism.OF_THE_REPORT,), standing)
        for end, topic in leads.values():
            yield Head(Span(end, end), (topic,), Standing.LEAD)

    def _leads(self, view: View) -> Iterator[tuple[int, tuple[int, Topic]]]:
        """What each clause begins with: where its words begin, where they end, and what it is."""
        discourse = self.discourse(view.prose)
        starts = [
            view.span.start,
            *(match.end() for match in _CLAUSE.finditer(view.text, view.span.start, view.span.end)),
        ]
        for start in starts:
            lead = discourse.lead(view.sentence, Span(start, view.span.end))
            if lead:
                yield lead.words.start, (lead.words.end, lead.topic)

    def _standing(self, view: View, words: Span) -> Standing:
        if _RELATIVE.match(view.text, words.end, view.span.end):
            return Standing.RELATIVE
        if self._is_governed(view, words.start):
            return Standing.GOVERNED
        return Standing.CLAUSE if self._cues.verb.match(view.text, words.end, view.span.end) else Standing.INNER

    def _is_governed(self, view: View, at: int) -> bool:
        """Whether a preposition or an owner stands before a name: "the chair of the …"."""
        words = view.text[max(view.span.start, at - _LOOKBACK) : at].split()
        while words and (words[-1].casefold() in self._cues.determiners or _OWNER.fullmatch(words[-1])):
            if words.pop().endswith("'s"):
                return bool(words)
        return bool(words) and words[-1].casefold() in self._cues.prepositions

    def _meets(self, view: View, gap: Gaps, start: int, end: int) -> bool:
        return self._cues.gaps[gap].fullmatch(view.text, start, end) is not None

    def _goes_on(self, view: View, head: Head, at: int) -> bool:
        """Whether the words at a place go on with what is said of the head: "… and reviews the budget"."""
        start = head.words.end
        if own := _RELATIVE.match(view.text, start, at):
            start = own.end()
        last = None
        for last in self._cues.breaks.finditer(view.text, start, at):  # noqa: B007 - the last one is what is sought
            pass
        if last is None or last.group() not in _GOES_ON or not self._meets(view, Gaps.FINITE, last.end(), at):
            return False
        marker = None
        for marker in _MARKER.finditer(view.text, start, last.start()):  # noqa: B007 - the last one is wanted
            pass
        return marker is None or "," in view.text[marker.end() : last.end()]


def _groups(view: View) -> Iterator[list[NameSpan]]:
    """The bodies of a sentence, those that are named in one list together."""
    bodies = view.sentence.bodies
    if not bodies:
        return
    group, complete = [bodies[0]], False
    for before, name in pairwise(bodies):
        joined = _JOINED.fullmatch(view.text, before.whole.end, name.name.start)
        if joined and not complete:
            group.append(name)
            complete = joined["last"] is not None
        else:
            yield from _list(group, complete)
            group, complete = [name], False
    yield from _list(group, complete)


def _list(group: list[NameSpan], complete: bool) -> Iterator[list[NameSpan]]:  # noqa: FBT001 - whether "and" ends it
    """The names of a list; without an "and", what a comma parts is no list ("X, the Y of …")."""
    if complete:
        yield group
    else:
        yield from ([name] for name in group)


def _is_of_last(view: View, group: list[NameSpan]) -> bool:
    """Whether a verb in the singular behind names joined by "and" is said of the last one alone."""
    if len(group) == 1 or not _SINGULAR.match(view.text, group[-1].whole.end, view.span.end):
        return False
    return _AND.search(view.text, group[-2].whole.end, group[-1].name.start) is not None


def _apposition_end(view: View, name: NameSpan) -> int:
    """Where a name ends, with the comma that closes it as an apposition: "X, the Y (2021-2027), | is"."""
    if not _APPOSED.search(view.text, max(view.span.start, name.name.start - _LOOKBACK), name.name.start):
        return name.whole.end
    closed = _APPOSITION_END.match(view.text, name.whole.end, view.span.end)
    return closed.end() if closed else name.whole.end


def _is_enclosed(view: View, head: Head, at: int) -> bool:
    """Whether a head stands within a relative clause between commas that ends where the words of a place begin."""
    before = view.text[view.span.start : at].rstrip()
    if not before.endswith(","):
        return False
    opening = before.rfind(",", 0, len(before) - 1)
    behind = before[opening + 1 :].lstrip()
    return 0 <= opening < head.words.start - view.span.start and _MARKER.match(behind) is not None
