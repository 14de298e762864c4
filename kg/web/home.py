"""The start page: what the graph holds, its reports, and questions to ask it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request, Response

from kg.rdf.vocab import COORD, DCTERMS
from kg.web.lookup import Properties, iris_in, read_properties, read_rows
from kg.web.names import Names, Value, read_names
from kg.web.queries import REPORTS, SIZES, SIZES_BY_JURISDICTION, overall
from kg.web.questions import read_questions
from kg.web.site import site_of
from kg.web.terms import Row, Term

router = APIRouter()

_MOST_REPORTS: Final = 200
_NUMBER, _ISSUED, _SPATIAL = COORD("number").value, DCTERMS("issued").value, DCTERMS("spatial").value
_COUNTED: Final = {
    COORD("Report").value: "reports",
    COORD("CoordinationMechanism").value: "mechanisms",
    COORD("CoordinatingBody").value: "bodies",
    COORD("Claim").value: "claims",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEntry:
    """A report as the list shows it."""

    name: Value
    number: str
    issued: str
    jurisdictions: tuple[Value, ...]


@router.get("/")
@router.head("/")
async def home(request: Request) -> Response:
    """The start page."""
    site = site_of(request)
    sizes = await read_rows(site, overall(SIZES))
    by_jurisdiction = await read_rows(site, overall(SIZES_BY_JURISDICTION))
    reports = await read_rows(site, overall(REPORTS))
    known = await read_properties(site, iris_in(reports), (_NUMBER, _ISSUED, _SPATIAL))
    spoken_of = {place.text for properties in known.values() for place in properties.get(_SPATIAL, ())}
    names = await read_names(site, iris_in((*by_jurisdiction, *reports)) | spoken_of)
    entries = [_entry(names, known, row["report"]) for row in reports[:_MOST_REPORTS]]
    entries.sort(key=lambda entry: (entry.issued, entry.number), reverse=True)
    table = _by_jurisdiction(by_jurisdiction)
    places = sorted(((names.value(place), counts) for place, counts in table.items()), key=lambda pair: pair[0].text)
    return site.page(
        "home.html",
        counted=tuple(_COUNTED.values()),
        sizes=_counts(sizes),
        places=[(place, counts) for place, counts in places if counts["reports"]],
        further=[(place, counts) for place, counts in places if not counts["reports"]],
        reports=entries,
        more=len(reports) > _MOST_REPORTS,
        questions=read_questions(site.questions),
    )


def _entry(names: Names, known: Properties, report: Term) -> ReportEntry:
    properties = known.get(report.text, {})
    number, issued = (" ".join(term.text for term in properties.get(which, ())) for which in (_NUMBER, _ISSUED))
    places = sorted(properties.get(_SPATIAL, ()), key=lambda place: place.text)
    return ReportEntry(
        name=names.value(report),
        number=number,
        issued=issued,
        jurisdictions=tuple(names.value(place) for place in places),
    )


def _counts(rows: Iterable[Row]) -> dict[str, int]:
    found = {_COUNTED[row["class"].text]: int(row["count"].text) for row in rows if "class" in row}
    return {name: found.get(name, 0) for name in _COUNTED.values()}


def _by_jurisdiction(rows: Iterable[Row]) -> dict[Term, dict[str, int]]:
    grouped: dict[Term, list[Row]] = {}
    for row in rows:
        if "jurisdiction" in row:
            grouped.setdefault(row["jurisdiction"], []).append(row)
    return {place: _counts(found) for place, found in grouped.items()}
