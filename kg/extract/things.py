# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""The names that stand behind or before a cue: one at a place, or a list of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg.extract.namespans import NameSpan
from kg.extract.subjects import View
from kg.model.records import ThingKind

#: What may stand before a name: an article, a few words for what sort of thing it is, and its owner.
_LEAD = re.compile(
    r"\s*(?P<article>(?:(?:the|an?|its|their|both|either)\s+)?)"
    r"(?P<sort>(?:(?:new|newly|own|former|then|powerful|high-level|other|[a-z-]+(?:ed|al))\s+){0,2})"
    r"(?P<owner>(?:[A-Z][\w.]*(?:\s[A-Z]\w+)?'s?\s+)?)"
    r"(?P<kind>(?:(?:programme|program|plan|strategy|initiative|project|scheme|fund|law|act)\s+(?:called\s+)?)?[“\"]?)",
    re.IGNORECASE,
)
_SORT = re.compile(r"\S+\s+")
_NEXT = re.compile(r"\s*(?:[,，、]\s*)?(?:\b(?:and|or|as well as|&)\s+)?")
_ENDS = re.compile(
    r"(?=[;；.,\s])(?:[;；.]|,?\s\b(?:but|while|whereas|although|though|because)\b"
    r"|,\s+(?:which|who|whose|where|and\s+(?:it|the|its)\s))"
)
#: What follows a list that goes on as another name's clause.
_SINGULAR = re.compile(r"\s+(?:is|was|has|does|(?!as\b|its\b|this\b)[a-z]{2,}(?<!s)s)\b")


def name_at(view: View, start: int, end: int, kinds: Sequence[ThingKind]) -> NameSpan | None:
    """The name of one of these kinds that the words at a place begin with."""
    lead = _LEAD.match(view.text, start, end)
    if lead is None:
        return None
    by_start = view.sentence.by_start
    sort = lead.start("sort")
    words = [sort + match.end() for match in _SORT.finditer(lead["sort"])]
    for place in (lead.start("article"), sort, *words, lead.end("owner"), lead.end()):
        name = by_start.get(place)
        if name is not None:
            owns = view.text.startswith("'", name.whole.end)  # "… of the Commission's programme"
            return name if name.kind in kinds and name.whole.end <= end and not owns else None
    return None


def listed(view: View, start: int, end: int, kinds: Sequence[ThingKind]) -> Iterator[NameSpan]:
    """The names of one list that begins at a place; one that begins a clause of its own ends the list."""
    name = name_at(view, start, end, kinds)
    first = True
    while name is not None:
        if not first and _SINGULAR.match(view.text, name.whole.end, end):
            return
        yield name
        first = False
        following = _NEXT.match(view.text, name.whole.end, end)
        if following is None or following.end() == name.whole.end or not following.group().strip():
            return
        name = name_at(view, following.end(), end, kinds)


def clause_end(view: View, start: int) -> int:
    """Where what is said at a place ends at the latest: before a contrast, or a clause of its own."""
    match = _ENDS.search(view.text, start, view.span.end)
    return match.start() if match else view.span.end
