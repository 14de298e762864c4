"""The places of a file of the Turtle family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Quad

from kg.check.rdf_files.lines import Lines
from kg.check.rdf_files.names import LABELLED, Names
from kg.check.rdf_files.places import Precision, Spot, Statement, stands_at
from kg.check.rdf_files.tokens import Kind, Token, tokens
from kg.check.rdf_files.turtle import PlacedQuad, placed_quads
from kg.rdf.formats import GraphFormat


@dataclass(frozen=True, slots=True)
class _Offsets:
    """Where each statement, subject and object first stands, and what this reader calls the blank nodes."""

    statements: dict[Statement, tuple[int, int]] = field(default_factory=dict)  # predicate, object
    subjects: dict[str, int] = field(default_factory=dict)
    objects: dict[str, int] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    precision: Precision = Precision.EXACT


class TurtlePlaces:
    """Places found by reading the text once more, beside the quads that Oxigraph read from it.

    Where the two readings differ, which no known file makes them do, only first mentions of IRIs are told, as such.
    """

    def __init__(self, lines: Lines, form: GraphFormat, base: str, quads: Sequence[Quad]) -> None:
        self._lines = lines
        try:
            self._offsets = _paired(quads, list(placed_quads(lines.text, form, base)))
        except ValueError:  # a grammar that this reader does not know
            self._offsets = _mentioned(lines.text, base)

    def statement(self, statement: Statement) -> Spot | None:
        """Where the statement's object stands."""
        found = self._offsets.statements.get(statement)
        return self.subject_or_none(statement) if found is None else self._spot(found[1])

    def predicate(self, statement: Statement) -> Spot | None:
        """Where the statement's predicate stands."""
        found = self._offsets.statements.get(statement)
        return self.subject_or_none(statement) if found is None else self._spot(found[0])

    def subject_or_none(self, statement: Statement) -> Spot | None:
        """The subject's first mention, where statements have no places of their own."""
        return self.subject(statement.subject) if self._offsets.precision is Precision.NEAR else None

    def subject(self, node: str) -> Spot | None:
        """Where the file first says something about the node."""
        at = self._offsets.subjects.get(node)
        return None if at is None else self._spot(at)

    def mention(self, node: str) -> Spot | None:
        """Where the file first has the node as an object."""
        at = self._offsets.objects.get(node)
        return None if at is None else self._spot(at)

    def label(self, node: str) -> str:
        """The label in the file, or the place of a node without one."""
        label = self._offsets.labels.get(node, "")
        if label.startswith(LABELLED):
            return f"_:{label.removeprefix(LABELLED)}"
        spot = self.subject(node) or self.mention(node)
        return node if spot is None else stands_at(spot.place)

    def _spot(self, at: int) -> Spot:
        return Spot(self._lines.place(at, _end(self._lines.text, at)), self._offsets.precision)


def _paired(quads: Sequence[Quad], placed: Sequence[PlacedQuad]) -> _Offsets:
    """The places of Oxigraph's quads.

    Raises:
        ValueError: the two readings differ.
    """
    offsets, pairs = _Offsets(), _Pairs()
    for quad, place in zip(quads, placed, strict=True):
        pairs.pair(quad, place.quad)
        statement = Statement.of(quad)
        offsets.statements.setdefault(statement, (place.predicate_at, place.object_at))
        first = offsets.subjects.get(statement.subject, place.subject_at)
        offsets.subjects[statement.subject] = min(first, place.subject_at)
        offsets.objects.setdefault(statement.object, place.object_at)
    offsets.labels.update(pairs.ours)
    return offsets


class _Pairs:
    """Blank nodes of two readings, one to one."""

    def __init__(self) -> None:
        self.ours: dict[str, str] = {}
        self._theirs: dict[str, str] = {}

    def pair(self, theirs: Quad, ours: Quad) -> None:
        """Pairs the blank nodes of one quad read twice.

        Raises:
            ValueError: it is not the same quad.
        """
        for one, other in (
            (theirs.subject, ours.subject),
            (theirs.predicate, ours.predicate),
            (theirs.object, ours.object),
            (theirs.graph_name, ours.graph_name),
        ):
            if isinstance(one, BlankNode) and isinstance(other, BlankNode):
                known = self.ours.setdefault(str(one), other.value), self._theirs.setdefault(other.value, str(one))
                if known != (other.value, str(one)):
                    raise ValueError(f"{theirs} is not {ours}")
            elif one != other:
                raise ValueError(f"{theirs} is not {ours}")


def _mentioned(text: str, base: str) -> _Offsets:
    """The first mention of each IRI that the tokens alone tell."""
    offsets, names = _Offsets(precision=Precision.NEAR), Names(base)
    before: list[Token] = []
    for token in tokens(text):
        node = _named(names, before, token)
        if node is not None:
            offsets.subjects.setdefault(node, token.at)
        before = [*before[-1:], token]
    return offsets


def _named(names: Names, before: Sequence[Token], token: Token) -> str | None:
    """The IRI that a token names, if it does; directives are obeyed on the way."""
    if token.kind not in (Kind.IRI, Kind.NAME):
        return None
    words = [each.words.lower().removeprefix("@") for each in before]
    try:
        if words[-1:] == ["prefix"]:
            return None
        if words[:-1] == ["prefix"] and token.kind is Kind.IRI:
            names.declare(before[-1].words.removesuffix(":"), token)
            return None
        if words[-1:] == ["base"] and token.kind is Kind.IRI:
            names.rebase(token)
            return None
        return str(names.iri(token))
    except ValueError:  # a prefix that nobody declared, or no IRI
        return None


def _end(text: str, at: int) -> int:
    """Where the term that starts at an offset ends, with a literal's language or datatype where they follow closely."""
    following = tokens(text, at)
    first = next(following)
    end = first.at + len(first.words)
    if first.kind is not Kind.STRING:
        return end
    mark = next(following, None)
    if mark is None or mark.at != end or not (mark.kind is Kind.LANGUAGE or mark.words == "^^"):
        return end
    kind = next(following, None) if mark.words == "^^" else mark
    return end if kind is None else kind.at + len(kind.words)
