"""What the pages of a version do not say, and which pages are no reports, by publisher and layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kg.query.messages import Query
from kg.rdf.formats import ResultsFormat

_PREFIXES: Final = """
PREFIX coord: <https://w3id.org/policy-kg/coord#>
PREFIX dcterms: <http://purl.org/dc/terms/>
"""
#: Where a page came from: its file, and of a record its line.
_SOURCE: Final = """?page coord:sourcePath ?path . OPTIONAL { ?page coord:firstLine ?first }
  BIND(IF(BOUND(?first), CONCAT(?path, "#line=", STR(?first)), ?path) AS ?source)"""
_PUBLISHED: Final = "OPTIONAL { ?report coord:readFrom ?page ; dcterms:publisher ?publisher }"
#: Pages that are reports, by publisher and layout.
REPORTS: Final = Query(
    text=f"""{_PREFIXES}
SELECT ?publisher ?layout (COUNT(DISTINCT ?page) AS ?pages) WHERE {{
  ?page a coord:Page ; coord:pageKind "report" ; coord:layout ?layout . {_PUBLISHED}
}} GROUP BY ?publisher ?layout
""",
    results=ResultsFormat.JSON,
)
#: Their gaps, by publisher, layout and field, each with the words of one of them.
GAPS: Final = Query(
    text=f"""{_PREFIXES}
SELECT ?publisher ?layout ?field (COUNT(DISTINCT ?page) AS ?pages) (MIN(?source) AS ?example) (MIN(?why) AS ?reason)
WHERE {{
  ?gap a coord:Gap ; coord:gapOf ?page ; coord:field ?field ; coord:reason ?why .
  ?page coord:pageKind "report" ; coord:layout ?layout . {_SOURCE} {_PUBLISHED}
}} GROUP BY ?publisher ?layout ?field
""",
    results=ResultsFormat.JSON,
)
#: Pages that are no reports, each with its reason.
OTHERS: Final = Query(
    text=f"""{_PREFIXES}
SELECT ?source ?layout ?reason WHERE {{
  ?page a coord:Page ; coord:pageKind "other" ; coord:layout ?layout . {_SOURCE}
  OPTIONAL {{ ?gap coord:gapOf ?page ; coord:field "report" ; coord:reason ?reason }}
}} ORDER BY ?source
""",
    results=ResultsFormat.JSON,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGaps:
    """How many of a publisher's report pages lack a field, with one of them and its reason.

    `publisher` is an IRI, or empty where the pages name none.
    """

    publisher: str
    layout: str
    field: str
    pages: int
    of: int
    example: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReport:
    """A page that is no report."""

    source: str
    layout: str
    reason: str


def field_gaps(reports: Mapping[str, Any], gaps: Mapping[str, Any]) -> list[FieldGaps]:
    """The gaps that the answers to REPORTS and GAPS tell, the most frequent first."""
    whole = {(row.get("publisher", ""), row["layout"]): int(row["pages"]) for row in _rows(reports)}
    found = [
        FieldGaps(
            publisher=row.get("publisher", ""),
            layout=row["layout"],
            field=row["field"],
            pages=int(row["pages"]),
            of=whole[row.get("publisher", ""), row["layout"]],
            example=row["example"],
            reason=row["reason"],
        )
        for row in _rows(gaps)
    ]
    return sorted(found, key=gap_order)


def gap_order(gap: FieldGaps) -> tuple[int, str, str, str]:
    """The most frequent first."""
    return (-gap.pages, gap.field, gap.publisher, gap.layout)


def no_reports(others: Mapping[str, Any]) -> list[NoReport]:
    """The pages that the answer to OTHERS tells."""
    return [
        NoReport(source=row["source"], layout=row["layout"], reason=row.get("reason", "not told"))
        for row in _rows(others)
    ]


def _rows(answer: Mapping[str, Any]) -> list[dict[str, str]]:
    """The rows with bindings; an aggregate over nothing is one row without."""
    rows = answer["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows if "layout" in row or "source" in row]
