"""RDF that we wrote ourselves, in another format."""

from __future__ import annotations

from pyoxigraph import RdfFormat, parse

from kg.query.graphs import graph_payload
from kg.rdf.formats import GraphFormat


def translated(turtle: bytes, graph: GraphFormat) -> bytes:
    """The triples of a Turtle document of our own; what others wrote is for other processes to parse."""
    return graph_payload((quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)), graph)
