"""A SPARQL update taken apart: its operations, and which graphs each can write (SPARQL 1.1 Update, section 3).

This is a lexer with a little grammar on top, in linear time; the engine parses each operation again. Keywords must
stand apart, as the standard has them: the engine reads `INSERTDATA` too, which is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from kg.model.writes import WriteOutcome
from kg.rdf.federation import Token
from kg.writing.bounds import check_offline, declined_at
from kg.writing.cursor import Cursor, past_group
from kg.writing.declined import Declined
from kg.writing.operation import Operation, Update

_SILENT_LOAD: Final = re.compile(r"\bLOAD\s+SILENT\b", re.IGNORECASE)
#: Shorter than any LOAD, and taken by the engine.
_NOTHING: Final = "INSERTDATA{}"
_PROLOGUE: Final = frozenset({"BASE", "PREFIX", "VERSION"})
#: Kinds of the tokens that follow these words.
_DECLARED: Final = frozenset({"iri", "name", "string"})


#: The statements of a document, as inline data has them; None where it was not fetched. Raises Declined for no RDF.
Documents = Callable[[str], str | None]


def taken_apart(text: str, documents: Documents = lambda _: None) -> Update:
    """The operations of an update.

    A LOAD becomes an INSERT DATA of what its document says. LOAD SILENT of one that was not fetched, or is no RDF, is
    left out.

    Args:
        text: of the update.
        documents: those that were fetched for it.

    Raises:
        Declined: it is too long or nested too deeply, would reach other machines, or is none by the standard.
    """
    loads: list[tuple[int, int]] = []
    parts = tuple(_Reading(text, loads, documents).operations())
    stays = _without(text, loads)
    check_offline(stays)
    return Update(text=stays, operations=parts)


def silently_loads(text: str) -> bool:
    """Whether an update may hold a LOAD SILENT, so that it has to be taken apart."""
    return _SILENT_LOAD.search(text) is not None


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with operations that do nothing in the place of some, so that offsets stay."""
    for start, end in spans:
        text = text[:start] + _NOTHING.ljust(end - start) + text[end:]
    return text


class _Reading:
    """The tokens of an update, read from first to last."""

    def __init__(self, text: str, loads: list[tuple[int, int]], documents: Documents) -> None:
        self._text, self._cursor, self._loads, self._documents = text, Cursor(text), loads, documents

    def operations(self) -> Iterator[Operation]:
        cursor, prologue = self._cursor, ""
        while True:
            prologue += self._prologue()
            if cursor.is_at_end:
                return
            if cursor.word() == "LOAD":
                yield from self._load(prologue)
            else:
                yield self._operation(prologue)
            if not cursor.is_at_end:
                cursor.expect(";")

    def _load(self, prologue: str) -> Iterator[Operation]:
        """The operation that puts a document's statements in, where there is one."""
        cursor = self._cursor
        begun, is_silent = cursor.at, cursor.word(1) == "SILENT"
        statements = self._document(is_silent=is_silent)
        graph = ""
        if cursor.skip("INTO"):
            cursor.skip("GRAPH")
            graph = cursor.reference()
        self._loads.append((cursor.start(begun), cursor.end))
        if statements is not None:
            found = _Templates([graph] if graph else [], [], default=not graph)
            data = f"GRAPH {graph} {{ {statements} }}" if graph else statements
            yield replace(self._made(prologue, begun, found), text=f"INSERT DATA {{ {data} }}")

    def _document(self, *, is_silent: bool) -> str | None:
        """The statements of the document that a LOAD names, which is passed; None where it fails in silence."""
        cursor, begun = self._cursor, self._cursor.start(self._cursor.at)
        cursor.advance(2 if is_silent else 1)
        named = cursor.reference()
        try:
            statements = self._documents(named[1:-1]) if named.startswith("<") else None
        except Declined:
            if is_silent:
                return None
            raise
        if statements is None and not is_silent:
            reason = f"LOAD {named} is none of the documents, named in full, that updates may load here"
            raise declined_at(self._text, begun, reason, WriteOutcome.FORBIDDEN)
        return statements

    def _prologue(self) -> str:
        cursor, begun = self._cursor, self._cursor.at
        while cursor.word() in _PROLOGUE:
            cursor.advance()
            cursor.skip_kinds(_DECLARED)
        return cursor.passed(begun) + "\n" if cursor.at > begun else ""

    def _operation(self, prologue: str) -> Operation:
        cursor = self._cursor
        begun, word = cursor.at, cursor.word()
        if word in ("INSERT", "DELETE") and cursor.word(1) == "DATA":
            cursor.advance(2)
            return self._made(prologue, begun, _templates(cursor.group()))
        if word == "DELETE" and cursor.word(1) == "WHERE":
            cursor.advance(2)
            return self._delete_where(prologue, begun)
        if word in ("WITH", "INSERT", "DELETE"):
            return self._modify(prologue, begun)
        if word in ("CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"):
            cursor.advance()
            return self._managed(prologue, begun, word)
        reason = "here an operation of SPARQL Update should begin, its keywords apart"
        raise declined_at(self._text, cursor.start(begun), reason)

    def _delete_where(self, prologue: str, begun: int) -> Operation:
        opened = self._cursor.at
        found = _templates(self._cursor.group())
        where = self._cursor.passed(opened)
        made = self._made(prologue, begun, found, reads=True)
        # The short form takes no USING: it is written out, for its template is its pattern.
        head = f"DELETE {where}"
        return replace(made, text=f"{head} WHERE {where}", where=where, where_at=len(head))

    def _modify(self, prologue: str, begun: int) -> Operation:
        cursor, found = self._cursor, _Templates([], [])
        scope = cursor.reference() if cursor.skip("WITH") else ""
        for word in ("DELETE", "INSERT"):
            if cursor.skip(word):
                _templates(cursor.group(), found)
        where_at = cursor.end - cursor.start(begun)
        using, named = self._using()
        cursor.expect("WHERE")
        opened = cursor.at
        cursor.group()
        if found.default and scope:
            found.graphs.append(scope)
            found.default = False
        return replace(
            self._made(prologue, begun, found, reads=True),
            where=cursor.passed(opened),
            scope=scope,
            using=tuple(using),
            using_named=tuple(named),
            where_at=where_at,
        )

    def _using(self) -> tuple[list[str], list[str]]:
        cursor = self._cursor
        using: list[str] = []
        named: list[str] = []
        while cursor.skip("USING"):
            (named if cursor.skip("NAMED") else using).append(cursor.reference())
        return using, named

    def _managed(self, prologue: str, begun: int, word: str) -> Operation:
        """CLEAR, DROP and CREATE have one graph or all; ADD, MOVE and COPY have two."""
        cursor, found = self._cursor, _Templates([], [])
        cursor.skip("SILENT")
        if word in ("ADD", "MOVE", "COPY"):
            source = _Templates([], [])
            self._graph_or_default(source)
            cursor.expect("TO")
            self._graph_or_default(found)
            if word == "MOVE":
                found.graphs += source.graphs
                found.default |= source.default
            return self._made(prologue, begun, found, reads=True)
        if cursor.skip("ALL") or cursor.skip("NAMED"):
            return self._made(prologue, begun, found, everything=True)
        self._graph_or_default(found)
        return self._made(prologue, begun, found)

    def _graph_or_default(self, found: _Templates) -> None:
        if self._cursor.skip("DEFAULT"):
            found.default = True
            return
        self._cursor.skip("GRAPH")
        found.graphs.append(self._cursor.reference())

    def _made(
        self, prologue: str, begun: int, found: _Templates, *, everything: bool = False, reads: bool = False
    ) -> Operation:
        return Operation(
            prologue=prologue,
            text=self._cursor.passed(begun),
            start=self._cursor.start(begun),
            graphs=tuple(dict.fromkeys(found.graphs)),
            variables=tuple(dict.fromkeys(found.variables)),
            is_default_written=found.default,
            is_all_written=everything,
            reads=reads,
        )


@dataclass(slots=True)
class _Templates:
    """What templates name."""

    graphs: list[str]
    variables: list[str]
    default: bool = False


def _templates(group: list[Token], found: _Templates | None = None) -> _Templates:
    """The graphs of a template or of data: those of GRAPH, and the default graph for what stands outside."""
    found = found or _Templates([], [])
    at = 0
    while at < len(group):
        token = group[at]
        if token.kind == "word" and token.text.upper() == "GRAPH" and at + 1 < len(group):
            named = group[at + 1]
            (found.variables if named.kind == "variable" else found.graphs).append(named.text)
            at = past_group(group, at + 2)
        else:
            found.default |= token.text != "."
            at += 1
    return found
