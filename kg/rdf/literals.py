"""Terms as canonical N-Triples writes them, checked where text goes in.

They are the texts that pyoxigraph gives for the same terms; tests compare the two for every character there is. What
most terms are made of is accepted by one look, and pyoxigraph itself decides on the rest.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.model.dates import PartialDate
from kg.rdf.vocab import XSD

#: The local names of the types of dates, by the length of what is written.
DATE_TYPES: Final = {4: "gYear", 7: "gYearMonth", 10: "date"}
_INTEGER, _DECIMAL = (f'"^^{XSD(name)}' for name in ("integer", "decimal"))
_DATES: Final = {length: f'"^^{XSD(name)}' for length, name in DATE_TYPES.items()}
#: IRIs of RFC 3986 with an authority and without percent signs: all that is minted, and most of what is kept by hand.
_usual_iri: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*://[A-Za-z0-9.-]+(?::[0-9]{1,4})?/[A-Za-z0-9/._~,;=:@!$&'()*+-]*"
    r"(?:#[A-Za-z0-9/._~,;=:@!$&'()*+-]*)?"
).fullmatch
#: What canonical N-Triples escapes (RDF 1.2 N-Triples, section 3), and surrogates, which no literal can hold.
_SPECIAL: Final = re.compile('[\x00-\x1f"\\\\\x7f\ud800-\udfff\ufffe\uffff]')
_SHORT: Final = {
    "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"
}  # fmt: skip
_SURROGATES: Final = range(0xD800, 0xE000)


def iri(address: str) -> str:
    """An IRI.

    Raises:
        ValueError: it is none (RFC 3987).
    """
    return f"<{address}>" if _usual_iri(address) else str(NamedNode(address))


def plain(words: str) -> str:
    """An xsd:string.

    Raises:
        ValueError: the words hold a surrogate.
    """
    if words.isprintable() and '"' not in words and "\\" not in words:
        return f'"{words}"'
    return f'"{_SPECIAL.sub(_escaped, words)}"'


def text(words: str, language: str) -> str:
    """Words of a language (BCP 47).

    Raises:
        ValueError: the language is none, or the words hold a surrogate.
    """
    return plain(words) + _tag(language)


def integer(number: int) -> str:
    """An xsd:integer."""
    return f'"{number}{_INTEGER}'


@lru_cache(maxsize=256)
def decimal(number: Decimal) -> str:
    """An xsd:decimal in canonical form (XML Schema 1.1 part 2, 3.3.3.1), which is also what the store makes of it."""
    plain = f"{number:f}"
    return f'"{plain.rstrip("0").rstrip(".") if "." in plain else plain}{_DECIMAL}'


def year(number: int) -> str:
    """An xsd:gYear."""
    return f'"{number:04d}{_DATES[4]}'


def date(value: PartialDate) -> str:
    """An xsd:gYear, xsd:gYearMonth or xsd:date, as precise as the source."""
    written = value.iso
    return f'"{written}{_DATES[len(written)]}'


@lru_cache(maxsize=64)
def _tag(language: str) -> str:
    return str(Literal("", language=language))[2:]


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    if ord(character) in _SURROGATES:
        raise ValueError(f"the surrogate U+{ord(character):04X} is no character; expected text without it")
    return _SHORT.get(character) or f"\\u{ord(character):04X}"
