# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Runs of capitalised words, of which names are made: cut behind owners, and drawn together over commas in lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from kg.extract.heads import Heads
from kg.extract.namespans import united
from kg.model.evidence import Span

#: A year that begins a document's name, or stands before its head: "2030 Agenda".
_HEADED = r"(?=\s+(?:Agenda|Guidelines?|Outline|Plan|Roadmap|Strategy|Vision)\b)"
#: What a capital goes on with: "U.S.", "Council".
_CAPITALISED = r"(?:\.(?:[A-Z]\.)+|[\w’'&/-]*)"
_ORDINAL = r"(?:st|nd|rd|th)\b"
WORD = rf"(?:[A-Z]{_CAPITALISED}|(?<!\d)\d{{1,3}}{_ORDINAL}|(?:19|20)\d{{2}}{_HEADED})"
#: The same, its first character told before all else, so that a search passes over all others quickly.
_FIRST = rf"[A-Z\d](?:(?<!\d){_CAPITALISED}|(?<!\d\d)\d{{0,2}}(?<=\d){_ORDINAL}|(?:(?<=1)9|(?<=2)0)\d{{2}}{_HEADED})"
_LINKED = rf"\s+(?:(?:of|for|on)\s+(?:the\s+)?|(?:and|&|de|et|la|für|und)\s+)?{WORD}"
SEQUENCE = rf"{_FIRST}(?:{_LINKED})*"
#: A sequence; its group is there where it has more than one word.
_RUN = re.compile(rf"{_FIRST}({_LINKED})*")
_LIST_TAIL = re.compile(rf"((?:,\s+{WORD}(?:\s+{WORD}){{0,2}}){{1,5}}),?\s+(?:and|&)\s+({WORD}(?:\s+{WORD}){{0,3}})")
_LIST_HEAD = re.compile(r"\b(\S+)\s+(?:of|for|on)\s")
_ITEM_END = re.compile(r",\s+(?P<last>and\s+)?")
_AND = re.compile(r"\s(?:and|&)\s")
_DETERMINER = re.compile(r"(?:\b(?:the|The|an?|An?|its|Its|their|Their)|['’]s?)\s+$")
_WORDS = re.compile(r"[\w’'&/-]+")
_SPACE = re.compile(r"\s")
_POSSESSIVE = re.compile(r"[’']s\s+")
_LONGEST_ITEM = 3
_LOOKBACK = 12
_OPENERS = frozenset(
    (  # noqa: SIM905 - sixty words read better as running text
        "A All Although An And As At Both But By Each First For From Given However If In It Its Many Most Neither Of "
        "On One Or Other Second Since So Some Such That The Their Then There These They Third This Those Thus Through "
        "To Two Under Unlike Until We When Where While With"
    ).split()
)
_OPENING = re.compile(rf"(?:(?:{'|'.join(sorted(_OPENERS))})\s+)+")


class Runs:
    """Finds the runs of capitalised words in which names may stand.

    Args:
        heads: the head nouns of names.
        is_owner: whether words are a body or a place, so that what stands behind their possessive is another name.
        is_place: whether words are a place's name.
        terms: words in capitals that are terms of art and no acronyms of bodies.
    """

    def __init__(
        self,
        heads: Heads,
        is_owner: Callable[[str], bool],
        is_place: Callable[[str], bool],
        terms: frozenset[str],
    ) -> None:
        self._heads = heads
        self._is_owner = is_owner
        self._is_place = is_place
        self._terms = terms

    def find(self, text: str, start: int, end: int, known: Sequence[Span]) -> list[Span]:
        """The runs of text[start:end], each drawn together with the known names over commas that it overlaps.

        One word alone names nothing.
        """
        matches = list(_RUN.finditer(text, start, end))
        if not known and not any(match.lastindex or text.startswith(",", match.end()) for match in matches):
            return []
        spans: list[Span] = []
        for match in matches:
            left = behind_openers(text, *match.span())
            if left < match.end():
                spans += self._possessions(text, left, match.end())
        if any(text.startswith(",", span.end) for span in spans):
            spans = [self._with_list_tail(text, span, end) for span in self._fronted_lists(text, spans)]
        if known:
            return united(spans, list(known))
        return [span for span in spans if _SPACE.search(text, span.start, span.end)]

    def _possessions(self, text: str, start: int, end: int) -> list[Span]:
        """A run cut behind each owner: "the State Council's Opinions" is two names, "President's Council" is one."""
        spans: list[Span] = []
        if text.find("’", start, end) < 0 and text.find("'", start, end) < 0:
            return [Span(start, end)]
        for mark in _POSSESSIVE.finditer(text, start, end):
            owner = text[start : mark.start()]
            another = self._heads.opens(text[mark.end() : end]) and not self._heads.is_role(owner)
            if another or owner in self._heads or self._is_owner(owner):
                spans.append(Span(start, mark.start()))
                start = mark.end()
        return [*spans, Span(start, end)]

    def _with_list_tail(self, text: str, span: Span, end: int) -> Span:
        """A name such as "Ministry of Education, Culture and Science" runs on over its commas."""
        tail = _LIST_TAIL.match(text, span.end, end) if text.startswith(",", span.end) else None
        if tail is None:
            return span
        heads = [match[1] for match in _LIST_HEAD.finditer(text, span.start, span.end) if match[1] in self._heads]
        items = [*re.split(r",\s+", tail[1])[1:], tail[2]]
        runs_on = heads and all(self._is_topic(item) for item in items[:-1]) and self._ends_list(items[-1], heads[0])
        return Span(span.start, tail.end()) if runs_on else span

    def _ends_list(self, item: str, head: str) -> bool:
        """Whether an item may end a list of what a body works on: "… and Industrial Strategy"."""
        *words, last = item.split()
        strategy = self._heads.of_bodies(head) and last in self._heads and not self._heads.of_bodies(last)
        return self._is_topic(" ".join(words) if strategy and words else item)

    def _fronted_lists(self, text: str, spans: list[Span]) -> list[Span]:
        """Runs joined to what stands before them over commas: "the Research, Innovation and Enterprise Council"."""
        joined: list[Span] = []
        for span in spans:
            first = self._list_start(text, joined, span)
            if first < len(joined):
                span = Span(joined[first].start, span.end)  # noqa: PLW2901 - the run itself grows
                del joined[first:]
            joined.append(span)
        return joined

    def _list_start(self, text: str, before: list[Span], span: Span) -> int:
        """The number of the run that begins the list which a run ends; how many there are, where it ends none."""
        first = len(before)
        if not before or not text.startswith(",", before[-1].end) or not self._heads.ends(text[span.start : span.end]):
            return first
        ended = _AND.search(text, span.start, span.end) is not None
        begin = span.start
        while first:
            item = before[first - 1]
            mark = _ITEM_END.fullmatch(text, item.end, begin)
            if not mark or not self._is_topic(text[item.start : item.end]):
                break
            if mark["last"] and (ended or begin != span.start):
                break
            ended = ended or mark["last"] is not None
            first, begin = first - 1, item.start
        if first == len(before) or not ended:
            return len(before)
        return first if _DETERMINER.search(text, max(0, begin - _LOOKBACK), begin) else len(before)

    def _is_topic(self, item: str) -> bool:
        """Whether words may be what a body works on: no body, no place, no acronym, a few words."""
        words: list[str] = _WORDS.findall(item)
        return (
            0 < len(words) <= _LONGEST_ITEM + 1
            and not any(word in self._heads for word in words)
            and not any(word.isupper() and len(word) > 1 and word not in self._terms for word in words)
            and not self._is_place(item)
            and not self._is_owner(item)
        )


def behind_openers(text: str, start: int, end: int) -> int:
    """Where the run starts once words that only open a sentence are left out."""
    if match := _OPENING.match(text, start, end):
        start = match.end()
    return end if text[start:end] in _OPENERS else start
