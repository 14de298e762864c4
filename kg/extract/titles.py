# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Names of plans, programmes and laws that capitals and a head do not tell: quoted, numbered, with a year or a tail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from kg.extract.cuefile import CueFile
from kg.extract.heads import Heads
from kg.extract.namespans import NameSpan, place
from kg.extract.runs import WORD, behind_openers
from kg.model.evidence import Span
from kg.model.records import ThingKind

_QUOTED = re.compile('[“"](?P<title>[^“”"\\n]{3,160})[”"]')
_TARGET_YEAR = re.compile(r"\S\s+20\d{2}")
#: Plans that capitals and a head need not tell: "14th five-year plan", "Made in China 2025".
_FIVE_YEAR = re.compile(r"[Ff]ive[\s-]+[Yy]ear\s+[Pp]lan\b")
_ORDINAL = re.compile(
    r"\b(?:\d{1,2}(?:st|nd|rd|th)|(?:[A-Za-z][a-z]+-)?(?:[Ff]irst|[Ss]econd|[Tt]hird|[A-Za-z][a-z]+th))\s+$"
)
_MADE_IN = re.compile(r"Made(?<!\wMade)\s+in\s+[A-Z]\w+\s+20\d{2}\b")
_RUN_END = re.compile(rf"(?<!\w){WORD}(?:\s+{WORD}){{0,4}}$")
_YEAR = re.compile(r"\s+(?:19|20)\d{2}(?![\w.,]*\d|\s*[-–—/~～])\b")
_OF_YEAR = re.compile(r"\s+of\s+(?:19|20)\d{2}\b(?!\s*[-–—/~～])")
#: What a title goes on with behind small words: "… in an All-Round Way", "… with Chinese Characteristics".
_TAIL = re.compile(rf"\s+(?:in\s+(?:an?|the)|with|(?:in)?to\s+an?)\s+(?P<words>{WORD}(?:\s+{WORD}){{1,5}})")
_OPENED = re.compile(r"\b(?:on|for)\s", re.IGNORECASE)
_ARTICLE = re.compile(r"(?<=[^\W_]\s)The\s+$|(?<=,\s)The\s+$")
#: What an apposition stands behind, and how it is closed: "Horizon Europe, the | Framework Programme …, | is".
_APPOSED = re.compile(rf"(?=[A-Z\d])(?P<name>{WORD}(?:\s+{WORD}){{1,4}}),\s+(?:the|an?)\s+$")
_CLOSED = re.compile(
    r"\s*(?:[(（][^()（）]{0,60}[)）])?\s*,\s+(?:is|was|has|had|will|which|aims|runs|covers|provides|sets)\b"
)
_CALLED = r"(?:,?\s+(?:called|named|titled|entitled|dubbed|known\s+as))?\s*$"
_LOOKBACK = 60


class Titles:
    """Finds titles of documents, by the heads of one language."""

    def __init__(self, cues: CueFile, heads: Heads, is_other: Callable[[str], bool]) -> None:
        self._heads = heads
        self._is_other = is_other
        self._laws = frozenset(head.casefold() for head in cues.heads["title"])
        documents = "|".join(
            re.escape(head) for head in (*cues.heads["plan"], *cues.heads["programme"], *cues.heads["title"])
        )
        lower = "|".join(head.lower() for head in (*cues.heads["plan"], *cues.heads["programme"]))
        self._dated = re.compile(rf"20\d{{2}}(?<=\s....)\s+(?P<head>{lower})\b")
        self._head = re.compile(rf"\b(?P<head>{documents})\b", re.IGNORECASE)
        self._behind = re.compile(rf"\s+(?P<head>{documents})\b", re.IGNORECASE)
        self._before = re.compile(rf"\b(?P<head>{documents}){_CALLED}", re.IGNORECASE)

    def find(self, text: str, start: int, end: int) -> list[NameSpan]:
        """The titles in text[start:end] that stand in quotation marks, and the plans that only their words tell."""
        piece = text[start:end]  # what stands nowhere in it is sooner seen than searched for
        quoted = list(self._quoted(text, start, end)) if '"' in piece or "“" in piece else []
        plain: list[Span] = []
        if "20" in piece:
            plain += self._with_lower_head(text, start, end)
        if "ive" in piece:
            plain += _numbered(text, start, end)
        if "Made" in piece:
            plain += [Span(*match.span()) for match in _MADE_IN.finditer(text, start, end)]
        if not plain:
            return quoted
        apart = [span for span in plain if not any(name.name.start <= span.start < name.name.end for name in quoted)]
        return sorted([*quoted, *(_title(ThingKind.PLAN, span) for span in apart)], key=place)

    def _with_lower_head(self, text: str, start: int, end: int) -> Iterator[Span]:
        """Titles that end in a year and have their head behind it: "Europe 2020 strategy"."""
        for match in self._dated.finditer(text, start, end):
            stop = match.start() - 1
            run = _RUN_END.search(text, max(start, stop - _LOOKBACK), stop)
            left = behind_openers(text, *run.span()) if run else stop
            if left < stop and not self._is_other(text[left:stop]):
                yield Span(left, match.end())

    def completed(self, text: str, name: NameSpan, end: int) -> NameSpan:
        """The name of a document with its article, its tail and its year, where they are parts of it."""
        words = text[name.name.start : name.name.end]
        if _MADE_IN.fullmatch(words) or text.startswith(("”", '"'), name.name.end):
            return name
        start = self._with_article(text, name.name.start)
        right = name.name.end
        tail = _TAIL.match(text, right, end) if _OPENED.search(words) else None
        if tail and not self._holds_another(tail["words"]):
            right = tail.end()
        head = self._heads.of(words) or ""
        year = _YEAR.match(text, right, end) or (_OF_YEAR.match(text, right, end) if head in self._laws else None)
        span = Span(start, year.end() if year else right)
        return replace(name, name=span, whole=span)

    def apposed(self, text: str, name: NameSpan, start: int, end: int) -> NameSpan | None:
        """The title that a document's name says the sort of: "Horizon Europe, the Framework Programme …, is …"."""
        if not _CLOSED.match(text, name.whole.end, end):
            return None
        before = _APPOSED.search(text, max(start, name.name.start - _LOOKBACK), name.name.start)
        if before is None:
            return None
        span = Span(behind_openers(text, *before.span("name")), before.end("name"))
        words = text[span.start : span.end]
        return None if " " not in words or self._holds_another(words) else _title(name.kind, span)

    def _quoted(self, text: str, start: int, end: int) -> Iterator[NameSpan]:
        """Titles in quotation marks: those that hold a head such as Opinions, or stand beside one."""
        for quote in _QUOTED.finditer(text, start, end):
            words = quote["title"]
            if not words[0].isupper() or words[-1] in ",.;!?":
                continue
            behind = self._behind.match(text, quote.end(), end)
            before = self._before.search(text, max(start, quote.start() - _LOOKBACK), quote.start())
            head = behind or before or self._head.search(words)
            several = len(words.split()) > 1
            if head and (several or before):
                kind = self._heads.kind(head["head"])
                whole = behind and not before
                yield _title(
                    kind, Span(quote.start(), behind.end()) if behind and whole else Span(*quote.span("title"))
                )
            elif several and _TARGET_YEAR.search(words[-6:]):
                yield _title(ThingKind.PLAN, Span(*quote.span("title")))

    def _with_article(self, text: str, start: int) -> int:
        """Where a name begins with its article: a capital one within a sentence belongs to it."""
        left = max(0, start - _LOOKBACK)
        article = _ARTICLE.search(text, left, start) if text[left:start].rstrip().endswith("The") else None
        return article.start() if article else start

    def _holds_another(self, words: str) -> bool:
        """Whether a tail names a body, a place or another document, and so is no part of the title."""
        return self._is_other(words) or any(word in self._heads for word in words.split())


def _numbered(text: str, start: int, end: int) -> Iterator[Span]:
    for plan in _FIVE_YEAR.finditer(text, start, end):
        ordinal = _ORDINAL.search(text, max(start, plan.start() - _LOOKBACK), plan.start())
        if ordinal and text.startswith("plan", plan.end() - len("plan")):
            yield Span(ordinal.start(), plan.end())


def _title(kind: ThingKind, span: Span) -> NameSpan:
    return NameSpan(kind=kind if kind is not ThingKind.BODY else ThingKind.PLAN, name=span, whole=span)
