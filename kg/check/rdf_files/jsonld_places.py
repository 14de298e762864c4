"""The places of a JSON-LD file: where each node object names its subject."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, Quad

from kg.check.rdf_files.lines import Lines
from kg.check.rdf_files.resolution import resolved
from kg.check.rdf_files.subject_places import SubjectPlaces

_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\]:,]|[^\s{}\[\]:,"]++', re.DOTALL)
_OPENING, _CLOSING = frozenset("{["), frozenset("}]")
_CONTEXT, _ID = "@context", "@id"


class _Open(NamedTuple):
    """An object or array that is not closed yet."""

    number: int
    is_array: bool
    key: str | None  # what it is the value of


class _Said(NamedTuple):
    """A string that is the value of a key, or in an array that is; the offsets are those of the value."""

    key: str
    value: str
    start: int
    end: int
    owner: int  # the number of the object


class JsonLdPlaces(SubjectPlaces):
    """Places found by a scan of the JSON; of contexts it reads prefixes, the base, and aliases of @id."""

    def __init__(self, lines: Lines, base: str, quads: Sequence[Quad], labelled: Sequence[Quad]) -> None:
        scan = _Scan(lines.text)
        prefixes = {each.key: each.value for each in scan.said if not each.key.startswith("@")}
        bases = [each.value for each in scan.said if each.key == "@base"]
        aliases = {_ID, *(each.key for each in scan.said if each.value == _ID)}
        at = resolved(bases[0], base) if bases else base
        described: dict[str, tuple[int, int]] = {}
        referred: dict[str, tuple[int, int]] = {}
        for each in scan.said:
            if each.key in aliases and each.value != _ID:
                spots = described if scan.members[each.owner] > 1 else referred
                for node in _nodes(each.value, prefixes, at):
                    spots.setdefault(node, (each.start, each.end))
        spots = {**referred, **described}
        super().__init__(lines, quads, labelled, spots)


def remote_context(source: str, payload: bytes) -> str | None:
    """Why a file is refused that names a context by its address, with line and column; None if it does not."""
    lines = Lines(source, payload.decode("utf-8", errors="replace"))
    for each in _Scan(lines.text).said:
        if each.key == _CONTEXT:
            place = lines.place(each.start, each.end)
            return (
                f"line {place.line}, column {place.column}: the context {each.value} would have to be fetched, "
                "and nothing is; write it into the file"
            )
    return None


def _nodes(value: str, prefixes: dict[str, str], base: str) -> Iterator[str]:
    """The nodes that the value of @id may name."""
    if value.startswith("_:"):
        yield value
        return
    prefix, colon, local = value.partition(":")
    iri = prefixes[prefix] + local if colon and prefix in prefixes else resolved(value, base)
    try:
        yield str(NamedNode(iri))
    except ValueError:  # no IRI, so no subject
        return


class _Scan:
    """The strings of a JSON text, by the keys they stand for.

    Attributes:
        said: the strings in their order.
        members: for each object, by its number, how many members it has.
    """

    def __init__(self, text: str) -> None:
        self.said: list[_Said] = []
        self.members: Counter[int] = Counter()
        self._open: list[_Open] = []
        self._count = 0
        self._key: str | None = None
        for match in _TOKEN.finditer(text):
            self._read(match)

    def _read(self, match: re.Match[str]) -> None:
        words = match[0]
        if words in _OPENING:
            self._count += 1
            self._open.append(_Open(self._count, words == "[", self._key))
            self._key = self._key if words == "[" else None
        elif words in _CLOSING:
            if self._open:
                self._open.pop()
            self._key = self._open[-1].key if self._open and self._open[-1].is_array else None
        elif words == "," and not (self._open and self._open[-1].is_array):
            self._key = None
        elif words.startswith('"'):
            self._string(words, match.start())

    def _string(self, words: str, start: int) -> None:
        value = _string(words)
        owner = next((each.number for each in reversed(self._open[-2:]) if not each.is_array), 0)
        if self._key is None:
            self._key = value
            self.members[owner] += 1
        else:
            self.said.append(_Said(self._key, value, start, start + len(words), owner))


def _string(words: str) -> str:
    try:
        return str(json.loads(words, strict=False))
    except ValueError:
        return words[1:-1]
