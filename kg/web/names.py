"""What things are called on our pages, and what kinds of things they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from kg.query import Query
from kg.rdf.vocab import COORD, DCTERMS, FOAF, LABEL, ORG, SKOS, SKOSXL, TITLE, TYPE
from kg.web.addresses import Addresses
from kg.web.queries import naming
from kg.web.site import Site
from kg.web.terms import Row, Term, read_table

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
_AT_ONCE: Final = 300
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


async def read_rows(site: Site, query: str) -> tuple[Row, ...]:
    """The rows that one of our own queries gives."""
    return read_table((await site.pages.run(Query(text=query))).payload).rows


async def read_names(site: Site, iris: Iterable[str]) -> Names:
    """The names of these things, as far as the graph knows them."""
    labels: dict[str, tuple[tuple[int, int, str], Term]] = {}
    types: dict[str, set[str]] = {}
    wanted = iter(sorted(set(iris)))
    while some := tuple(islice(wanted, _AT_ONCE)):
        for row in await read_rows(site, naming(some, _NAMING)):
            thing, value = row["thing"].text, row["value"]
            if row["property"].text == TYPE.value:
                types.setdefault(thing, set()).add(value.text)
            elif value.iri is None:
                ranked = (_rank(row), value)
                labels[thing] = min(labels.get(thing, ranked), ranked, key=lambda pair: pair[0])
    return Names(
        addresses=site.addresses,
        labels={thing: label for thing, (_, label) in labels.items()},
        types={thing: frozenset(found) for thing, found in types.items()},
    )


def iris_in(rows: Iterable[Row]) -> set[str]:
    """All IRIs in some rows."""
    return {term.iri for row in rows for term in row.values() if term.iri is not None}


def _rank(row: Row) -> tuple[int, int, str]:
    language = row["value"].language
    place = _LANGUAGES.index(language) if language in _LANGUAGES else len(_LANGUAGES)
    return place, _NAMING.index(row["property"].text), row["value"].text
