"""Claims as what they say: the number in a claim's IRI shifts when another is read above it, and means nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from pyoxigraph import DefaultGraph, Literal, NamedNode

from kg.model.evidence import Place, on_sheet
from kg.rdf.vocab import COORD, DCTERMS, OA, RDF, TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import BlankNode, Quad, Store, Triple

    Term = NamedNode | Literal | BlankNode | Triple

_DEFAULT = DefaultGraph()
_CLAIM = COORD("Claim")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Cause:
    """Why a statement is made: the page, the rule that read it, and its words.

    Attributes:
        place: page, line and column, as compilers write them.
        rule: the rule's name, coord:method.
        quote: the exact words.
        start: offset of the words in the page's text, in code points.
    """

    place: str
    rule: str
    quote: str
    confidence: str
    start: int

    @property
    def said(self) -> tuple[str, str, str]:
        """What makes two causes the same wherever on the page they stand: rule, words and confidence."""
        return self.rule, self.quote, self.confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a claim claims, in N-Triples syntax, of which report, and whether it is asserted or denied."""

    subject: str
    predicate: str
    value: str
    report: str
    polarity: str

    @property
    def triple(self) -> tuple[str, str, str]:
        """Subject, predicate and object."""
        return self.subject, self.predicate, self.value


def touched_claims(quads: Iterable[Quad], store: Store) -> dict[Statement, tuple[Cause, ...]]:
    """The claims of a store that some of these quads belong to, by what they say, with their causes."""
    nodes = dict.fromkeys(quad.subject for quad in quads if quad.graph_name == _DEFAULT)
    found: dict[Statement, tuple[Cause, ...]] = {}
    for node in nodes:
        if _one(store, node, TYPE) == _CLAIM:
            found[_statement(store, node)] = tuple(sorted(_causes(store, node)))
    return found


def _statement(store: Store, claim: Term) -> Statement:
    told = {key: str(_one(store, claim, RDF(key))) for key in ("subject", "predicate", "object")}
    return Statement(
        subject=told["subject"],
        predicate=told["predicate"],
        value=told["object"],
        report=str(_one(store, claim, COORD("statedIn"))),
        polarity=_text(store, claim, COORD("polarity")),
    )


def _causes(store: Store, claim: Term) -> Iterator[Cause]:
    for passage in _all(store, claim, COORD("evidence")):
        page = _one(store, passage, DCTERMS("isPartOf"))
        sheet = _text(store, passage, COORD("sheet"))
        source = on_sheet(_text(store, page, COORD("sourcePath")), sheet or None)
        line, column = _number(store, passage, COORD("line")), _number(store, passage, COORD("column"))
        yield Cause(
            place=str(Place(source=source, line=line, column=column)),
            rule=_text(store, claim, COORD("method")),
            quote=_text(store, passage, OA("exact")),
            confidence=_text(store, claim, COORD("confidence")),
            start=_number(store, passage, OA("start")),
        )


def _all(store: Store, node: Term | None, predicate: NamedNode) -> list[Term]:
    if node is None or isinstance(node, Literal):
        return []
    quads = store.quads_for_pattern(cast("NamedNode", node), predicate, None, _DEFAULT)
    return sorted((quad.object for quad in quads), key=str)


def _one(store: Store, node: Term | None, predicate: NamedNode) -> Term | None:
    return next(iter(_all(store, node, predicate)), None)


def _text(store: Store, node: Term | None, predicate: NamedNode) -> str:
    value = _one(store, node, predicate)
    return value.value if isinstance(value, Literal | NamedNode) else ""


def _number(store: Store, node: Term | None, predicate: NamedNode) -> int:
    text = _text(store, node, predicate)
    return int(text) if text.isdecimal() else 0
