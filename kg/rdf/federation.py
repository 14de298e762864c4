"""Whether a query would reach other machines: a lexer, not a parser, in linear time.

The engine's parser needs no spaces between keywords: it reads `SERVICE:x {}`, `trueSERVICE:x {}` and, after a
comparison, `FILTER(?a<1)SERVICE#>` as federation, where a lexer by the book sees a prefixed name or an IRI. So a word
counts as SERVICE wherever the engine could read it as one, and the tests put random mixtures of such pieces to both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Final, NamedTuple

_GRAPH_NAME_FOLLOWS: Final = frozenset({"GRAPH", "FROM", "NAMED"})

# Names take every character that has no other part in the grammar: more than SPARQL allows, never less.
# Said by what they leave out, all of it ASCII: a class of a million characters takes 6 ms each to compile.
_NOT_IN_NAMES = r"\x00-,/;-@\[-\^`{-\x7f"  # beside : . - which stand in some
_TOKEN = re.compile(
    rf"""
      (?P<space>[ \t\r\n]++ | \#[^\r\n]*+)
    | (?P<iri><[^<>"{{}}|^`\x00-\x20]*+>)
    | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*+'''
        | "(?!"")(?:[^"\\\r\n]|\\.)*+" | '(?!'')(?:[^'\\\r\n]|\\.)*+' | ""(?!") | ''(?!'))
    | (?P<unclosed>["'])
    | (?P<variable>[?$][^{_NOT_IN_NAMES}:.\-]*+)
    | (?P<language>@[A-Za-z0-9-]*+)
    | (?P<name>[^{_NOT_IN_NAMES}:]*+:(?:(?:[^{_NOT_IN_NAMES}.\-]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])
        (?:[^{_NOT_IN_NAMES}]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])*+)?)
    | (?P<word>[^{_NOT_IN_NAMES}:]++)
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


def federation(text: str) -> str:
    """Why a query is not run: it has SERVICE or LOAD, in any spelling that the engine reads. Empty where it has not."""
    found = _federation(list(tokenise(text))) if _may_federate(text) else ""
    unescaped = _CODE_POINT.sub(_code_point, text)
    if found or unescaped == text or not _may_federate(unescaped):
        return found
    # The engine reads escapes in strings and IRIs alone; SPARQL 1.1 lets them stand for any character.
    return _federation(list(takewhile(lambda token: token.kind != "unclosed", tokenise(unescaped))))


def federation_start(text: str) -> int | None:
    """Where in a query that is not run the word stands that is why; None where it is spelled with escapes."""
    tokens = list(tokenise(text))
    return next((token.start for index, token in enumerate(tokens) if _reason(tokens, index)), None)


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


def _may_federate(text: str) -> bool:
    """Whether the letters of either word stand in the text at all: most texts are spared the look at each token."""
    folded = text.casefold()
    return "service" in folded or "load" in folded


def _federation(tokens: list[Token]) -> str:
    return next(filter(None, (_reason(tokens, index) for index in range(len(tokens)))), "")


def _reason(tokens: list[Token], index: int) -> str:
    """Why this token makes a query one that is not run; empty where it does not."""
    token = tokens[index]
    if token.kind == "word" and (_names_service(token.text) or token.text.upper() == "LOAD"):
        return "SERVICE and LOAD are not run here: they would reach other machines"
    if token.kind == "name" and _hides_service(tokens, index):
        return f"{token.text} {{ would be read as SERVICE, which is not run here; use another prefix"
    return ""


def _hides_service(tokens: list[Token], index: int) -> bool:
    """Whether a prefixed name may be read as SERVICE and a name: its prefix holds that word and a group follows."""
    prefix = tokens[index].text.partition(":")[0]
    if not _names_service(prefix) or [token.text for token in tokens[index + 1 : index + 2]] != ["{"]:
        return False
    return index == 0 or tokens[index - 1].text.upper() not in _GRAPH_NAME_FOLLOWS


def _names_service(text: str) -> bool:
    return "service" in text.casefold()


def _code_point(match: re.Match[str]) -> str:
    number = int(match.group(1) or match.group(2), 16)
    return chr(number) if number <= _LAST_CODE_POINT else match.group()
