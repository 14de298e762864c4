"""A web page's tokens → its runs of text and the breaks between them, with what each run is to the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple

from kg.pages import boilerplate
from kg.pages.boilerplate import Part
from kg.pages.elements import BLOCKS, CELLS, HEADINGS, VOID, Opened, OpenElements
from kg.pages.markup import CDATA, TEXT, UNCLOSED, Attribute, Token, attributes

_TELLING = re.compile(r"\b(?:class|id|role|hidden|style|aria-|href|itemtype)", re.IGNORECASE)
_LISTS = frozenset({"ul", "ol", "dl", "menu", "dir"})
_META_TITLES = frozenset({"citation_title", "dc.title", "dcterms.title", "og:title"})
_WHITE = " \t\n\f"


class Break(Enum):
    """What stands between two runs."""

    SPACE = "space"
    CELL = "cell"
    LINE = "line"
    BLANK = "blank"  # blocks: an empty line


class Mark:
    """What a run is part of; bits, since a run may be part of several things."""

    LINK: Final = 1
    MAIN: Final = 2
    CRUMBS: Final = 4
    KEPT: Final = 8
    HEADING: Final = 16
    TITLE: Final = 32  # the document's title, which stands in no line of the page
    META: Final = 64  # a title for machines
    LITERAL: Final = 128  # no character references in it
    SPACED: Final = 256  # white space is kept


class Run(NamedTuple):
    """A stretch of the source that is text."""

    start: int
    end: int
    marks: int


Piece = Run | Break

_MARKS = (
    ("#link", Mark.LINK),
    ("#main", Mark.MAIN),
    ("#crumbs", Mark.CRUMBS),
    ("#kept", Mark.KEPT),
    ("#heading", Mark.HEADING),
    ("pre", Mark.SPACED),
)
_OF_PART = {
    Part.MAIN: ("#main",),
    Part.CRUMBS: ("#crumbs",),
    Part.KEPT: ("#kept",),
    Part.BESIDE: ("#beside",),
    Part.NEVER: ("#never",),
}


class Outline:
    """The pieces of a page in order, and which stretches of them are parts beside its text or lists.

    Attributes:
        pieces: runs and breaks; what no reader sees is not among them.
        beside: first piece and end of navigation and the like, without those that hold the main heading or article.
        lists: first piece and end of lists.
        first_heading: the first piece of the first main heading, None where there is none.
        unclosed: where a tag or comment begins that is never closed.
    """

    def __init__(self, source: str, tokens: Iterable[Token]) -> None:
        self.pieces: list[Piece] = []
        self.beside: list[tuple[int, int]] = []
        self.lists: list[tuple[int, int]] = []
        self.first_heading: int | None = None
        self.unclosed: int | None = None
        self._source = source
        self._open = OpenElements()
        self._principal = -1
        self._titled = False
        for token in tokens:
            self._take(token)
        self._closed(self._open.close_all())

    def _take(self, token: Token) -> None:
        if token.name in {TEXT, CDATA}:
            if not self._open.has("#never"):
                self._text(token)
        elif token.name == UNCLOSED:
            self.unclosed = token.start
        elif token.name[0] == "/":
            self._end(token.name[1:])
        else:
            self._start(token)

    def _text(self, token: Token) -> None:
        if self._open.has("title"):
            self._title(Run(token.start, token.end, Mark.TITLE))
            return
        marks = sum(mark for key, mark in _MARKS if self._open.has(key))
        if token.name == CDATA:
            marks |= Mark.LITERAL
        if marks & Mark.SPACED:
            self._lines(token, marks)
        elif self._source[token.start : token.end].strip(_WHITE):
            self.pieces.append(Run(token.start, token.end, marks))
        else:
            self._break(Break.SPACE)

    def _lines(self, token: Token, marks: int) -> None:
        start = token.start
        while start < token.end:
            feed = self._source.find("\n", start, token.end)
            end = feed if feed >= 0 else token.end
            if end > start:
                self.pieces.append(Run(start, end, marks))
            if feed >= 0:
                self.pieces.append(Break.LINE)
            start = end + 1

    def _title(self, run: Run) -> None:
        if not self._titled:
            self._titled = True
            self.pieces += [Break.BLANK, run, Break.BLANK]

    def _start(self, token: Token) -> None:
        name = token.name.rstrip("/")
        if name in VOID or name in {"html", "head", "body"}:
            self._single(name, token)
            return
        self._closed(self._open.closed_by_start(name))
        never = self._open.has("#never")
        marks = () if never else self._marks(name, token)
        if not never:
            self._break_at(name, opens_crumbs="#crumbs" in marks)
        if "#never" not in marks and not never and ("#main" in marks or name == "h1"):
            self._principal = len(self.pieces)
            if name == "h1" and self.first_heading is None:
                self.first_heading = self._principal
        self._open.push(Opened(name, marks, len(self.pieces)))
        if token.name[-1] == "/":
            self._end(name)

    def _single(self, name: str, token: Token) -> None:
        self._closed(self._open.closed_by_start(name))
        if name == "br":
            self._break(Break.LINE)
        elif name == "hr":
            self._break(Break.BLANK)
        elif name == "meta":
            self._meta(attributes(self._source, token))

    def _meta(self, given: Mapping[str, Attribute]) -> None:
        named = given.get("property") or given.get("name")
        content = given.get("content")
        if named and content and named.value.lower() in _META_TITLES:
            self.pieces += [Break.BLANK, Run(content.start, content.end, Mark.META), Break.BLANK]

    def _marks(self, name: str, token: Token) -> tuple[str, ...]:
        given: Mapping[str, Attribute] = {}
        if _TELLING.search(self._source, token.start, token.end):
            given = attributes(self._source, token)
        marks = _OF_PART.get(boilerplate.part(name, given), ()) if given else _plain_marks(name)
        if name == "a" and "href" in given:
            return (*marks, "#link")
        return (*marks, "#heading") if name in HEADINGS else marks

    def _end(self, name: str) -> None:
        if name == "br":
            self._break(Break.LINE)
            return
        closed = self._open.closed_by_end(name)
        self._closed(closed)
        if name in BLOCKS and not self._open.has("#never"):
            self._break(Break.BLANK)

    def _closed(self, elements: Iterable[Opened]) -> None:
        for opened in elements:
            if "#beside" in opened.marks and self._principal < opened.start:
                self.beside.append((opened.start, len(self.pieces)))
            if "#crumbs" in opened.marks:
                self._break(Break.BLANK)
            if opened.name in _LISTS:
                self.lists.append((opened.start, len(self.pieces)))

    def _break_at(self, name: str, *, opens_crumbs: bool) -> None:
        if name in BLOCKS or opens_crumbs:
            self._break(Break.BLANK)
        elif name in CELLS:
            self._break(Break.CELL)

    def _break(self, kind: Break) -> None:
        """A break; the path that leads to the page stands on one line, whatever elements it is made of."""
        if self._open.has("#crumbs"):
            kind = Break.SPACE
        if kind is Break.LINE or not self.pieces or self.pieces[-1] is not kind:
            self.pieces.append(kind)


@lru_cache(maxsize=1000)
def _plain_marks(name: str) -> tuple[str, ...]:
    return _OF_PART.get(boilerplate.part(name, {}), ())
