"""The catalogue of a deployment: one dataset, the version that is served, and where to ask it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.rdf.dataset import Census, Edition, census_triples, edition_triples, imprint_triples
from kg.rdf.vocab import DCAT, DCTERMS, FOAF, FORMATS, TITLE, TYPE, VOID

_PROTOCOL: Final = "https://www.w3.org/TR/sparql11-protocol/"
_WRITTEN: Final = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML")


def catalogue_triples(edition: Edition, census: Census) -> Iterator[Triple]:
    """The catalogue (DCAT 3, section 6.3) and its endpoint, which is a data service (section 6.9)."""
    base = edition.base
    catalog, service = NamedNode(f"{base}catalog"), NamedNode(f"{base}sparql#service")
    endpoint, online = NamedNode(f"{base}sparql"), edition.part("online")
    yield Triple(catalog, TYPE, DCAT("Catalog"))
    yield Triple(catalog, TYPE, VOID("DatasetDescription"))
    yield Triple(catalog, FOAF("primaryTopic"), edition.version)
    yield Triple(catalog, DCAT("dataset"), edition.dataset)
    yield Triple(catalog, DCAT("dataset"), edition.version)
    yield Triple(catalog, DCAT("service"), service)
    yield Triple(catalog, FOAF("page"), NamedNode(f"{base}feed.atom"))
    yield from imprint_triples(edition, catalog)
    yield from edition_triples(edition)
    yield from census_triples(edition, census)
    yield Triple(edition.version, VOID("sparqlEndpoint"), endpoint)
    for name in _WRITTEN:
        yield Triple(edition.version, VOID("feature"), FORMATS(name))
    yield Triple(edition.version, DCAT("distribution"), online)
    yield Triple(online, TYPE, DCAT("Distribution"))
    yield Triple(online, TITLE, Literal("SPARQL 1.1 queries"))
    yield Triple(online, DCAT("accessURL"), endpoint)
    yield Triple(online, DCAT("accessService"), service)
    yield Triple(service, TYPE, DCAT("DataService"))
    yield Triple(service, TITLE, Literal("SPARQL 1.1 queries"))
    yield Triple(service, DCAT("endpointURL"), endpoint)
    yield Triple(service, DCAT("servesDataset"), edition.version)
    yield Triple(service, DCTERMS("conformsTo"), NamedNode(_PROTOCOL))
