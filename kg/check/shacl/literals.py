"""Terms as N-Triples writes them, and what literals are worth.

In the compiled engine a term is its N-Triples text: an IRI in angle brackets, a blank node behind `_:`, a literal in
quotes. Two terms are the same exactly when their texts are, so a page needs no objects but strings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from kg.rdf.vocab import RDF, XSD

LANG_STRING: Final = RDF("langString").value
STRING: Final = XSD("string").value

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED: Mapping[str, str] = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_TO_ESCAPE: Mapping[int, str] = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)


class Literal(NamedTuple):
    """The parts of a literal; `datatype` is an IRI without brackets, `language` is empty where there is none."""

    lexical: str
    datatype: str
    language: str


def is_literal(term: str) -> bool:
    """Whether the term is a literal."""
    return term[0] == '"'


def is_blank(term: str) -> bool:
    """Whether the term is a blank node."""
    return term[0] == "_"


def is_iri(term: str) -> bool:
    """Whether the term is an IRI, and no triple of RDF 1.2."""
    return term[0] == "<" and term[1:2] != "<"


def literal(term: str) -> Literal:
    """The parts of a literal."""
    end = term.rindex('"')
    lexical = unescaped(term[1:end])
    tail = term[end + 1 :]
    if not tail:
        return Literal(lexical, STRING, "")
    if tail[0] == "@":
        return Literal(lexical, LANG_STRING, tail[1:].partition("--")[0])
    return Literal(lexical, tail[3:-1], "")


def words(term: str) -> str:
    """What SPARQL's STR gives: an IRI without brackets, a literal's lexical form; a blank node's label."""
    first = term[0]
    if first == '"':
        return unescaped(term[1 : term.rindex('"')])
    return term[1:-1] if first == "<" else term[2:]


def unescaped(text: str) -> str:
    """The characters that a quoted text of N-Triples stands for."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def plain(text: str) -> str:
    """The text as a literal of type xsd:string."""
    return f'"{text.translate(_TO_ESCAPE)}"'


def typed(text: str, datatype: str) -> str:
    """The text as a literal of this datatype, an IRI."""
    return plain(text) if datatype == STRING else f"{plain(text)}^^<{datatype}>"


def tagged(text: str, language: str) -> str:
    """The text as a literal in this language."""
    return f"{plain(text)}@{language}"


def _character(match: re.Match[str]) -> str:
    short, long, sign = match.groups()
    return chr(int(short or long, 16)) if short or long else _ESCAPED.get(sign, sign)
