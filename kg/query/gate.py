"""What a query must pass before a worker sees it: a lexer, not a parser, in linear time."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from kg.model.errors import QueryRefused, QuerySyntaxError, Refusal
from kg.rdf.federation import Token, federation, federation_start, tokenise

LONGEST: Final = 64 * 1024
DEEPEST: Final = 64
MOST_TOKENS: Final = 20_000

_UPDATES: Final = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"})
_SUSPICIOUS: Final = ("SERVICE", *sorted(_UPDATES), "\\")
_FLEETING: Final = ("NOW", "RAND", "UUID")
_LONGEST_KNOWN: Final = 2048  # characters before the first brace that are remembered
_PROLOGUE: Final = frozenset({"BASE", "PREFIX", "VERSION"})
_OPENING: Final = frozenset({"{", "(", "[", "<<"})
_CLOSING: Final = frozenset({"}", ")", "]", ">>"})


def check_query(text: str) -> None:
    """Lets a query for the read route pass, or says why it is not run.

    Raises:
        QueryRefused: it is too long, too deep or of too many tokens, reaches other machines, or is an update.
        QuerySyntaxError: a string in it is never closed, or it is no Unicode text.
    """
    _check_length(text)
    if is_plain(text):
        return
    tokens = _bounded(text)
    reason = federation(text)
    if reason:
        start = federation_start(text)
        raise QueryRefused(reason, Refusal.FEDERATION, *((None, None) if start is None else position(text, start)))
    _check_first_keyword(tokens, text)


def is_plain(text: str) -> bool:
    """Whether it passes, nothing that is looked for being in it however it is read.

    Telling so takes a hundredth of the time; what is not plain may pass all the same.
    """
    return len(text) <= MOST_TOKENS and _looked_through(text).is_plain


def is_lasting(text: str) -> bool:
    """Whether it is plain, and holds nothing that asks for the time or chance, however it is read."""
    found = _looked_through(text)
    return found.is_plain and not found.may_vary


class _Look(NamedTuple):
    """What a look at a text's letters finds."""

    opened: int
    quotes: int
    apostrophes: int
    is_suspicious: bool
    may_vary: bool

    @property
    def is_plain(self) -> bool:
        return not (self.is_suspicious or self.opened > DEEPEST or self.quotes % 2 or self.apostrophes % 2)


def _looked_through(text: str) -> _Look:
    """No word that is looked for holds a brace; what stands before the first one is mostly the same."""
    start, _, rest = text.partition("{")
    before, behind = _known(start) if len(start) <= _LONGEST_KNOWN else _look(start), _look(rest)
    return _Look(
        before.opened + behind.opened + 1,
        before.quotes + behind.quotes,
        before.apostrophes + behind.apostrophes,
        before.is_suspicious or behind.is_suspicious,
        before.may_vary or behind.may_vary,
    )


def _look(text: str) -> _Look:
    holds = text.upper().__contains__
    return _Look(
        text.count("{") + text.count("(") + text.count("[") + text.count("<"),
        text.count('"'),
        text.count("'"),
        any(map(holds, _SUSPICIOUS)),
        any(map(holds, _FLEETING)),
    )


@lru_cache(256)
def _known(text: str) -> _Look:
    return _look(text)


def _check_length(text: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise QuerySyntaxError(f"the query is no Unicode text: {error.reason}") from error
    if size > LONGEST:
        raise QueryRefused(f"the query has {size} bytes; at most {LONGEST} are read", Refusal.SIZE)


def _bounded(text: str) -> list[Token]:
    tokens: list[Token] = []
    depth = 0
    for token in tokenise(text):
        tokens.append(token)
        if token.kind == "unclosed":
            raise QuerySyntaxError("a string is opened here and never closed", *position(text, token.start))
        if token.kind == "sign":
            depth = max(0, depth + (token.text in _OPENING) - (token.text in _CLOSING))
        if depth > DEEPEST:
            place = position(text, token.start)
            raise QueryRefused(f"brackets are nested deeper than {DEEPEST}", Refusal.SIZE, *place)
        if len(tokens) > MOST_TOKENS:
            place = position(text, token.start)
            raise QueryRefused(f"the query has more than {MOST_TOKENS} tokens", Refusal.SIZE, *place)
    return tokens


def _check_first_keyword(tokens: list[Token], text: str) -> None:
    for token in tokens:
        if token.kind == "word" and token.text.upper() not in _PROLOGUE:
            if token.text.upper() in _UPDATES:
                reason = f"{token.text.upper()} is an update; queries alone are answered here"
                raise QueryRefused(reason, Refusal.UPDATE, *position(text, token.start))
            return


def position(text: str, at: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1."""
    line = text.count("\n", 0, at) + 1
    return line, at - (text.rfind("\n", 0, at) + 1) + 1
