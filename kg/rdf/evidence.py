"""The evidence layer: for each statement a claim, for each claim its passages, for each name its mention."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from kg.model.evidence import Evidence, Found, Polarity, Span
from kg.model.page import Text
from kg.model.records import Candidate
from kg.rdf import literals
from kg.rdf.iris import Minter
from kg.rdf.quads import Row
from kg.rdf.templates import Filled, Filling, Template, single
from kg.rdf.vocab import COORD, DCTERMS, OA, RDF

_CLAIM: Final = Template(
    COORD.text("Claim"),
    *map(RDF.text, ("subject", "predicate", "object")),
    *map(COORD.text, ("statedIn", "method", "confidence", "polarity", "evidence")),
)
_FURTHER_PASSAGE: Final = single(COORD.text("evidence"))
_NUMBERS: Final = (*map(OA.text, ("start", "end")), *map(COORD.text, ("line", "column", "sheet")))
_ON_PAGE: Final = (*_NUMBERS[:4], OA.text("exact"), DCTERMS.text("isPartOf"))
_PASSAGE: Final = Template(COORD.text("Passage"), *_ON_PAGE, numbers=_NUMBERS)
_SHEET: Final = Template("", _NUMBERS[4], numbers=_NUMBERS)
_RESOLVED_MENTION, _MINTED_MENTION = (
    Template(COORD.text("Mention"), COORD.text("surface"), OA.text("hasTarget"), COORD.text(stands_for))
    for stands_for in ("resolvedTo", "mintedAs")
)
_PROPOSED: Final = single(COORD.text("candidate"))
_CANDIDATE: Final = Template(COORD.text("Candidate"), COORD.text("candidateEntity"), COORD.text("score"))
_ASSERTED: Final = Polarity.ASSERTED
_POLARITIES: Final = {
    asserted: literals.plain(polarity.value)
    for asserted, polarity in ((True, Polarity.ASSERTED), (False, Polarity.DENIED))
}
_method = lru_cache(maxsize=1024)(literals.plain)  # there are as many as there are rules
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

#: Start and end of a passage.
_Ends = tuple[int, int]


class Ledger:
    """Collects one report's statements with their grounds, and writes them down.

    A statement read twice is one claim with several passages; a denied statement is a claim without its flat triple.
    All terms are N-Triples texts, checked by those who make them.

    Attributes:
        report: the report's IRI.
    """

    def __init__(self, minter: Minter, key: str, text: Text, page: str) -> None:
        self._text = text
        self._page = page
        self.report = literals.iri(minter.thing("report", key))
        # The key is looked at here; what follows it are numbers and the names of properties.
        self._claim = literals.iri(minter.thing("claim", key, ""))[:-1]
        self._mention = literals.iri(minter.thing("mention", key, ""))[:-1]
        self._passage = literals.iri(minter.passage(self.report[1:-1], 0, 0)).removesuffix("0,0>")
        self._asserted: dict[Row, int] = {}
        self._denied: dict[Row, int] = {}
        self._claims: list[Filling] = []
        self._further: dict[int, list[str]] = {}
        self._mentions: dict[_Ends, tuple[str, tuple[Candidate, ...] | None]] = {}
        self._passages: dict[_Ends, str] = {}
        self._grounds: Found[object] | None = None
        self._said: tuple[dict[Row, int], str, str, str, str] = ({}, "", "", "", "")

    def state(self, subject: str, predicate: str, value: str, grounds: Found[object], rule: str | None = None) -> None:
        """Takes in a statement and what it was read from: words, rule, confidence, and whether they deny it.

        The rule is that of the grounds, unless another one read the same words.
        """
        if grounds is not self._grounds:  # seldom: what was read together is stated together
            self._rest_on(grounds)
        known, passage, method, confidence, polarity = self._said
        claims = self._claims
        number = known.setdefault((subject, predicate, value), len(claims))
        if number < len(claims):
            self._read_again(number, passage)
            return
        node = f"{self._claim}{_ordinal(number)}-{_slug(predicate)}>"
        method = method if rule is None else _method(rule)
        claims.append((node, subject, predicate, value, self.report, method, confidence, polarity, passage))

    def mention(self, evidence: Evidence, entity: str, candidates: tuple[Candidate, ...] | None = None) -> None:
        """Takes in a name's place and what it stands for.

        Candidates, even an empty tuple of them, mean that it was not resolved and the entity is one of its own.
        """
        self._passage_node(evidence.span)
        self._mentions.setdefault((evidence.span.start, evidence.span.end), (entity, candidates))

    def statements(self) -> tuple[Row, ...]:
        """The flat statements, in the order in which they were read."""
        return tuple(self._asserted)

    def descriptions(self) -> tuple[Filled, ...]:
        """Claims, mentions and passages."""
        further = [(self._claims[number][0], passage) for number, found in self._further.items() for passage in found]
        described = ((_CLAIM, self._claims), (_FURTHER_PASSAGE, further))
        return (*described, *self._mention_descriptions(), *self._passage_descriptions())

    def _rest_on(self, grounds: Found[object]) -> None:
        """Looks up what claims say of these grounds."""
        asserted = grounds.polarity is _ASSERTED
        passage, confidence = self._passage_node(grounds.evidence.span), literals.decimal(grounds.confidence)
        known = self._asserted if asserted else self._denied
        self._grounds = grounds
        self._said = known, passage, _method(grounds.method), confidence, _POLARITIES[asserted]

    def _read_again(self, number: int, passage: str) -> None:
        """Takes in where a statement was read once more."""
        further = self._further.setdefault(number, [])
        if passage != self._claims[number][-1] and passage not in further:
            further.append(passage)

    def _mention_descriptions(self) -> Iterator[Filled]:
        resolved: list[Filling] = []
        minted: list[Filling] = []
        proposed: list[Filling] = []
        proposals: list[Filling] = []
        content = self._text.content
        for ends in sorted(self._mentions):
            (start, end), (entity, candidates) = ends, self._mentions[ends]
            place = f"{self._mention}{start}-{end}"
            surface = literals.plain(" ".join(content[start:end].split()))
            told = resolved if candidates is None else minted
            told.append((f"{place}>", surface, self._passages[ends], entity))
            for rank, candidate in enumerate(candidates or (), start=1):
                node = f"{place}/{rank}>"
                proposed.append((f"{place}>", node))
                proposals.append((node, literals.iri(candidate.iri), literals.decimal(candidate.score)))
        yield _RESOLVED_MENTION, resolved
        yield _MINTED_MENTION, minted
        yield _PROPOSED, proposed
        yield _CANDIDATE, proposals

    def _passage_descriptions(self) -> Iterator[Filled]:
        told: list[Filling] = []
        sheets: list[Filling] = []
        content, page = self._text.content, self._page
        for ends in sorted(self._passages):
            (start, end), node = ends, self._passages[ends]
            line, column, sheet = self._text.origin(start)
            told.append((node, start, end, line, column, literals.plain(content[start:end]), page))
            if sheet is not None:
                sheets.append((node, sheet))
        yield _PASSAGE, told
        yield _SHEET, sheets

    def _passage_node(self, span: Span) -> str:
        ends = (span.start, span.end)
        known = self._passages.get(ends)
        if known is None:
            known = self._passages[ends] = f"{self._passage}{span.start},{span.end}>"
        return known


@lru_cache(maxsize=1024)
def _ordinal(index: int) -> str:
    """The number of a claim as a part of an IRI."""
    return f"{index + 1:02d}"


@lru_cache(maxsize=1024)
def _slug(predicate: str) -> str:
    """The local name of a property as a part of an IRI: `statedIn` is `stated-in`."""
    return _HUMP.sub("-", re.split(r"[/#]", predicate[1:-1])[-1]).casefold()
