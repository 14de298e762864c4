"""What SHACL does not allow in queries (SHACL §5.2.1, Appendix A)."""

from __future__ import annotations

from kg.check.shacl.query.syntax import Beyond
from kg.check.shacl.query.tokens import Token, tokens

_REFUSED = {
    "MINUS": "MINUS, which SHACL does not allow in constraints",
    "VALUES": "VALUES, which SHACL does not allow in constraints",
    "SERVICE": "SERVICE, which SHACL does not allow in constraints",
}


def refuse(text: str, bound: frozenset[str]) -> None:
    """Refuses a query that SHACL does not allow.

    Args:
        text: the query.
        bound: the variables that will be bound beforehand, with question marks.

    Raises:
        ValueError: it has what SHACL does not allow, or what is no SPARQL; the message says what.
    """
    try:
        found = list(tokens(text))
    except Beyond as error:
        raise ValueError(f"no SPARQL: {error}") from error
    depth = 0
    for place, token in enumerate(found):
        depth += (token.text == "{") - (token.text == "}")
        if token.kind == "word" and token.text.upper() in _REFUSED:
            raise ValueError(_REFUSED[token.text.upper()])
        following = found[place + 1] if place + 1 < len(found) else token
        if token.is_word("AS") and variable_name(following) in bound:
            raise ValueError(f"{following.text} is bound beforehand and cannot be bound anew by AS")
        if token.is_word("SELECT") and depth and "?this" not in _selected(found[place + 1 :]):
            raise ValueError("a nested SELECT that does not select $this, which is bound beforehand")


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
