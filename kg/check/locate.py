"""From a finding to the place in the source that a person should look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kg.check.claims import Claims
from kg.check.terms import Term, text
from kg.model.evidence import Place, on_sheet
from kg.model.verdict import Finding
from kg.rdf.quads import PageQuads
from kg.rdf.vocab import COORD, DCTERMS, OA, TYPE

_CANDIDATE = COORD("candidate")
_TO_PASSAGE = (COORD("evidence"), OA("hasTarget"))
_SHEET, _LINE, _COLUMN, _EXACT = COORD("sheet"), COORD("line"), COORD("column"), OA("exact")
_FIRST_LINE = COORD("firstLine")
_SOURCES = (COORD("sourcePath"), DCTERMS("source"))


class Places:
    """The places of one page, each reached from the node or the statement that was found wanting."""

    def __init__(self, page: PageQuads, claims: Claims) -> None:
        self._expected = page.expected
        self._claims = claims
        self._source = page.source
        self._first_line = 1
        self._described: dict[str, dict[Term, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._mention_of: dict[str, str] = {}
        for quad in page.evidence:
            self._described[text(quad.subject)][quad.predicate].append(text(quad.object))
            if quad.predicate == _CANDIDATE:
                self._mention_of[text(quad.object)] = text(quad.subject)
            elif quad.predicate in _SOURCES:
                self._source = text(quad.object)
            elif quad.predicate == _FIRST_LINE and text(quad.object).isdecimal():
                self._first_line = int(text(quad.object))

    def place(self, finding: Finding) -> Place:
        """Where the finding shows: where its value was expected, else at its words, else at the start of the page."""
        expected = self._expected.get((finding.focus, finding.path or ""))
        if expected is not None and finding.value is None:
            return expected
        for witness in self._witnesses(finding):
            for passage in self._passages(witness):
                place = self._passage_place(passage)
                if place is not None:
                    return place
        return Place(source=self._source, line=self._first_line, column=1)

    def _witnesses(self, finding: Finding) -> Iterator[str]:
        """Nodes of the evidence that speak of the finding, the closest first."""
        yield self._mention_of.get(finding.focus, finding.focus)
        claims = self._claims.about.get(finding.focus, [])
        on_path = [claim for claim in claims if self._says(claim, finding.focus, finding.path)]
        yield from (claim for claim in on_path if str(self._claims.said[claim].object) == finding.value)
        yield from reversed(on_path if finding.value is None else [])
        yield from (claim for claim in claims if self._says(claim, finding.focus, TYPE.value))
        yield from claims

    def _says(self, claim: str, subject: str, predicate: str | None) -> bool:
        said = self._claims.said[claim]
        return text(said.subject) == subject and text(said.predicate) == predicate

    def _passages(self, node: str) -> Iterator[str]:
        """The passage that the node is, or those it points to."""
        yield node
        for predicate in _TO_PASSAGE:
            yield from self._described[node][predicate] if node in self._described else ()

    def _passage_place(self, passage: str) -> Place | None:
        described = self._described.get(passage, {})
        line, column = _first(described.get(_LINE)), _first(described.get(_COLUMN))
        if not (line.isdecimal() and column.isdecimal()):
            return None
        source = on_sheet(self._source, _first(described.get(_SHEET)))
        return Place(source=source, line=int(line), column=int(column), quote=_first(described.get(_EXACT)))


def _first(values: list[str] | None) -> str:
    return values[0] if values else ""
