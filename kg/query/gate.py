"""What a query must pass before a worker sees it: a lexer, not a parser, in linear time.

The engine's parser needs no spaces between keywords: it reads `SERVICE:x {}`, `trueSERVICE:x {}` and, after a
comparison, `FILTER(?a<1)SERVICE#>` as federation, where a lexer by the book sees a prefixed name or an IRI. So a word
counts as SERVICE wherever the engine could read it as one, and the tests put random mixtures of such pieces to both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Final, NamedTuple

from kg.model.errors import QueryRefused, QuerySyntaxError, Refusal

LONGEST: Final = 64 * 1024
DEEPEST: Final = 64
MOST_TOKENS: Final = 20_000

_UPDATES: Final = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"})
_PROLOGUE: Final = frozenset({"BASE", "PREFIX", "VERSION"})
_GRAPH_NAME_FOLLOWS: Final = frozenset({"GRAPH", "FROM", "NAMED"})
_OPENING: Final = frozenset({"{", "(", "[", "<<"})
_CLOSING: Final = frozenset({"}", ")", "]", ">>"})

# Names take every character that has no other part in the grammar: more than SPARQL allows, never less.
_NAME = r"A-Za-z0-9_\u0080-\U0010ffff"
_TOKEN = re.compile(
    rf"""
      (?P<space>[ \t\r\n]++ | \#[^\r\n]*+)
    | (?P<iri><[^<>"{{}}|^`\x00-\x20]*+>)
    | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*+'''
        | "(?!"")(?:[^"\\\r\n]|\\.)*+" | '(?!'')(?:[^'\\\r\n]|\\.)*+' | ""(?!") | ''(?!'))
    | (?P<unclosed>["'])
    | (?P<variable>[?$][{_NAME}]*+)
    | (?P<language>@[A-Za-z0-9-]*+)
    | (?P<name>[{_NAME}.\-]*+:(?:(?:[{_NAME}:]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])
        (?:[{_NAME}:.\-]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])*+)?)
    | (?P<word>[{_NAME}.\-]++)
    | (?P<sign><<|>>|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LAST_CODE_POINT: Final = 0x10FFFF


class Token(NamedTuple):
    """A token of SPARQL; kind is a group's name in the lexer's pattern."""

    kind: str
    text: str
    start: int


def check_query(text: str) -> None:
    """Lets a query for the read route pass, or says why it is not run.

    Raises:
        QueryRefused: it is too long, too deep or of too many tokens, reaches other machines, or is an update.
        QuerySyntaxError: a string in it is never closed, or it is no Unicode text.
    """
    _check_length(text)
    tokens = _bounded(text)
    _check_federation(tokens)
    _check_first_keyword(tokens)
    unescaped = _CODE_POINT.sub(_code_point, text)
    if unescaped != text:
        # The engine reads escapes in strings and IRIs alone; SPARQL 1.1 lets them stand for any character.
        _check_federation(list(takewhile(lambda token: token.kind != "unclosed", tokenise(unescaped))))


def tokenise(text: str) -> Iterator[Token]:
    """The tokens of a query, without white space and comments.

    An IRI that holds a closing bracket and the word "service" may be a comparison and a federated query behind it
    (`?a<1)SERVICE#>`), so its `<` is read as a sign.
    """
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise AssertionError(f"no token at {at}: the pattern's last branch takes any character")
        kind, found = match.lastgroup, match.group()
        if kind == "iri" and ")" in found and _names_service(found):
            kind, found = "sign", "<"
        at += len(found)
        if kind != "space":
            yield Token(kind, found, at - len(found))


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
            raise QuerySyntaxError("a string is opened here and never closed", *_position(text, token.start))
        if token.kind == "sign":
            depth = max(0, depth + (token.text in _OPENING) - (token.text in _CLOSING))
        if depth > DEEPEST:
            raise QueryRefused(f"brackets are nested deeper than {DEEPEST}", Refusal.SIZE)
        if len(tokens) > MOST_TOKENS:
            raise QueryRefused(f"the query has more than {MOST_TOKENS} tokens", Refusal.SIZE)
    return tokens


def _check_federation(tokens: list[Token]) -> None:
    for index, token in enumerate(tokens):
        if token.kind == "word" and (_names_service(token.text) or token.text.upper() == "LOAD"):
            raise QueryRefused("SERVICE and LOAD are not run here: they would reach other machines")
        if token.kind == "name" and _hides_service(tokens, index):
            raise QueryRefused(f"{token.text} {{ would be read as SERVICE, which is not run here; use another prefix")


def _hides_service(tokens: list[Token], index: int) -> bool:
    """Whether a prefixed name may be read as SERVICE and a name: its prefix holds that word and a group follows."""
    prefix = tokens[index].text.partition(":")[0]
    if not _names_service(prefix) or [token.text for token in tokens[index + 1 : index + 2]] != ["{"]:
        return False
    return index == 0 or tokens[index - 1].text.upper() not in _GRAPH_NAME_FOLLOWS


def _check_first_keyword(tokens: list[Token]) -> None:
    for token in tokens:
        if token.kind == "word" and token.text.upper() not in _PROLOGUE:
            if token.text.upper() in _UPDATES:
                raise QueryRefused(
                    f"{token.text.upper()} is an update; queries alone are answered here", Refusal.UPDATE
                )
            return


def _names_service(text: str) -> bool:
    return "service" in text.casefold()


def _code_point(match: re.Match[str]) -> str:
    number = int(match.group(1) or match.group(2), 16)
    return chr(number) if number <= _LAST_CODE_POINT else match.group()


def _position(text: str, at: int) -> tuple[int, int]:
    line = text.count("\n", 0, at) + 1
    return line, at - (text.rfind("\n", 0, at) + 1) + 1
