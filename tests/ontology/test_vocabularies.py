"""The closed vocabularies: their schemes, concepts and cues."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg import assets
from kg.rdf.vocab import CONCEPT, COORD, DCTERMS, RDF, SKOS

VOCABULARIES = assets.ontology() / "vocabularies"
LANGUAGES = ["en", "ja", "zh"]
CLASS_OF = {"function": "Function", "feature": "Feature", "sector": "Sector", "body-type": "BodyType"}
QUADS: list[Quad] = [
    quad for path in sorted(VOCABULARIES.glob("*.ttl")) for quad in parse(path=path, format=RdfFormat.TURTLE)
]
CONCEPTS = sorted({quad.subject.value for quad in QUADS if quad.object == SKOS("Concept")})
SCHEMES = sorted({quad.subject.value for quad in QUADS if quad.object == SKOS("ConceptScheme")})
CUE = re.compile(r"[a-z]+(?: [a-z]+){0,3}")


def _short(iri: str) -> str:
    return iri.removeprefix(CONCEPT.iri)


def _values(subject: str, predicate: NamedNode) -> list[NamedNode | Literal]:
    return [quad.object for quad in QUADS if quad.subject.value == subject and quad.predicate == predicate]


def _texts(subject: str, predicate: NamedNode) -> list[str]:
    return [value.value for value in _values(subject, predicate)]


def _members(scheme: str) -> list[str]:
    return [concept for concept in CONCEPTS if NamedNode(scheme) in _values(concept, SKOS("inScheme"))]


def _spellings(concept: str) -> list[str]:
    """The concept's cues and English labels, as a reader of text meets them."""
    labels = [*_values(concept, SKOS("prefLabel")), *_values(concept, SKOS("altLabel"))]
    return [*_texts(concept, COORD("cue")), *(label.value.lower() for label in labels if label.language == "en")]


each_concept = pytest.mark.parametrize("concept", CONCEPTS, ids=_short)
each_scheme = pytest.mark.parametrize("scheme", SCHEMES, ids=_short)


def test_there_are_four_schemes():
    """Functions, features, sectors and types of body are the schemes, and no others."""
    assert [_short(scheme) for scheme in SCHEMES] == sorted(CLASS_OF)


@each_scheme
def test_scheme_is_described(scheme: str):
    """A scheme has labels in three languages, a description, a maker and a licence."""
    assert sorted(label.language for label in _values(scheme, SKOS("prefLabel"))) == LANGUAGES
    for local in ("title", "description", "creator", "license"):
        assert _values(scheme, DCTERMS(local)), local


@each_concept
def test_concept_stands_in_its_scheme(concept: str):
    """A concept is of its scheme's class, at the top of that scheme, and its IRI says so."""
    scheme = concept.rpartition("/")[0]
    assert COORD(CLASS_OF[_short(scheme)]) in _values(concept, RDF("type"))
    assert _values(concept, SKOS("inScheme")) == [NamedNode(scheme)]
    assert _values(concept, SKOS("topConceptOf")) == [NamedNode(scheme)]


@each_concept
def test_concept_is_labelled_in_three_languages(concept: str):
    """A concept has one preferred label in English, Chinese and Japanese each, an English definition and a notation."""
    assert sorted(label.language for label in _values(concept, SKOS("prefLabel"))) == LANGUAGES
    assert [value.language for value in _values(concept, SKOS("definition"))] == ["en"]
    assert len(_values(concept, SKOS("notation"))) == 1


@each_concept
def test_further_labels_are_english_and_new(concept: str):
    """A further label is English, so that it serves as a cue, and repeats no preferred label."""
    further = _values(concept, SKOS("altLabel"))
    assert {label.language for label in further} <= {"en"}
    assert set(further).isdisjoint(_values(concept, SKOS("prefLabel")))


@each_scheme
@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_tell_concepts_apart(scheme: str, language: str):
    """No two concepts of a scheme share a preferred label in one language."""
    labels = [label for concept in _members(scheme) for label in _values(concept, SKOS("prefLabel"))]
    counts = Counter(label.value for label in labels if label.language == language)
    assert [label for label, count in counts.items() if count > 1] == []


@each_scheme
def test_notations_tell_concepts_apart(scheme: str):
    """No two concepts of a scheme share a notation."""
    notations = [notation for concept in _members(scheme) for notation in _texts(concept, SKOS("notation"))]
    assert len(notations) == len(set(notations))


@each_concept
def test_cues_are_one_to_four_plain_words(concept: str):
    """A cue is one to four words in lower-case letters with single spaces, a plain string."""
    cues = _values(concept, COORD("cue"))
    assert [cue.value for cue in cues if not CUE.fullmatch(cue.value) or cue.language] == []


@pytest.mark.parametrize("concept", [iri for iri in CONCEPTS if "body-type/" not in iri], ids=_short)
def test_concept_of_texts_has_cues(concept: str):
    """Functions, features and sectors have cues beyond their labels."""
    assert _values(concept, COORD("cue"))


@each_scheme
def test_cues_are_unique_within_a_scheme(scheme: str):
    """No spelling calls up two concepts of a scheme, and no cue repeats a label."""
    counts = Counter(spelling for concept in _members(scheme) for spelling in _spellings(concept))
    assert [spelling for spelling, count in counts.items() if count > 1] == []


def test_each_head_noun_belongs_to_one_type():
    """A head noun is capitalised and belongs to one type of body alone."""
    heads = Counter(quad.object.value for quad in QUADS if quad.predicate == COORD("headNoun"))
    assert [head for head, count in heads.items() if count > 1 or head != head.title()] == []


@each_concept
def test_translations_are_symmetric(concept: str):
    """Where one type translates like another, the other says the same, and none translates like itself."""
    for other in _values(concept, COORD("translatesLike")):
        assert other.value != concept
        assert NamedNode(concept) in _values(other.value, COORD("translatesLike"))
