"""Each constraint is tried: one statement of a valid example is taken away or damaged, and just its shape is found.

The mutations come from the constraints themselves, so a new shape is tried without a line here. What cannot be made
from a constraint (queries, comparisons, negations) is tried by an invalid example written by hand, beside its list of
findings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg import assets
from kg.build import Builder
from kg.check.shapes import SHAPE, Scope, read_shapes, read_turtle
from kg.check.terms import text
from kg.model.evidence import Place
from kg.pages import read_page
from kg.rdf.mapping import page_quads
from kg.rdf.quads import PageQuads
from kg.rdf.vocab import COORD, OA, RDF, SH, TYPE, XSD
from kg.sources import find_pages

BASE = "http://127.0.0.1:8000/"
HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NOBODY = NamedNode(f"{BASE}id/nobody/knows")
#: By the shape that was aimed at, what may be found beside it, because one statement breaks two rules by its nature.
COMPANIONS = {
    "SourcedFact-subject": {"SourcedFact-stated"},  # a fact about something else is stated nowhere
    "SourcedFact-predicate": {"SourcedFact-stated"},
    "SourcedFact-object": {"SourcedFact-stated"},
    "CuratedFact-subject": {"CuratedFact-stated"},
    "CuratedFact-predicate": {"CuratedFact-stated"},
    "CuratedFact-object": {"CuratedFact-stated"},
    "Concept-prefLabel": {"Concept-prefLabel-en"},  # a label in no language is not in English
    "Concept-inScheme": {"BodyType-inScheme"},  # in no scheme, so not in the right one
    "BodyType-inScheme": {"Concept-inScheme"},  # the wrong scheme is described nowhere
    "Feature-inScheme": {"Concept-inScheme"},
    "Function-inScheme": {"Concept-inScheme"},
    "Sector-inScheme": {"Concept-inScheme"},
    "Dated-startDate": {"CuratedFact-date-agreed"},  # what is no date agrees with none
    "Passage-start": {"Passage-exact-length"},  # the words no longer fill the place
    "Passage-end": {"Passage-exact-length", "Passage-start"},
    "Passage-exact": {"Passage-exact-length"},
    "Mention-resolvedTo": {"Mention-settled"},  # two entities are none
    "Mention-mintedAs": {"Mention-settled"},
    "Report-issued": {"Report-issued-period", "Report-available-order"},  # a blank date is of no period
    "Report-issued-period": {"Report-issued"},
    "Report-creator": {"Report-creator-authorship"},  # an author who is in no byline
    "Authorship-author": {"Report-creator-authorship"},  # the byline no longer names who is its creator
    "Authorship-position": {"Report-authorship-positions"},  # what is no number leaves a gap in the byline
    "Report-authorship": {"Report-creator-authorship", "Report-authorship-positions"},  # a place without an author
}
#: Shapes of two classes that must not meet: who breaks the one breaks the other.
TWO_SIDED = {f"{SHAPE}CoordinatingBody-disjoint"}
#: By constraint, what stands in the place of a value.
DAMAGES = {
    "datatype": Literal("x", datatype=NamedNode("urn:x:datatype")),
    "class": NOBODY,
    "in": NOBODY,
    "or": NOBODY,
    "hasValue": NOBODY,
    "minInclusive": Literal("-1", datatype=XSD("integer")),
    "maxInclusive": Literal("99", datatype=XSD("decimal")),
}


@dataclass(frozen=True)
class Mutation:
    """A valid example with one statement changed: what was done, and the shape that must be found."""

    file: Path
    shape: str
    constraint: str
    quads: tuple[Quad, ...]

    def __str__(self) -> str:
        return f"{self.shape.removeprefix(SHAPE)}-{self.constraint}-{self.file.parent.name}"


def described(quads):
    """Objects by subject, then by the local name of the SHACL property."""
    index: dict[object, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        index[quad.subject][quad.predicate.value.removeprefix(SH.iri)].append(quad.object)
    return index


def mutations() -> Iterator[Mutation]:
    """Every constraint that a statement can be damaged for, in every full example of its class."""
    for scope in (Scope.PAGE, Scope.ONTOLOGY):
        shapes = described(read_shapes(assets.shapes(), scope).quads)
        for said in shapes.values():
            for shape in said["property"]:
                targets = {target for name in ("targetClass", "targetSubjectsOf") for target in said[name]}
                yield from of_shape(shapes[shape], text(shape), targets)


def of_shape(said, shape: str, targets) -> Iterator[Mutation]:
    """The mutations for one property shape, in the first example that has a value for it."""
    (path,) = said["path"]
    if not isinstance(path, NamedNode):
        return
    tried: set[str] = set()
    for file in sorted(file for file in HERE.glob("*/valid_*.ttl") if not file.parent.name.startswith("across-")):
        quads = read_turtle(file, base=BASE)
        typed = {quad.subject for quad in quads if quad.predicate == TYPE and quad.object in targets}
        focus = typed | {quad.subject for quad in quads if quad.predicate in targets}
        for quad in quads:
            if quad.subject in focus and quad.predicate == path:
                for constraint, changed in damaged(said, quad, quads):
                    if constraint not in tried:
                        tried.add(constraint)
                        yield Mutation(file, shape, constraint, changed)


def damaged(said, quad: Quad, quads: tuple[Quad, ...]) -> Iterator[tuple[str, tuple[Quad, ...]]]:
    """The example with this statement damaged, once for each constraint that must not let it pass."""
    others = tuple(each for each in quads if each != quad)
    alone = not any(each.subject == quad.subject and each.predicate == quad.predicate for each in others)
    if said["minCount"] and alone:
        yield "minCount", others
    if said["maxCount"] and alone:
        yield "maxCount", (*quads, Quad(quad.subject, quad.predicate, twin(quad.object)))
    if said["uniqueLang"]:
        yield "uniqueLang", (*quads, Quad(quad.subject, quad.predicate, twin(quad.object)))
    for constraint, value in bad_values(said, quad.object):
        yield constraint, (*others, Quad(quad.subject, quad.predicate, value))


def bad_values(said, value) -> Iterator[tuple[str, NamedNode | Literal]]:
    """Values that a constraint of the shape does not let pass, by the constraint."""
    if said["pattern"] and isinstance(value, Literal):
        yield "pattern", like(value, " ")
    if said["maxLength"] and isinstance(value, Literal):
        yield "maxLength", like(value, "x" * (int(text(said["maxLength"][0])) + 1))
    if said["nodeKind"] == [SH("IRI")]:
        yield "nodeKind", Literal("words")
    yield from ((constraint, damage) for constraint, damage in DAMAGES.items() if said[constraint])


def twin(value):
    """Another value of the same kind."""
    if isinstance(value, NamedNode):
        return NamedNode(f"{value.value}x")
    return like(value, f"{value.value}1" if value.value.isdecimal() else f"{value.value} too")


def like(value: Literal, words: str) -> Literal:
    """A literal of the same type or language."""
    return Literal(words, language=value.language) if value.language else Literal(words, datatype=value.datatype)


MUTATIONS = list(mutations())


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_one_damaged_statement_is_found_by_just_its_shape(mutation, judge):
    """The shape that was aimed at finds it, and no other but those that look at the same by nature."""
    before = {finding.shape for finding in judge(mutation.file.parent.name, read_turtle(mutation.file, base=BASE))}
    found = {finding.shape for finding in judge(mutation.file.parent.name, mutation.quads)}
    assert before == set()
    assert mutation.shape in found
    beside = {shape.removeprefix(SHAPE) for shape in found - {mutation.shape}}
    assert beside <= COMPANIONS.get(mutation.shape.removeprefix(SHAPE), set())


def test_every_property_shape_is_tried(all_shapes):
    """Each is reached by a mutation, or has an invalid example in which nothing else is found."""
    lists = [file.read_text(encoding="utf-8").splitlines() for file in HERE.glob("*/*.expected")]
    by_hand = {row.split("\t")[1] for rows in lists if len(rows) == 1 for row in rows} | TWO_SIDED
    shapes = {quad.subject.value for quad in all_shapes if quad.object == SH("PropertyShape")}
    assert shapes - {mutation.shape for mutation in MUTATIONS} - by_hand == set()


@pytest.fixture(scope="module")
def all_shapes():
    """The triples of all shapes."""
    return [quad for scope in Scope for quad in read_shapes(assets.shapes(), scope).quads]


@pytest.fixture(scope="module")
def page():
    """What a real page contributes, and the checker that judges it."""
    builder = Builder(base=BASE)
    text_of_page = read_page(next(find_pages([ROOT / "examples" / "drc-2021-267.txt"], most_bytes=1_000_000)))
    return page_quads(text_of_page, builder.reader.read(text_of_page), builder.minter), builder.checker


def test_on_a_page_the_finding_stands_at_the_words_of_the_damaged_statement(page):
    """Whatever value on a real page is damaged: just its shape is found, at the line and column of its own words."""
    quads, checker = page
    assert checker.check(quads).findings == ()
    tried = 0
    for statement, shape, damaged_quads in damaged_pages(quads):
        findings = checker.check(damaged_quads).findings
        at_words = {finding.where for finding in findings if finding.shape == shape}
        assert at_words == {place_of(statement, quads)}, (shape, statement)
        beside = {finding.shape.removeprefix(SHAPE) for finding in findings} - {shape.removeprefix(SHAPE)}
        assert beside <= COMPANIONS.get(shape.removeprefix(SHAPE), set()), (shape, statement)
        tried += 1
    assert tried > 90


def damaged_pages(page):
    """The page with the value of one statement damaged, in the flat triple and in its claim alike."""
    shapes = described(read_shapes(assets.shapes()).quads)
    types = defaultdict(set)
    for quad in page.stated:
        if quad.predicate == TYPE:
            types[quad.subject].add(quad.object)
    for said in list(shapes.values()):
        for shape in said["property"]:
            for quad in page.stated:
                if [quad.predicate] == shapes[shape]["path"] and types[quad.subject] & set(said["targetClass"]):
                    for _, value in bad_values(shapes[shape], quad.object):
                        yield quad, text(shape), with_value(page, quad, value)


def with_value(page, quad, value):
    """The page with another value in the place of this one, wherever it says it."""
    claims = claims_of(quad, page)
    damaged = PageQuads.of(
        page.source,
        page.graph,
        [Quad(quad.subject, quad.predicate, value) if each == quad else each for each in page.stated],
        [
            Quad(each.subject, each.predicate, value)
            if each.subject in claims and each.predicate == RDF("object")
            else each
            for each in page.evidence
        ],
    )
    return replace(damaged, expected=page.expected)


def claims_of(quad, page):
    """The claims that make a statement."""
    parts = defaultdict(dict)
    for each in page.evidence:
        parts[each.subject][each.predicate] = each.object
    wanted = {RDF("subject"): quad.subject, RDF("predicate"): quad.predicate, RDF("object"): quad.object}
    return {claim for claim, said in parts.items() if wanted.items() <= said.items()}


def place_of(quad, page):
    """Where the words of a statement begin, read from its claim's first passage."""
    (claim,) = claims_of(quad, page)
    passage = next(
        each.object for each in page.evidence if (each.subject, each.predicate) == (claim, COORD("evidence"))
    )
    said = {each.predicate: each.object.value for each in page.evidence if each.subject == passage}
    line, column = int(said[COORD("line")]), int(said[COORD("column")])
    return Place(source=page.source, line=line, column=column, quote=said[OA("exact")])
