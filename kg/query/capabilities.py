"""What a service over this engine says of itself, by SPARQL 1.1 Service Description."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode, Triple

from kg.query.graphs import graph_payload
from kg.rdf.formats import GraphFormat
from kg.rdf.vocab import ENTAILMENT, FORMATS, SD, TYPE

#: The formats of answers, by the W3C's list of unique IRIs for them.
_WRITTEN: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "N-Quads", "TriG", "JSON-LD", "RDF_XML",
)  # fmt: skip


def service_description(endpoint: str, graph: GraphFormat, *, update: str = "", federates: bool = False) -> bytes:
    """The description of the service at an address.

    Args:
        endpoint: where queries are answered.
        graph: how it is written.
        update: where updates are taken; empty where none are.
        federates: whether queries may ask other services.
    """
    service, dataset, merged = (NamedNode(f"{endpoint}#{part}") for part in ("service", "dataset", "default-graph"))
    triples = [
        Triple(service, TYPE, SD("Service")),
        Triple(service, SD("endpoint"), NamedNode(endpoint)),
        Triple(service, SD("supportedLanguage"), SD("SPARQL11Query")),
        Triple(service, SD("defaultEntailmentRegime"), ENTAILMENT("Simple")),
        Triple(service, SD("defaultDataset"), dataset),
        Triple(dataset, TYPE, SD("Dataset")),
        Triple(dataset, SD("defaultGraph"), merged),
        Triple(merged, TYPE, SD("Graph")),
    ]
    if federates:
        triples.append(Triple(service, SD("feature"), SD("BasicFederatedQuery")))
    if update:
        writer = NamedNode(f"{update}#service")
        triples += [
            Triple(writer, TYPE, SD("Service")),
            Triple(writer, SD("endpoint"), NamedNode(update)),
            Triple(writer, SD("supportedLanguage"), SD("SPARQL11Update")),
        ]
    return graph_payload([*triples, *(Triple(service, SD("resultFormat"), FORMATS(name)) for name in _WRITTEN)], graph)
