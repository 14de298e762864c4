"""Statements that people keep by hand, in Turtle, N-Triples or JSON-LD → triples; refused with the place of the fault.

What comes from a librarian's files may be broken, or made to do harm: nothing here reaches for another address, and
what a parser would pass over in silence is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg.model.errors import KnowledgeError
from kg.rdf.jsonld import refuse_unsafe

Statement: TypeAlias = tuple[NamedNode, NamedNode, NamedNode | Literal]

#: The ends of names of files that hold statements, with their formats.
FORMATS: Final[Mapping[str, RdfFormat]] = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".jsonld": RdfFormat.JSON_LD,
}
#: Names of files in RDF/XML end so. It is never read: entities of a DOCTYPE make gigabytes of a few hundred bytes.
RDF_XML: Final = frozenset({".rdf", ".owl", ".xml"})
NO_RDF_XML: Final = "RDF/XML is not read; save it as Turtle (.ttl) or JSON-LD (.jsonld)"
_BOM: Final = b"\xef\xbb\xbf"
#: Where a blank node begins in Turtle; before it in the pattern stand words, IRIs, comments and empty lists.
_BLANK: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?|' + r"'''(?:[^'\\]|\\.|'(?!''))*+(?:''')?|"
    r'"(?:[^"\\\n]|\\.)*+"?|' + r"'(?:[^'\\\n]|\\.)*+'?|<[^<>\s]*>|#[^\n]*|\(\s*\)|(?P<blank>_:|[\[(])",
    re.DOTALL,
)


def read_statements(payload: bytes, name: str, form: RdfFormat, base: str) -> tuple[Statement, ...]:
    """The statements of a file, in its order; relative IRIs are resolved against the base.

    Args:
        payload: the file's bytes.
        name: the file, as messages give it.
        form: its format, one of `FORMATS`.
        base: the public base of the deployment.

    Raises:
        KnowledgeError: it does not parse, names a remote context, holds a blank node, a named graph or a triple term.
    """
    payload = payload.removeprefix(_BOM)
    if form is RdfFormat.JSON_LD:
        refuse_unsafe(payload, name)
    try:
        quads = parse(payload, format=form, base_iri=base)
        return tuple(_statement(quad, payload, name, form) for quad in quads)
    except SyntaxError as error:
        raise KnowledgeError(name, _fault(error)) from error


def _fault(error: SyntaxError) -> str:
    said = error.msg.removeprefix("Parser error ")
    reason = said.partition(": ")[2] or said
    return f"line {error.lineno}, column {error.offset}: {reason}" if error.lineno else reason


def _statement(quad: Quad, payload: bytes, name: str, form: RdfFormat) -> Statement:
    subject, value = quad.subject, quad.object
    if isinstance(quad.graph_name, NamedNode):
        raise KnowledgeError(name, f"names the graph {quad.graph_name}; the statements of a file are one graph")
    if isinstance(subject, Triple) or isinstance(value, Triple):
        raise KnowledgeError(name, f"holds a triple as a term, at {quad.predicate}; state the triple by itself")
    if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
        if isinstance(value, Literal) and value.direction is not None:
            raise KnowledgeError(name, f"gives a text a direction, at {quad.predicate}; give it a language alone")
        return subject, quad.predicate, value
    place = "" if form is RdfFormat.JSON_LD else _blank_place(payload.decode())
    raise KnowledgeError(name, f"{place}holds a blank node, at {quad.predicate}; every node needs an IRI of its own")


def _blank_place(turtle: str) -> str:
    """The line of the first blank node."""
    found = next((match for match in _BLANK.finditer(turtle) if match["blank"]), None)
    return f"line {turtle.count(chr(10), 0, found.start()) + 1}: " if found else ""
