"""A difference in quads, told as what changed: things, statements and claims."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode

from kg.rdf.vocab import COORD, TYPE
from kg.store.diff.claims import Cause, Statement, touched_claims

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyoxigraph import Quad, Store

    from kg.store.diff.quads import Difference

    Claims = Mapping[Statement, tuple[Cause, ...]]

_DEFAULT = DefaultGraph()
_ASSERTED = "asserted"
_READ_FROM = COORD("readFrom")
_EVIDENCE = frozenset(COORD(name) for name in ("Claim", "Passage", "Mention", "Candidate", "Gap", "Page"))


class Kind(Enum):
    """What became of something; the value is the word for it."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingChange:
    """A thing that came, went, or about which something else is said now; terms in N-Triples syntax."""

    kind: Kind
    thing: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A statement or claim that came, went or changed; terms in N-Triples syntax.

    Attributes:
        before, after: the value; None where there was, or is, none.
        causes_before, causes_after: the words that said so; none where the statement was not read from a page.
        denied: whether the claim is a denial, which has no flat statement.
    """

    kind: Kind
    subject: str
    predicate: str
    before: str | None
    after: str | None
    causes_before: tuple[Cause, ...]
    causes_after: tuple[Cause, ...]
    denied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All that changed, each part in the order of its terms.

    Attributes:
        moved: claims that say the same in the same words, which stand at another place of the page now.
    """

    things: tuple[ThingChange, ...]
    statements: tuple[Change, ...]
    claims: tuple[Change, ...]
    moved: int


def changes(found: Difference, old: Store, new: Store) -> Changes:
    """What the quads that differ mean.

    The words of claims are read from the stores whose difference it is.
    """
    before, after = touched_claims(found.removed, old), touched_claims(found.added, new)
    statements = sorted(
        _statements(_flat(found.removed, old), _flat(found.added, new), _by_triple(before), _by_triple(after)),
        key=_order,
    )
    claims = sorted(_claims(before, after), key=_order)
    return Changes(
        things=tuple(_things(statements, old, new)),
        statements=tuple(statements),
        claims=tuple(claims),
        moved=sum(_moved(before[key], after[key]) for key in before.keys() & after.keys()),
    )


def _flat(quads: Iterable[Quad], store: Store) -> list[Quad]:
    """The statements of the merged graph about things, without those of the evidence."""
    merged = [quad for quad in quads if quad.graph_name == _DEFAULT and quad.predicate != _READ_FROM]
    evidence = {subject for subject in dict.fromkeys(quad.subject for quad in merged) if _is_evidence(store, subject)}
    return [quad for quad in merged if quad.subject not in evidence]


def _is_evidence(store: Store, subject: object) -> bool:
    if not isinstance(subject, NamedNode):
        return False
    types = {quad.object for quad in store.quads_for_pattern(subject, TYPE, None, _DEFAULT)}
    return bool(types & _EVIDENCE)


def _by_triple(claims: Claims) -> dict[tuple[str, str, str], tuple[Cause, ...]]:
    causes: dict[tuple[str, str, str], tuple[Cause, ...]] = defaultdict(tuple)
    for statement, found in claims.items():
        if statement.polarity == _ASSERTED:
            causes[statement.triple] += found
    return causes


def _statements(
    removed: Iterable[Quad],
    added: Iterable[Quad],
    before: Mapping[tuple[str, str, str], tuple[Cause, ...]],
    after: Mapping[tuple[str, str, str], tuple[Cause, ...]],
) -> Iterator[Change]:
    """A value that took the only other's place is one change; all others come or go by themselves."""
    gone, come = _values(removed), _values(added)
    for key in dict.fromkeys([*gone, *come]):
        for old, new in _pairs(gone.get(key, []), come.get(key, [])):
            yield Change(
                kind=_kind(old, new),
                subject=key[0],
                predicate=key[1],
                before=old,
                after=new,
                causes_before=before.get((*key, old), ()) if old else (),
                causes_after=after.get((*key, new), ()) if new else (),
            )


def _pairs(lost: list[str], won: list[str]) -> list[tuple[str | None, str | None]]:
    if len(lost) == len(won) == 1:
        return [(lost[0], won[0])]
    return [*((each, None) for each in lost), *((None, each) for each in won)]


def _values(quads: Iterable[Quad]) -> dict[tuple[str, str], list[str]]:
    values: dict[tuple[str, str], list[str]] = defaultdict(list)
    for quad in quads:
        values[str(quad.subject), str(quad.predicate)].append(str(quad.object))
    return values


def _claims(before: Claims, after: Claims) -> Iterator[Change]:
    for statement in dict.fromkeys([*before, *after]):
        old, new = before.get(statement), after.get(statement)
        if old is not None and new is not None and _words(old) == _words(new):
            continue
        yield Change(
            kind=_kind(old, new),
            subject=statement.subject,
            predicate=statement.predicate,
            before=None if old is None else statement.value,
            after=None if new is None else statement.value,
            causes_before=old or (),
            causes_after=new or (),
            denied=statement.polarity != _ASSERTED,
        )


def _moved(before: tuple[Cause, ...], after: tuple[Cause, ...]) -> bool:
    return before != after and _words(before) == _words(after)


def _words(causes: tuple[Cause, ...]) -> list[tuple[str, str, str]]:
    return sorted(cause.said for cause in causes)


def _things(statements: Iterable[Change], old: Store, new: Store) -> Iterator[ThingChange]:
    for subject in dict.fromkeys(change.subject for change in statements):
        if subject.startswith("<"):
            node = NamedNode(subject[1:-1])
            was, now = _types(old, node), _types(new, node)
            kind = _kind(was or None, now or None) if was or now else Kind.CHANGED
            yield ThingChange(kind=kind, thing=subject, types=now or was)


def _types(store: Store, node: NamedNode) -> tuple[str, ...]:
    return tuple(sorted(str(quad.object) for quad in store.quads_for_pattern(node, TYPE, None, _DEFAULT)))


def _kind(before: object, after: object) -> Kind:
    if before is None:
        return Kind.ADDED
    return Kind.REMOVED if after is None else Kind.CHANGED


def _order(change: Change) -> tuple[str, str, str, str, bool]:
    return (change.subject, change.predicate, change.before or "", change.after or "", change.denied)
