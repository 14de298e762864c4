"""What reports state about things, each statement with all the words that make it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from kg.rdf.vocab import DCTERMS, TYPE
from kg.web.claims import Claim
from kg.web.names import Names, Value

_T = TypeVar("_T")
_K = TypeVar("_K", bound=Hashable)
_DESCRIPTION: Final = DCTERMS("description").value


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The words a report makes a statement in.

    Attributes:
        place: `source:line:column`, as editors open it.
        link: the report's document, at these words.
        anchor: the fragment of that link, such as `char=163,533`; empty where a page shows the words a second time.
        rule: name of the rule that read them.
        denies: whether the words deny the statement.
    """

    words: str
    place: str
    report: Value
    link: str | None
    anchor: str
    rule: str
    confidence: str
    denies: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement and its words; `about` and `predicate` are the IRIs behind the names."""

    about: str
    predicate: str
    subject: Value
    relation: Value
    value: Value
    quotes: tuple[Quote, ...]

    @property
    def is_denied(self) -> bool:
        """Whether all its words deny it."""
        return all(quote.denies for quote in self.quotes)

    @property
    def is_type(self) -> bool:
        """Whether it says what kind of thing its subject is."""
        return self.predicate == TYPE.value

    @property
    def is_description(self) -> bool:
        """Whether it describes its subject in sentences."""
        return self.predicate == _DESCRIPTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """Statements of one relation that the same words make."""

    statements: tuple[Statement, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A thing and what is stated about it."""

    name: Value
    iri: str
    statements: tuple[Statement, ...]

    @property
    def relations(self) -> tuple[tuple[Value, tuple[Saying, ...]], ...]:
        """What is stated about it by relation, and there by the words that say it."""
        by_relation = grouped(self.statements, lambda statement: statement.relation)
        return tuple((relation, _sayings(told)) for relation, told in by_relation.items())


def statements(names: Names, claims: Iterable[Claim]) -> tuple[Statement, ...]:
    """The statements that claims make, in the order of the claims; claims of one statement come together."""
    told = grouped(claims, lambda claim: (claim.subject, claim.predicate, claim.value))
    return tuple(
        Statement(
            about=subject.text,
            predicate=predicate.text,
            subject=names.value(subject),
            relation=names.term(predicate.text),
            value=names.term(value.text) if predicate.text == TYPE.value else names.value(value),
            quotes=tuple(_quote(names, claim) for claim in found),
        )
        for (subject, predicate, value), found in told.items()
    )


def subjects(names: Names, told: Iterable[Statement]) -> tuple[Subject, ...]:
    """Statements by what they are about."""
    about = grouped(told, lambda statement: statement.about)
    return tuple(Subject(name=names.thing(iri), iri=iri, statements=tuple(found)) for iri, found in about.items())


def anchored(shown: Iterable[Subject]) -> tuple[Subject, ...]:
    """The same subjects, each passage's anchor standing at its first quote only."""
    seen: set[str] = set()

    def first(quote: Quote) -> Quote:
        if quote.anchor not in seen:
            seen.add(quote.anchor)
            return quote
        return replace(quote, anchor="")

    def with_anchors(statement: Statement) -> Statement:
        return replace(statement, quotes=tuple(first(quote) for quote in statement.quotes))

    return tuple(replace(subject, statements=tuple(map(with_anchors, subject.statements))) for subject in shown)


def grouped(items: Iterable[_T], key: Callable[[_T], _K]) -> dict[_K, list[_T]]:
    """Items by their key, in the order in which they come."""
    groups: dict[_K, list[_T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def _sayings(told: Iterable[Statement]) -> tuple[Saying, ...]:
    by_words = grouped(told, lambda statement: tuple((quote.link, quote.denies) for quote in statement.quotes))
    return tuple(Saying(statements=tuple(found), quotes=found[0].quotes) for found in by_words.values())


def _quote(names: Names, claim: Claim) -> Quote:
    return Quote(
        words=claim.quote,
        place=claim.place,
        report=names.value(claim.report),
        link=names.addresses.link(claim.passage.text),
        anchor=claim.passage.text.partition("#")[2],
        rule=claim.method,
        confidence=claim.confidence,
        denies=claim.denied,
    )
