"""The pieces of a query (SPARQL 1.1 §19.8), and a reader's way through them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.check.shacl.query.syntax import Beyond

_TOKEN: Final = re.compile(
    r"""\s+|\#[^\r\n]*
    |(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    |(?P<variable>[?$][\w·]+)
    |(?P<string>\"\"\"(?:[^"\\]|\\.|"{1,2}(?!"))*\"\"\"|'''(?:[^'\\]|\\.|'{1,2}(?!'))*'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)
    |(?P<blank>_:[\w.-]*\w)
    |(?P<name>(?:[^\W\d_][\w.-]*)?:(?:[\w:%](?:[\w:.%-]*[\w:%-])?)?)
    |(?P<word>[A-Za-z_]+)
    |(?P<sign>&&|\|\||!=|<=|>=|\^\^|[{}()\[\].;,=<>!+*/|^?-])""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query; `kind` is a group of the token pattern, `start` its place in the text."""

    kind: str
    text: str
    start: int = -1

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords, or signs, in whatever case."""
        return self.kind in ("word", "sign") and self.text.upper() in words


def tokens(text: str) -> Iterator[Token]:
    """The pieces of a query, without spaces and comments.

    Raises:
        Beyond: something in it is no token of ours.
    """
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise Beyond(text[place : place + 20])
        if match.lastgroup:
            yield Token(match.lastgroup, match[0], place)
        place = match.end()


_END: Final = Token("end", "")


class Cursor:
    """A place among the pieces of a query, moved on by what is taken.

    Args:
        text: the query.

    Raises:
        Beyond: something in it is no token of ours.
    """

    def __init__(self, text: str) -> None:
        self._tokens = [*tokens(text), _END]
        self._place = 0

    @property
    def token(self) -> Token:
        """The piece that comes next."""
        return self._tokens[self._place]

    @property
    def following(self) -> Token:
        """The piece behind that."""
        return self._tokens[self._place + 1]

    @property
    def at_end(self) -> bool:
        """Whether all has been taken."""
        return self.token is _END

    def take(self, kind: str = "") -> Token:
        """The next piece, which must be of this kind.

        Raises:
            Beyond: it is of another.
        """
        token = self.token
        if kind and token.kind != kind:
            raise Beyond(f"{token.text}, not a {kind}")
        self._place += 1
        return token

    def taken(self, *words: str) -> Token | None:
        """The next piece if it is one of these words or signs."""
        return self.take() if self.token.is_word(*words) else None

    def expect(self, sign: str) -> None:
        """Takes this sign or keyword.

        Raises:
            Beyond: something else comes next.
        """
        if not self.taken(sign):
            raise Beyond(f"{self.token.text}, not {sign}")
