"""A published graph as catalogues know it: DCAT 3 for what it is, VoID for what it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from pyoxigraph import Literal, NamedNode, Triple, serialize

from kg.model.imprint import Imprint
from kg.rdf.formats import GraphFormat
from kg.rdf.vocab import CATALOGUE_PREFIXES, COORD, DCAT, DCTERMS, FOAF, LABEL, NAMESPACES, PROV, TITLE, TYPE, VOID, XSD


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A version of the graph as it is published.

    Attributes:
        base: public base of the deployment's IRIs.
        name: the version's, such as `v3`.
        issued: an xsd:date; None where nobody said when.
        digest: that of its statements in hexadecimal, behind its scheme and a colon, where it is known.
    """

    base: str
    name: str
    imprint: Imprint
    issued: str | None = None
    digest: str | None = None

    @property
    def dataset(self) -> NamedNode:
        """The dataset, whatever its version."""
        return NamedNode(f"{self.base}dataset")

    @property
    def version(self) -> NamedNode:
        """This version of the dataset."""
        return self.version_named(self.name)

    def version_named(self, name: str) -> NamedNode:
        """Another version of the dataset."""
        return NamedNode(f"{self.base}dataset/{name}")

    def part(self, name: str) -> NamedNode:
        """A node that belongs to this version's description."""
        return NamedNode(f"{self.version.value}#{name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """What the merged graph holds, in numbers; a server knows some of them alone.

    Attributes:
        entities: things with an IRI of this graph.
        subjects: all of which something is said, passages and terms too.
        classes: how many things are of each class, by its IRI.
        properties: triples, and distinct subjects, of each property, by its IRI.
    """

    triples: int
    entities: int | None = None
    subjects: int | None = None
    classes: Mapping[str, int] = field(default_factory=dict)
    properties: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether everything was counted, so that the classes and properties are all there are."""
        return self.subjects is not None


def edition_triples(edition: Edition) -> Iterator[Triple]:
    """The dataset, and that this is a version of it (DCAT 3, section 11.1)."""
    version = edition.version
    yield Triple(edition.dataset, TYPE, DCAT("Dataset"))
    yield Triple(edition.dataset, DCAT("hasVersion"), version)
    yield Triple(edition.dataset, DCAT("hasCurrentVersion"), version)
    yield Triple(version, TYPE, DCAT("Dataset"))
    yield Triple(version, TYPE, VOID("Dataset"))
    yield Triple(version, TYPE, PROV("Entity"))
    yield Triple(version, DCAT("isVersionOf"), edition.dataset)
    yield Triple(version, DCAT("version"), Literal(edition.name))
    if edition.issued:
        yield Triple(version, DCTERMS("issued"), Literal(edition.issued, datatype=XSD("date")))
    if edition.digest:
        yield Triple(version, DCTERMS("identifier"), Literal(edition.digest))
    for node in (edition.dataset, version):
        yield from imprint_triples(edition, node)


def census_triples(edition: Edition, census: Census) -> Iterator[Triple]:
    """What the version holds (VoID, section 4)."""
    version = edition.version
    yield Triple(version, VOID("uriSpace"), Literal(f"{edition.base}id/"))
    yield Triple(version, VOID("triples"), number(census.triples))
    if census.entities is not None:
        yield Triple(version, VOID("entities"), number(census.entities))
    if census.subjects is not None:
        yield Triple(version, VOID("distinctSubjects"), number(census.subjects))
    if census.is_whole:
        yield Triple(version, VOID("classes"), number(len(census.classes)))
        yield Triple(version, VOID("properties"), number(len(census.properties)))
    for iri, things in sorted(census.classes.items()):
        part = edition.part(f"class-{_short(iri)}")
        yield Triple(version, VOID("classPartition"), part)
        yield Triple(part, VOID("class"), NamedNode(iri))
        yield Triple(part, VOID("entities"), number(things))
    for iri, (triples, subjects) in sorted(census.properties.items()):
        part = edition.part(f"property-{_short(iri)}")
        yield Triple(version, VOID("propertyPartition"), part)
        yield Triple(part, VOID("property"), NamedNode(iri))
        yield Triple(part, VOID("triples"), number(triples))
        yield Triple(part, VOID("distinctSubjects"), number(subjects))
    for namespace in _vocabularies(census):
        yield Triple(version, VOID("vocabulary"), NamedNode(namespace))


def described(triples: Iterable[Triple], form: GraphFormat) -> bytes:
    """A description written out: the dataset and its version first, then their parts; equal ones give equal bytes."""
    ordered = sorted(set(triples), key=lambda each: ("#" in str(each.subject), str(each)))
    return cast("bytes", serialize(ordered, format=form.rdf, prefixes=CATALOGUE_PREFIXES))


def number(value: int) -> Literal:
    """A count as catalogues write it."""
    return Literal(str(value), datatype=XSD("integer"))


def imprint_triples(edition: Edition, node: NamedNode) -> Iterator[Triple]:
    """Title, description, publisher, authors and licence of the dataset, said of a node."""
    imprint = edition.imprint
    yield Triple(node, TITLE, Literal(imprint.title))
    yield Triple(node, DCTERMS("description"), Literal(imprint.description))
    yield Triple(node, DCAT("landingPage"), NamedNode(edition.base))
    yield Triple(node, DCTERMS("conformsTo"), NamedNode(COORD.iri.removesuffix("#")))
    if imprint.license_iri:
        yield Triple(node, DCTERMS("license"), NamedNode(imprint.license_iri))
    if imprint.publisher:
        yield from _agent(node, DCTERMS("publisher"), edition, "publisher", imprint.publisher)
    for place, author in enumerate(imprint.authors, start=1):
        yield from _agent(node, DCTERMS("creator"), edition, f"author-{place}", author)


def _agent(node: NamedNode, role: NamedNode, edition: Edition, part: str, name: str) -> Iterator[Triple]:
    agent = NamedNode(f"{edition.dataset.value}#{part}")
    yield Triple(node, role, agent)
    yield Triple(agent, TYPE, FOAF("Agent"))
    yield Triple(agent, FOAF("name"), Literal(name))
    yield Triple(agent, LABEL, Literal(name))


def _short(iri: str) -> str:
    """A term's name within a fragment: prefix and local name, or for want of a prefix a digest."""
    for space in NAMESPACES:
        local = iri.removeprefix(space.iri)
        if local != iri and "/" not in local:
            return f"{space.prefix}-{local}"
    return hashlib.sha256(iri.encode()).hexdigest()[:16]


def _vocabularies(census: Census) -> list[str]:
    """The namespaces that some class or property is of."""
    terms = [*census.classes, *census.properties]
    return sorted(space.iri for space in NAMESPACES if any(term.startswith(space.iri) for term in terms))
