"""Severities as a deployment wants them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType

from kg.model.verdict import Finding, Severity


class Level(Enum):
    """What a deployment makes of a shape's findings."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"
    OFF = "off"

    @property
    def severity(self) -> Severity | None:
        """The severity of this name; None where findings are not shown."""
        return None if self is Level.OFF else Severity[self.name]


@dataclass(frozen=True, slots=True)
class Severities:
    """Shapes by the IRI, with the level that their findings are shown at.

    A level may make a finding graver in every respect. It may make one lighter only in what is shown and in how a check
    ends: a page that breaks a shape which is a Violation by itself is never published.
    """

    levels: Mapping[str, Level] = field(default_factory=lambda: MappingProxyType({}))

    def bars(self, finding: Finding) -> bool:
        """Whether the finding keeps its page out of the graph."""
        return Severity.VIOLATION in (finding.severity, self._severity(finding))

    def shown(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings at their levels, in reading order; those whose shape is off are left out."""
        if not self.levels:
            return tuple(findings)
        at_level = [
            replace(finding, severity=severity)
            for finding in findings
            if (severity := self._severity(finding)) is not None
        ]
        return tuple(sorted(at_level, key=lambda finding: finding.sort_key))

    def _severity(self, finding: Finding) -> Severity | None:
        level = self.levels.get(finding.shape)
        return level.severity if level else finding.severity
