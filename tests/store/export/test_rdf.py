"""Exports: the same statements give the same bytes, and every format gives them back."""

from __future__ import annotations

import hashlib
import io
from importlib import import_module

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, parse

from kg.model.errors import UsageError
from kg.rdf.formats import GraphFormat
from kg.rdf.vocab import COORD, LABEL, TYPE
from kg.store import export, export_digest, write_graphs

GRAPH = NamedNode("http://127.0.0.1:8000/graph/authority")
CSTI = NamedNode("http://127.0.0.1:8000/id/body/jp-csti")
NQUADS = """\
<http://127.0.0.1:8000/id/body/jp-csti> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/policy-kg/coord#CoordinatingBody> .
<http://127.0.0.1:8000/id/body/jp-csti> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/policy-kg/coord#CoordinatingBody> <http://127.0.0.1:8000/graph/authority> .
<http://127.0.0.1:8000/id/body/jp-csti> <http://www.w3.org/2000/01/rdf-schema#label> "総合科学技術・イノベーション会議"@ja .
<http://127.0.0.1:8000/id/body/jp-csti> <http://www.w3.org/2000/01/rdf-schema#label> "総合科学技術・イノベーション会議"@ja <http://127.0.0.1:8000/graph/authority> .
"""  # noqa: E501 - lines as they are exported
TURTLE_END = """\
<http://127.0.0.1:8000/id/body/jp-csti> a coord:CoordinatingBody ;
	rdfs:label "総合科学技術・イノベーション会議"@ja .
"""


def exported(store, graph_format):
    """An export's bytes."""
    out = io.BytesIO()
    export(store, graph_format, out)
    return out.getvalue()


def parsed(payload, graph_format):
    """The quads of an export."""
    return list(parse(payload, graph_format.rdf))


def expected(store, graph_format):
    """The quads an export in this format should hold."""
    return {quad for quad in store if graph_format.holds_datasets or quad.graph_name == DefaultGraph()}


@pytest.fixture
def csti():
    """A store with one body's type and label."""
    store = Store()
    name = Literal("総合科学技術・イノベーション会議", language="ja")
    write_graphs(store, (Quad(CSTI, LABEL, name, GRAPH), Quad(CSTI, TYPE, COORD("CoordinatingBody"), GRAPH)), ())
    return store


def test_nquads_are_sorted_lines(csti):
    """The N-Quads export is this very text, on every machine."""
    assert exported(csti, GraphFormat.NQUADS).decode() == NQUADS


def test_the_digest_is_that_of_the_nquads(csti):
    """export_digest is the SHA-256 of the N-Quads export."""
    assert export_digest(csti) == hashlib.sha256(NQUADS.encode()).hexdigest()


def test_ntriples_hold_the_default_graph(csti):
    """The N-Triples export is the default graph's lines of the N-Quads export."""
    assert exported(csti, GraphFormat.NTRIPLES).decode() == "".join(NQUADS.splitlines(keepends=True)[::2])


def test_turtle_uses_the_prefixes(csti):
    """Turtle is written with the prefixes of kg.rdf.vocab, subjects together."""
    text = exported(csti, GraphFormat.TURTLE).decode()
    assert text.startswith("@prefix ")
    assert text.endswith(TURTLE_END)


def test_trig_writes_each_graph_once(csti, a_page, a_label):
    """Datasets are written graph by graph, the default graph first, however subjects are spread over graphs."""
    write_graphs(csti, (), [a_page(f"report/r{number}", a_label("b", "Body")) for number in range(3)])
    text = exported(csti, GraphFormat.TRIG).decode()
    assert text.count("{") == 4
    assert text.index("coord:Claim") < text.index("{")


@pytest.mark.parametrize("graph_format", GraphFormat)
def test_an_empty_store_is_exported(graph_format):
    """An empty store gives an empty document, which parses."""
    assert parsed(exported(Store(), graph_format), graph_format) == []


@pytest.mark.parametrize("graph_format", GraphFormat)
def test_path_and_order_leave_no_trace(graph_format, a_page, a_label, tmp_path):
    """Two stores at different paths, filled in different orders and ways, give the same bytes."""
    pages = [a_page(f"report/r{number}", a_label("b", "Body"), a_label("c", "Other")) for number in range(9)]
    first, second = Store(str(tmp_path / "a")), Store(str(tmp_path / "another path"))
    write_graphs(first, (), pages)
    for quad in sorted(first, key=str, reverse=True):
        second.add(quad)
    assert exported(first, graph_format) == exported(second, graph_format)
    assert export_digest(first) == export_digest(second)


@pytest.mark.parametrize("graph_format", GraphFormat)
def test_sorting_in_files_gives_the_same_bytes(graph_format, a_page, a_label, monkeypatch, tmp_path):
    """An export too large for memory is merged from sorted runs, and its temporary files go."""
    store = Store()
    write_graphs(store, (), [a_page(f"report/r{number}", a_label("b", "Body")) for number in range(9)])
    whole = exported(store, graph_format)
    monkeypatch.setattr(import_module("kg.store.export.sorting"), "_RUN", 2000)
    out = io.BytesIO()
    export(store, graph_format, out, scratch=tmp_path)
    assert out.getvalue() == whole
    assert not list(tmp_path.iterdir())


def test_one_statement_more_is_another_digest(csti):
    """The digest differs where the quads do."""
    before = export_digest(csti)
    quad = Quad(CSTI, LABEL, Literal("CSTI", language="en"), DefaultGraph())
    csti.add(quad)
    assert export_digest(csti) != before
    csti.remove(quad)
    assert export_digest(csti) == before


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
literals = st.builds(Literal, texts) | st.builds(Literal, texts, language=st.sampled_from(["en", "zh-Hans", "ja"]))
iris = st.sampled_from([NamedNode(f"http://example.org/{name}") for name in ("a", "b", "a/b", "c#char=1,2", "科")])
quads = st.builds(Quad, iris, st.sampled_from([TYPE, LABEL]), iris | literals, iris | st.just(DefaultGraph()))


@settings(deadline=None)
@given(given_quads=st.lists(quads, max_size=12), graph_format=st.sampled_from(GraphFormat))
def test_every_format_gives_the_quads_back(given_quads, graph_format):
    """What is exported parses to the same quads, none twice, whatever characters the literals hold."""
    store = Store()
    store.extend(given_quads)
    try:
        payload = exported(store, graph_format)
    except UsageError:
        assume(graph_format is not GraphFormat.RDFXML)
        raise
    back = parsed(payload, graph_format)
    assert set(back) == expected(store, graph_format)
    assert len(back) == len(set(back))


@pytest.mark.parametrize("character", ["\x00", "\x0c", "\x1f", "\uffff"])
def test_rdfxml_refuses_what_xml_cannot_hold(character):
    """A form feed in a quote cannot be written in XML: the error names the character and its place."""
    store = Store()
    store.add(Quad(CSTI, LABEL, Literal(f"a{character}b"), DefaultGraph()))
    with pytest.raises(UsageError, match=f"U\\+{ord(character):04X} of <{CSTI.value}>"):
        exported(store, GraphFormat.RDFXML)
    assert parsed(exported(store, GraphFormat.TURTLE), GraphFormat.TURTLE) == list(store)


@pytest.mark.parametrize("graph_format", GraphFormat)
def test_a_reader_that_goes_away_is_an_os_error(csti, graph_format):
    """What `out` raises comes through as it is, so that a closed pipe can end a command quietly."""

    class Closed(io.RawIOBase):
        def writable(self):
            return True

        def write(self, _):
            raise BrokenPipeError(32, "Broken pipe")

    with pytest.raises(BrokenPipeError):
        export(csti, graph_format, Closed())
