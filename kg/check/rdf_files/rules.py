"""The rules that findings in RDF files name and that are no shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kg.check.coverage import MESSAGES as COVERAGE
from kg.model.verdict import Severity

#: Of `kg.check.coverage`, for pages, these hold for any RDF.
COVERAGE_RULES: Final[Mapping[str, str]] = {
    rule: COVERAGE[rule]
    for rule in ("coverage-untyped-subject", "coverage-untargeted-subject", "coverage-unknown-predicate")
}

MESSAGES: Final[Mapping[str, str]] = {
    "shapes-advanced-term": "This is of SHACL's Advanced Features or JavaScript Extensions, which play no part here.",
    "suppression-without-reason": "This comment gives no reason, so it suppresses nothing; say why.",
    "suppression-unknown-shape": "No shape has this name, so nothing is suppressed; name one as findings do.",
    "suppression-stale": "This comment suppresses nothing any more; remove it.",
}
#: They are no faults of the data, so none is a Violation.
SEVERITIES: Final[Mapping[str, Severity]] = {
    rule: Severity.INFO if rule == "shapes-advanced-term" else Severity.WARNING for rule in MESSAGES
}
