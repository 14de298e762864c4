"""What was pushed to a server, kept there in a graph of its own, so that anybody who pushes next sends what changed.

A graph is said to be there (with its mark) only while it is: before anything is changed the record is written without
the graphs that will change, and each comes back when it was sent whole. Who breaks off in the middle leaves a record
that says too little, never too much. `dcat:version` stands in it once all of a version was sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg.push.contents import DEFAULT, Mark
from kg.rdf.vocab import DCAT, DCTERMS, VOID, XSD

_SCHEME: Final = "sum-sha256:"
_DEFAULT_NODE: Final = "#default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a server holds of ours.

    Attributes:
        version: the version that was sent whole; None while one is under way or was broken off.
        marks: those of the graphs that are there, by name; the default graph has the name "".
    """

    version: str | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict)


def record_graph(base: str) -> str:
    """The name of the graph that holds the record of a deployment."""
    return f"{base}graph/pushed"


def written(record: Record, base: str) -> bytes:
    """The record as N-Triples."""
    lines = marks_written(record.marks.items(), base)
    if record.version is None:
        return lines
    said = Triple(NamedNode(record_graph(base)), DCAT("version"), Literal(record.version))
    return f"{said} .\n".encode() + lines


def marks_written(marks: Iterable[tuple[str, Mark]], base: str) -> bytes:
    """That these graphs are there, as N-Triples."""
    triples = [triple for name, mark in marks for triple in _said(_node(name, base), mark)]
    return "".join(f"{triple} .\n" for triple in triples).encode()


def read(payload: bytes, base: str, form: RdfFormat) -> Record:
    """The record that was written so; what else its graph holds is passed over.

    Raises:
        ValueError: it is no RDF.
    """
    version: str | None = None
    digests: dict[str, str] = {}
    counts: dict[str, int] = {}
    try:
        for quad in parse(payload, form):
            name, value = _name(quad.subject, base), quad.object.value if isinstance(quad.object, Literal) else ""
            if quad.predicate == DCAT("version"):
                version = value
            elif quad.predicate == DCTERMS("identifier") and value.startswith(_SCHEME):
                digests[name] = value.removeprefix(_SCHEME)
            elif quad.predicate == VOID("triples"):
                counts[name] = int(value)
    except SyntaxError as error:
        raise ValueError(str(error)) from error
    marks = {name: Mark(triples=counts[name], digest=digests[name]) for name in digests if name in counts}
    return Record(version=version, marks=marks)


def _said(node: NamedNode, mark: Mark) -> tuple[Triple, Triple]:
    count = Literal(str(mark.triples), datatype=XSD("integer"))
    return (
        Triple(node, DCTERMS("identifier"), Literal(f"{_SCHEME}{mark.digest}")),
        Triple(node, VOID("triples"), count),
    )


def _node(name: str, base: str) -> NamedNode:
    return NamedNode(name if name != DEFAULT else record_graph(base) + _DEFAULT_NODE)


def _name(node: object, base: str) -> str:
    iri = node.value if isinstance(node, NamedNode) else ""
    return DEFAULT if iri == record_graph(base) + _DEFAULT_NODE else iri
