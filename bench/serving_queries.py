"""The twelve queries that servers are compared by, about things that the data at hand holds most of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, QuerySolutions, Store

_PREFIXES: Final = """PREFIX coord: <https://w3id.org/policy-kg/coord#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""

#: REPORT, BODY, PERSON, PARENT and YEAR stand for what `queries` finds in the data.
_QUERIES: Final = {
    "look-up": "SELECT ?property ?value WHERE { REPORT ?property ?value }",
    "describe": "DESCRIBE BODY",
    "reports of a body": """SELECT DISTINCT ?report ?title WHERE {
        ?mechanism coord:hasComponent BODY . ?report coord:describes ?mechanism ; dcterms:title ?title }""",
    "co-authors": """SELECT ?other (COUNT(DISTINCT ?report) AS ?together) WHERE {
        ?report dcterms:creator PERSON , ?other FILTER(?other != PERSON) } GROUP BY ?other""",
    "counts by year": """SELECT ?year (COUNT(?report) AS ?reports) WHERE {
        ?report a coord:Report ; coord:seriesYear ?year } GROUP BY ?year""",
    "hierarchy path": "SELECT DISTINCT ?part WHERE { ?part org:subOrganizationOf+ PARENT }",
    "contains": """SELECT ?report ?title WHERE {
        ?report a coord:Report ; dcterms:title ?title FILTER(CONTAINS(LCASE(STR(?title)), "robotics")) }""",
    "top-k": """SELECT ?report ?day WHERE {
        ?report a coord:Report ; dcterms:issued ?day } ORDER BY DESC(?day) ?report LIMIT 20""",
    "optional listing": """SELECT ?report ?title ?team ?posted WHERE {
        ?report coord:seriesYear YEAR ; dcterms:title ?title
        OPTIONAL { ?report coord:team ?of . ?of rdfs:label ?team }
        OPTIONAL { ?report dcterms:available ?posted } }""",
    "provenance": "SELECT ?graph ?mechanism WHERE { GRAPH ?graph { ?mechanism coord:hasComponent BODY } }",
    "construct": """CONSTRUCT { ?report dcterms:title ?title ; dcterms:creator ?person . ?person foaf:name ?name }
        WHERE { ?report coord:seriesYear YEAR ; dcterms:title ?title ; dcterms:creator ?person .
        ?person foaf:name ?name }""",
    "aggregation": """SELECT ?jurisdiction ?function (COUNT(DISTINCT ?mechanism) AS ?mechanisms) WHERE {
        ?mechanism coord:jurisdiction ?jurisdiction ; coord:performs ?function }
        GROUP BY ?jurisdiction ?function""",
}
#: What the queries ask about: the one of its kind that most is said of, and of those the first by its IRI.
_SUBJECTS: Final = {
    "REPORT": "?it a coord:Report ; dcterms:creator ?person",
    "BODY": "?mechanism coord:hasComponent ?it",
    "PERSON": "?report dcterms:creator ?it , ?other FILTER(?it != ?other)",
    "PARENT": "?part org:subOrganizationOf+ ?it",
    "YEAR": "?report coord:seriesYear ?it",
}
_MOST: Final = "SELECT ?it WHERE { PATTERN } GROUP BY ?it ORDER BY DESC(COUNT(*)) ?it LIMIT 1"
#: What the standard leaves to the server (SPARQL 1.1 Query, section 16.4), so that answers may differ.
LEFT_OPEN: Final = frozenset({"describe"})
GRAPH_ANSWERS: Final = frozenset({"describe", "construct"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A query by its name."""

    name: str
    text: str

    @property
    def media_type(self) -> str:
        """The format that every server can answer it in."""
        return (
            "application/n-triples, text/turtle;q=0.5"
            if self.name in GRAPH_ANSWERS
            else "application/sparql-results+json"
        )


def queries(store: Store) -> tuple[Asked, ...]:
    """The queries about what a store holds."""
    subjects = {name: _first(store, _MOST.replace("PATTERN", pattern)) for name, pattern in _SUBJECTS.items()}
    asked = []
    for name, pattern in _QUERIES.items():
        text = _PREFIXES + pattern
        for subject, term in subjects.items():
            text = text.replace(subject, term)
        asked.append(Asked(name, " ".join(text.split())))
    return tuple(asked)


def _first(store: Store, query: str) -> str:
    found = store.query(_PREFIXES + query)
    if not isinstance(found, QuerySolutions):
        raise TypeError(query)
    term = next(iter(found))[0]
    return str(term) if not isinstance(term, NamedNode) else f"<{term.value}>"
