"""Content negotiation by RFC 9110: the best of what we offer for what a client accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar

from kg.rdf.formats import GraphFormat, ResultsFormat

T = TypeVar("T")

HTML: Final = "text/html"

_QUALITY: Final = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")

# Media types that clients send for these formats, without parameters; we answer with the first of each.
RESULTS: Final[Mapping[str, ResultsFormat]] = {
    **{offered.media_type.partition(";")[0]: offered for offered in ResultsFormat},
    "application/json": ResultsFormat.JSON,
    "application/xml": ResultsFormat.XML,
    "text/xml": ResultsFormat.XML,
}
_GRAPH_ORDER: Final = (
    GraphFormat.TURTLE,
    GraphFormat.NTRIPLES,
    GraphFormat.JSONLD,
    GraphFormat.RDFXML,
    GraphFormat.TRIG,
    GraphFormat.NQUADS,
)
GRAPHS: Final[Mapping[str, GraphFormat]] = {
    **{offered.media_type.partition(";")[0]: offered for offered in _GRAPH_ORDER},
    "application/json": GraphFormat.JSONLD,
    "application/xml": GraphFormat.RDFXML,
    "text/xml": GraphFormat.RDFXML,
}
SUFFIXES: Final[Mapping[str, GraphFormat]] = {
    "ttl": GraphFormat.TURTLE,
    "nt": GraphFormat.NTRIPLES,
    "jsonld": GraphFormat.JSONLD,
    "rdf": GraphFormat.RDFXML,
}


@dataclass(frozen=True, slots=True)
class _Range:
    """A media range of an Accept header with its quality."""

    main: str
    sub: str
    quality: float

    def fits(self, media_type: str) -> int:
        """0 where it does not cover the media type, else the more the more exactly it names it."""
        main, _, sub = media_type.partition("/")
        if (self.main, self.sub) == (main, sub):
            return 3
        if self.sub == "*" and self.main in (main, "*"):
            return 2 if self.main == main else 1
        return 0


def best(accept: str | None, offers: Mapping[str, T]) -> T | None:
    """The offer a client likes best, by its Accept header; among equals the first offered.

    None where it accepts none of them. Without a header everything is accepted.

    >>> best("text/csv;q=0.5, application/json", RESULTS)
    <ResultsFormat.JSON: 'json'>
    """
    if accept is None or not accept.strip():
        return next(iter(offers.values()))
    ranges = list(_ranges(accept))
    qualities = {media_type: _quality(media_type, ranges) for media_type in offers}
    liked = max(qualities, key=lambda media_type: qualities[media_type])
    return offers[liked] if qualities[liked] > 0 else None


@lru_cache(256)
def prefers_html(accept: str | None) -> bool:
    """Whether a client would rather have a page for people than a problem document: a browser, in short."""
    return best(accept, {"application/problem+json": False, "application/json": False, HTML: True}) is True


def _quality(media_type: str, ranges: list[_Range]) -> float:
    fitting = [(found.fits(media_type), found.quality) for found in ranges if found.fits(media_type)]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else 0.0


def _ranges(accept: str) -> Iterator[_Range]:
    for element in accept.split(","):
        media_range, *parameters = (part.strip().lower() for part in element.split(";"))
        main, slash, sub = media_range.partition("/")
        quality = next((value for name, _, value in (one.partition("=") for one in parameters) if name == "q"), "1")
        if slash and main and sub and _QUALITY.fullmatch(quality):
            yield _Range(main, sub, float(quality))
