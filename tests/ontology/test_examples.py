"""The examples: small graphs that keep the profile, each about one point."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg import assets
from kg.rdf.vocab import COORD, DCTERMS, OA, RDF

BASE = "http://127.0.0.1:8000/"
EXAMPLES = sorted((assets.ontology() / "examples").glob("*.ttl"))
WITH_PAGE = [path for path in EXAMPLES if "coord:Passage" in path.read_text(encoding="utf-8")]
QUOTED = "#     "
EVIDENCE = tuple(COORD(kind) for kind in ("Claim", "Passage", "Mention", "Candidate", "Page", "Gap"))

each_example = pytest.mark.parametrize("path", WITH_PAGE, ids=lambda path: path.stem)


def _read(path: Path) -> list[Quad]:
    return list(parse(path=path, format=RdfFormat.TURTLE, base_iri=BASE))


def _value(quads: list[Quad], subject: object, predicate: NamedNode) -> object:
    (value,) = [quad.object for quad in quads if quad.subject == subject and quad.predicate == predicate]
    return value


def _of_type(quads: list[Quad], local: str) -> list[object]:
    return [quad.subject for quad in quads if quad.predicate == RDF("type") and quad.object == COORD(local)]


def _page_text(path: Path) -> str:
    """The text of the example's page: quoted in the comment at its head, else the repository's page that it names."""
    lines = path.read_text(encoding="utf-8").splitlines()
    quoted = [line.removeprefix(QUOTED) for line in lines if line.startswith(QUOTED)]
    if quoted:
        return "\n".join([*quoted, ""])
    quads = _read(path)
    (page,) = _of_type(quads, "Page")
    return (assets.ontology().parent / _value(quads, page, COORD("sourcePath")).value).read_text(encoding="utf-8")


def _claimed(quads: list[Quad]) -> list[tuple[object, ...]]:
    parts = (RDF("subject"), RDF("predicate"), RDF("object"))
    return [tuple(_value(quads, claim, part) for part in parts) for claim in _of_type(quads, "Claim")]


def test_there_is_an_example_for_each_point():
    """Claims, dated names, unlinked mentions, groups and gaps each have their example."""
    assert {path.stem for path in EXAMPLES} >= {
        "report-with-claim",
        "body-with-dated-names",
        "unlinked-mention",
        "body-group",
        "gap-abstaining",
    }


@each_example
def test_passages_quote_their_page(path: Path):
    """A passage's exact words, line, column and IRI are those of its place in the page."""
    quads, text = _read(path), _page_text(path)
    for passage in _of_type(quads, "Passage"):
        start, end = (int(_value(quads, passage, OA(side)).value) for side in ("start", "end"))
        assert text[start:end] == _value(quads, passage, OA("exact")).value
        assert passage.value.endswith(f"#char={start},{end}")
        assert int(_value(quads, passage, COORD("line")).value) == text.count("\n", 0, start) + 1
        assert int(_value(quads, passage, COORD("column")).value) == start - text.rfind("\n", 0, start)


@each_example
def test_page_is_named_by_its_digest(path: Path):
    """A page's IRI ends in the first sixteen digits of the SHA-256 that identifies it."""
    quads = _read(path)
    for page in _of_type(quads, "Page"):
        digest = _value(quads, page, DCTERMS("identifier")).value.removeprefix("sha256:")
        assert page.value == f"{BASE}id/page/{digest[:16]}"


@each_example
def test_flat_triples_and_claims_agree(path: Path):
    """What the page states and what is claimed are the same triples."""
    quads = _read(path)
    evidence = {quad.subject for quad in quads if quad.predicate == RDF("type") and quad.object in EVIDENCE}
    flat = {
        (quad.subject, quad.predicate, quad.object)
        for quad in quads
        if quad.subject not in evidence and quad.predicate != COORD("readFrom")
    }
    assert flat == set(_claimed(quads))


def test_unlinked_mention_keeps_candidates_and_is_not_resolved():
    """A mention that was not linked has an entity of its own and candidates, and is resolved to nothing."""
    quads = _read(next(path for path in EXAMPLES if path.stem == "unlinked-mention"))
    predicates = {quad.predicate for quad in quads if quad.subject in _of_type(quads, "Mention")}
    assert {COORD("mintedAs"), COORD("candidate")} <= predicates
    assert COORD("resolvedTo") not in predicates
