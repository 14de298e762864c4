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
#: Elements inside one another; documents written by people or tools have a dozen.
MOST_DEEP: Final = 2_000
_START_TAG: Final = re.compile(r"<[^\s/>]*")


class RdfXmlPlaces(SubjectPlaces):
    """Places that expat tells."""

    def __init__(self, lines: Lines, base: str, quads: Sequence[Quad], labelled: Sequence[Quad]) -> None:
        super().__init__(lines, quads, labelled, _elements(lines.text, base))


def refuse_hostile(source: str, payload: bytes) -> None:
    """Refuses what Oxigraph would take without end: entities can grow to any size, and nesting costs its square.

    Raises:
        SourceError: there is a document type declaration, or the elements are nested deeper than `MOST_DEEP`, or it is
            no XML.
    """
    parser = ParserCreate()
    depth = 0

    def doctype(*_: object) -> None:
        at = payload.rfind(b"<!DOCTYPE", 0, parser.CurrentByteIndex)
        reason = "a DOCTYPE is refused, since its entities can grow to any size; write the IRIs out"
        raise SourceError(source, f"{_counted(payload, at)}: {reason}")

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEEP:
            reason = f"elements are nested more than {MOST_DEEP:,} deep"
            raise SourceError(source, f"{_counted(payload, parser.CurrentByteIndex)}: {reason}")

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(payload, True)  # noqa: FBT003 # expat takes no keywords
    except ExpatError as error:
        raise SourceError(source, _told(error)) from error


def _counted(payload: bytes, at: int) -> str:
    before = payload[:at].decode(errors="replace")
    return f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"


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
