"""Claims: each statement of a report with the passage whose words make it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg.model.evidence import on_sheet
from kg.rdf.vocab import COORD, DCTERMS, OA, RDF
from kg.web.lookup import Properties, read_properties, read_rows
from kg.web.site import Site
from kg.web.terms import Term

_SUBJECT, _PREDICATE, _OBJECT = (RDF(part).value for part in ("subject", "predicate", "object"))
_REPORT, _PASSAGE = COORD("statedIn").value, COORD("evidence").value
_METHOD, _CONFIDENCE, _POLARITY = (COORD(part).value for part in ("method", "confidence", "polarity"))
_OF_CLAIMS: Final = (_SUBJECT, _PREDICATE, _OBJECT, _REPORT, _PASSAGE, _METHOD, _CONFIDENCE, _POLARITY)
_QUOTE, _START = OA("exact").value, OA("start").value
_SHEET, _LINE, _COLUMN = (COORD(part).value for part in ("sheet", "line", "column"))
_PAGE: Final = DCTERMS("isPartOf").value
_OF_PASSAGES: Final = (_QUOTE, _START, _SHEET, _LINE, _COLUMN, _PAGE)
_OF_PAGES: Final = (COORD("sourcePath").value, DCTERMS("source").value)
_NOTHING: Final = Term(text="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim with one passage of its evidence.

    Attributes:
        place: `source:line:column` where the quote starts; `source#page=3:line:column` in a PDF.
        start: offset of the quote in the page's text.
    """

    subject: Term
    predicate: Term
    value: Term
    report: Term
    passage: Term
    quote: str
    place: str
    start: int
    method: str
    confidence: str
    denied: bool

    @property
    def terms(self) -> tuple[Term, ...]:
        """The things and values that a page shows of it."""
        return self.subject, self.predicate, self.value, self.report


async def read_claims(site: Site, query: str) -> tuple[Claim, ...]:
    """The claims that a query finds as ?claim, by report and in the order of their words there."""
    iris = [row["claim"].text for row in await read_rows(site, query)]
    claims = await read_properties(site, iris, _OF_CLAIMS)
    passages = await read_properties(site, _values(claims, _PASSAGE), _OF_PASSAGES)
    pages = await read_properties(site, _values(passages, _PAGE), _OF_PAGES)
    found = [
        _claim(claims, iri, passage, (passages, pages))
        for iri in iris
        for passage in claims.get(iri, {}).get(_PASSAGE, ())
    ]
    return tuple(sorted(found, key=lambda claim: (claim.report.text, claim.start)))


def _claim(claims: Properties, iri: str, passage: Term, evidence: tuple[Properties, Properties]) -> Claim:
    passages, pages = evidence
    page = _one(passages, passage.text, _PAGE).text
    sources = (_one(pages, page, source).text for source in _OF_PAGES)
    sheet, *position = (_one(passages, passage.text, part).text for part in (_SHEET, _LINE, _COLUMN))
    return Claim(
        subject=_one(claims, iri, _SUBJECT),
        predicate=_one(claims, iri, _PREDICATE),
        value=_one(claims, iri, _OBJECT),
        report=_one(claims, iri, _REPORT),
        passage=passage,
        quote=_one(passages, passage.text, _QUOTE).text,
        place=":".join(part for part in (on_sheet(next(filter(None, sources), ""), sheet), *position) if part),
        start=int(_one(passages, passage.text, _START).text or 0),
        method=_one(claims, iri, _METHOD).text,
        confidence=_one(claims, iri, _CONFIDENCE).text,
        denied=_one(claims, iri, _POLARITY).text == "denied",
    )


def _one(found: Properties, thing: str, wanted: str) -> Term:
    return next(iter(found.get(thing, {}).get(wanted, ())), _NOTHING)


def _values(found: Properties, wanted: str) -> set[str]:
    return {value.text for properties in found.values() for value in properties.get(wanted, ())}
