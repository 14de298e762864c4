"""Denials of what the same page asserts: no statement of the graph, and a gap that says so."""

from __future__ import annotations

from collections.abc import Sequence

from kg.model.evidence import Found, Polarity
from kg.model.records import Gap, Named, Statement


def without_contradictions(statements: Sequence[Found[Statement]]) -> tuple[list[Found[Statement]], list[Gap]]:
    """The statements without denials of what others assert, and a gap for each denial left out.

    Such a denial is one of a part ("… but no grants to firms") or of another time, which no property tells.
    """
    if all(each.polarity is Polarity.ASSERTED for each in statements):
        return list(statements), []
    asserted = {_identity(each.value) for each in statements if each.polarity is Polarity.ASSERTED}
    kept: list[Found[Statement]] = []
    gaps: list[Gap] = []
    for found in statements:
        if found.polarity is Polarity.ASSERTED or _identity(found.value) not in asserted:
            kept.append(found)
            continue
        reason = "the sentence denies what another one asserts; the denial is left out"
        gaps.append(Gap(field=found.value.relation.value, reason=reason, at=found.evidence.span))
    return kept, gaps


def _identity(statement: Statement) -> tuple[object, ...]:
    """What two statements have in common that make the same triple."""
    ends = [statement.subject.value if statement.subject else None, statement.object.value]
    return statement.relation, *((end.resolution.linked or end.name) if isinstance(end, Named) else end for end in ends)
