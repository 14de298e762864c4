"""The elements that are open at a place of a web page, and which of them a tag closes, as the HTML Standard says.

Each question is answered in constant time, so that a page nested 100,000 deep costs no more than a flat one.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import Final, NamedTuple

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
VOID: Final = frozenset(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split()  # noqa: SIM905 - a table of words
)
#: Elements that begin and end lines.
BLOCKS: Final = HEADINGS | frozenset(
    "address article aside blockquote caption center dd details dialog dir div dl dt fieldset figcaption "  # noqa: SIM905 - a table of words
    "figure footer form header hgroup legend li main menu nav ol p pre search section summary table tbody tfoot "
    "thead tr ul".split()
)
CELLS: Final = frozenset({"td", "th"})

_TABLE_PARTS = frozenset({"table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption"})
_SCOPES = frozenset({"applet", "button", "caption", "marquee", "object", "table", "td", "template", "th"})
_SPECIAL = BLOCKS | CELLS | _SCOPES | {"select", "iframe", "noscript", "body"}
_CLOSES_P = BLOCKS - {"tbody", "tfoot", "thead", "tr", "caption"} | {"hr"}
#: Elements that no drawing or formula holds: one that was not closed ends before them.
_LEAVES_DRAWINGS = HEADINGS | frozenset(
    "b big blockquote br center code dd div dl dt em embed hr i img li listing menu meta nobr ol p pre ruby s small "  # noqa: SIM905 - a table of words
    "span strike strong sub sup table tt u ul var".split()
)
#: A start tag → the elements it closes, and what they must stand above for that.
_CLOSED_BY = {
    "li": (("li",), "#item"),
    "dt": (("dt", "dd"), "#item"),
    "dd": (("dt", "dd"), "#item"),
    "td": (("td", "th"), "#table"),
    "th": (("td", "th"), "#table"),
    "tr": (("tr", "caption"), "#table"),
    **dict.fromkeys(("tbody", "thead", "tfoot"), (("tbody", "thead", "tfoot", "tr", "caption"), "#table")),
    "a": (("a",), "#special"),
}


class Opened(NamedTuple):
    """An open element: its name, the marks that hold within it, and where it starts among the page's pieces."""

    name: str
    marks: tuple[str, ...]
    start: int


class OpenElements:
    """The stack of open elements, with an index of where each name and each kind of boundary lies in it."""

    def __init__(self) -> None:
        self._stack: list[tuple[Opened, tuple[str, ...]]] = []
        self._at: dict[str, list[int]] = defaultdict(list)

    def push(self, opened: Opened) -> None:
        """Opens an element."""
        keys = (*_keys(opened.name), *opened.marks)
        for key in keys:
            self._at[key].append(len(self._stack))
        self._stack.append((opened, keys))

    def has(self, key: str) -> bool:
        """Whether an element of this name, or with this mark, is open."""
        return bool(self._at.get(key))

    def closed_by_start(self, name: str) -> list[Opened]:
        """Closes the elements that a start tag ends, and gives them, the innermost first."""
        closed: list[Opened] = []
        if name in _CLOSES_P:
            closed += self._close(("p",), "#scope")
        if name in _LEAVES_DRAWINGS and not self.has("foreignobject"):
            closed += self._close(("svg", "math"), "#special")
        if name in HEADINGS and self._stack and self._stack[-1][0].name in HEADINGS:
            closed += self._pop(len(self._stack) - 1)
        if name in _CLOSED_BY:
            closed += self._close(*_CLOSED_BY[name])
        return closed

    def closed_by_end(self, name: str) -> list[Opened]:
        """Closes the elements that an end tag ends; none where it matches none."""
        if name in HEADINGS:
            return self._close(tuple(HEADINGS), "#scope")
        if name in _TABLE_PARTS:
            return self._close((name,), "#table")
        if name == "li":
            return self._close((name,), "#list")
        return self._close((name,), "#scope" if name in _SPECIAL else "#special")

    def close_all(self) -> list[Opened]:
        """Closes what is open at the end of the page."""
        return self._pop(0)

    def _close(self, names: tuple[str, ...], boundary: str) -> list[Opened]:
        lowest = self._last(boundary)
        found = [at for at in map(self._last, names) if at >= max(lowest, 0)]
        return self._pop(min(found)) if found else []

    def _last(self, key: str) -> int:
        places = self._at.get(key)
        return places[-1] if places else -1

    def _pop(self, down_to: int) -> list[Opened]:
        closed = []
        while len(self._stack) > down_to:
            opened, keys = self._stack.pop()
            for key in keys:
                self._at[key].pop()
            closed.append(opened)
        return closed


@lru_cache(maxsize=1000)
def _keys(name: str) -> tuple[str, ...]:
    """The name, and the boundaries that the element is."""
    groups = {
        "#scope": _SCOPES,
        "#table": {"table", "template"},
        "#list": _SCOPES | {"ul", "ol"},
        "#item": _SPECIAL - {"address", "div", "p"},
        "#special": _SPECIAL,
    }
    return (name, *(group for group, names in groups.items() if name in names))
