"""HTML and XHTML pages → the text that is their own, in lines, each character with its place in the page's source.

Navigation, sharing buttons, notices about cookies, forms and hidden parts are left out (`boilerplate.toml` says which);
headings and the path that leads to the page stay. Blocks become lines with an empty line between them, `<br>` a line
end, cells of a row are parted by tabs. What HTML moves out of a table stays where it stands in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice

from kg.model.errors import SourceError
from kg.model.evidence import Span
from kg.model.page import Fault, Page, Text
from kg.pages.encoding import decoded
from kg.pages.markup import tokens
from kg.pages.mojibake import garbled, named
from kg.pages.outline import Break, Mark, Outline, Piece, Run
from kg.pages.transcript import SPLIT, Transcript

#: A page with more tags than this, or more references and spaces to collapse, is refused; a report page has hundreds.
MOST_MARKUP = 300_000

_XHTML = "application/xhtml+xml"
_LINE_END = re.compile(r"\r\n?")
_DECLARES = re.compile(
    rb"<meta[^>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE
)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_DECLARES_WITHIN = 4096

_MANY_LINKS, _BAR_LINKS = 4, 3
_MOSTLY = 0.8  # of a list's or a line's characters in links: it leads elsewhere
_NEARLY_ALL = 0.9  # of a page's text in one part: it is the page
_ARROWS = re.compile(r"[>\u203a»→/]|&gt;|&raquo;|&rsaquo;|&rarr;|::")
_WORD = re.compile(r"\w")
_TAG_START = re.compile(r"</?[A-Za-z]")
_STAYS = Mark.CRUMBS | Mark.MAIN | Mark.KEPT


def read_html(page: Page) -> Text:
    """The text that a web page holds.

    Raises:
        SourceError: it holds no text, no characters in an encoding that is read, or more tags than any page needs.
    """
    source = _LINE_END.sub("\n", decoded(page, _declared(page.payload)))
    _limit(page, source)
    outline = Outline(source, tokens(source, xml=page.media_type.startswith(_XHTML)))
    transcript = Transcript(source)
    for line in _lines(outline, _shown(outline)):
        if not line.leads_elsewhere(source, outline):
            line.write(transcript)
    content = transcript.content
    if not content:
        raise SourceError(page.source, _emptiness(source, outline))
    end = Span(len(content), len(content))
    faults = [Fault(reason, end) for reason in _unclosed(outline, source)]
    faults += [*garbled(content), *transcript.faults]
    return Text(page=page, content=content, faults=named(faults), origins=transcript.origins)


def _declared(payload: bytes) -> str | None:
    match = _DECLARES.search(_COMMENT.sub(b"", payload[:_DECLARES_WITHIN]))
    return (match.group(1) or match.group(2)).decode("ascii", "replace") if match else None


def _limit(page: Page, source: str) -> None:
    for found in (_TAG_START.finditer(source), SPLIT.finditer(source)):
        if sum(1 for _ in islice(found, MOST_MARKUP + 1)) > MOST_MARKUP:
            raise SourceError(
                page.source, f"the page holds more than {MOST_MARKUP:,} tags, references or broken spaces"
            )


def _emptiness(source: str, outline: Outline) -> str:
    if not source.strip():
        return "the page is empty"
    return "; ".join(["the page holds no text of its own", *_unclosed(outline, source)])


def _unclosed(outline: Outline, source: str) -> Iterator[str]:
    if outline.unclosed is not None:
        line = source.count("\n", 0, outline.unclosed) + 1
        yield f"a tag or comment that begins in line {line} is never closed, and what follows it is not read"


def _shown(outline: Outline) -> Sequence[bool]:
    """For each piece, whether it is the page's own text."""
    totals = _Totals(outline.pieces)
    beside = _cover(len(outline.pieces), [part for part in outline.beside if not totals.is_nearly_all(*part)])
    linking = _cover(len(outline.pieces), [part for part in outline.lists if totals.is_linking(*part)])
    marks = [0 if isinstance(piece, Break) else piece.marks for piece in outline.pieces]
    has_heading = any(mark & Mark.HEADING and not left_out for mark, left_out in zip(marks, beside, strict=False))
    unwanted = Mark.META if any(mark & Mark.TITLE for mark in marks) else 0
    unwanted = Mark.TITLE | Mark.META if has_heading else unwanted
    return [
        not mark & unwanted and (not beside[at] or mark & Mark.CRUMBS > 0) and (not linking[at] or mark & _STAYS > 0)
        for at, mark in enumerate(marks)
    ]


class _Totals:
    """How many characters, and how many in links, the pieces of any stretch hold."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        runs = [piece if isinstance(piece, Run) else None for piece in pieces]
        sizes = [run.end - run.start if run else 0 for run in runs]
        linked = [run is not None and bool(run.marks & Mark.LINK) for run in runs]
        self._all = [0, *accumulate(sizes)]
        self._in_links = [0, *accumulate(size * link for size, link in zip(sizes, linked, strict=True))]
        self._links = [0, *accumulate(map(int, linked))]

    def is_nearly_all(self, start: int, end: int) -> bool:
        """Whether a stretch holds nearly all of the page's prose."""
        prose = self._all[-1] - self._in_links[-1]
        here = self._all[end] - self._all[start] - (self._in_links[end] - self._in_links[start])
        return 0 < prose * _NEARLY_ALL <= here

    def is_linking(self, start: int, end: int) -> bool:
        """Whether a stretch is made of links."""
        in_links = self._in_links[end] - self._in_links[start]
        many = self._links[end] - self._links[start] >= _MANY_LINKS
        return many and in_links >= _MOSTLY * (self._all[end] - self._all[start])


def _cover(length: int, parts: Iterable[tuple[int, int]]) -> Sequence[bool]:
    """For each piece, whether one of the parts covers it."""
    changes = [0] * (length + 1)
    for start, end in parts:
        changes[start] += 1
        changes[end] -= 1
    return [depth > 0 for depth in accumulate(changes)]


@dataclass(slots=True)
class _Line:
    """A line of the page: runs, and the spaces and cell borders between them."""

    pieces: list[Piece] = field(default_factory=list)
    first: int = 0
    blank_above: bool = False

    def leads_elsewhere(self, source: str, outline: Outline) -> bool:
        """Whether the line is a bar of links, or a link above the page's main heading."""
        runs = [piece for piece in self.pieces if isinstance(piece, Run)]
        if any(run.marks & (_STAYS | Mark.HEADING) for run in runs):
            return False
        linked = [run for run in runs if run.marks & Mark.LINK]
        plain = "".join(source[run.start : run.end] for run in runs if not run.marks & Mark.LINK)
        if not linked or _ARROWS.search(plain):
            return False
        in_links, beside = sum(run.end - run.start for run in linked), len(_WORD.findall(plain))
        if len(linked) >= _BAR_LINKS and in_links >= _MOSTLY * (in_links + beside):
            return True
        return beside == 0 and outline.first_heading is not None and self.first < outline.first_heading

    def write(self, transcript: Transcript) -> None:
        """Copies the line."""
        at = 0
        for piece in self.pieces:
            if isinstance(piece, Break):
                (transcript.cell if piece is Break.CELL else transcript.space)(at)
                continue
            if piece.marks & Mark.SPACED:
                transcript.copy_spaced(piece.start, piece.end)
            elif piece.marks & Mark.LITERAL:
                transcript.copy_literal(piece.start, piece.end)
            else:
                transcript.copy(piece.start, piece.end)
            at = piece.end
        transcript.end_line(blank_above=self.blank_above)


def _lines(outline: Outline, shown: Sequence[bool]) -> Iterator[_Line]:
    line = _Line()
    for at, piece in enumerate(outline.pieces):
        if piece is Break.LINE or piece is Break.BLANK:
            if line.pieces:
                yield line
                line = _Line()
            line.blank_above |= piece is Break.BLANK
        elif line.pieces if isinstance(piece, Break) else shown[at]:
            line.first = line.first if line.pieces else at
            line.pieces.append(piece)
    if line.pieces:
        yield line
