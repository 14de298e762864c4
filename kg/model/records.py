"""What reading yields: a report as its page tells it, every value with its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from kg.model.dates import PartialDate
from kg.model.evidence import Found, Place, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An authority entry a name may stand for; score from 0 to 1."""

    iri: str
    score: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Which authority entry a name stands for: linked to one, or an abstention that keeps its candidates.

    `preferred` is the linked entry's own label, so that a page that uses it need not repeat it.
    """

    linked: str | None = None
    preferred: str | None = None
    candidates: tuple[Candidate, ...] = ()


class ThingKind(Enum):
    """Things that texts name; the value is the class's local name in the coord: namespace."""

    BODY = "CoordinatingBody"
    BODY_GROUP = "BodyGroup"
    INSTITUTION = "Institution"
    PLAN = "Plan"
    PROGRAMME = "Programme"
    PROGRAMME_GROUP = "ProgrammeGroup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A thing as a text names it.

    Attributes:
        name: as printed, without its bracketed acronym.
        acronym: as defined in brackets behind the name; the name itself where that is an acronym.
        body_type: IRI of the coord:BodyType its head noun tells.
        parent: the name of what it is part of ("… of Cabinet Office"), as printed.
        jurisdiction: code of the jurisdiction it is taken to belong to.
    """

    kind: ThingKind
    name: str
    acronym: Found[str] | None = None
    body_type: str | None = None
    parent: Found[Named] | None = None
    jurisdiction: str | None = None
    resolution: Resolution = field(default_factory=Resolution)


class Relation(Enum):
    """Relations that statements assert; the value is the property's local name in its namespace."""

    HAS_COMPONENT = "hasComponent"
    OPERATES_THROUGH = "operatesThrough"
    COORDINATED_BY = "coordinatedBy"
    COORDINATES = "coordinates"
    REPORTS_TO = "reportsTo"
    SUB_ORGANIZATION_OF = "subOrganizationOf"
    INTEGRATES = "integrates"
    PERFORMS = "performs"
    HAS_FEATURE = "hasFeature"
    START_DATE = "startDate"
    END_DATE = "endDate"
    PREDECESSOR = "predecessor"
    SUCCESSOR = "successor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a sentence says of a thing: its relation to another thing, to a concept (by IRI), or to a date.

    `subject` is None where the subject is the mechanism that the report describes. A concept's evidence is the words
    that call it up; the statement's own evidence is its whole sentence.
    """

    subject: Found[Named] | None
    relation: Relation
    object: Found[Named] | Found[str] | Found[PartialDate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism:
    """A country's arrangement for coordination, as the report describes it; it has at least one label."""

    labels: tuple[Found[str], ...]
    jurisdiction: Found[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One lesson drawn; `concerns` holds IRIs of functions, features and sectors."""

    concerns: tuple[Found[str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """One author; family and given name only where the order of the name is known.

    `spellings` are other ways to print the same name: whoever bears one may be the same person.
    """

    position: int
    name: str
    family: str | None = None
    given: str | None = None
    affiliation: Found[str] | None = None
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What a layout expects and the page does not say; `at` is where it should stand."""

    field: str
    reason: str
    at: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A series of reports; `code` keeps a special series' numbers apart in report keys (`si` of `si15`)."""

    name: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report page, read. Every field is what the page says; what it lacks is a gap.

    Attributes:
        key: names the report among all, such as `drc-2021-267`; publisher_key: its first part.
        type: the words by which the page is known to be a report.
        jurisdictions: codes of the countries it writes about; about: the one whose arrangement it describes.
        bodies: every body that its prose names, by its first mention; documents: every plan, programme or law.
    """

    key: str
    publisher_key: str
    type: Found[str]
    language: str
    layout: str
    title: Found[str] | None = None
    subtitle: Found[str] | None = None
    series: Found[Series] | None = None
    number: Found[str] | None = None
    series_year: Found[int] | None = None
    cumulative_number: Found[int] | None = None
    issued: Found[PartialDate] | None = None
    available: Found[PartialDate] | None = None
    authors: tuple[Found[Author], ...] = ()
    team: Found[str] | None = None
    departments: tuple[Found[str], ...] = ()
    institution: Found[Named] | None = None
    abstract: Found[str] | None = None
    keywords: tuple[Found[str], ...] = ()
    jurisdictions: tuple[Found[str], ...] = ()
    about: Found[str] | None = None
    mechanism: Mechanism | None = None
    bodies: tuple[Found[Named], ...] = ()
    documents: tuple[Found[Named], ...] = ()
    statements: tuple[Found[Statement], ...] = ()
    lessons: tuple[Found[Lesson], ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPage:
    """A page that is no report: recorded as a page, and said to be none.

    `told` is what its header and prose say all the same; it is shown to people and not published.
    """

    layout: str
    reason: str
    told: Report | None = None


Reading = Report | OtherPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A page that could not be read at all."""

    source: str
    reason: str
    where: Place | None = None
