"""Graphs as clients send them → statements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from kg.check.rdf_files.rdfxml_places import refuse_hostile
from kg.model.errors import KnowledgeError, SourceError
from kg.model.writes import Write, WriteOutcome
from kg.rdf.jsonld import refuse_unsafe
from kg.rdf.syntax import NO_RDF_XML, read_statements
from kg.writing.declined import Declined
from kg.writing.parts import parts_of

_CURATED: Final[Mapping[str, RdfFormat]] = {
    form.media_type: form for form in (RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.JSON_LD)
}
_PLAIN: Final[Mapping[str, RdfFormat]] = {**_CURATED, RdfFormat.RDF_XML.media_type: RdfFormat.RDF_XML}
_NAME: Final = "the body"
_AT: Final = re.compile(r"line (\d+)(?:, column (\d+))?: ")


def curated_statements(write: Write, base: str) -> frozenset[str]:
    """The statements of a body, in N-Triples as the store gives them back.

    Raises:
        Declined: it is of a kind that is not read, or holds what no curated graph may hold.
    """
    return frozenset[str]().union(*(_curated(part, base) for part in parts_of(write)))


def _curated(write: Write, base: str) -> frozenset[str]:
    form = _format(write, _CURATED)
    try:
        return lines(Quad(*statement) for statement in read_statements(write.body, _NAME, form, base))
    except KnowledgeError as error:
        raise declined(error.reason) from error
    except UnicodeDecodeError as error:
        raise declined(str(error)) from error


def plain_quads(write: Write, base: str) -> list[Quad]:
    """The triples of a body of any kind, blank nodes too.

    Raises:
        Declined: it is of a kind that is not read, or does not parse.
    """
    return [quad for part in parts_of(write) for quad in _plain(part, base)]


def _plain(write: Write, base: str) -> list[Quad]:
    form = _format(write, _PLAIN)
    try:
        if form is RdfFormat.JSON_LD:
            refuse_unsafe(write.body, _NAME)
        if form is RdfFormat.RDF_XML:
            refuse_hostile(_NAME, write.body)
        quads = list(parse(write.body, format=form, base_iri=base or None, rename_blank_nodes=True))
    except (KnowledgeError, SourceError) as error:
        raise declined(error.reason) from error
    except (SyntaxError, UnicodeDecodeError, ValueError) as error:
        raise declined(str(error)) from error
    if any(str(quad.graph_name) != "DEFAULT" for quad in quads):
        raise declined("it names a graph of its own; the graph is named by the request alone")
    return quads


def text_of(write: Write) -> str:
    """The text of an update.

    Raises:
        Declined: it is no UTF-8.
    """
    try:
        return write.body.decode()
    except UnicodeDecodeError as error:
        raise declined(f"no UTF-8: {error.reason} at byte {error.start}") from error


def in_graph(quad: Quad, graph: NamedNode | DefaultGraph) -> Quad:
    """The same triple in a graph."""
    return Quad(quad.subject, quad.predicate, quad.object, graph)


def lines(quads: Iterable[Quad]) -> frozenset[str]:
    """The triples of some quads as lines of N-Triples, numbers and dates as a store gives them back."""
    store = Store()
    store.extend(Quad(*quad.triple) for quad in quads)
    return frozenset(f"{quad.triple} .\n" for quad in store.quads_for_pattern(None, None, None, None))


def declined(reason: str) -> Declined:
    """Why a body cannot be taken; the place in its words becomes the place of the answer."""
    place = _AT.match(reason)
    line, column = (int(part or 0) for part in place.groups()) if place else (0, 0)
    said = reason[place.end() :] if place else reason
    return Declined(WriteOutcome.MALFORMED, f"{_NAME}: {said}", line=line, column=column)


def _format(write: Write, formats: Mapping[str, RdfFormat]) -> RdfFormat:
    form = formats.get(write.media_type.casefold())
    if form is not None:
        return form
    if write.media_type == RdfFormat.RDF_XML.media_type:
        raise Declined(WriteOutcome.UNSUPPORTED, NO_RDF_XML)
    reason = f"bodies of type {write.media_type or '(none)'} are not read; {', '.join(formats)} are"
    raise Declined(WriteOutcome.UNSUPPORTED, reason)
