"""Pages to check: flat statements written as Turtle, each given its claim and its passage."""

from dataclasses import dataclass, replace

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg import assets
from kg.check import Checker
from kg.rdf.iris import Minter
from kg.rdf.knowledge import knowledge_quads
from kg.rdf.quads import PageQuads
from kg.rdf.vocab import COORD, DCTERMS, OA, PREFIXES, RDF, TYPE, XSD

BASE = "http://127.0.0.1:8000/"
REPORT = NamedNode(f"{BASE}id/report/drc-2021-267")
PAGE = NamedNode(f"{BASE}id/page/e008f607e5bad1e3")
FULL = """
<id/report/drc-2021-267> a coord:Report ;
    dcterms:title "Macro Coordination Mechanism of Japan"@en ;
    coord:number "267" ;
    coord:seriesYear "2021"^^xsd:gYear ;
    dcterms:issued "2021-09-15"^^xsd:date ;
    dcterms:isPartOf <id/series/drc/research-report> ;
    dcterms:publisher <id/institution/cn-drc> ;
    dcterms:abstract "Japan has integrated the forces."@en ;
    dcat:keyword "coordination"@en ;
    dcterms:spatial <id/jurisdiction/jp> ;
    coord:describes <id/mechanism/jp-drc-2021-267> .
<id/series/drc/research-report> a coord:ReportSeries ; rdfs:label "Research Report"@en .
<id/mechanism/jp-drc-2021-267> a coord:CoordinationMechanism ;
    rdfs:label "mechanism"@en ; coord:jurisdiction <id/jurisdiction/jp> ; coord:hasComponent <id/body/jp-csti> .
<id/body/jp-csti> skos:altLabel "Comprehensive Conference"@en .
"""
BYLINE = """
<id/report/drc-2021-267> dcterms:creator <id/person/sun-jie> ; coord:authorship <id/authorship/drc-2021-267/1> .
<id/person/sun-jie> a foaf:Person ; foaf:name "Sun Jie" .
<id/authorship/drc-2021-267/1> a coord:Authorship ; coord:position 1 ; coord:author <id/person/sun-jie> .
"""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A page in Turtle, in four parts.

    Attributes:
        read: statements with their claims; the claims take lines 1, 2, … of the source in this order.
        claimed: claims that assert what no flat triple states, on the lines that follow.
        denied: claims that deny, on the lines that follow.
        unclaimed: flat triples without a claim.
        evidence: further triples of the evidence layer.
    """

    read: str = ""
    claimed: str = ""
    denied: str = ""
    unclaimed: str = ""
    evidence: str = ""

    def page(self, **kwargs):
        """The page, as the mapping would hand it over."""
        graph = NamedNode(f"{BASE}graph/report/drc-2021-267")
        claims = [(quad, "asserted") for quad in triples(self.read) + triples(self.claimed)]
        claims += [(quad, "denied") for quad in triples(self.denied)]
        evidence = [claim for number, (quad, word) in enumerate(claims) for claim in claim_quads(number, quad, word)]
        page = PageQuads.of(
            "page.txt",
            graph,
            [Quad(*quad.triple, graph) for quad in triples(self.read) + triples(self.unclaimed)],
            [*page_node(), *evidence, *triples(self.evidence)],
        )
        return replace(page, **kwargs)


def triples(turtle):
    """The triples of some Turtle, with all prefixes declared."""
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    return list(parse(head + turtle, format=RdfFormat.TURTLE, base_iri=BASE))


def page_node():
    """The page's own description."""
    yield Quad(PAGE, TYPE, COORD("Page"))
    yield Quad(PAGE, DCTERMS("identifier"), Literal("sha256:" + "e008f607" * 8))
    yield Quad(PAGE, COORD("sourcePath"), Literal("page.txt"))
    yield Quad(PAGE, DCTERMS("format"), Literal("text/plain"))
    yield Quad(PAGE, COORD("pageKind"), Literal("report"))
    yield Quad(REPORT, COORD("readFrom"), PAGE)


def claim_quads(number, quad, polarity):
    """A claim for a statement, and the passage it rests on: line `number + 1`, words `w00`, `w01` and so on."""
    claim = NamedNode(f"{BASE}id/claim/drc-2021-267/{number:02d}")
    passage = NamedNode(f"{REPORT.value}#char={number * 10},{number * 10 + 3}")
    yield Quad(claim, TYPE, COORD("Claim"))
    yield Quad(claim, RDF("subject"), quad.subject)
    yield Quad(claim, RDF("predicate"), quad.predicate)
    yield Quad(claim, RDF("object"), quad.object)
    yield Quad(claim, COORD("statedIn"), REPORT)
    yield Quad(claim, COORD("evidence"), passage)
    yield Quad(claim, COORD("method"), Literal("test/rule"))
    yield Quad(claim, COORD("confidence"), Literal("1.0", datatype=XSD("decimal")))
    yield Quad(claim, COORD("polarity"), Literal(polarity))
    yield Quad(passage, TYPE, COORD("Passage"))
    yield Quad(passage, OA("start"), Literal(number * 10))
    yield Quad(passage, OA("end"), Literal(number * 10 + 3))
    yield Quad(passage, OA("exact"), Literal(f"w{number:02d}"))
    yield Quad(passage, DCTERMS("isPartOf"), PAGE)
    yield Quad(passage, COORD("line"), Literal(number + 1))
    yield Quad(passage, COORD("column"), Literal(1))


@pytest.fixture
def draft():
    """Makes a draft from Turtle; without any, of a report that lacks nothing."""
    return lambda read=FULL + BYLINE, **parts: Draft(read=read, **parts)


@pytest.fixture(scope="session")
def full():
    """A report's description without its byline."""
    return FULL


@pytest.fixture(scope="session")
def turtle_triples():
    """Parses Turtle with all prefixes declared."""
    return triples


@pytest.fixture(scope="session")
def knowledge():
    """The ontology, the vocabularies and the authority."""
    return knowledge_quads(assets.ontology(), Minter(BASE))


@pytest.fixture(scope="session")
def checker(knowledge):
    """A checker with our shapes."""
    return Checker.load(assets.shapes(), knowledge)
