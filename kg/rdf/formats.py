"""The serialisations we read and write: one enum for RDF, one for query results."""

from __future__ import annotations

from enum import Enum

from pyoxigraph import QueryResultsFormat, RdfFormat


class GraphFormat(Enum):
    """RDF serialisations; the value is what the command line calls it."""

    NQUADS = "nquads"
    TRIG = "trig"
    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    JSONLD = "jsonld"
    RDFXML = "rdfxml"

    @property
    def rdf(self) -> RdfFormat:
        """The format as pyoxigraph names it."""
        return _RDF[self]

    @property
    def media_type(self) -> str:
        """IANA media type."""
        return self.rdf.media_type

    @property
    def holds_datasets(self) -> bool:
        """Whether it can write named graphs."""
        return self.rdf.supports_datasets


_RDF = {
    GraphFormat.NQUADS: RdfFormat.N_QUADS,
    GraphFormat.TRIG: RdfFormat.TRIG,
    GraphFormat.TURTLE: RdfFormat.TURTLE,
    GraphFormat.NTRIPLES: RdfFormat.N_TRIPLES,
    GraphFormat.JSONLD: RdfFormat.JSON_LD,
    GraphFormat.RDFXML: RdfFormat.RDF_XML,
}


class ResultsFormat(Enum):
    """Serialisations of SELECT and ASK answers; the value is what the command line calls it."""

    JSON = "json"
    XML = "xml"
    CSV = "csv"
    TSV = "tsv"

    @property
    def results(self) -> QueryResultsFormat:
        """The format as pyoxigraph names it."""
        return _RESULTS[self]

    @property
    def media_type(self) -> str:
        """IANA media type."""
        return self.results.media_type


_RESULTS = {
    ResultsFormat.JSON: QueryResultsFormat.JSON,
    ResultsFormat.XML: QueryResultsFormat.XML,
    ResultsFormat.CSV: QueryResultsFormat.CSV,
    ResultsFormat.TSV: QueryResultsFormat.TSV,
}
