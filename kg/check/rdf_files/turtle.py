"""The Turtle family read once more, for the place of every term.

Oxigraph says what a file means, and whether it is well formed; it tells no places. This reader yields the same triples
with the offsets of their words. It follows the grammars of Turtle 1.1, TriG, N-Triples and N-Quads and keeps its own
stack, so that a hundred thousand open brackets are no deeper than one. Its triples come in the order in which Oxigraph
gives them, so that blank nodes of the two can be paired.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Final, NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.check.rdf_files.escapes import string_text
from kg.check.rdf_files.names import Names, Node, UnknownGrammarError, unknown
from kg.check.rdf_files.tokens import Kind, Token, tokens
from kg.rdf.formats import GraphFormat
from kg.rdf.vocab import RDF, TYPE, XSD

_FIRST, _REST, _NIL = RDF("first"), RDF("rest"), RDF("nil")
_BOOLEANS: Final = {word: Literal(word, datatype=XSD("boolean")) for word in ("true", "false")}
_NUMBERS: Final = {Kind.DOUBLE: XSD("double"), Kind.DECIMAL: XSD("decimal"), Kind.INTEGER: XSD("integer")}
_NODES: Final = frozenset({Kind.IRI, Kind.NAME, Kind.LABEL})
_DEFAULT = DefaultGraph()


class PlacedQuad(NamedTuple):
    """A quad and the offsets of the first characters of its three terms.

    A cell of a list stands where its member does, the first one where the list begins. Blank nodes bear labels of this
    reader's: `l` before one that the file gives, `a` before the number of one that it does not.
    """

    quad: Quad
    subject_at: int
    predicate_at: int
    object_at: int


class _Within(Enum):
    """What the terms that come next are part of."""

    STATEMENT = "statement"
    PROPERTIES = "blank node property list"
    COLLECTION = "collection"


class _Place(NamedTuple):
    """Where the reader stands: in what, and at which subject and predicate; `head` begins the list or the brackets."""

    within: _Within
    node: Node | None
    node_at: int
    verb: NamedNode | None
    verb_at: int
    head: Node
    head_at: int


_OUTSIDE = _Place(_Within.STATEMENT, None, 0, None, 0, _NIL, 0)


def placed_quads(text: str, form: GraphFormat, base: str) -> Iterator[PlacedQuad]:
    """The quads of a document that Oxigraph has found well formed.

    Args:
        text: the whole document.
        form: one of the four formats of the family.
        base: the IRI that relative ones are resolved against; may be empty.

    Raises:
        UnknownGrammarError: it uses what the four grammars of RDF 1.1 do not have.
    """
    machine = _Machine(form, base)
    for token in tokens(text):
        if token.kind is not Kind.COMMENT:
            yield from machine.read(token)


class _Machine:
    """Takes one token at a time. A state is the method that takes the next one."""

    def __init__(self, form: GraphFormat, base: str) -> None:
        self._names = Names(base)
        self._labels_graphs = form is GraphFormat.NQUADS
        self._graph: Node | DefaultGraph = _DEFAULT
        self._place = _OUTSIDE
        self._outer: list[_Place] = []
        self._state: Callable[[Token], None] = self._statement
        self._batch: list[PlacedQuad] = []
        self._held: PlacedQuad | None = None
        self._string: Token | None = None
        self._opened: Token | None = None
        self._prefix = ""
        self._ends_with_dot = False

    def read(self, token: Token) -> list[PlacedQuad]:
        """The quads that are complete with this token; Oxigraph gives the last one first."""
        if self._batch:
            self._batch = []
        self._state(token)
        if len(self._batch) > 1:
            self._batch.reverse()
        return self._batch

    # Statements

    def _statement(self, token: Token) -> None:
        kind, words, _ = token
        if kind is Kind.WORD or kind is Kind.LANGUAGE:
            self._directive(token)
        elif kind is Kind.MARK and words in "{}":
            self._graph, self._state = _DEFAULT, self._statement
        else:
            self._place = _OUTSIDE
            self._term(token)

    def _directive(self, token: Token) -> None:
        name = token.words.lower()
        self._ends_with_dot = name.startswith("@")
        name = name.removeprefix("@")
        if name == "prefix":
            self._state = self._prefix_name
        elif name == "base":
            self._state = self._base_iri
        elif name == "version":  # RDF 1.2, whose triple terms this reader does not know, announces itself
            self._state = self._version
        elif name == "graph":
            self._place, self._state = _OUTSIDE, self._term
        else:
            raise unknown(token)

    def _prefix_name(self, token: Token) -> None:
        self._prefix = token.words.removesuffix(":")
        self._state = self._prefix_iri

    def _prefix_iri(self, token: Token) -> None:
        self._names.declare(self._prefix, token)
        self._state = self._directive_end if self._ends_with_dot else self._statement

    def _base_iri(self, token: Token) -> None:
        self._names.rebase(token)
        self._state = self._directive_end if self._ends_with_dot else self._statement

    def _version(self, _token: Token) -> None:
        self._state = self._directive_end if self._ends_with_dot else self._statement

    def _directive_end(self, token: Token) -> None:
        _expect(token, ".")
        self._state = self._statement

    def _after_subject(self, token: Token) -> None:
        if token.kind is Kind.MARK and token.words == "{":
            if self._place.node is None:
                raise unknown(token)
            self._graph, self._state = self._place.node, self._statement
        else:
            self._predicate(token)

    def _predicate(self, token: Token) -> None:
        if token.kind is Kind.MARK:
            self._after_object(token)
            return
        verb = TYPE if token.kind is Kind.WORD and token.words == "a" else self._names.iri(token)
        self._place = self._place._replace(verb=verb, verb_at=token.at)
        self._state = self._term

    def _after_object(self, token: Token) -> None:
        words = token.words if token.kind is Kind.MARK else ""
        within = self._place.within
        if words == ",":
            self._state = self._term
        elif words == ";":
            self._state = self._predicate
        elif words == "]" and within is _Within.PROPERTIES:
            node, at = self._place.head, self._place.head_at
            self._place = self._outer.pop()
            self._value(node, at)
        elif words in (".", "}") and within is _Within.STATEMENT:
            self._state = self._statement
            if words == "}":
                self._graph = _DEFAULT
        else:
            raise unknown(token)

    # Terms, wherever they stand

    def _term(self, token: Token) -> None:
        kind, words, at = token
        if kind in _NODES:
            self._value(self._names.node(token), at)
        elif kind is Kind.STRING:
            self._string, self._state = token, self._after_string
        elif kind in _NUMBERS:
            self._value(Literal(words, datatype=_NUMBERS[kind]), at)
        elif words in _BOOLEANS:
            self._value(_BOOLEANS[words], at)
        elif kind is Kind.MARK and words in "[(":
            self._opened = token
            self._state = self._in_brackets if words == "[" else self._in_collection
        else:
            raise unknown(token)

    def _value(self, term: Node | Literal, at: int) -> None:
        """Takes a whole term: as the subject, where there is none yet, else as object or member of a list."""
        if self._place.node is not None:
            self._link(term, at)
        elif isinstance(term, Literal):
            raise UnknownGrammarError(f"a literal as subject at offset {at}")
        else:
            self._place = self._place._replace(node=term, node_at=at)
            self._state = self._after_subject

    def _link(self, term: Node | Literal, at: int) -> None:
        within, node, node_at, verb, verb_at, _, _ = self._place
        if node is None or verb is None:
            raise UnknownGrammarError(f"an object without subject or predicate at offset {at}")
        placed = PlacedQuad(Quad(node, verb, term, self._graph), node_at, verb_at, at)
        if self._labels_graphs:
            self._held, self._state = placed, self._graph_label
            return
        self._batch.append(placed)
        self._state = self._next_member if within is _Within.COLLECTION else self._after_object

    def _graph_label(self, token: Token) -> None:
        """N-Quads name the graph behind the triple."""
        if self._held is not None:
            graph = self._names.node(token) if token.kind in _NODES else _DEFAULT
            quad = self._held.quad
            labelled = Quad(quad.subject, quad.predicate, quad.object, graph)
            self._batch.append(self._held._replace(quad=labelled))
            self._held = None
        if token.kind not in _NODES:
            self._after_object(token)

    def _after_string(self, token: Token) -> None:
        string = self._string or token
        if token.kind is Kind.LANGUAGE:
            self._value(Literal(string_text(string.words), language=token.words[1:]), string.at)
        elif token.words == "^^":
            self._state = self._datatype
        else:
            self._value(Literal(string_text(string.words)), string.at)
            self._state(token)

    def _datatype(self, token: Token) -> None:
        string = self._string or token
        self._value(Literal(string_text(string.words), datatype=self._names.iri(token)), string.at)

    def _in_brackets(self, token: Token) -> None:
        at = token.at if self._opened is None else self._opened.at
        node = self._names.fresh()
        if token.kind is Kind.MARK and token.words == "]":
            self._value(node, at)
            return
        self._outer.append(self._place)
        self._place = _Place(_Within.PROPERTIES, node, at, None, at, node, at)
        self._predicate(token)

    def _in_collection(self, token: Token) -> None:
        at = token.at if self._opened is None else self._opened.at
        if token.kind is Kind.MARK and token.words == ")":
            self._value(_NIL, at)
            return
        cell = self._names.fresh()
        if self._place.node is not None:
            self._link(cell, at)
        self._outer.append(self._place)
        self._place = _Place(_Within.COLLECTION, cell, at, _FIRST, token.at, cell, at)
        self._term(token)

    def _next_member(self, token: Token) -> None:
        place = self._place
        if place.node is None:
            raise unknown(token)
        ends = token.kind is Kind.MARK and token.words == ")"
        cell = _NIL if ends else self._names.fresh()
        rest = Quad(place.node, _REST, cell, self._graph)
        self._batch.append(PlacedQuad(rest, place.node_at, token.at, token.at))
        if not ends:
            self._place = place._replace(node=cell, node_at=token.at, verb_at=token.at)
            self._term(token)
            return
        self._place = self._outer.pop()
        if self._place.node is None:
            self._value(place.head, place.head_at)
        else:
            self._state = self._next_member if self._place.within is _Within.COLLECTION else self._after_object


def _expect(token: Token, words: str) -> None:
    if token.words != words:
        raise unknown(token)
