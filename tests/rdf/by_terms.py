"""The mapping once more, the slow way: terms and quads of pyoxigraph's, which checks each as it is made.

What a report says of things is the mapping's own code, given other makers of terms; what is written down of it, claim
by claim, is spelt out here a second time.
"""

import re
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

from pyoxigraph import Literal, NamedNode, Quad

from kg.model.evidence import Polarity
from kg.rdf import literals, mapping, things
from kg.rdf.iris import Minter, segment
from kg.rdf.vocab import COORD, DCTERMS, OA, RDF, TYPE, XSD


def reference_quads(text, report, minter):
    """What a report contributes: the flat statements, and the evidence."""
    page = NamedNode(minter.thing("page", text.page.id[:16]))
    ledger = TermLedger(minter, report.key, text, page)
    with terms():
        mapping.Scribe(
            minter=minter, report=report, ledger=ledger, things=things.Things(minter, report, ledger)
        ).write()
    evidence = [*page_quads(text.page, page, report), Quad(ledger.report, COORD("readFrom"), page)]
    evidence += ledger.evidence()
    for number, gap in enumerate(report.gaps, start=1):
        node = NamedNode(minter.thing("gap", report.key, f"{number:02d}-{segment(gap.field.replace('_', ' '))}"))
        evidence.append(Quad(node, TYPE, COORD("Gap")))
        evidence.append(Quad(node, COORD("gapOf"), page))
        evidence.append(Quad(node, COORD("field"), Literal(gap.field)))
        evidence.append(Quad(node, COORD("reason"), Literal(gap.reason)))
    return list(ledger.stated()), evidence


def page_quads(page, node, report):
    """What describes the page itself."""
    yield Quad(node, TYPE, COORD("Page"))
    yield Quad(node, DCTERMS("identifier"), Literal(f"sha256:{page.id}"))
    yield Quad(node, COORD("sourcePath"), Literal(page.file))
    if page.file != page.source:
        yield Quad(node, COORD("firstLine"), integer(page.first_line))
    yield Quad(node, DCTERMS("format"), Literal(page.media_type))
    yield Quad(node, COORD("layout"), Literal(report.layout))
    yield Quad(node, COORD("pageKind"), Literal("report"))


@contextmanager
def terms():
    """The mapping's makers of terms, in the place of which stand pyoxigraph's."""
    with (
        patch.object(literals, "iri", NamedNode),
        patch.object(Minter, "term", lambda minter, *parts: NamedNode(minter.thing(*parts))),
        patch.object(literals, "plain", Literal),
        patch.object(literals, "text", lambda words, language: Literal(words, language=language)),
        patch.object(literals, "integer", integer),
        patch.object(literals, "decimal", decimal),
        patch.object(literals, "year", lambda number: Literal(f"{number:04d}", datatype=XSD("gYear"))),
        patch.object(literals, "date", date),
    ):
        yield


def integer(number):
    """An xsd:integer."""
    return Literal(str(number), datatype=XSD("integer"))


def decimal(number):
    """An xsd:decimal in canonical form."""
    written = f"{number:f}"
    return Literal(written.rstrip("0").rstrip(".") if "." in written else written, datatype=XSD("decimal"))


def date(value):
    """A date as precise as its source."""
    return Literal(value.iso, datatype=XSD({4: "gYear", 7: "gYearMonth", 10: "date"}[len(value.iso)]))


def named(term):
    """A term that the mapping has as a constant, in N-Triples."""
    return NamedNode(term[1:-1]) if isinstance(term, str) else term


class TermLedger:
    """As `kg.rdf.evidence.Ledger`."""

    def __init__(self, minter, key, text, page):
        self.minter, self.key, self.text, self.page = minter, key, text, page
        self.report = NamedNode(minter.thing("report", key))
        self.graph = NamedNode(minter.graph("report", key))
        self.claims, self.mentions = {}, {}

    def state(self, subject, predicate, value, grounds, rule=None):
        """Takes in a statement."""
        said = (named(subject), named(predicate), named(value), grounds.polarity)
        grounds = grounds if rule is None else replace(grounds, method=rule)
        self.claims.setdefault(said, (grounds, {}))[1].setdefault(grounds.evidence.span)

    def mention(self, evidence, entity, candidates=None):
        """Takes in a name's place."""
        self.mentions.setdefault(evidence.span, (named(entity), candidates))

    def stated(self):
        """The flat statements."""
        for subject, predicate, value, polarity in self.claims:
            if polarity is Polarity.ASSERTED:
                yield Quad(subject, predicate, value, self.graph)

    def evidence(self):
        """Claims, mentions and passages."""
        spans = {*self.mentions, *(span for _, passages in self.claims.values() for span in passages)}
        for number, (said, (grounds, passages)) in enumerate(self.claims.items(), start=1):
            yield from self.claim(number, said, grounds, passages)
        for span, (entity, candidates) in sorted(self.mentions.items()):
            yield from self.mentioned(span, entity, candidates)
        for span in sorted(spans):
            yield from self.quoted(span)

    def claim(self, number, said, grounds, passages):
        """One claim."""
        subject, predicate, value, polarity = said
        slug = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", re.split(r"[/#]", predicate.value)[-1]).casefold()
        node = NamedNode(self.minter.thing("claim", self.key, f"{number:02d}-{slug}"))
        yield Quad(node, TYPE, COORD("Claim"))
        yield Quad(node, RDF("subject"), subject)
        yield Quad(node, RDF("predicate"), predicate)
        yield Quad(node, RDF("object"), value)
        yield Quad(node, COORD("statedIn"), self.report)
        for passage in passages:
            yield Quad(node, COORD("evidence"), self.passage(passage))
        yield Quad(node, COORD("method"), Literal(grounds.method))
        yield Quad(node, COORD("confidence"), decimal(grounds.confidence))
        yield Quad(node, COORD("polarity"), Literal(polarity.value))

    def mentioned(self, span, entity, candidates):
        """One mention."""
        place = f"{span.start}-{span.end}"
        node = NamedNode(self.minter.thing("mention", self.key, place))
        yield Quad(node, TYPE, COORD("Mention"))
        yield Quad(node, COORD("surface"), Literal(" ".join(self.text.content[span.start : span.end].split())))
        yield Quad(node, OA("hasTarget"), self.passage(span))
        if candidates is None:
            yield Quad(node, COORD("resolvedTo"), entity)
            return
        yield Quad(node, COORD("mintedAs"), entity)
        for rank, candidate in enumerate(candidates, start=1):
            proposed = NamedNode(self.minter.thing("mention", self.key, place, str(rank)))
            yield Quad(node, COORD("candidate"), proposed)
            yield Quad(proposed, TYPE, COORD("Candidate"))
            yield Quad(proposed, COORD("candidateEntity"), NamedNode(candidate.iri))
            yield Quad(proposed, COORD("score"), decimal(candidate.score))

    def quoted(self, span):
        """One passage."""
        node, origin = self.passage(span), self.text.origin(span.start)
        yield Quad(node, TYPE, COORD("Passage"))
        yield Quad(node, OA("start"), integer(span.start))
        yield Quad(node, OA("end"), integer(span.end))
        yield Quad(node, OA("exact"), Literal(self.text.content[span.start : span.end]))
        yield Quad(node, DCTERMS("isPartOf"), self.page)
        if origin.sheet is not None:
            yield Quad(node, COORD("sheet"), integer(origin.sheet))
        yield Quad(node, COORD("line"), integer(origin.line))
        yield Quad(node, COORD("column"), integer(origin.column))

    def passage(self, span):
        """A passage's IRI."""
        return NamedNode(self.minter.passage(self.report.value, span.start, span.end))
