"""What SHACL does not allow in queries (SHACL §5.2.1, Appendix A)."""

from __future__ import annotations

import re
from typing import Final

from kg.check.shacl.query.syntax import Beyond
from kg.check.shacl.query.tokens import Token, tokens
from kg.rdf.federation import federation

#: A prefix and a namespace that can stand in a declaration without ending it (SPARQL 1.1 §19.8, PN_PREFIX and IRIREF).
PREFIX_NAME: Final = re.compile(r"(?:[^\W\d_](?:[\w.-]*[\w-])?)?")
NAMESPACE: Final = re.compile(r"""[^<>"{}|^`\\\x00-\x20]*""")

_REFUSED = {
    "MINUS": "MINUS, which SHACL does not allow in constraints",
    "VALUES": "VALUES, which SHACL does not allow in constraints",
}
#: What a nested SELECT need not select.
_OPTIONAL = {"?shapesGraph", "?currentShape"}


def refuse(text: str, bound: frozenset[str]) -> None:
    """Refuses a query that SHACL does not allow.

    Args:
        text: the query.
        bound: the variables that will be bound beforehand, with question marks.

    Raises:
        ValueError: it has what SHACL does not allow, or what is no SPARQL; the message says what.
    """
    reason = federation(text)
    if reason:
        raise ValueError(reason)
    try:
        found = list(tokens(text))
    except Beyond as error:
        raise ValueError(f"no SPARQL: {error}") from error
    depth = 0
    for place, token in enumerate(found):
        depth += (token.text == "{") - (token.text == "}")
        following = found[place + 1 :]
        if token.kind == "word" and token.text.upper() in _REFUSED:
            raise ValueError(_REFUSED[token.text.upper()])
        if token.is_word("AS") and following and variable_name(following[0]) in bound:
            raise ValueError(f"{following[0].text} is bound beforehand and cannot be bound anew by AS")
        if token.is_word("SELECT"):
            _refuse_selection(_selected(following), bound - _OPTIONAL if depth else frozenset())


def _refuse_selection(selected: set[str], needed: frozenset[str]) -> None:
    missing = sorted(needed - selected)
    if missing:
        raise ValueError(f"a nested SELECT that does not select {missing[0]}, which is bound beforehand")
    if "?failure" in selected:
        raise ValueError("?failure, by which a constraint would end the whole check, is not supported")


def _selected(following: list[Token]) -> set[str]:
    names = set()
    for token in following:
        if token.text == "{" or token.is_word("WHERE"):
            break
        names.add(variable_name(token))
    return names


def variable_name(token: Token) -> str:
    """The variable that a token is, with a question mark; empty where it is none."""
    return f"?{token.text[1:]}" if token.kind == "variable" else ""
