"""Functions, features and sectors that a sentence's words call up, and of whom they are said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kg.extract.cuefile import Gaps, Objects
from kg.extract.inversions import Inversions
from kg.extract.relations import Told
from kg.extract.subjects import Head, Standing, SubjectFinder, View
from kg.extract.words import Cues, Hit, Sized, longest, stem
from kg.model.evidence import Span
from kg.model.knowledge import Scheme
from kg.model.records import Relation, ThingKind

_SCHEMES = {Objects.SECTORS: Scheme.SECTOR, Objects.FUNCTIONS: Scheme.FUNCTION, Objects.FEATURES: Scheme.FEATURE}
_HELPED = re.compile(
    r"(?=[cdmw])\b(?:(?:does|do)\s+not|(?:does|do)n't|cannot|(?:can|may|might|could|will)(?:\s+(?:not|never|also|\w+ly))*)\s+$"
)
_OFFICE_OF = re.compile(r"\s+of\s+(?:the\s+)?")
_LESSER = frozenset({"vice", "deputy", "former", "assistant", "minister"})
_ANOTHER = re.compile(
    r"(?=[;:abtw])(?:[;:]|\b(?:but|while|whereas|although|because|that|which|who|whose|where|when)\b"
    r"(?!\s+(?:is|are|was|has|have|had|does|with|no|not|only|lacks?)\b))"
)
_APPOSITION = re.compile(r"\s*,\s+(?:an?|the|with|which|whose|chaired|led|headed|itself)\b")
_PERFECT = re.compile(
    r"(?=h)\b(?:has|have)\s+(?:(?:not|never|also|always|long|since|now|thus|often|already|both|\w+ly)\s+)*$"
)
_PARTICIPLES = frozenset({"set", "run", "drawn", "given", "overseen"})
_LOOKBACK = 24
_LONGEST_PERFECT = 40
_DOCUMENTS = (ThingKind.PLAN, ThingKind.PROGRAMME)


class Concepts:
    """Finds the concepts of the closed vocabularies in sentences."""

    def __init__(self, vocabularies: Mapping[Objects, Cues], subjects: SubjectFinder) -> None:
        self._cues = Cues(concept for cues in vocabularies.values() for concept in cues.concepts)
        self._subjects = subjects
        self._inversions = Inversions(lambda text: self._cues.met(text, 0, len(text)))

    def within(self, view: View, objects: Objects, region: Span) -> list[Hit]:
        """The concepts that the words of a region name; a finite verb there begins what somebody else does."""
        return longest(
            [
                (size, hit)
                for size, hit in self._met(view, objects)
                if region.start <= hit.span.start and hit.span.end <= region.end and not _is_finite(view, hit)
            ]
        )

    def told(self, view: View) -> Iterator[Told]:
        """What the verbs and nouns of a sentence tell without a rule of their own."""
        for head, hit in self._acts(view):
            for topic in head.topics:
                place = Span(hit.first.start, hit.first.start)
                yield Told(Relation.PERFORMS, "statement/performs-verb", topic, hit, place)
        for head, hit in self._features(view):
            for topic in head.topics:
                place = Span(head.words.end, head.words.end)
                yield Told(Relation.HAS_FEATURE, "statement/features", topic, hit, place)
        if view.sentence.names:  # a passive and the members of a body are told of bodies that the sentence names
            yield from self._inversions.told(view)

    def _acts(self, view: View) -> Iterator[tuple[Head, Hit]]:
        """What somebody does in so many words: "UKRI allocates the grants", "the council does not set priorities"."""
        found: dict[Span, tuple[Head, list[Sized]]] = {}
        for size, hit in self._met(view, Objects.FUNCTIONS):
            finite = _is_finite(view, hit) or _is_perfect(view, hit)
            if not (finite or _is_base(view, hit)) or _names_one(view, hit):
                continue
            head = self._subjects.said_of(view, hit.first.start, Gaps.FINITE)
            if head is None or head.standing is Standing.GOVERNED:
                continue
            helped = _HELPED.search(view.text, max(view.span.start, hit.first.start - _LOOKBACK), hit.first.start)
            if finite or helped or len(head.topics) > 1:
                found.setdefault(head.words, (head, []))[1].append((size, hit))
        for head, hits in found.values():
            for hit in longest(hits):
                yield head, hit

    def _features(self, view: View) -> Iterator[tuple[Head, Hit]]:
        """How somebody is built: "PACST, chaired by the President, has a statutory basis"."""
        found: dict[Span, tuple[Head, list[Sized]]] = {}
        for size, hit in self._met(view, Objects.FEATURES):
            if _is_another_office(view, hit):
                continue
            head = (
                self._subjects.said_of(view, hit.first.start, Gaps.ATTRIBUTE)
                or self._spoken_of(view, hit)
                or self._behind(view, hit)
            )
            if head:
                found.setdefault(head.words, (head, []))[1].append((size, hit))
        for head, hits in found.values():
            for hit in longest(hits):
                yield head, hit

    def _spoken_of(self, view: View, hit: Hit) -> Head | None:
        """The last subject before a place, if no other subject can have come between."""
        place = hit.first.start
        for head in reversed(self._subjects.heads(view)):
            if head.words.end > place:
                continue
            if head.standing in (Standing.INNER, Standing.GOVERNED):
                if _APPOSITION.match(view.text, head.words.end, place):
                    return None
                continue
            start = head.words.end
            if head.standing is Standing.RELATIVE or view.text.startswith(", which", start):
                start = min(place, start + len(", which"))
            return None if _ANOTHER.search(view.text, start, place) else head
        return None

    def _behind(self, view: View, hit: Hit) -> Head | None:
        """The body behind an attribute with which a sentence begins: "Chaired by the President, the council …"."""
        comma = view.text.find(",", hit.span.end, min(hit.span.end + _LOOKBACK, view.span.end))
        if comma < 0 or view.text[view.span.start : hit.first.start].strip():
            return None
        lead = self._subjects.discourse(view.prose).lead(view.sentence, Span(comma + 1, view.span.end))
        if lead is None or not view.text[hit.first.start : hit.first.end].endswith("ed"):
            return None
        return Head(lead.words, (lead.topic,), Standing.LEAD)

    def _met(self, view: View, objects: Objects) -> list[Sized]:
        if view.met is None:
            holds = view.sentence.holds
            view.met = tuple(
                (size, hit)
                for size, hit in self._cues.met(view.text, view.span.start, view.span.end)
                if not (holds(hit.span.start, hit.span.end) or holds(hit.first.start, hit.first.end))
            )
        scheme = _SCHEMES[objects]
        return [item for item in view.met if item[1].concept.scheme is scheme]


def _is_finite(view: View, hit: Hit) -> bool:
    """Whether the hit begins with a verb in the third person: "sets priorities"."""
    word = view.text[hit.first.start : hit.first.end]
    return word.endswith("s") and not hit.cue.split()[0].endswith("s")


def _is_perfect(view: View, hit: Hit) -> bool:
    """Whether the hit begins with a participle behind "has" or "have": "has long advised the President"."""
    word = view.text[hit.first.start : hit.first.end]
    if not word.endswith("ed") and word not in _PARTICIPLES:
        return False
    start = max(view.span.start, hit.first.start - _LONGEST_PERFECT)
    return _PERFECT.search(view.text, start, hit.first.start) is not None


def _is_base(view: View, hit: Hit) -> bool:
    """Whether the hit begins with a verb without an ending: "set priorities"."""
    word = view.text[hit.first.start : hit.first.end]
    return word == hit.cue.split()[0] and stem(word) == stem(hit.cue.split()[0])


def _names_one(view: View, hit: Hit) -> bool:
    """Whether a hit ends in the name of a plan or programme, or right before: what is done to one is no function."""
    end = hit.span.end
    return any(
        name.kind in _DOCUMENTS
        and name.name.start < (end if name.name.start < end else end + 3)
        and end <= name.whole.end
        for name in view.sentence.names
    )


def _is_another_office(view: View, hit: Hit) -> bool:
    """Whether what looks like a head of government is another's: "vice president", "the President of the Academy"."""
    if any(view.text[word.start : word.end].casefold() in _LESSER for word in hit.between):
        return True
    if any(body.name.start < hit.span.end <= body.whole.end for body in view.sentence.bodies):
        return True
    owner = _OFFICE_OF.match(view.text, hit.span.end, view.span.end)
    return owner is not None and any(name.name.start == owner.end() for name in view.sentence.bodies)
