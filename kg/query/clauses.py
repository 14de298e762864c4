"""The SERVICE clauses of a query: where each stands, what it asks, and what it leaves behind.

SPARQL 1.1 Federated Query. A lexer with a little grammar on top, in linear time. Only what is written by the book is
found, `SERVICE [SILENT] <IRI> { … }` where a pattern may stand; what the engine would read as SERVICE beside that is
left where it is, and the gate refuses the query for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final

from kg.model.errors import QueryRefused, QuerySyntaxError, Refusal
from kg.query.gate import LONGEST, check_query, position
from kg.rdf.federation import Token, tokenise

#: How many services a query may ask.
MOST_CLAUSES: Final = 8

_WORD: Final = re.compile(r"\bservice\b", re.IGNORECASE)
_NOT_A_LINE: Final = re.compile(r"[^\r\n]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One SERVICE clause.

    Attributes:
        service: the IRI that it names, in full.
        is_silent: whether its failure is nothing.
        start, opened, end: offsets of its first word, of its group's brace, and behind the brace that closes it.
        variables: those that stand in its group, in their order.
        inner: the clauses within its group.
    """

    service: str
    is_silent: bool
    start: int
    opened: int
    end: int
    variables: tuple[str, ...]
    inner: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses:
    """A query's prologue, in a form that each service is sent, and its clauses that stand in no other."""

    prologue: str
    outer: tuple[Clause, ...]


@dataclass(slots=True, eq=False)
class _Group:
    """What stands between braces that are not closed yet; of a clause also what came before them."""

    is_subquery: bool
    clause: tuple[str, bool, int, int] | None = None
    variables: dict[str, None] = field(default_factory=dict)
    inner: list[Clause] = field(default_factory=list)


def has_clauses(text: str) -> bool:
    """Whether the word SERVICE stands in a query as a word of its own, and not in a name, a string or a comment."""
    return len(text) <= LONGEST and _WORD.search(text) is not None and _has_clauses(text)


@lru_cache(16)
def _has_clauses(text: str) -> bool:
    return any(map(_is_service, tokenise(text)))


def read_clauses(text: str) -> Clauses:
    """The clauses of a query that passes the gate without them.

    Raises:
        QueryRefused: it does not, asks a service that it does not name, or asks too many.
        QuerySyntaxError: a clause stands where no pattern may, or its group is never closed.
    """
    tokens = list(tokenise(text))
    prologue, prefixes = _prologue(tokens)
    reading = _Reading(text, tokens, prefixes)
    outer = reading.clauses()
    try:
        check_query(_without_heads(text, reading.heads))
    except QueryRefused as refused:
        if refused.kind is not Refusal.FEDERATION:
            raise
        reason = f"{refused.reason}; but for SERVICE [SILENT] <IRI> {{ … }} as a pattern, its IRI or its prefix in full"
        raise QueryRefused(reason, refused.kind, refused.line, refused.column) from refused
    return Clauses(prologue=prologue, outer=outer)


class _Reading:
    """The tokens of a query, read from first to last."""

    def __init__(self, text: str, tokens: Sequence[Token], prefixes: dict[str, str]) -> None:
        self._text, self._tokens, self._prefixes = text, tokens, prefixes
        self.heads: list[tuple[int, int]] = []
        self._open: list[_Group] = []  # those of clauses: few, however deep the query is

    def clauses(self) -> tuple[Clause, ...]:
        groups = [_Group(is_subquery=True)]  # the query itself holds clauses as little as a subquery does
        at = 0
        while at < len(self._tokens):
            token = self._tokens[at]
            if _is_service(token) and (head := self._head(at)) is not None:
                at = head[1]
                groups.append(self._opened(groups[-1], token, head))
            elif token.text == "{":
                groups.append(_Group(is_subquery=self._word(at + 1) == "SELECT"))
            elif token.text == "}":
                self._close(groups, token)
            elif token.kind == "variable" and len(token.text) > 1:
                for group in self._open:
                    group.variables.setdefault(token.text[1:])
            at += 1
        if self._open:
            place = position(self._text, self.heads[-1][0])
            raise QuerySyntaxError("the group of a SERVICE is opened here and never closed", *place)
        return tuple(groups[0].inner)

    def _head(self, at: int) -> tuple[str, int] | None:
        """The service that is named behind this word, and where its group opens; None where it is not by the book."""
        at += 2 if self._word(at + 1) == "SILENT" else 1
        named = self._tokens[at : at + 2]
        if [token.text for token in named[1:]] != ["{"]:
            return None
        name = named[0]
        if name.kind == "variable":
            reason = f"SERVICE {name.text} is not run here: the service must stand in the query, as an IRI"
            raise QueryRefused(reason, Refusal.FEDERATION, *position(self._text, name.start))
        if name.kind == "iri":
            return name.text[1:-1], at + 1
        prefix, _, local = name.text.partition(":")
        if name.kind == "name" and prefix in self._prefixes and not set(local) & {"\\", "%"}:
            return self._prefixes[prefix] + local, at + 1
        return None

    def _opened(self, around: _Group, word: Token, head: tuple[str, int]) -> _Group:
        if around.is_subquery:
            raise QuerySyntaxError("a SERVICE stands between the braces of a pattern", *self._position(word))
        service, at = head
        opened = self._tokens[at].start
        self.heads.append((word.start, opened))
        if len(self.heads) > MOST_CLAUSES:
            reason = f"the query asks more than {MOST_CLAUSES} services"
            raise QueryRefused(reason, Refusal.SIZE, *self._position(word))
        is_silent = any(token.text.upper() == "SILENT" for token in self._tokens[at - 2 : at - 1])
        is_subquery = self._word(at + 1) == "SELECT"
        group = _Group(is_subquery=is_subquery, clause=(service, is_silent, word.start, opened))
        self._open.append(group)
        return group

    def _close(self, groups: list[_Group], brace: Token) -> None:
        if len(groups) == 1:
            return  # the engine will say so
        group = groups.pop()
        if group.clause is None:
            groups[-1].inner += group.inner
            return
        self._open.remove(group)
        service, is_silent, start, opened = group.clause
        clause = Clause(
            service=service,
            is_silent=is_silent,
            start=start,
            opened=opened,
            end=brace.start + 1,
            variables=tuple(group.variables),
            inner=tuple(group.inner),
        )
        groups[-1].inner.append(clause)

    def _word(self, at: int) -> str:
        token = self._tokens[at] if at < len(self._tokens) else None
        return token.text.upper() if token is not None and token.kind == "word" else ""

    def _position(self, token: Token) -> tuple[int, int]:
        return position(self._text, token.start)


def _is_service(token: Token) -> bool:
    return token.kind == "word" and token.text.upper() == "SERVICE"


def _prologue(tokens: Sequence[Token]) -> tuple[str, dict[str, str]]:
    """What a query declares before it begins, and its prefixes with their IRIs."""
    declared: list[str] = []
    prefixes: dict[str, str] = {}
    at = 0
    while at < len(tokens) and tokens[at].kind == "word":
        kinds = [token.kind for token in tokens[at : at + 3]]
        match tokens[at].text.upper(), *kinds[1:]:
            case "BASE", "iri", *_:
                declared.append(f"BASE {tokens[at + 1].text}\n")
                at += 2
            case "PREFIX", "name", "iri":
                name, iri = tokens[at + 1].text, tokens[at + 2].text
                declared.append(f"PREFIX {name} {iri}\n")
                prefixes[name.removesuffix(":")] = iri[1:-1]
                at += 3
            case "VERSION", "string", *_:
                at += 2
            case _:
                break
    return "".join(declared), prefixes


def _without_heads(text: str, heads: Iterable[tuple[int, int]]) -> str:
    """The text with a full stop in place of each SERVICE and what it names, so that all else is at its place."""
    ends = [0, *(offset for head in heads for offset in head), len(text)]
    pieces = [text[start:end] for start, end in pairwise(ends)]
    pieces[1::2] = ["." + _NOT_A_LINE.sub(" ", piece[1:]) for piece in pieces[1::2]]
    return "".join(pieces)
