"""Pages, knowledge and stores for the tests of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.rdf.iris import Minter
from kg.rdf.quads import PageQuads
from kg.rdf.vocab import COORD, DCTERMS, LABEL, OA, TYPE
from kg.store import Facts, Version, VersionStore, write_graphs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MINTER = Minter("http://127.0.0.1:8000/")
XSD_DECIMAL = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")


def label(local: str, text: str) -> tuple[NamedNode, NamedNode, Literal]:
    """The triple that names a body."""
    return NamedNode(MINTER.thing("body", local)), LABEL, Literal(text, language="en")


def evidence_of(key: str, edition: int, claims: int) -> tuple[Quad, ...]:
    """Every kind of evidence that the mapping emits, with `claims` claims; `edition` stands for the page's digest."""
    report = MINTER.thing(*key.split("/"))
    name = key.rpartition("/")[2]
    page = NamedNode(report if key.startswith("page/") else MINTER.thing("page", f"{name}-{edition:04x}"))
    gap = NamedNode(MINTER.thing("gap", name, "byline"))
    triples = [(page, TYPE, COORD("Page")), (gap, TYPE, COORD("Gap")), (gap, COORD("gapOf"), page)]
    if page.value != report:
        triples.append((NamedNode(report), COORD("readFrom"), page))
    for number in range(claims):
        claim = NamedNode(MINTER.thing("claim", name, str(number)))
        passage = NamedNode(MINTER.passage(report, number, number + edition + 1))
        mention = NamedNode(MINTER.thing("mention", name, str(number)))
        candidate = NamedNode(f"{mention.value}/1")
        triples += [
            (claim, TYPE, COORD("Claim")),
            (claim, COORD("statedIn"), NamedNode(report)),
            (claim, COORD("evidence"), passage),
            (passage, TYPE, COORD("Passage")),
            (passage, DCTERMS("isPartOf"), page),
            (mention, TYPE, COORD("Mention")),
            (mention, OA("hasTarget"), passage),
            (mention, COORD("candidate"), candidate),
            (candidate, COORD("score"), Literal("0.90", datatype=XSD_DECIMAL)),
        ]
    return tuple(Quad(*triple, DefaultGraph()) for triple in triples)


def make_page(key: str, *stated: tuple[NamedNode, NamedNode, Literal], edition: int = 0) -> PageQuads:
    """The page of `report/KEY` (which states its own type too) or `page/KEY`, with these flat statements."""
    graph = NamedNode(MINTER.graph(*key.split("/")))
    own = [(NamedNode(MINTER.thing(*key.split("/"))), TYPE, COORD("Report"))] if key.startswith("report/") else []
    return PageQuads.of(
        f"{key}.txt",
        graph,
        [Quad(*triple, graph) for triple in [*own, *stated]],
        evidence_of(key, edition, len(stated)),
    )


def make_knowledge(*stated: tuple[NamedNode, NamedNode, Literal]) -> tuple[Quad, ...]:
    """The authority's graph with these statements."""
    graph = NamedNode(MINTER.graph("authority"))
    return tuple(Quad(*triple, graph) for triple in stated)


def publish_pages(store: VersionStore, pages: Sequence[PageQuads], inputs: str = "") -> Version:
    """Publish a version of these pages alone."""
    with store.writer("tests") as writer:
        write_graphs(writer.store, (), pages)
        return writer.publish(Facts(inputs={"pages": inputs}, shapes="s", code="0.1.0"))


@pytest.fixture(scope="session")
def a_label():
    """Makes a label's triple."""
    return label


@pytest.fixture(scope="session")
def a_page():
    """Makes a page's statements and evidence."""
    return make_page


@pytest.fixture(scope="session")
def knowledge_of():
    """Makes an authority graph."""
    return make_knowledge


@pytest.fixture(scope="session")
def publish():
    """Publishes pages in a store."""
    return publish_pages


@pytest.fixture
def store(tmp_path: Path) -> VersionStore:
    """A store in which nothing was published."""
    return VersionStore(tmp_path / "kg-store")


@pytest.fixture
def three_versions(store: VersionStore) -> VersionStore:
    """A store with v1, v2 and v3, of one, two and three pages."""
    for count in (1, 2, 3):
        publish_pages(store, [make_page(f"report/r{number}", label("b", "Body")) for number in range(count)])
    return store
