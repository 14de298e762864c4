"""A place among the tokens of an update, which goes from the first to the last."""

from __future__ import annotations

from collections.abc import Collection

from kg.rdf.federation import Token
from kg.writing.bounds import bounded_tokens, declined_at
from kg.writing.declined import Declined


class Cursor:
    """The next token of an update, and what can be read from there.

    Attributes:
        at: the index of that token; their number at the end.
    """

    def __init__(self, text: str) -> None:
        """A cursor at the first token.

        Raises:
            Declined: the text is too long or nested too deeply.
        """
        self._text, self._tokens, self.at = text, bounded_tokens(text), 0

    @property
    def is_at_end(self) -> bool:
        """Whether every token was passed."""
        return self.at == len(self._tokens)

    @property
    def end(self) -> int:
        """Offset of what follows the last token that was passed."""
        last = self._tokens[self.at - 1]
        return last.start + len(last.text)

    def start(self, index: int) -> int:
        """Offset of the token at this index."""
        return self._tokens[index].start

    def passed(self, begun: int) -> str:
        """The text from the token at this index to the last one that was passed."""
        return self._text[self.start(begun) : self.end]

    def word(self, ahead: int = 0) -> str:
        """The keyword here, or so many tokens ahead, in capitals; empty where none stands there."""
        at = self.at + ahead
        if at >= len(self._tokens) or self._tokens[at].kind != "word":
            return ""
        return self._tokens[at].text.upper()

    def advance(self, count: int = 1) -> None:
        """Passes so many tokens."""
        self.at += count

    def skip(self, word: str) -> bool:
        """Passes a keyword where it stands here, and says whether it did."""
        is_here = self.word() == word
        self.at += is_here
        return is_here

    def skip_kinds(self, kinds: Collection[str]) -> None:
        """Passes all tokens of these kinds that stand here."""
        while not self.is_at_end and self._tokens[self.at].kind in kinds:
            self.at += 1

    def expect(self, text: str) -> None:
        """Passes a keyword or a sign.

        Raises:
            Declined: something else stands here.
        """
        if self.is_at_end or self._tokens[self.at].text.upper() != text:
            raise self._missing(text)
        self.at += 1

    def reference(self) -> str:
        """Passes an IRI or a prefixed name, and gives it as it is written.

        Raises:
            Declined: something else stands here.
        """
        token = None if self.is_at_end else self._tokens[self.at]
        if token is None or token.kind not in ("iri", "name"):
            raise self._missing("the IRI of a graph")
        self.at += 1
        return token.text

    def group(self) -> list[Token]:
        """Passes a brace, its partner and all between them, and gives the tokens between.

        Raises:
            Declined: no brace stands here, or it is never closed.
        """
        begun = self.at
        if self.is_at_end or self._tokens[begun].text != "{":
            raise self._missing("{")
        self.at = past_group(self._tokens, begun)
        if self._tokens[self.at - 1].text != "}":
            raise declined_at(self._text, self.start(begun), "a brace is opened here and never closed")
        return self._tokens[begun + 1 : self.at - 1]

    def _missing(self, expected: str) -> Declined:
        at = len(self._text) if self.is_at_end else self.start(self.at)
        return declined_at(self._text, at, f"here {expected} is expected, its keywords apart")


def past_group(tokens: list[Token], at: int) -> int:
    """The index behind the brace that closes the one at this index; the end where none does."""
    depth = 0
    while at < len(tokens):
        depth += (tokens[at].text == "{") - (tokens[at].text == "}")
        at += 1
        if depth <= 0:
            break
    return at
