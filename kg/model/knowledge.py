"""What is known before reading: the authority's entries and the vocabularies' concepts, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from kg.model.dates import PartialDate


class EntryKind(Enum):
    """What an authority entry is; the value is the class's local name in the coord: namespace."""

    BODY = "CoordinatingBody"
    INSTITUTION = "Institution"
    PLAN = "Plan"
    PLAN_SERIES = "PlanSeries"
    PROGRAMME = "Programme"
    JURISDICTION = "Jurisdiction"


class NameKind(Enum):
    """How a name stands to its bearer; the value is the local name of a coord: individual."""

    OFFICIAL = "OfficialName"
    NATIVE = "NativeName"
    FORMER = "FormerName"
    ACRONYM = "Acronym"
    TRANSLATION = "TranslatedName"
    VARIANT = "VariantName"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One dated name; language is a BCP 47 tag."""

    text: str
    language: str
    kind: NameKind
    start: PartialDate | None = None
    end: PartialDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A body, institution, plan, programme or jurisdiction that the authority vouches for.

    Attributes:
        iri: absolute IRI under the deployment's base.
        key: last segment of the IRI, such as `jp-csti`.
        jurisdiction: ISO 3166-1 alpha-2 code (or `EU`, `OECD`) the entry belongs to; its own for a jurisdiction.
        body_type: IRI of a coord:BodyType concept.
        parents: IRIs of the entries it is part of.
        start, end: when it existed or was in force; None where the authority does not know.
    """

    iri: str
    key: str
    kind: EntryKind
    names: tuple[Name, ...]
    jurisdiction: str | None = None
    body_type: str | None = None
    parents: tuple[str, ...] = ()
    start: PartialDate | None = None
    end: PartialDate | None = None

    @property
    def label(self) -> str:
        """The official English name, else the first name."""
        official = [name for name in self.names if name.kind is NameKind.OFFICIAL and name.language == "en"]
        return (official or list(self.names))[0].text


class Scheme(Enum):
    """The closed vocabularies; the value is the local name of the concepts' class."""

    FUNCTION = "Function"
    FEATURE = "Feature"
    SECTOR = "Sector"
    BODY_TYPE = "BodyType"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A concept of a closed vocabulary.

    Attributes:
        label: preferred English label.
        cues: word sequences that call it up in English text: its labels and its `coord:cue` values. A cue's words must
            occur in order within a phrase, each by its stem: "distribute resource" meets "distributing science and
            technology resources".
        heads: for a body type, the nouns that end or begin the names of such bodies: "council", "conference".
        translates_like: IRIs of concepts that stand for the same word of another language: a Japanese 会議 is a
            council, a conference or a meeting in English.
    """

    iri: str
    scheme: Scheme
    label: str
    cues: tuple[str, ...]
    heads: tuple[str, ...] = ()
    translates_like: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """All that readers know beforehand, in the order of IRIs."""

    entries: tuple[Entry, ...]
    concepts: tuple[Concept, ...]
    by_iri: Mapping[str, Entry] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_iri", {entry.iri: entry for entry in self.entries})

    def of_kind(self, *kinds: EntryKind) -> tuple[Entry, ...]:
        """The entries of these kinds."""
        return tuple(entry for entry in self.entries if entry.kind in kinds)

    def in_scheme(self, scheme: Scheme) -> tuple[Concept, ...]:
        """The concepts of one vocabulary."""
        return tuple(concept for concept in self.concepts if concept.scheme is scheme)

    @cached_property
    def jurisdictions(self) -> Mapping[str, Entry]:
        """Jurisdiction entries by their code."""
        return {entry.jurisdiction: entry for entry in self.of_kind(EntryKind.JURISDICTION) if entry.jurisdiction}
