"""From a finding to the place in the source that a person should look at."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property

from kg.check.claims import Claims
from kg.check.shacl.graph import TYPE_TERM, Graph
from kg.check.shacl.literals import words
from kg.model.evidence import Place, on_sheet
from kg.model.verdict import Finding
from kg.rdf.quads import PageQuads
from kg.rdf.vocab import COORD, DCTERMS, OA

_CANDIDATE = str(COORD("candidate"))
_TO_PASSAGE = (str(COORD("evidence")), str(OA("hasTarget")))
_SHEET, _LINE, _COLUMN = (str(COORD(name)) for name in ("sheet", "line", "column"))
_EXACT, _FIRST_LINE = str(OA("exact")), str(COORD("firstLine"))
_PATH, _ADDRESS = str(COORD("sourcePath")), str(DCTERMS("source"))


class Places:
    """The places of one page, each reached from the node or the statement that was found wanting.

    Args:
        page: the page.
        evidence: its evidence.
        claims: the claims of the evidence.
    """

    def __init__(self, page: PageQuads, evidence: Graph, claims: Claims) -> None:
        self._expected = page.expected
        self._evidence = evidence
        self._claims = claims
        self._page = page.source

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

    @cached_property
    def _source(self) -> str:
        """The file, as its page is described, else as the page is named."""
        told = [node.get(_PATH) or node.get(_ADDRESS) for node in self._evidence.nodes.values()]
        return next((_first(each) for each in reversed(told) if each), self._page)

    @cached_property
    def _first_line(self) -> int:
        """The line of the file on which the page begins."""
        told = [_first(node[_FIRST_LINE]) for node in self._evidence.nodes.values() if _FIRST_LINE in node]
        return next((int(each) for each in reversed(told) if each.isdecimal()), 1)

    def _witnesses(self, finding: Finding) -> Iterator[str]:
        """Nodes of the evidence that speak of the finding, the closest first."""
        focus, path = f"<{finding.focus}>", f"<{finding.path}>"
        yield from [*self._evidence.incoming(focus, _CANDIDATE)][-1:] or (focus,)
        claims = self._claims.about.get(focus, [])
        on_path = [claim for claim in claims if self._says(claim, focus, path)]
        yield from (claim for claim in on_path if self._claims.said[claim].object == finding.value)
        yield from reversed(on_path if finding.value is None else [])
        yield from (claim for claim in claims if self._says(claim, focus, TYPE_TERM))
        yield from claims

    def _says(self, claim: str, subject: str, predicate: str) -> bool:
        said = self._claims.said[claim]
        return said.subject == subject and said.predicate == predicate

    def _passages(self, node: str) -> Iterator[str]:
        """The passage that the node is, or those it points to."""
        yield node
        for predicate in _TO_PASSAGE:
            yield from self._evidence.objects(node, predicate)

    def _passage_place(self, passage: str) -> Place | None:
        described = self._evidence.nodes.get(passage, {})
        line, column = _first(described.get(_LINE)), _first(described.get(_COLUMN))
        if not (line.isdecimal() and column.isdecimal()):
            return None
        source = on_sheet(self._source, _first(described.get(_SHEET)))
        return Place(source=source, line=int(line), column=int(column), quote=_first(described.get(_EXACT)))


def _first(values: Collection[str] | None) -> str:
    """The words of the first of these terms."""
    return words(next(iter(values))) if values else ""
