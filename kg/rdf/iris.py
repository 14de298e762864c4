"""Minting: pure, deterministic and injective.

Every IRI is `{base}` followed by segments of `[a-z0-9-]`. A segment is made from a name's *identity key*: the name in
NFKC, case-folded, white space collapsed. Where the key is made of `[a-z0-9]` words alone, the segment is those words
joined by hyphens and the key can be read back from it. Where it is not, transliteration loses something, so a digest of
the key follows a double hyphen, which no lossless segment contains.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_PLAIN = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
_OTHER = re.compile(r"[^a-z0-9]+")
_LONGEST = 80
_DIGEST = 16
_EVIDENCE = frozenset({"claim", "mention", "gap", "page", "curated"})
_PASSAGE = "#char="


@lru_cache(maxsize=4096)
def identity_key(name: str) -> str:
    """What makes two printed names the same name."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def segment(name: str) -> str:
    """One path segment for a name; different identity keys give different segments.

    >>> segment("Shen Hengchao")
    'shen-hengchao'
    >>> segment("Shen-Hengchao")
    'shen-hengchao--eb09940b4eecf698'

    Raises:
        ValueError: the name is empty or blank.
    """
    key = identity_key(name)
    if not key:
        raise ValueError("a blank name cannot be minted")
    if _PLAIN.fullmatch(key) and len(key) <= _LONGEST:
        return key.replace(" ", "-")
    return marked_segment(name)


@lru_cache(maxsize=4096)
def marked_segment(name: str) -> str:
    """A path segment that always carries the digest, so that it differs from every key chosen by hand."""
    key = identity_key(name)
    mark = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    readable = _OTHER.sub("-", anyascii(key).casefold()).strip("-")[:_LONGEST].rstrip("-")
    return f"{readable or 'x'}--{mark}"


class Minter:
    """Mints every IRI of a deployment under its public base, such as `http://127.0.0.1:8000/`."""

    def __init__(self, base: str) -> None:
        self.base = base

    def thing(self, kind: str, *segments: str) -> str:
        """`{base}id/{kind}/{segments…}`; the segments are already of `[a-z0-9-]`."""
        return f"{self.base}id/{kind}/{'/'.join(segments)}"

    def term(self, kind: str, *segments: str) -> str:
        """The same as N-Triples writes it; nobody looks at it again, so each segment is known to be sound."""
        return f"<{self.base}id/{kind}/{'/'.join(segments)}>"

    def graph(self, *segments: str) -> str:
        """`{base}graph/{segments…}`: the IRI of a named graph."""
        return f"{self.base}graph/{'/'.join(segments)}"

    def passage(self, report: str, start: int, end: int) -> str:
        """The passage's IRI by RFC 5147: the report's with `#char=start,end`."""
        return f"{report}{_PASSAGE}{start},{end}"

    def key(self, iri: str) -> str | None:
        """The part after `{base}id/`, or None for an IRI minted elsewhere."""
        prefix = f"{self.base}id/"
        return iri[len(prefix) :] if iri.startswith(prefix) else None

    def is_evidence(self, iri: str) -> bool:
        """Whether an IRI names what only the page or file says something of that it bears the name of."""
        key = self.key(iri)
        return key is not None and (key.partition("/")[0] in _EVIDENCE or _PASSAGE in key)
