"""A page's prose: its sentences, and the names in them, acronyms included once they are defined."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from kg.extract.names import NameFinder, NameSpan
from kg.extract.resolve import Query, Resolver
from kg.extract.sentences import sentences
from kg.model.evidence import Found, Span
from kg.model.page import Text
from kg.model.records import Named, ThingKind

_ITEM_START = re.compile(r"[,;:，；、]|\b(?:and|as well as|or|plus|both|namely|including|together with)\b")
_DETERMINERS = re.compile(
    r"\s*(?:(?:and|or)\s+)?(?:(?:the|a|an|its|their|his|this|new|newly established|also)\s+)*(?:[A-Z][\w.]*(?:\s[A-Z]\w+)?['’]s?\s+)?"
)
_FINITE = re.compile(
    r"\s+(?:is|are|was|were|has|have|had|reports?|answers|supports?|advises?|decides?|coordinates?|plans|sets|holds|meets)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a page tells about the names in it: the jurisdiction it writes about, and its date."""

    jurisdiction: str | None
    on: date | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the names in it, in order."""

    span: Span
    names: tuple[NameSpan, ...]


@dataclass(kw_only=True)
class Prose:
    """The prose of one page, ready for the rules."""

    text: Text
    setting: Setting
    finder: NameFinder
    resolver: Resolver
    sentences: tuple[Sentence, ...] = ()
    defined: dict[str, NameSpan] = field(default_factory=dict)

    @property
    def content(self) -> str:
        """The page's text."""
        return self.text.content

    def words(self, span: Span) -> str:
        """The words of a span."""
        return self.content[span.start : span.end]

    def line(self, span: Span) -> str:
        """The words of a span, on one line."""
        return " ".join(self.words(span).split())

    def add(self, span: Span) -> None:
        """Takes in the sentences of a span."""
        self.sentences += tuple(self._sentence(each) for each in sentences(self.content, span.start, span.end))

    def named(self, name: NameSpan, method: str = "name/grammar") -> Found[Named]:
        """The thing a name stands for; an acronym stands for what the page defined it as."""
        meant = self.meaning(name)
        printed = self.line(meant.name)
        acronym = self._acronym(meant)
        owner = self._owner(meant)
        query = Query(
            kind=meant.kind,
            name=printed,
            acronym=acronym.value if acronym else None,
            body_type=meant.body_type,
            owner=self.line(meant.owner) if meant.owner else None,
            jurisdiction=self.setting.jurisdiction,
            on=self.setting.on,
        )
        thing = Named(
            kind=meant.kind,
            name=printed,
            acronym=acronym,
            body_type=meant.body_type,
            parent=owner,
            jurisdiction=self.setting.jurisdiction,
            resolution=self.resolver.resolve(query),
        )
        return Found(value=thing, evidence=self.text.quote(name.name.start, name.name.end), method=method)

    def meaning(self, name: NameSpan) -> NameSpan:
        """The name itself, or the definition of the acronym that it is."""
        return self.defined.get(self.words(name.name), name)

    def items(self, region: Span, names: tuple[NameSpan, ...], *kinds: ThingKind) -> Iterator[NameSpan]:
        """The names and groups of these kinds that stand as items of the list in a region.

        An item begins where the region does or behind a comma, a colon or a conjunction; what stands deeper inside an item
        ("…, chaired by the Prime Minister, …") is none. A name that a finite verb follows begins a new clause, and ends the list.
        """
        behind = region.start
        for start in self._item_starts(region, names):
            item = self._item_at(start, region.end, names, kinds) if start >= behind else None
            if item is None:
                continue
            behind = item.whole.end
            if _FINITE.match(self.content, item.whole.end, region.end):
                return
            yield item

    def _item_at(
        self, start: int, end: int, names: tuple[NameSpan, ...], kinds: tuple[ThingKind, ...]
    ) -> NameSpan | None:
        at = _DETERMINERS.match(self.content, start, end)
        offsets = {start, at.end() if at else start}
        name = next(
            (
                name
                for name in names
                if name.name.start in offsets or name.name.start == _past_article(self.content, start)
            ),
            None,
        )
        if name is not None:
            return name if name.kind in kinds else None
        left = _past_article(self.content, start)
        if ThingKind.BODY_GROUP in kinds and (group := self.finder.body_group(self.content, left, end)):
            return group
        if ThingKind.PROGRAMME_GROUP in kinds:
            return self.finder.programme_group(self.content, left, end)
        return None

    def _item_starts(self, region: Span, names: tuple[NameSpan, ...]) -> Iterator[int]:
        yield _past_space(self.content, region.start)
        for match in _ITEM_START.finditer(self.content, region.start, region.end):
            if not any(name.whole.start < match.start() and match.end() <= name.whole.end for name in names):
                yield _past_space(self.content, match.end())

    def _sentence(self, span: Span) -> Sentence:
        names = self.finder.names(self.content, span.start, span.end)
        for name in names:
            if name.acronym:
                self.defined.setdefault(self.words(name.acronym), name)
        names += self._defined_acronyms(span, names)
        return Sentence(span, tuple(sorted(names, key=lambda name: name.name)))

    def _defined_acronyms(self, span: Span, names: list[NameSpan]) -> Iterator[NameSpan]:
        for acronym, name in self.defined.items():
            for match in re.finditer(rf"\b{re.escape(acronym)}\b", self.content[span.start : span.end]):
                found = Span(span.start + match.start(), span.start + match.end())
                if not any(each.whole.start <= found.start < each.whole.end for each in names):
                    yield NameSpan(kind=name.kind, name=found, whole=found, body_type=name.body_type)

    def _acronym(self, name: NameSpan) -> Found[str] | None:
        if name.acronym is None:
            return None
        words = self.text.quote(name.acronym.start, name.acronym.end)
        return Found(value=words.quote, evidence=words, method="name/acronym")

    def _owner(self, name: NameSpan) -> Found[Named] | None:
        if name.owner is None:
            return None
        kind = ThingKind.BODY
        query = Query(kind=kind, name=self.line(name.owner), jurisdiction=self.setting.jurisdiction, on=self.setting.on)
        thing = Named(
            kind=kind,
            name=query.name,
            jurisdiction=self.setting.jurisdiction,
            resolution=self.resolver.resolve(query),
        )
        return Found(value=thing, evidence=self.text.quote(name.owner.start, name.owner.end), method="name/owner")


def _past_space(content: str, at: int) -> int:
    while at < len(content) and content[at].isspace():
        at += 1
    return at


def _past_article(content: str, at: int) -> int:
    match = re.compile(r"\s*(?:and\s+|or\s+)?(?:(?:the|a|an|its|their)\s+)?").match(content, at)
    return match.end() if match else at
