"""A SPARQL update taken apart: its operations, and which graphs each can write (SPARQL 1.1 Update, section 3).

This is a lexer with a little grammar on top, in linear time; the engine parses each operation again. Keywords must
stand apart, as the standard has them: the engine reads `INSERTDATA` too, which is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from kg.model.writes import Write, WriteOutcome
from kg.rdf.federation import Token, federation, federation_start, tokenise
from kg.writing.declined import Declined

#: The longest update, in bytes; a graph that is put may be longer.
LONGEST: Final = 1024 * 1024
MOST_TOKENS: Final = 200_000
DEEPEST: Final = 64

_SILENT_LOAD: Final = re.compile(r"\bLOAD\s+SILENT\b", re.IGNORECASE)
#: Shorter than any LOAD, and taken by the engine.
_NOTHING: Final = "INSERTDATA{}"
_PROLOGUE: Final = frozenset({"BASE", "PREFIX", "VERSION"})
_OPENING: Final = frozenset({"{", "(", "[", "<<"})
_CLOSING: Final = frozenset({"}", ")", "]", ">>"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of an update.

    Attributes:
        prologue: what stands before it and before those it follows: BASE and PREFIX.
        text: the operation alone.
        graphs: the graphs that it can write, as the text names them.
        variables: variables that name graphs it can write.
        is_default_written: whether it can write the default graph.
        is_all_written: whether it is about all graphs, or all that have names.
        where: its pattern with braces; empty where it has none.
        scope: the graph of WITH, as the text names it.
        using, using_named: the graphs of USING, as the text names them.
        where_at: offset in `text` of what follows the last template; -1 where it has no pattern.
        reads: whether it looks at graphs that it does not write.
        start: offset of the operation in the update.
    """

    prologue: str
    text: str
    start: int
    graphs: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    is_default_written: bool = False
    is_all_written: bool = False
    where: str = ""
    scope: str = ""
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    where_at: int = -1
    reads: bool = False

    @property
    def whole(self) -> str:
        """The operation as an update of its own."""
        return f"{self.prologue}\n{self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """An update taken apart: its text, and its operations in order."""

    text: str
    operations: tuple[Operation, ...]


def taken_apart(text: str) -> Update:
    """The operations of an update.

    LOAD SILENT is left out: no document is ever loaded here, and a LOAD that fails in silence does nothing.

    Raises:
        Declined: it is too long or nested too deeply, would reach other machines, or is none by the standard.
    """
    loads: list[tuple[int, int]] = []
    parts = tuple(_Reading(text, bounded_tokens(text), loads).operations())
    stays = _without(text, loads)
    _check_offline(stays)
    return Update(text=stays, operations=parts)


def silently_loads(text: str) -> bool:
    """Whether an update may hold a LOAD SILENT, so that it has to be taken apart."""
    return _SILENT_LOAD.search(text) is not None


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with operations that do nothing in the place of some, so that offsets stay."""
    for start, end in spans:
        text = text[:start] + _NOTHING.ljust(end - start) + text[end:]
    return text


def with_dataset(update: Update, write: Write) -> Update:
    """The update with the dataset that the request names (SPARQL 1.1 Protocol, section 2.2.3).

    Raises:
        Declined: an operation names one of its own, or what the request names is no IRI.
    """
    using = tuple(map(_written_iri, write.using_graphs))
    named = tuple(map(_written_iri, write.using_named_graphs))
    if not (using or named):
        return update
    clauses = " ".join([*(f"USING {each}" for each in using), *(f"USING NAMED {each}" for each in named)])
    return replace(update, operations=tuple(_with_using(part, using, named, clauses) for part in update.operations))


def _with_using(part: Operation, using: tuple[str, ...], named: tuple[str, ...], clauses: str) -> Operation:
    if part.scope or part.using or part.using_named:
        reason = "it has WITH or USING, and the request names using-graph-uri or using-named-graph-uri too; choose one"
        raise Declined(WriteOutcome.MALFORMED, reason)
    if part.where_at < 0:
        return part
    head, rest = part.text[: part.where_at], part.text[part.where_at :]
    return replace(part, text=f"{head} {clauses} {rest}", using=using, using_named=named)


def _written_iri(iri: str) -> str:
    try:
        return str(NamedNode(iri))
    except ValueError as error:
        raise Declined(WriteOutcome.MALFORMED, f"a graph that the request names is no absolute IRI: {error}") from error


def check_text(text: str) -> None:
    """Lets an update pass that is short enough, shallow enough, and stays on this machine.

    Raises:
        Declined: it is not.
    """
    bounded_tokens(text)
    _check_offline(text)


def bounded_tokens(text: str) -> list[Token]:
    """The tokens of an update that is short enough and shallow enough.

    Raises:
        Declined: it is not.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LONGEST:
        reason = f"the update has {size:,} bytes; at most {LONGEST:,} are read. Put large graphs as they are, by PUT"
        raise Declined(WriteOutcome.TOO_LARGE, reason)
    return list(_bounded(text))


def _check_offline(text: str) -> None:
    reason = federation(text)
    if reason:
        raise declined_at(text, federation_start(text) or 0, reason, WriteOutcome.FORBIDDEN)


def declined_at(text: str, at: int, reason: str, outcome: WriteOutcome = WriteOutcome.MALFORMED) -> Declined:
    """Why an update is not applied, with the place of this offset."""
    line = text.count("\n", 0, at) + 1
    return Declined(outcome, reason, line=line, column=at - text.rfind("\n", 0, at))


def _bounded(text: str) -> Iterator[Token]:
    depth = 0
    for count, token in enumerate(tokenise(text)):
        if token.kind == "unclosed":
            raise declined_at(text, token.start, "a string is opened here and never closed")
        if token.kind == "sign":
            depth = max(0, depth + (token.text in _OPENING) - (token.text in _CLOSING))
        if depth > DEEPEST:
            raise declined_at(text, token.start, f"brackets are nested deeper than {DEEPEST}", WriteOutcome.TOO_LARGE)
        if count >= MOST_TOKENS:
            raise declined_at(text, token.start, f"it has more than {MOST_TOKENS:,} tokens", WriteOutcome.TOO_LARGE)
        yield token


@dataclass(slots=True)
class _Templates:
    """What templates name."""

    graphs: list[str]
    variables: list[str]
    default: bool = False


class _Reading:
    """The tokens of an update, read from first to last."""

    def __init__(self, text: str, tokens: list[Token], loads: list[tuple[int, int]]) -> None:
        self._text, self._tokens, self._at, self._loads = text, tokens, 0, loads

    def operations(self) -> Iterator[Operation]:
        prologue = ""
        while True:
            prologue += self._prologue()
            if self._at == len(self._tokens):
                return
            if self._word() == "LOAD" and self._word(1) == "SILENT":
                self._skip_load()
            else:
                yield self._operation(prologue, self._tokens[self._at].start)
            if self._at < len(self._tokens):
                self._expect(";")

    def _skip_load(self) -> None:
        begun = self._at
        self._at += 2
        self._reference()
        if self._word() == "INTO":
            self._at += 1
            self._skip("GRAPH")
            self._reference()
        last = self._tokens[self._at - 1]
        self._loads.append((self._tokens[begun].start, last.start + len(last.text)))

    def _prologue(self) -> str:
        begun = self._at
        while self._word() in _PROLOGUE:
            self._at += 1
            while self._at < len(self._tokens) and self._tokens[self._at].kind in ("iri", "name", "string"):
                self._at += 1
        return self._slice(begun) + "\n" if self._at > begun else ""

    def _operation(self, prologue: str, start: int) -> Operation:
        begun, word = self._at, self._word()
        if word in ("INSERT", "DELETE") and self._word(1) == "DATA":
            self._at += 2
            found = self._templates(self._group())
            return self._made(prologue, begun, found)
        if word == "DELETE" and self._word(1) == "WHERE":
            self._at += 2
            return self._delete_where(prologue, begun)
        if word in ("WITH", "INSERT", "DELETE"):
            return self._modify(prologue, begun)
        if word in ("CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"):
            self._at += 1
            return self._managed(prologue, begun, word)
        if word == "LOAD":
            _check_offline(self._text)
        raise declined_at(self._text, start, "here an operation of SPARQL Update should begin, its keywords apart")

    def _delete_where(self, prologue: str, begun: int) -> Operation:
        opened = self._at
        group = self._group()
        found, where = self._templates(group), self._slice(opened)
        made = self._made(prologue, begun, found)
        # The short form takes no USING: it is written out, for its template is its pattern.
        text = f"DELETE {where}"
        return Operation(
            prologue=prologue,
            text=f"{text} WHERE {where}",
            start=made.start,
            graphs=made.graphs,
            variables=made.variables,
            is_default_written=made.is_default_written,
            where=where,
            where_at=len(text),
            reads=True,
        )

    def _modify(self, prologue: str, begun: int) -> Operation:
        scope = ""
        if self._word() == "WITH":
            self._at += 1
            scope = self._reference()
        found = _Templates([], [])
        for word in ("DELETE", "INSERT"):
            if self._word() == word:
                self._at += 1
                self._templates(self._group(), found)
        last = self._tokens[self._at - 1]
        using, named = self._using()
        self._expect("WHERE")
        opened = self._at
        self._group()
        if found.default and scope:
            found.graphs.append(scope)
            found.default = False
        start = self._tokens[begun].start
        return Operation(
            prologue=prologue,
            text=self._slice(begun),
            start=start,
            graphs=tuple(dict.fromkeys(found.graphs)),
            variables=tuple(dict.fromkeys(found.variables)),
            is_default_written=found.default,
            where=self._slice(opened),
            scope=scope,
            using=tuple(using),
            using_named=tuple(named),
            where_at=last.start + len(last.text) - start,
            reads=True,
        )

    def _using(self) -> tuple[list[str], list[str]]:
        using: list[str] = []
        named: list[str] = []
        while self._word() == "USING":
            self._at += 1
            if self._word() == "NAMED":
                self._at += 1
                named.append(self._reference())
            else:
                using.append(self._reference())
        return using, named

    def _managed(self, prologue: str, begun: int, word: str) -> Operation:
        """CLEAR, DROP and CREATE have one graph or all; ADD, MOVE and COPY have two."""
        self._skip("SILENT")
        found = _Templates([], [])
        if word in ("ADD", "MOVE", "COPY"):
            source = _Templates([], [])
            self._graph_or_default(source)
            self._expect("TO")
            self._graph_or_default(found)
            if word == "MOVE":
                found.graphs += source.graphs
                found.default |= source.default
            return self._made(prologue, begun, found, reads=True)
        if self._word() in ("ALL", "NAMED"):
            self._at += 1
            return self._made(prologue, begun, found, everything=True)
        self._graph_or_default(found)
        return self._made(prologue, begun, found)

    def _graph_or_default(self, found: _Templates) -> None:
        if self._word() == "DEFAULT":
            self._at += 1
            found.default = True
            return
        self._skip("GRAPH")
        found.graphs.append(self._reference())

    def _made(
        self, prologue: str, begun: int, found: _Templates, *, everything: bool = False, reads: bool = False
    ) -> Operation:
        return Operation(
            prologue=prologue,
            text=self._slice(begun),
            start=self._tokens[begun].start,
            graphs=tuple(dict.fromkeys(found.graphs)),
            variables=tuple(dict.fromkeys(found.variables)),
            is_default_written=found.default,
            is_all_written=everything,
            reads=reads,
        )

    def _templates(self, group: list[Token], found: _Templates | None = None) -> _Templates:
        """The graphs of a template or of data: those of GRAPH, and the default graph for what stands outside."""
        found = found or _Templates([], [])
        at = 0
        while at < len(group):
            token = group[at]
            if token.kind == "word" and token.text.upper() == "GRAPH" and at + 1 < len(group):
                named = group[at + 1]
                (found.variables if named.kind == "variable" else found.graphs).append(named.text)
                at = _past_group(group, at + 2)
            else:
                found.default |= token.text != "."
                at += 1
        return found

    def _group(self) -> list[Token]:
        """The tokens between a brace and its partner."""
        begun = self._at
        if self._at == len(self._tokens) or self._tokens[self._at].text != "{":
            raise self._missing("{")
        self._at = _past_group(self._tokens, begun)
        if self._tokens[self._at - 1].text != "}":
            raise declined_at(self._text, self._tokens[begun].start, "a brace is opened here and never closed")
        return self._tokens[begun + 1 : self._at - 1]

    def _reference(self) -> str:
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        if token is None or token.kind not in ("iri", "name"):
            raise self._missing("the IRI of a graph")
        self._at += 1
        return token.text

    def _word(self, ahead: int = 0) -> str:
        """The keyword here, in capitals; empty where none stands here."""
        at = self._at + ahead
        if at >= len(self._tokens) or self._tokens[at].kind != "word":
            return ""
        return self._tokens[at].text.upper()

    def _skip(self, word: str) -> None:
        self._at += self._word() == word

    def _expect(self, text: str) -> None:
        if self._at == len(self._tokens) or self._tokens[self._at].text.upper() != text:
            raise self._missing(text)
        self._at += 1

    def _missing(self, expected: str) -> Declined:
        at = self._tokens[self._at].start if self._at < len(self._tokens) else len(self._text)
        return declined_at(self._text, at, f"here {expected} is expected, its keywords apart")

    def _slice(self, begun: int) -> str:
        last = self._tokens[self._at - 1]
        return self._text[self._tokens[begun].start : last.start + len(last.text)]


def _past_group(tokens: list[Token], at: int) -> int:
    """The index behind the brace that closes the one at this index; the end where none does."""
    depth = 0
    while at < len(tokens):
        depth += (tokens[at].text == "{") - (tokens[at].text == "}")
        at += 1
        if depth <= 0:
            break
    return at
