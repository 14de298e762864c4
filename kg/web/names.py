"""What things are called on our pages, and what kinds of things they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kg.rdf.vocab import COORD, DCTERMS, FOAF, LABEL, ORG, SKOS, SKOSXL, TITLE, TYPE
from kg.web.addresses import Addresses
from kg.web.lookup import read_properties
from kg.web.site import Site
from kg.web.terms import Term

# In the order of preference.
_NAMING: Final = tuple(
    naming.value
    for naming in (
        SKOS("prefLabel"),
        LABEL,
        TITLE,
        FOAF("name"),
        SKOSXL("literalForm"),
        COORD("surface"),
        DCTERMS("description"),
    )
)
# Properties of other vocabularies, where the last part of the IRI does not read well.
_PLAIN_WORDS: Final = {
    SKOS("prefLabel").value: "name",
    SKOS("altLabel").value: "other name",
    SKOS("inScheme").value: "vocabulary",
    SKOS("notation").value: "code",
    ORG("subOrganizationOf").value: "part of",
    ORG("unitOf").value: "unit of",
    ORG("classification").value: "kind of body",
    FOAF("page").value: "web page",
    DCTERMS("spatial").value: "about",
    DCTERMS("issued").value: "date of report",
    DCTERMS("available").value: "posted",
    DCTERMS("isPartOf").value: "part of",
    DCTERMS("creator").value: "author",
    TYPE.value: "is a",
}
_LANGUAGES: Final = ("en", None)
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value as a page shows it."""

    text: str
    link: str | None = None
    language: str | None = None


@dataclass(frozen=True, kw_only=True)
class Names:
    """Names and types of the things on one page."""

    addresses: Addresses
    labels: Mapping[str, Term] = field(default_factory=dict)
    types: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def value(self, term: Term) -> Value:
        """A value under its name, linked to where more is said about it."""
        if term.iri is None:
            return Value(text=term.text, language=term.language)
        label = self.labels.get(term.iri)
        return Value(
            text=label.text if label else self.addresses.short(term.iri),
            link=self.addresses.link(term.iri),
            language=label.language if label else None,
        )

    def thing(self, iri: str) -> Value:
        """A thing under its name."""
        return self.value(Term(text=iri, iri=iri))

    def term(self, iri: str) -> Value:
        """A property or class under its name, or under its IRI's last part as words."""
        if iri in self.labels:
            return self.thing(iri)
        words = _HUMP.sub(" ", re.split(r"[/#]", iri)[-1]).lower()
        return Value(text=_PLAIN_WORDS.get(iri, words), link=self.addresses.link(iri))

    def is_a(self, iri: str, kind: str) -> bool:
        """Whether a thing has this type, a local name of our ontology."""
        return COORD(kind).value in self.types.get(iri, ())


async def read_names(site: Site, iris: Iterable[str]) -> Names:
    """The names of these things, as far as the graph knows them."""
    found = await read_properties(site, iris, (TYPE.value, *_NAMING))
    named = {thing: _label(properties) for thing, properties in found.items()}
    return Names(
        addresses=site.addresses,
        labels={thing: label for thing, label in named.items() if label is not None},
        types={
            thing: frozenset(of_type.text for of_type in properties.get(TYPE.value, ()))
            for thing, properties in found.items()
        },
    )


def _label(properties: Mapping[str, Sequence[Term]]) -> Term | None:
    """The name to show: in English or no language if there is one, by the property that names best."""
    candidates = [
        (_LANGUAGES.index(term.language) if term.language in _LANGUAGES else len(_LANGUAGES), rank, term.text, term)
        for rank, naming in enumerate(_NAMING)
        for term in properties.get(naming, ())
        if term.iri is None
    ]
    return min(candidates, key=lambda candidate: candidate[:3])[3] if candidates else None
