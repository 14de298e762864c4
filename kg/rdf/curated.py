"""Curated facts → quads: each fact flat in its file's graph, and once more as a fact that names the file.

A fact that was read has words for evidence; one that a person states has the file for its source. So every statement
about a thing says where it comes from, and the two are never taken for each other.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from kg.model.errors import KnowledgeError
from kg.model.evidence import Place
from kg.model.page import Page
from kg.rdf.iris import Minter, segment
from kg.rdf.quads import PageQuads
from kg.rdf.reserved import refuse_evidence
from kg.rdf.syntax import Statement, read_statements
from kg.rdf.vocab import COORD, DCTERMS, PROV, RDF, TYPE

#: Facts that one file may state: they are written by hand, and each is checked.
MOST_FACTS: Final = 10_000

_MARK: Final = 16
_FORMATS: Final[Mapping[str, RdfFormat]] = {
    form.media_type: form for form in (RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.JSON_LD)
}
_WORD: Final = re.compile(r"[\w./#-]")


@dataclass(frozen=True, kw_only=True)
class CuratedFile:
    """One file of curated facts.

    Attributes:
        page: the file as it came in.
        quads: its facts in its named graph, and in the default graph for each the fact that names the file.
    """

    page: Page
    quads: PageQuads
    base: str

    @cached_property
    def nodes(self) -> frozenset[str]:
        """The IRIs of the things that the facts speak of, as subject or object."""
        terms = (term for quad in self.quads.stated for term in (quad.subject, quad.object))
        return frozenset(term.value for term in terms if isinstance(term, NamedNode))

    def place(self, focus: str) -> Place:
        """The first line that names a thing, or what a fact of this file is about; else the start of the file."""
        iri = self._subjects.get(focus, focus)
        written = iri.removeprefix(self.base)
        for number, line in enumerate(self._lines, start=1):
            at = line.find(written)
            if at >= 0 and not _WORD.match(line, at + len(written)):
                return Place(source=self.page.source, line=number, column=at + 1, quote=line.strip())
        return Place(source=self.page.source, line=1, column=1)

    @cached_property
    def _lines(self) -> list[str]:
        return self.page.payload.decode(errors="replace").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").split("\n")

    @cached_property
    def _subjects(self) -> Mapping[str, str]:
        """What each fact of the file is about."""
        about = (quad for quad in self.quads.evidence if quad.predicate == RDF("subject"))
        return {str(quad.subject)[1:-1]: str(quad.object)[1:-1] for quad in about}


def curated_file(page: Page, minter: Minter, name: str | None = None) -> CuratedFile:
    """The facts of a file, once and sorted.

    Args:
        page: the file.
        minter: of the deployment.
        name: the last part of the graph's IRI; one made from the file's name where it is None.

    Raises:
        KnowledgeError: it cannot be parsed, states nothing or too much, or holds what no curated file may hold.
    """
    said = sorted(set(read_statements(page.payload, page.source, _FORMATS[page.media_type], minter.base)), key=str)
    if not said:
        raise KnowledgeError(page.source, "states nothing")
    if len(said) > MOST_FACTS:
        raise KnowledgeError(page.source, f"states {len(said):,} facts; a file may state {MOST_FACTS:,}, so split it")
    refuse_evidence(said, page.source, minter)
    name = name or segment(page.source)
    graph, file = NamedNode(minter.graph("curated", name)), NamedNode(minter.thing("curated", name))
    evidence = [*_description(file, page)]
    for statement in said:
        mark = hashlib.sha256(" ".join(map(str, statement)).encode()).hexdigest()[:_MARK]
        evidence += _fact(NamedNode(minter.thing("curated", name, mark)), statement, file)
    quads = PageQuads.of(page.source, graph, (Quad(*statement, graph) for statement in said), evidence)
    return CuratedFile(page=page, quads=quads, base=minter.base)


def _description(file: NamedNode, page: Page) -> Iterator[Quad]:
    yield Quad(file, TYPE, COORD("CuratedFile"))
    yield Quad(file, DCTERMS("identifier"), Literal(f"sha256:{page.id}"))
    yield Quad(file, COORD("sourcePath"), Literal(page.source))
    yield Quad(file, DCTERMS("format"), Literal(page.media_type))


def _fact(node: NamedNode, statement: Statement, file: NamedNode) -> Iterator[Quad]:
    subject, predicate, value = statement
    yield Quad(node, TYPE, COORD("CuratedFact"))
    yield Quad(node, RDF("subject"), subject)
    yield Quad(node, RDF("predicate"), predicate)
    yield Quad(node, RDF("object"), value)
    yield Quad(node, PROV("wasDerivedFrom"), file)
