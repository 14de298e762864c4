"""A write that is not published, on its way up to whoever answers it."""

from __future__ import annotations

from collections.abc import Sequence

from kg.model.verdict import Finding
from kg.model.writes import WriteOutcome, Written


class Declined(Exception):  # noqa: N818 - no fault of anybody's: it says what became of a write
    """Nothing is published: what was found, where, and what to do; line and column count from 1, 0 for nowhere."""

    def __init__(
        self, outcome: WriteOutcome, reason: str, *, findings: Sequence[Finding] = (), line: int = 0, column: int = 0
    ) -> None:
        super().__init__(reason)
        self.outcome, self.reason = outcome, reason
        self.findings, self.line, self.column = tuple(findings), line, column

    def written(self, version: str) -> Written:
        """The answer, with the version that stays current."""
        return Written(
            outcome=self.outcome,
            version=version,
            reason=self.reason,
            findings=self.findings,
            line=self.line,
            column=self.column,
        )
