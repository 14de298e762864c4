"""The places of an RDF/XML file: the elements that name its nodes."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate, errors

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg.check.rdf_files.lines import Lines
from kg.check.rdf_files.resolution import resolved
from kg.check.rdf_files.subject_places import SubjectPlaces
from kg.model.errors import SourceError
from kg.rdf.vocab import RDF

_XML_BASE: Final = "http://www.w3.org/XML/1998/namespace base"
_ABOUT, _ID, _NODE_ID = (f"{RDF.iri} {name}" for name in ("about", "ID", "nodeID"))
_RESOURCE: Final = f"{RDF.iri} resource"
_START_TAG: Final = re.compile(r"<[^\s/>]*")


class _Prolog(Exception):  # noqa: N818 # no error: it ends a reading that has seen enough
    """The prolog is over."""


class RdfXmlPlaces(SubjectPlaces):
    """Places that expat tells."""

    def __init__(self, lines: Lines, base: str, quads: Sequence[Quad], labelled: Sequence[Quad]) -> None:
        super().__init__(lines, quads, labelled, _elements(lines.text, base))


def refuse_doctype(source: str, payload: bytes) -> None:
    """Refuses a document type declaration, since its entities can grow to any size.

    Raises:
        SourceError: there is one, or what stands before the first element is no XML.
    """
    parser = ParserCreate()

    def doctype(*_: object) -> None:
        before = payload[: payload.rfind(b"<!DOCTYPE", 0, parser.CurrentByteIndex)].decode(errors="replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise SourceError(
            source,
            f"line {line}, column {column}: a DOCTYPE is refused, since its entities can grow to any size; "
            "write the IRIs out",
        )

    def element(*_: object) -> None:
        raise _Prolog

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = element
    try:
        parser.Parse(payload, True)  # noqa: FBT003 # expat takes no keywords
    except _Prolog:
        return
    except ExpatError as error:
        raise SourceError(source, _told(error)) from error


def fault(payload: bytes) -> str | None:
    """What is wrong with the XML, with line and column; None if nothing is."""
    parser = ParserCreate()
    try:
        parser.Parse(payload, True)  # noqa: FBT003 # as above
    except ExpatError as error:
        return _told(error)
    return None


def lines_taken(payload: bytes) -> int:
    """How many lines Oxigraph takes before it refuses the file; it gives no line itself."""
    lines = _Lines(payload)
    with suppress(SyntaxError):
        deque(parse(input=lines, format=RdfFormat.RDF_XML, base_iri="file:///"), maxlen=0)
    return lines.taken


class _Lines(BytesIO):
    """Bytes that are given out a line at a time."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        """A line, or as much of it as was asked for."""
        line = self.readline(size)
        self.taken += line.endswith(b"\n")
        return line


def _told(error: ExpatError) -> str:
    return f"line {error.lineno}, column {error.offset + 1}: {errors.messages[error.code]}"


def _elements(text: str, base: str) -> dict[str, tuple[int, int]]:
    """The first element that names each node, as offsets of its tag's name."""
    payload = text.encode()
    parser = ParserCreate("utf-8", " ")
    described: dict[str, tuple[int, int]] = {}
    referred: dict[str, tuple[int, int]] = {}
    bases = [base]
    counted = [0, 0]  # bytes, and the characters that they are

    def offset() -> int:
        counted[1] += len(payload[counted[0] : parser.CurrentByteIndex].decode())
        counted[0] = parser.CurrentByteIndex
        return counted[1]

    def start(_: str, attributes: dict[str, str]) -> None:
        bases.append(resolved(attributes.get(_XML_BASE, ""), bases[-1]) if _XML_BASE in attributes else bases[-1])
        for name in (_ABOUT, _ID, _NODE_ID, _RESOURCE):
            if name in attributes:
                at = offset()
                tag = _START_TAG.match(text, at)
                node = _node(name, attributes[name], bases[-1])
                if node is not None and tag is not None:
                    (referred if name == _RESOURCE else described).setdefault(node, tag.span())

    def end(_: str) -> None:
        bases.pop()

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(payload, True)  # noqa: FBT003 # as above
    return {**referred, **described}


def _node(name: str, value: str, base: str) -> str | None:
    if name == _NODE_ID:
        return f"_:{value}"
    try:
        return str(NamedNode(resolved(f"#{value}" if name == _ID else value, base)))
    except ValueError:  # no IRI, so no subject
        return None
