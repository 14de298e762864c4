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
from kg.rdf.templates import Filled, Template, single
from kg.rdf.vocab import COORD, DCTERMS, OA, RDF

_CLAIM: Final = Template(
    COORD.text("Claim"),
    RDF.text("subject"),
    RDF.text("predicate"),
    RDF.text("object"),
    COORD.text("statedIn"),
    COORD.text("evidence"),
    COORD.text("method"),
    COORD.text("confidence"),
    COORD.text("polarity"),
)
_FURTHER_PASSAGE: Final = single(COORD.text("evidence"))
_ON_PAGE: Final = (
    COORD.text("Passage"),
    *map(OA.text, ("start", "end", "exact")),
    DCTERMS.text("isPartOf"),
    COORD.text("line"),
    COORD.text("column"),
)
_PASSAGE, _SHEET_PASSAGE = Template(*_ON_PAGE), Template(*_ON_PAGE, COORD.text("sheet"))
_RESOLVED_MENTION, _MINTED_MENTION = (
    Template(COORD.text("Mention"), COORD.text("surface"), OA.text("hasTarget"), COORD.text(stands_for))
    for stands_for in ("resolvedTo", "mintedAs")
)
_PROPOSED: Final = single(COORD.text("candidate"))
_CANDIDATE: Final = Template(COORD.text("Candidate"), COORD.text("candidateEntity"), COORD.text("score"))
_POLARITIES: Final = {
    asserted: literals.plain(polarity.value)
    for asserted, polarity in ((True, Polarity.ASSERTED), (False, Polarity.DENIED))
}
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_method = lru_cache(maxsize=1024)(literals.plain)  # there are as many as there are rules

_ASSERTED: Final = Polarity.ASSERTED

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
        self._minter = minter
        self._text = text
        self._page = page
        self.report = literals.iri(minter.thing("report", key))
        # The key is looked at here; what follows it are numbers and the names of properties.
        self._claim = literals.iri(minter.thing("claim", key, ""))[:-1]
        self._mention = literals.iri(minter.thing("mention", key, ""))[:-1]
        literals.iri(minter.passage(self.report[1:-1], 0, 0))
        self._claims: dict[tuple[str, str, str, bool], tuple[Found[object], list[str]]] = {}
        self._mentions: dict[_Ends, tuple[str, tuple[Candidate, ...] | None]] = {}
        self._passages: dict[_Ends, tuple[str, Span]] = {}

    def state(self, subject: str, predicate: str, value: str, grounds: Found[object]) -> None:
        """Takes in a statement and what it was read from: words, rule, confidence, and whether they deny it."""
        statement = (subject, predicate, value, grounds.polarity is _ASSERTED)
        passage = self._passage_node(grounds.evidence.span)
        known = self._claims.get(statement)
        if known is None:
            self._claims[statement] = grounds, [passage]
        elif passage not in known[1]:
            known[1].append(passage)

    def mention(self, evidence: Evidence, entity: str, candidates: tuple[Candidate, ...] | None = None) -> None:
        """Takes in a name's place and what it stands for.

        Candidates, even an empty tuple of them, mean that it was not resolved and the entity is one of its own.
        """
        self._passage_node(evidence.span)
        self._mentions.setdefault((evidence.span.start, evidence.span.end), (entity, candidates))

    def statements(self) -> Iterator[Row]:
        """The flat statements, in the order in which they were read."""
        return (statement[:3] for statement in self._claims if statement[3])

    def descriptions(self) -> Iterator[Filled]:
        """Claims, mentions and passages."""
        yield from self._claim_descriptions()
        for ends, (entity, candidates) in sorted(self._mentions.items()):
            yield from self._mention_descriptions(ends, entity, candidates)
        for ends, (node, span) in sorted(self._passages.items()):
            yield self._passage_description(ends, node, span)

    def _claim_descriptions(self) -> Iterator[Filled]:
        for number, (statement, (grounds, passages)) in enumerate(self._claims.items(), start=1):
            subject, predicate, value, asserted = statement
            node = f"{self._claim}{number:02d}-{_slug(predicate)}>"
            method, confidence = _method(grounds.method), literals.decimal(grounds.confidence)
            polarity = _POLARITIES[asserted]
            yield _CLAIM, (node, subject, predicate, value, self.report, passages[0], method, confidence, polarity)
            for further in passages[1:]:
                yield _FURTHER_PASSAGE, (node, further)

    def _mention_descriptions(
        self, ends: _Ends, entity: str, candidates: tuple[Candidate, ...] | None
    ) -> Iterator[Filled]:
        place = f"{self._mention}{ends[0]}-{ends[1]}"
        passage, _ = self._passages[ends]
        surface = literals.plain(" ".join(self._text.content[ends[0] : ends[1]].split()))
        template = _RESOLVED_MENTION if candidates is None else _MINTED_MENTION
        yield template, (f"{place}>", surface, passage, entity)
        for rank, candidate in enumerate(candidates or (), start=1):
            proposed = f"{place}/{rank}>"
            yield _PROPOSED, (f"{place}>", proposed)
            yield _CANDIDATE, (proposed, literals.iri(candidate.iri), literals.decimal(candidate.score))

    def _passage_description(self, ends: _Ends, node: str, span: Span) -> Filled:
        start, end = ends
        origin, integer = self._text.origin(span), literals.integer
        told = (
            node, integer(start), integer(end), literals.plain(self._text.content[start:end]), self._page,
            integer(origin.line), integer(origin.column),
        )  # fmt: skip
        return (_PASSAGE, told) if origin.sheet is None else (_SHEET_PASSAGE, (*told, integer(origin.sheet)))

    def _passage_node(self, span: Span) -> str:
        ends = (span.start, span.end)
        known = self._passages.get(ends)
        if known is None:
            node = self._minter.passage(self.report[1:-1], span.start, span.end)
            known = self._passages[ends] = f"<{node}>", span
        return known[0]


@lru_cache(maxsize=1024)
def _slug(predicate: str) -> str:
    """The local name of a property as a part of an IRI: `statedIn` is `stated-in`."""
    return _HUMP.sub("-", re.split(r"[/#]", predicate[1:-1])[-1]).casefold()
