"""Writes that delete a large part of what is published ask whether the client knows."""

from __future__ import annotations

from kg.model.writes import Write, WriteOutcome
from kg.writing.declined import Declined


def check_deletion(write: Write, removed: int, statements: int, most: float) -> None:
    """Lets a write pass that deletes little, or whose client knows what it deletes.

    Args:
        write: it says whether the client knows.
        removed: number of statements that would go.
        statements: number of statements that are published.
        most: the part of them that may go without a word.

    Raises:
        Declined: it deletes more, and the client did not confirm it.
    """
    if write.is_deletion_confirmed or removed <= most * statements:
        return
    reason = (
        f"it would delete {removed:,} of {statements:,} statements, more than {most:.0%}; confirm that, or delete less"
    )
    raise Declined(WriteOutcome.UNCONFIRMED, reason)
