"""The vocabularies' IRIs: the only place that spells them."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode


class Namespace:
    """A namespace; calling it with a local name gives the term."""

    def __init__(self, prefix: str, iri: str) -> None:
        self.prefix: Final = prefix
        self.iri: Final = iri

    def __call__(self, local: str) -> NamedNode:
        """The term with this local name."""
        return NamedNode(self.iri + local)

    def text(self, local: str) -> str:
        """The term with this local name as N-Triples writes it."""
        return f"<{self.iri}{local}>"


COORD = Namespace("coord", "https://w3id.org/policy-kg/coord#")
CONCEPT = Namespace("concept", "https://w3id.org/policy-kg/concept/")
RDF = Namespace("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("rdfs", "http://www.w3.org/2000/01/rdf-schema#")
OWL = Namespace("owl", "http://www.w3.org/2002/07/owl#")
XSD = Namespace("xsd", "http://www.w3.org/2001/XMLSchema#")
DCTERMS = Namespace("dcterms", "http://purl.org/dc/terms/")
DCAT = Namespace("dcat", "http://www.w3.org/ns/dcat#")
FOAF = Namespace("foaf", "http://xmlns.com/foaf/0.1/")
SKOS = Namespace("skos", "http://www.w3.org/2004/02/skos/core#")
SKOSXL = Namespace("skosxl", "http://www.w3.org/2008/05/skos-xl#")
ORG = Namespace("org", "http://www.w3.org/ns/org#")
PROV = Namespace("prov", "http://www.w3.org/ns/prov#")
OA = Namespace("oa", "http://www.w3.org/ns/oa#")
BIBO = Namespace("bibo", "http://purl.org/ontology/bibo/")
SH = Namespace("sh", "http://www.w3.org/ns/shacl#")
VANN = Namespace("vann", "http://purl.org/vocab/vann/")
SD = Namespace("sd", "http://www.w3.org/ns/sparql-service-description#")
VS = Namespace("vs", "http://www.w3.org/2003/06/sw-vocab-status/ns#")
# What describes a dataset, and stands in no graph that we publish.
VOID = Namespace("void", "http://rdfs.org/ns/void#")
SPDX = Namespace("spdx", "http://spdx.org/rdf/terms#")

NAMESPACES: Final = (
    COORD, CONCEPT, RDF, RDFS, OWL, XSD, DCTERMS, DCAT, FOAF, SKOS, SKOSXL, ORG, PROV, OA, BIBO, SH, SD, VANN, VS,
)  # fmt: skip
PREFIXES: Final = {namespace.prefix: namespace.iri for namespace in NAMESPACES}
CATALOGUE_PREFIXES: Final = {
    namespace.prefix: namespace.iri for namespace in (DCAT, DCTERMS, FOAF, PROV, RDFS, SPDX, VOID, XSD)
}

# Of single terms; no prefix of ours stands for these.
FORMATS = Namespace("formats", "http://www.w3.org/ns/formats/")
ENTAILMENT = Namespace("ent", "http://www.w3.org/ns/entailment/")

TYPE = RDF("type")
LABEL = RDFS("label")
TITLE = DCTERMS("title")
