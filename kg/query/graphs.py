"""Triples written the same way every time: sorted, with the prefixes they use, those sorted too."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple, serialize

from kg.query.jsonld import jsonld
from kg.rdf.formats import GraphFormat
from kg.rdf.vocab import PREFIXES, RDF, TYPE, XSD

# Datatypes that Turtle does not spell out.
_UNWRITTEN: Final = {RDF("langString"), *map(XSD, ("string", "integer", "decimal", "double", "boolean"))}
_TURTLE_HEADER: Final = re.compile(rb"(?:@prefix [^\n]*\n)*")
#: Triples that are put in order; sorting 20,000 takes a quarter of a second.
MOST_IN_ORDER: Final = 20_000
#: Formats that are written as triples come; the others need all of them at once.
STREAMED: Final = frozenset({GraphFormat.TURTLE, GraphFormat.TRIG, GraphFormat.NTRIPLES, GraphFormat.NQUADS})
_XML_HEADER: Final = re.compile(rb"(?<=<rdf:RDF )[^>]*")


def graph_payload(triples: Iterable[Triple], graph: GraphFormat) -> bytes:
    """The triples, each once: by subject, its types first, then by predicate and object."""
    ordered = sorted(set(triples), key=_reading_order)
    match graph:
        case GraphFormat.TURTLE | GraphFormat.TRIG:
            return _TURTLE_HEADER.sub(_lines_in_order, _abbreviated(ordered, graph), count=1)
        case GraphFormat.RDFXML:
            return _XML_HEADER.sub(_words_in_order, _abbreviated(ordered, graph), count=1)
        case GraphFormat.JSONLD if not any(isinstance(term, Triple) for triple in ordered for term in triple):
            return jsonld(ordered, PREFIXES)
        case _:
            return _written(ordered, graph, {})


def stream_graph(triples: Iterable[Triple], graph: GraphFormat, output: io.BytesIO) -> None:
    """Writes the triples as they come, under all prefixes that are known."""
    prefixes = PREFIXES if graph in {GraphFormat.TURTLE, GraphFormat.TRIG} else {}
    serialize(triples, output, format=graph.rdf, prefixes=prefixes)


def _lines_in_order(header: re.Match[bytes]) -> bytes:
    return b"".join(sorted(header.group().splitlines(keepends=True)))


def _words_in_order(header: re.Match[bytes]) -> bytes:
    return b" ".join(sorted(header.group().split()))


def _abbreviated(triples: list[Triple], graph: GraphFormat) -> bytes:
    return _written(triples, graph, _used_prefixes(triples))


def _written(triples: list[Triple], graph: GraphFormat, prefixes: dict[str, str]) -> bytes:
    output = io.BytesIO()
    serialize(triples, output, format=graph.rdf, prefixes=prefixes)
    return output.getvalue()


def _reading_order(triple: Triple) -> tuple[str, bool, str, str]:
    return str(triple.subject), triple.predicate != TYPE, triple.predicate.value, str(triple.object)


def _used_prefixes(triples: Iterable[Triple]) -> dict[str, str]:
    iris = set[str]()
    for triple in triples:
        iris.update(term.value for term in triple if isinstance(term, NamedNode))
        if isinstance(triple.object, Literal) and triple.object.datatype not in _UNWRITTEN:
            iris.add(triple.object.datatype.value)
    return {prefix: iri for prefix, iri in PREFIXES.items() if any(used.startswith(iri) for used in iris)}
