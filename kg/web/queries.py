"""The queries of our own pages. `<THING>` stands for the IRI a page is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kg.rdf.vocab import PREFIXES
from kg.web.addresses import checked_iri

_PROLOGUE: Final = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())

KNOWN: Final = "ASK { { <THING> ?p ?o } UNION { ?s ?p <THING> } }"

DESCRIPTION: Final = """
CONSTRUCT { <THING> ?property ?value . ?claim ?claimed ?what . ?passage ?located ?where }
WHERE {
  { <THING> ?property ?value }
  UNION { ?claim rdf:subject <THING> ; ?claimed ?what }
  UNION { ?claim rdf:subject <THING> ; coord:evidence ?passage . ?passage ?located ?where }
}"""

FACTS: Final = "SELECT ?property ?value WHERE { <THING> ?property ?value } ORDER BY ?property ?value LIMIT 1000"

INCOMING: Final = """
SELECT DISTINCT ?property ?subject WHERE {
  ?subject ?property <THING>
  FILTER(?property NOT IN (rdf:subject, rdf:predicate, rdf:object, rdf:type, coord:statedIn, coord:evidence))
} ORDER BY ?property ?subject LIMIT 201"""

PROPERTIES: Final = """
SELECT ?thing ?property ?value WHERE {
  VALUES ?thing { THINGS }
  ?thing ?property ?value
  FILTER(?property IN (NAMES))
}"""  # VALUES for the properties, too, would make the engine read the whole graph

CLAIMS_IN: Final = "SELECT ?claim WHERE { ?claim coord:statedIn <THING> } ORDER BY ?claim LIMIT 2000"
CLAIMS_ABOUT: Final = """
SELECT DISTINCT ?claim WHERE {
  { ?claim rdf:subject <THING> } UNION { ?claim rdf:object <THING> }
  ?claim coord:statedIn ?report
} ORDER BY ?claim LIMIT 201"""

AUTHORS: Final = """
SELECT ?author ?affiliation WHERE {
  <THING> coord:authorship ?authorship .
  ?authorship coord:author ?author ; coord:position ?position .
  OPTIONAL { ?authorship coord:affiliation ?affiliation }
} ORDER BY ?position"""

GAPS: Final = """
SELECT ?field ?reason WHERE {
  <THING> coord:readFrom ?page .
  ?gap coord:gapOf ?page ; coord:field ?field ; coord:reason ?reason .
} ORDER BY ?field"""

SIZES: Final = """
SELECT ?class (COUNT(?thing) AS ?count) WHERE {
  VALUES ?class { coord:Report coord:CoordinationMechanism coord:CoordinatingBody coord:Claim }
  ?thing a ?class
} GROUP BY ?class"""

SIZES_BY_JURISDICTION: Final = """
SELECT ?jurisdiction ?class (COUNT(DISTINCT ?thing) AS ?count) WHERE {
  { BIND(coord:Report AS ?class) ?thing a coord:Report ; dcterms:spatial ?jurisdiction }
  UNION { BIND(coord:CoordinationMechanism AS ?class)
    ?thing a coord:CoordinationMechanism ; coord:jurisdiction ?jurisdiction }
  UNION { BIND(coord:CoordinatingBody AS ?class) ?thing a coord:CoordinatingBody ; coord:jurisdiction ?jurisdiction }
  UNION { BIND(coord:Claim AS ?class) ?report dcterms:spatial ?jurisdiction . ?thing coord:statedIn ?report }
} GROUP BY ?jurisdiction ?class"""

REPORTS: Final = """
SELECT ?report WHERE { ?report a coord:Report OPTIONAL { ?report dcterms:issued ?issued } }
ORDER BY DESC(STR(?issued)) LIMIT 201"""  # sorting by ?report as well takes four times as long

# A day is that of the report, else that of its posting. One key to sort by: two take half as long again.
_NEWEST: Final = """
SELECT ?report ?day WHERE {
  ?report a coord:Report .
  OPTIONAL { ?report dcterms:issued ?issued }
  OPTIONAL { ?report dcterms:available ?posted }
  BIND(STR(COALESCE(?issued, ?posted)) AS ?day)
  FILTER(BOUND(?day))
} ORDER BY DESC(CONCAT(?day, " ", STR(?report)))"""

ONTOLOGY: Final = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <THING> { ?s ?p ?o } }"

TERMS: Final = """
SELECT ?term ?type ?scheme ?definition ?comment WHERE {
  GRAPH <THING> {
    ?term a ?type .
    OPTIONAL { ?term skos:inScheme ?scheme }
    OPTIONAL { ?term skos:definition ?definition FILTER(LANG(?definition) IN ("en", "")) }
    OPTIONAL { ?term rdfs:comment ?comment FILTER(LANG(?comment) IN ("en", "")) }
  }
} ORDER BY ?term LIMIT 5000"""


def about(query: str, iri: str) -> str:
    """A query about one thing.

    Raises:
        ValueError: the IRI holds a character that none may hold.
    """
    return _PROLOGUE + query.replace("<THING>", f"<{checked_iri(iri)}>")


def properties_query(iris: Iterable[str], properties: Iterable[str]) -> str:
    """The query for the values of some properties of some things.

    Raises:
        ValueError: an IRI holds a character that none may hold.
    """
    things = " ".join(f"<{checked_iri(iri)}>" for iri in iris)
    names = ", ".join(f"<{checked_iri(iri)}>" for iri in properties)
    return PROPERTIES.replace("THINGS", things).replace("NAMES", names)


def newest_reports(*, limit: int, offset: int) -> str:
    """The query for dated reports, the newest first."""
    return f"{_NEWEST} LIMIT {limit} OFFSET {offset}"


def overall(query: str) -> str:
    """A query about the whole graph."""
    return _PROLOGUE + query
