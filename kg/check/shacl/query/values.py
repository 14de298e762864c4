"""What a SPARQL expression computes with, and what it takes a term for (SPARQL 1.1 §17.2 and §17.3).

A value is a term, or while it is being computed a Python number, a boolean, or a `Words` for an xsd:string.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from kg.check.shacl.comparison import compare, ordered
from kg.check.shacl.literals import LANG_STRING, STRING, is_literal, literal, plain, tagged, typed, unescaped
from kg.rdf.vocab import XSD


class Words(str):
    """The words of an xsd:string that was computed and is not yet a term."""

    __slots__ = ()


Value = str | Words | bool | int | Decimal | float


class TypeFault(Exception):  # noqa: N818 - SPARQL's type error: a value, of a kind, that a filter takes for false
    """An expression has no value: something is unbound, or of the wrong type."""


def term(value: Value) -> str:
    """A value as a term."""
    if isinstance(value, bool):
        return typed("true" if value else "false", XSD("boolean").value)
    if isinstance(value, Words):
        return plain(str(value))
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return typed(str(value), XSD("integer").value)
    return typed(str(value), XSD("decimal" if isinstance(value, Decimal) else "double").value)


def truth(value: Value) -> bool:
    """The effective boolean value (SPARQL 1.1 §17.2.2).

    Raises:
        TypeFault: it has none.
    """
    if not isinstance(value, str) or isinstance(value, Words):
        return bool(value)
    if not is_literal(value):
        raise TypeFault
    parts = literal(value)
    if parts.datatype in (STRING, LANG_STRING):
        return bool(parts.lexical)
    kind, known, _ = ordered(value)
    if kind not in ("number", "boolean"):
        raise TypeFault
    return bool(known) and known == known  # noqa: PLR0124 # NaN is false


def equal(left: Value, right: Value) -> bool:
    """SPARQL's `=`.

    Raises:
        TypeFault: nobody knows whether they are equal: literals of unknown datatypes.
    """
    if type(left) is type(right) and left == right:
        return left == left  # noqa: PLR0124 # NaN is not itself
    if isinstance(left, Words) and isinstance(right, Words):
        return False
    first, second = term(left), term(right)
    if first == second:
        kind, known, _ = ordered(first) if is_literal(first) else (None, "", False)
        return kind is None or known == known  # noqa: PLR0124 # as above
    if not (is_literal(first) and is_literal(second)):
        return False
    kinds = ordered(first)[0], ordered(second)[0]
    if kinds[0] is None or kinds[1] is None:
        if literal(first).language or literal(second).language:
            return False
        raise TypeFault
    return compare(first, second) == 0


def order(left: Value, right: Value) -> int:
    """Less than zero, zero or more, as the first is less than, equal to or greater than the second.

    Raises:
        TypeFault: they do not compare.
    """
    if isinstance(left, Words) and isinstance(right, Words):
        return (str(left) > str(right)) - (str(left) < str(right))
    compared = compare(term(left), term(right))
    if compared is None:
        raise TypeFault
    return compared


def number(value: Value) -> int | Decimal | float:
    """The number that a value is.

    Raises:
        TypeFault: it is none.
    """
    if type(value) is not str:  # computed
        if isinstance(value, (bool, Words)):
            raise TypeFault
        return value  # type: ignore[return-value] # what is left are numbers
    return _number_of(value)


@lru_cache(maxsize=4096)
def _number_of(told: str) -> int | Decimal | float:
    kind, known, _ = ordered(told) if is_literal(told) else (None, "", False)
    if kind != "number":
        raise TypeFault
    return known  # type: ignore[return-value] # of this kind there are numbers alone


def text_of(value: Value) -> str:
    """The words of a string, with a language or without.

    Raises:
        TypeFault: it is no string.
    """
    if isinstance(value, Words):
        return str(value)
    if isinstance(value, str) and is_literal(value):
        if value[-1] == '"':
            return unescaped(value[1:-1])
        parts = literal(value)
        if parts.datatype in (STRING, LANG_STRING):
            return parts.lexical
    raise TypeFault


def like(model: Value, text: str) -> Value:
    """The text, in the language of the string that it was made from."""
    if isinstance(model, Words) or not isinstance(model, str):
        return Words(text)
    language = literal(model).language
    return tagged(text, language) if language else Words(text)
