"""Which files are RDF, by the ends of their names; a check of pages asks this and needs no reader of RDF."""

from __future__ import annotations

from typing import Final

from kg.rdf.formats import GraphFormat

SUFFIXES: Final = {
    ".ttl": GraphFormat.TURTLE,
    ".trig": GraphFormat.TRIG,
    ".nt": GraphFormat.NTRIPLES,
    ".nq": GraphFormat.NQUADS,
    ".jsonld": GraphFormat.JSONLD,
    ".rdf": GraphFormat.RDFXML,
    ".owl": GraphFormat.RDFXML,
}
