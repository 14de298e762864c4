"""The evidence layer: for each statement a claim, for each claim its passages, for each name its mention."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad

from kg.model.evidence import CERTAIN, Evidence, Found, Polarity, Span
from kg.model.page import Text
from kg.model.records import Candidate
from kg.rdf import literals
from kg.rdf.iris import Minter
from kg.rdf.vocab import COORD, DCTERMS, OA, RDF, TYPE

Term = NamedNode | Literal

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_CLAIM, _PASSAGE, _MENTION, _CANDIDATE = COORD("Claim"), COORD("Passage"), COORD("Mention"), COORD("Candidate")
_SUBJECT, _PREDICATE, _OBJECT = RDF("subject"), RDF("predicate"), RDF("object")
_STATED_IN, _EVIDENCE, _METHOD = COORD("statedIn"), COORD("evidence"), COORD("method")
_CONFIDENCE, _POLARITY = COORD("confidence"), COORD("polarity")
_START, _END, _EXACT, _PART = OA("start"), OA("end"), OA("exact"), DCTERMS("isPartOf")
_SHEET, _LINE, _COLUMN = COORD("sheet"), COORD("line"), COORD("column")
_SURFACE, _TARGET, _RESOLVED = COORD("surface"), OA("hasTarget"), COORD("resolvedTo")
_CANDIDATE_OF, _MINTED = COORD("candidate"), COORD("mintedAs")
_ENTITY, _SCORE = COORD("candidateEntity"), COORD("score")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Why a statement is believed: its words, the rule that read them, how sure it is, and whether it is denied."""

    evidence: Evidence
    method: str
    confidence: Decimal = CERTAIN
    polarity: Polarity = Polarity.ASSERTED

    @classmethod
    def of(cls, found: Found[object]) -> Grounds:
        """The grounds that a found value carries."""
        return cls(evidence=found.evidence, method=found.method, confidence=found.confidence, polarity=found.polarity)


@dataclass(slots=True)
class _Claim:
    grounds: Grounds
    passages: dict[Span, None] = field(default_factory=dict)  # in the order in which they were read


class Ledger:
    """Collects one report's statements with their grounds, and writes them as quads.

    A statement read twice is one claim with several passages; a denied statement is a claim without its flat triple.
    """

    def __init__(self, minter: Minter, key: str, text: Text, page: NamedNode) -> None:
        self._minter = minter
        self._key = key
        self._text = text
        self._page = page
        self.report = NamedNode(minter.thing("report", key))
        self.graph = NamedNode(minter.graph("report", key))
        self._claims: dict[tuple[NamedNode, NamedNode, Term, Polarity], _Claim] = {}
        self._mentions: dict[Span, tuple[NamedNode, tuple[Candidate, ...] | None]] = {}

    def state(self, subject: NamedNode, predicate: NamedNode, value: Term, grounds: Grounds) -> None:
        """Takes in a statement and why it is believed."""
        claim = self._claims.setdefault((subject, predicate, value, grounds.polarity), _Claim(grounds))
        claim.passages.setdefault(grounds.evidence.span)

    def mention(self, evidence: Evidence, entity: NamedNode, candidates: tuple[Candidate, ...] | None = None) -> None:
        """Takes in a name's place and what it stands for.

        Candidates, even an empty tuple of them, mean that it was not resolved and the entity is one of its own.
        """
        self._mentions.setdefault(evidence.span, (entity, candidates))

    def stated(self) -> Iterator[Quad]:
        """The flat statements, in the order in which they were read."""
        for subject, predicate, value, polarity in self._claims:
            if polarity is Polarity.ASSERTED:
                yield Quad(subject, predicate, value, self.graph)

    def evidence(self) -> Iterator[Quad]:
        """Claims, passages and mentions."""
        spans: set[Span] = set()
        for number, (statement, claim) in enumerate(self._claims.items(), start=1):
            spans.update(claim.passages)
            yield from self._claim_quads(number, statement, claim)
        for span, (entity, candidates) in sorted(self._mentions.items(), key=lambda item: item[0]):
            spans.add(span)
            yield from self._mention_quads(span, entity, candidates)
        for span in sorted(spans):
            yield from self._passage_quads(span)

    def _claim_quads(
        self, number: int, statement: tuple[NamedNode, NamedNode, Term, Polarity], claim: _Claim
    ) -> Iterator[Quad]:
        subject, predicate, value, polarity = statement
        slug = _HUMP.sub("-", re.split(r"[/#]", predicate.value)[-1]).casefold()
        node = NamedNode(self._minter.thing("claim", self._key, f"{number:02d}-{slug}"))
        yield Quad(node, TYPE, _CLAIM)
        yield Quad(node, _SUBJECT, subject)
        yield Quad(node, _PREDICATE, predicate)
        yield Quad(node, _OBJECT, value)
        yield Quad(node, _STATED_IN, self.report)
        for passage in claim.passages:
            yield Quad(node, _EVIDENCE, self._passage(passage))
        yield Quad(node, _METHOD, Literal(claim.grounds.method))
        yield Quad(node, _CONFIDENCE, literals.decimal(claim.grounds.confidence))
        yield Quad(node, _POLARITY, Literal(polarity.value))

    def _mention_quads(self, span: Span, entity: NamedNode, candidates: tuple[Candidate, ...] | None) -> Iterator[Quad]:
        place = f"{span.start}-{span.end}"
        node = NamedNode(self._minter.thing("mention", self._key, place))
        yield Quad(node, TYPE, _MENTION)
        yield Quad(node, _SURFACE, Literal(" ".join(self._text.content[span.start : span.end].split())))
        yield Quad(node, _TARGET, self._passage(span))
        if candidates is None:
            yield Quad(node, _RESOLVED, entity)
            return
        yield Quad(node, _MINTED, entity)
        for rank, candidate in enumerate(candidates, start=1):
            proposed = NamedNode(self._minter.thing("mention", self._key, place, str(rank)))
            yield Quad(node, _CANDIDATE_OF, proposed)
            yield Quad(proposed, TYPE, _CANDIDATE)
            yield Quad(proposed, _ENTITY, NamedNode(candidate.iri))
            yield Quad(proposed, _SCORE, literals.decimal(candidate.score))

    def _passage_quads(self, span: Span) -> Iterator[Quad]:
        node, origin = self._passage(span), self._text.origin(span)
        yield Quad(node, TYPE, _PASSAGE)
        yield Quad(node, _START, literals.integer(span.start))
        yield Quad(node, _END, literals.integer(span.end))
        yield Quad(node, _EXACT, Literal(self._text.content[span.start : span.end]))
        yield Quad(node, _PART, self._page)
        if origin.sheet is not None:
            yield Quad(node, _SHEET, literals.integer(origin.sheet))
        yield Quad(node, _LINE, literals.integer(origin.line))
        yield Quad(node, _COLUMN, literals.integer(origin.column))

    def _passage(self, span: Span) -> NamedNode:
        return NamedNode(self._minter.passage(self.report.value, span.start, span.end))
