"""An RDF file as a graph whose statements can be placed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, Triple, parse

from kg.check.rdf_files.jsonld_places import JsonLdPlaces, remote_context
from kg.check.rdf_files.lines import Lines
from kg.check.rdf_files.places import Places, Statement
from kg.check.rdf_files.rdfxml_places import RdfXmlPlaces, lines_taken, refuse_hostile
from kg.check.rdf_files.suffixes import SUFFIXES
from kg.check.rdf_files.tokens import Kind, tokens
from kg.check.rdf_files.turtle_places import TurtlePlaces
from kg.model.errors import SourceError
from kg.rdf.formats import GraphFormat
from kg.rdf.jsonld import depth_fault

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class LocatedGraph:
    """What one file says; where it says so is found out when somebody asks.

    Attributes:
        source: the file's path as it was given.
        quads: its statements in their order, with blank nodes that no other file shares.
    """

    def __init__(self, source: str, payload: bytes, form: GraphFormat, base: str) -> None:
        self.source = source
        self.form = form
        self._payload = payload.removeprefix(_BYTE_ORDER_MARK)
        self._base = base
        self.quads = self._parsed(rename=True)

    @property
    def text(self) -> str:
        """The whole file."""
        return self._payload.decode("utf-8", errors="replace")

    @cached_property
    def lines(self) -> Lines:
        """The file's lines."""
        return Lines(self.source, self.text)

    @cached_property
    def places(self) -> Places:
        """Where everything stands."""
        if self.form is GraphFormat.JSONLD:
            return JsonLdPlaces(self.lines, self._base, self.quads, self._parsed(rename=False))
        if self.form is GraphFormat.RDFXML:
            return RdfXmlPlaces(self.lines, self._base, self.quads, self._parsed(rename=False))
        return TurtlePlaces(self.lines, self.form, self._base, self.quads)

    @cached_property
    def described(self) -> Mapping[str, Sequence[Statement]]:
        """Each subject, in N-Triples, with its statements in the order of the file."""
        described: dict[str, list[Statement]] = {}
        for statement in map(Statement.of, self.quads):
            described.setdefault(statement.subject, []).append(statement)
        return described

    @cached_property
    def objects(self) -> AbstractSet[str]:
        """All objects, in N-Triples."""
        return {each.object for statements in self.described.values() for each in statements}

    @cached_property
    def nodes(self) -> AbstractSet[str]:
        """All subjects and objects, in N-Triples."""
        return self.objects | self.described.keys()

    def says(self, statement: Statement) -> bool:
        """Whether the file makes the statement."""
        return statement in self._statements

    @cached_property
    def _statements(self) -> AbstractSet[Statement]:
        return {each for statements in self.described.values() for each in statements}

    def _parsed(self, *, rename: bool) -> tuple[Quad, ...]:
        return tuple(
            parse(input=self._payload, format=self.form.rdf, base_iri=self._base or None, rename_blank_nodes=rename)
        )


def read_graph(path: Path, *, base: str = "") -> LocatedGraph:
    """The graph in a file, whose format its suffix tells.

    Args:
        path: a file with one of the `SUFFIXES`.
        base: what relative IRIs are resolved against; the file's own address if empty.

    Raises:
        SourceError: it cannot be read, is not well formed, or holds what is refused; with line and column.
    """
    form = SUFFIXES[path.suffix.lower()]
    try:
        payload = path.read_bytes()
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {error.strerror or error}") from error
    return located_graph(str(path), payload, form, base or path.resolve().as_uri())


def located_graph(source: str, payload: bytes, form: GraphFormat, base: str) -> LocatedGraph:
    """The graph in the bytes of a file.

    Raises:
        SourceError: they are not well formed, or hold what is refused; with line and column.
    """
    if form is GraphFormat.RDFXML:
        refuse_hostile(source, payload)
    if form is GraphFormat.JSONLD and (deep := depth_fault(payload)):
        raise SourceError(source, deep)
    try:
        graph = LocatedGraph(source, payload, form, base)
    except SyntaxError as error:
        raise _syntax_error(source, payload, form, error) from error
    if any(isinstance(quad.object, Triple) for quad in graph.quads):
        raise SourceError(source, f"{_first_mark(graph)}holds a triple term of RDF 1.2, which SHACL does not know")
    return graph


def _first_mark(graph: LocatedGraph) -> str:
    """Where a file first has a mark that RDF 1.1 does not know."""
    token = next((token for token in tokens(graph.text) if token.kind is Kind.OTHER), None)
    place = None if token is None else graph.lines.place(token.at, token.at)
    return "" if place is None else f"line {place.line}, column {place.column}: "


def _syntax_error(source: str, payload: bytes, form: GraphFormat, error: SyntaxError) -> SourceError:
    if error.lineno:
        reason = error.msg.partition(": ")[2] or error.msg
        return SourceError(source, f"line {error.lineno}, column {error.offset}: {reason}")
    reason = " ".join(error.msg.split())
    if form is GraphFormat.RDFXML:
        return SourceError(source, f"line {lines_taken(payload)} or before: {reason}")
    if form is GraphFormat.JSONLD:
        return SourceError(source, remote_context(source, payload) or reason)
    return SourceError(source, reason)


def rdf_paths(paths: Iterable[Path]) -> Iterator[Path]:
    """The RDF files among files and in folders, sorted within each folder."""
    for path in paths:
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (each for each in found if each.suffix.lower() in SUFFIXES and each.is_file())
