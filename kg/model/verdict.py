"""What checking says: findings, each with the shape that was broken and the place where it shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from kg.model.evidence import Place


class Severity(Enum):
    """SHACL's three severities; the value is the local name in the sh: namespace."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"

    @property
    def rank(self) -> int:
        """0 for Info, 1 for Warning, 2 for Violation."""
        return {"Info": 0, "Warning": 1, "Violation": 2}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One broken constraint.

    Attributes:
        shape: IRI of the property or node shape (or of a coverage rule) that was broken.
        focus: the focus node: an IRI; of RDF that is not ours also a blank node (`_:x`) or a literal in N-Triples.
        path: the result path as an IRI or a SPARQL property path; None for node shapes.
        value: the offending value in N-Triples syntax; None where a value is missing.
        where: the place in the source; None only where the focus was not read from a page.
        component: IRI of the constraint component; empty for coverage rules.
    """

    shape: str
    focus: str
    path: str | None
    value: str | None
    severity: Severity
    message: str
    where: Place | None = None
    component: str = ""

    @property
    def focus_term(self) -> str:
        """The focus node as N-Triples has it."""
        return self.focus if self.focus.startswith(("_:", '"')) else f"<{self.focus}>"

    @property
    def sort_key(self) -> tuple[str | int, ...]:
        """Orders findings as a reader meets them: by source, line and column, gravest first.

        No two that a reader can tell apart are equal, or their order would be that in which they were met.
        """
        place = self.where or Place(source="", line=0, column=0)
        rest = (self.shape, self.focus, self.path or "", self.value or "", self.component, self.message)
        return (place.source, place.line, place.column, -self.severity.rank, *rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the shapes looked at: a verdict over nodes that no shape targets would say nothing.

    Attributes:
        subjects: number of distinct subjects seen.
        shapes: number of node shapes that were run.
        canaries: number of shapes whose failing example was run in this process and did fail.
    """

    subjects: int
    shapes: int
    canaries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome of a check; findings are in reading order."""

    findings: tuple[Finding, ...] = field(default=())
    coverage: Coverage

    @property
    def conforms(self) -> bool:
        """Whether nothing graver than a Warning was found."""
        return not self.at_least(Severity.VIOLATION)

    def at_least(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of this severity or a graver one."""
        return tuple(finding for finding in self.findings if finding.severity.rank >= severity.rank)

    def with_other(self, other: Verdict) -> Verdict:
        """Both verdicts as one."""
        return Verdict(
            findings=tuple(sorted((*self.findings, *other.findings), key=lambda finding: finding.sort_key)),
            coverage=Coverage(
                subjects=self.coverage.subjects + other.coverage.subjects,
                shapes=self.coverage.shapes + other.coverage.shapes,
                canaries=self.coverage.canaries + other.coverage.canaries,
            ),
        )
