"""Nodes that are judged together are judged as each one alone would be, whatever is broken in them."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import assets
from kg.build import Builder
from kg.check.shacl.compiled import CompiledEngine
from kg.check.shacl.graph import TYPE_TERM, Graph
from kg.check.shapes import read_shapes
from kg.pages import read_page
from kg.rdf.mapping import page_quads
from kg.sources import find_pages

ROOT = Path(__file__).resolve().parents[3]
COORD = "https://w3id.org/policy-kg/coord#"
XSD = "http://www.w3.org/2001/XMLSchema#"
NEVER = 10**9
#: Values that some shape or other does not want.
WRONG = [
    *('""', '" "', '"\\n"', '"x y"', '"x"@en', '"x"@en--ltr', '"asserted"', '"denied"', "_:b", "<urn:x>"),
    *(f'"{number}"^^<{XSD}integer>' for number in (-1, 0, 3, "x", 10**9)),
    *(f'"{number}"^^<{XSD}decimal>' for number in ("-0.1", "0.5", "1.5", "1")),
    *(f'"2021"^^<{XSD}gYear>', f"<{COORD}Claim>", f"<{COORD}Passage>", f"<{COORD}Report>", TYPE_TERM),
]


@pytest.fixture(scope="module")
def engines():
    """One that compiles a judge for each form at once, and one that never does."""
    shapes = read_shapes(assets.shapes()).quads
    return CompiledEngine(shapes, often=1), CompiledEngine(shapes, often=NEVER)


def page_of(name):
    """What a page of the examples states."""
    builder = Builder(base="http://127.0.0.1:8000/")
    text = read_page(next(find_pages([ROOT / "examples" / name], most_bytes=1_000_000)))
    return page_quads(text, builder.reader.read(text), builder.minter)


PAGE = page_of("drc-2021-267.txt")
ROWS = [(at, row) for at, (_, fillings) in enumerate(PAGE.descriptions) for row in range(len(fillings))]
NODES = sorted({filling[0] for _, fillings in PAGE.descriptions for filling in fillings})
VALUES = st.sampled_from([*WRONG, *NODES])


@st.composite
def pages(draw):
    """The page with something else in some of its slots and statements, in place of what was there or beside it."""
    filled = [(template, list(fillings)) for template, fillings in PAGE.descriptions]
    for at, row in draw(st.lists(st.sampled_from(ROWS), max_size=4)):
        filling = list(PAGE.descriptions[at][1][row])
        slot = draw(st.integers(0, len(filling) - 1))
        fitting = (
            st.integers(-2, 3000) if isinstance(filling[slot], int) else VALUES if slot else st.sampled_from(NODES)
        )
        filling[slot] = draw(fitting)
        change(draw, filled[at][1], row, tuple(filling))
    stated = list(PAGE.statements)
    for row in draw(st.lists(st.integers(0, len(stated) - 1), max_size=4)):
        subject, predicate, value = PAGE.statements[row]
        subject = draw(st.sampled_from([subject, *NODES]))
        change(draw, stated, row, (subject, predicate, draw(st.one_of(st.just(value), VALUES))))
    return replace(PAGE, statements=tuple(dict.fromkeys(stated)), descriptions=tuple(filled))


def change(draw, rows, at, other):
    """Puts another row beside the one that was there, or in its place."""
    if draw(st.booleans()):
        rows.append(other)
    else:
        rows[at] = other


def graph_of(page):
    """The page as it is checked: nodes that a template made stand together."""
    graph = Graph.of_templates(page.descriptions)
    graph.add(page.statements)
    return graph


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(page=pages())
def test_what_is_judged_together_is_judged_as_each_alone(engines, page):
    """The same results, each as often, for any values in any slots: by table, by form, and node by node."""
    together, alone = engines
    made = graph_of(page)
    plain = Graph(made.triples())
    scope = frozenset(subject for subject in made.nodes if subject[0] == "<")
    expected = Counter(alone.results(plain, scope))
    assert expected == Counter(together.results(made, scope))
    assert expected == Counter(together.results(plain, scope))
    assert expected == Counter(alone.results(made, scope))


def test_a_page_as_it_is_read_is_accepted_without_the_plans(engines, monkeypatch):
    """Claims, passages and mentions of a good page pass by what is compiled for them: else nothing would be won."""
    together, _ = engines
    graph = graph_of(PAGE)
    together.results(graph)
    judged = []
    monkeypatch.setattr(
        "kg.check.shacl.compiler.Plan.run", lambda _plan, _graph, focus, _node, _found: judged.append(focus)
    )
    together.results(graph)
    assert len(graph.nodes) > 60
    assert len(judged) < len(graph.nodes) / 4


@pytest.mark.parametrize("scope", [NODES[:1], NODES[1::2]], ids=len)
def test_nodes_outside_the_scope_are_not_judged(engines, scope):
    """A table of which some nodes are to be judged gives results for those alone."""
    page = replace(PAGE, statements=())
    found = [each.results(graph_of(page), frozenset(scope)) for each in engines]
    assert Counter(found[0]) == Counter(found[1])
    assert {each.focus for each in found[0]} <= set(scope)


def test_a_form_is_known_for_its_types(engines):
    """Nodes with the same properties and other types are other forms; subclasses count as what they are."""
    above = ("<urn:c>", "<http://www.w3.org/2000/01/rdf-schema#subClassOf>", f"<{COORD}Claim>")
    rows = [("<urn:n>", TYPE_TERM, f"<{COORD}Passage>"), ("<urn:m>", TYPE_TERM, f"<{COORD}Claim>"), above]
    rows.append(("<urn:k>", TYPE_TERM, "<urn:c>"))
    found = [Counter(each.results(Graph(rows))) for each in engines]
    assert found[0] == found[1]
    assert {each.focus for each in found[0]} == {"<urn:n>", "<urn:m>", "<urn:k>"}
