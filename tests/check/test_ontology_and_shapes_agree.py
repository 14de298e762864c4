"""What the ontology defines is what the shapes check, in both directions."""

import pytest

from kg import assets
from kg.check.shapes import read_shapes
from kg.rdf.vocab import COORD, OWL, TYPE

CLASS = OWL("Class")
PROPERTIES = {OWL("ObjectProperty"), OWL("DatatypeProperty"), OWL("AnnotationProperty")}


@pytest.fixture(scope="module")
def shapes():
    """Our shapes."""
    return read_shapes(assets.shapes())


@pytest.fixture(scope="module")
def declared(knowledge):
    """Terms by what they are declared to be."""

    def of(*kinds):
        return {quad.subject.value for quad in knowledge if quad.predicate == TYPE and quad.object in kinds}

    return of


def ours(terms):
    """Those of the terms that are in our namespace."""
    return {term for term in terms if term.startswith(COORD.iri)}


def test_every_class_of_the_ontology_is_the_target_of_a_shape(shapes, declared):
    """No thing of ours goes unchecked."""
    assert ours(declared(CLASS)) - shapes.target_classes == set()


def test_every_targeted_class_is_declared(shapes, declared):
    """No shape waits for a class that is nobody's."""
    assert shapes.target_classes - declared(CLASS) == set()


def test_every_property_of_the_ontology_is_on_the_path_of_a_shape(shapes, declared):
    """No statement of ours goes unchecked."""
    assert ours(declared(*PROPERTIES)) - shapes.predicates == set()


def test_every_property_on_a_path_is_declared(shapes, declared):
    """No shape looks at a property that is nobody's."""
    rdf_own = {TYPE.value}
    known = declared(*PROPERTIES) | {
        f"http://www.w3.org/1999/02/22-rdf-syntax-ns#{part}" for part in ("subject", "predicate", "object")
    }
    assert shapes.predicates - known - rdf_own == {f"{OWL.iri}sameAs"}
