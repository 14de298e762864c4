"""What an update's text may be: so long, so deep, and about this machine alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kg.model.writes import WriteOutcome
from kg.rdf.federation import Token, federation, federation_start, tokenise
from kg.writing.declined import Declined

#: The longest update, in bytes; a graph that is put may be longer.
LONGEST: Final = 1024 * 1024
MOST_TOKENS: Final = 200_000
DEEPEST: Final = 64

_OPENING: Final = frozenset({"{", "(", "[", "<<"})
_CLOSING: Final = frozenset({"}", ")", "]", ">>"})


def check_text(text: str) -> None:
    """Lets an update pass that is short enough, shallow enough, and stays on this machine.

    Raises:
        Declined: it is not.
    """
    bounded_tokens(text)
    check_offline(text)


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


def check_offline(text: str) -> None:
    """Lets an update pass that reaches no other machine.

    Raises:
        Declined: it has SERVICE or LOAD.
    """
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
