"""The ontology's own style: what every file and every term of it must have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from kg import assets
from kg.rdf.vocab import COORD, DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, VANN, VS, XSD, Namespace

BASE = "http://127.0.0.1:8000/"
ONTOLOGY = assets.ontology()
HEADER = NamedNode("https://w3id.org/policy-kg/coord")
FILES = sorted(ONTOLOGY.rglob("*.ttl"))
KINDS = {OWL(kind) for kind in ("Class", "ObjectProperty", "DatatypeProperty")}
PROPERTY_KINDS = KINDS - {OWL("Class")}
LANGUAGES = {"en", "zh", "ja"}
# The datatypes of OWL 2 RL that our data uses; dates lie outside it and so have no range.
RL_DATATYPES = {RDFS("Literal"), XSD("string"), XSD("integer"), XSD("decimal")}
# Namespaces whose terms are the language itself and need no declaration.
LANGUAGE = tuple(namespace.iri for namespace in (RDF, RDFS, OWL))


def _name(path: Path) -> str:
    return path.relative_to(ONTOLOGY).as_posix()


@cache
def _read(path: Path) -> list[Quad]:
    return list(parse(path=path, format=RdfFormat.TURTLE, base_iri=BASE))


def _index(quads: Iterable[Quad]) -> dict[str, dict[NamedNode, list[NamedNode | Literal]]]:
    """The quads' objects by subject and predicate."""
    index: dict[str, dict[NamedNode, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        index[quad.subject.value][quad.predicate].append(quad.object)
    return index


TERMS_FILE = _read(ONTOLOGY / "coord.ttl")
DESCRIBED = _index(TERMS_FILE)
KNOWN_FILES = [path for part in ("coord.ttl", "vocabularies/*.ttl", "alignments/*.ttl") for path in ONTOLOGY.glob(part)]
KNOWN = _index(quad for path in KNOWN_FILES for quad in _read(path))
ALL_TYPES = [(quad.subject, quad.object) for path in FILES for quad in _read(path) if quad.predicate == RDF("type")]
TERMS = sorted(subject for subject in DESCRIBED if subject.startswith(COORD.iri))
TYPES = {term: set(DESCRIBED[term][RDF("type")]) for term in TERMS}
CLASSES = [term for term in TERMS if OWL("Class") in TYPES[term]]
PROPERTIES = [term for term in TERMS if TYPES[term] & PROPERTY_KINDS]
INDIVIDUALS = [term for term in TERMS if not TYPES[term] & KINDS]


def _local(term: str) -> str:
    return term.removeprefix(COORD.iri)


def _values(subject: str, predicate: NamedNode) -> list[NamedNode | Literal]:
    return DESCRIBED[subject][predicate] if subject in DESCRIBED else []


def _languages(subject: str, predicate: NamedNode) -> list[str]:
    return sorted(value.language or "" for value in _values(subject, predicate))


def _supers(term: str) -> set[str]:
    """All superclasses of a class by what coord.ttl says, itself included."""
    found, ahead = {term}, [term]
    while ahead:
        for above in _values(ahead.pop(), RDFS("subClassOf")):
            if above.value not in found:
                found.add(above.value)
                ahead.append(above.value)
    return found


SUPERS = {of_type.value: _supers(of_type.value) for _, of_type in ALL_TYPES}
DECLARED = {subject for subject, described in KNOWN.items() if RDF("type") in described}
KNOWN_CLASSES = {NamedNode(subject) for subject in DECLARED if OWL("Class") in KNOWN[subject][RDF("type")]}
DISJOINT = [(quad.subject.value, quad.object.value) for quad in TERMS_FILE if quad.predicate == OWL("disjointWith")]
PAIRS = [pytest.param(left, right, id=f"{_local(left)}-{_local(right)}") for left, right in DISJOINT]

each_file = pytest.mark.parametrize("path", FILES, ids=_name)
each_term = pytest.mark.parametrize("term", TERMS, ids=_local)
each_class = pytest.mark.parametrize("term", CLASSES, ids=_local)
each_property = pytest.mark.parametrize("term", PROPERTIES, ids=_local)


@each_file
def test_file_parses_and_says_something(path: Path):
    """Each Turtle file of the ontology parses against the base and is not empty."""
    assert _read(path)


@each_file
def test_file_has_no_blank_node(path: Path):
    """Every node has an IRI."""
    assert not [
        quad for quad in _read(path) if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)
    ]


@each_file
def test_file_uses_only_defined_terms(path: Path):
    """A term in the coord: namespace is defined in coord.ttl."""
    nodes = {
        node.value
        for quad in _read(path)
        for node in (quad.subject, quad.predicate, quad.object)
        if isinstance(node, NamedNode)
    }
    assert sorted(node for node in nodes if node.startswith(COORD.iri) and node not in TERMS) == []


@each_file
def test_file_uses_only_known_concepts(path: Path):
    """A concept of ours that any file names is described in a vocabulary or alignment."""
    nodes = {node.value for quad in _read(path) for node in (quad.subject, quad.object) if isinstance(node, NamedNode)}
    ours = "https://w3id.org/policy-kg/concept/"
    assert sorted(node for node in nodes if node.startswith(ours) and node not in KNOWN) == []


@each_file
def test_file_uses_only_declared_predicates_and_classes(path: Path):
    """Every predicate and class in use is RDF's, RDFS's or OWL's own, or declared in the ontology or its alignments."""
    quads = _read(path)
    used = {quad.predicate.value for quad in quads} | {
        quad.object.value for quad in quads if quad.predicate == RDF("type")
    }
    assert sorted(term for term in used if not term.startswith(LANGUAGE) and term not in DECLARED) == []


@pytest.mark.parametrize(
    "predicate",
    [
        OWL("versionIRI"),
        OWL("versionInfo"),
        DCTERMS("title"),
        DCTERMS("description"),
        DCTERMS("license"),
        DCTERMS("creator"),
        DCTERMS("created"),
        DCTERMS("modified"),
        DCTERMS("bibliographicCitation"),
        DCTERMS("references"),
        VANN("preferredNamespacePrefix"),
        VANN("preferredNamespaceUri"),
    ],
    ids=lambda predicate: predicate.value.rpartition("/")[2],
)
def test_header_says_what_a_citation_needs(predicate: NamedNode):
    """The header states version, licence, makers, dates, prefix and sources."""
    assert _values(HEADER.value, predicate)


def test_version_iri_ends_in_the_version():
    """The version IRI lies under the ontology's IRI and ends in the version's number."""
    (version,), (info,) = _values(HEADER.value, OWL("versionIRI")), _values(HEADER.value, OWL("versionInfo"))
    assert version.value == f"{HEADER.value}/{info.value}"


def test_namespace_in_the_header_is_the_one_in_code():
    """The preferred namespace is the one that the code mints terms in, and bears no version."""
    assert [value.value for value in _values(HEADER.value, VANN("preferredNamespaceUri"))] == [COORD.iri]


def test_every_creator_has_a_name():
    """The creators that the header names are agents with names."""
    for creator in _values(HEADER.value, DCTERMS("creator")):
        assert _values(creator.value, FOAF("name"))


@each_term
def test_term_is_of_one_kind(term: str):
    """A term is a class, an object property, a datatype property or an individual, and only one of them."""
    assert len(TYPES[term] & KINDS) <= 1
    assert TYPES[term]


@each_term
@pytest.mark.parametrize(
    ("namespace", "local"),
    [
        (RDFS, "label"),
        (SKOS, "definition"),
        (RDFS, "comment"),
        (SKOS, "example"),
        (RDFS, "isDefinedBy"),
        (VS, "term_status"),
    ],
    ids=["label", "definition", "comment", "example", "isDefinedBy", "term_status"],
)
def test_term_is_documented(term: str, namespace: Namespace, local: str):
    """Every term has label, definition, comment, example, home and status."""
    values = _values(term, namespace(local))
    assert values
    assert all(value.value.strip() for value in values)


@each_term
def test_term_is_defined_here_and_has_one_status(term: str):
    """Every term's home is this ontology, and its status is one of the four words."""
    assert _values(term, RDFS("isDefinedBy")) == [HEADER]
    (status,) = _values(term, VS("term_status"))
    assert status.value in {"unstable", "testing", "stable", "archaic"}


@each_term
def test_term_has_one_definition_and_comment_in_english(term: str):
    """Definition, comment and example are English, and there is one definition and one comment."""
    assert _languages(term, SKOS("definition")) == ["en"]
    assert _languages(term, RDFS("comment")) == ["en"]
    assert set(_languages(term, SKOS("example"))) == {"en"}


@pytest.mark.parametrize("term", [*CLASSES, *INDIVIDUALS], ids=_local)
def test_class_or_individual_is_labelled_in_three_languages(term: str):
    """Classes and individuals have one label in English, Chinese and Japanese each."""
    assert _languages(term, RDFS("label")) == sorted(LANGUAGES)


@each_property
def test_property_is_labelled_in_english_once(term: str):
    """A property has an English label, and one label a language."""
    languages = _languages(term, RDFS("label"))
    assert "en" in languages
    assert len(languages) == len(set(languages))


@each_property
def test_property_has_at_most_one_domain_and_range(term: str):
    """Two domains would mean their intersection, which is never meant."""
    assert len(_values(term, RDFS("domain"))) <= 1
    assert len(_values(term, RDFS("range"))) <= 1


@each_property
def test_property_ranges_over_its_kind(term: str):
    """A datatype property ranges over a datatype of OWL 2 RL; an object property over a class known here."""
    for value in _values(term, RDFS("range")):
        assert value in (RL_DATATYPES if OWL("DatatypeProperty") in TYPES[term] else KNOWN_CLASSES)
    for value in _values(term, RDFS("domain")):
        assert value in KNOWN_CLASSES


@each_property
def test_inverse_is_mutual_and_mirrors_domain_and_range(term: str):
    """An inverse names its inverse back, and what bounds one side bounds the other."""
    for inverse in _values(term, OWL("inverseOf")):
        assert NamedNode(term) in _values(inverse.value, OWL("inverseOf"))
        assert _values(term, RDFS("domain")) == _values(inverse.value, RDFS("range"))


@each_class
def test_superclass_is_declared(term: str):
    """Every superclass that a class names is declared as a class."""
    assert {above.value for above in _values(term, RDFS("subClassOf"))} <= DECLARED


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_disjoint_classes_can_be_disjoint(left: str, right: str):
    """Disjoint classes are two classes, neither above the other, and the pair is stated once."""
    assert left in CLASSES
    assert right in CLASSES
    assert left not in _supers(right)
    assert right not in _supers(left)
    assert (right, left) not in DISJOINT


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_nothing_is_of_two_disjoint_classes(left: str, right: str):
    """No subject of any file is typed with both classes of a disjoint pair."""
    of_left = {subject for subject, of_type in ALL_TYPES if left in SUPERS[of_type.value]}
    of_right = {subject for subject, of_type in ALL_TYPES if right in SUPERS[of_type.value]}
    assert of_left & of_right == set()
