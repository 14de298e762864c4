"""A file of curated facts as quads: flat in a graph of its own, and each with its file."""

import pytest
from pyoxigraph import NamedNode

from kg.model.errors import KnowledgeError
from kg.model.evidence import Place
from kg.model.page import Page
from kg.rdf import curated
from kg.rdf.curated import curated_file
from kg.rdf.vocab import COORD, PROV, RDF, TYPE

BASE = "http://127.0.0.1:8000/"
TURTLE = """# Facts about <id/body/jp-x-y>
<id/body/jp-x> <http://x/p> "b" , "a" .
  <id/body/jp-x> <http://x/p> "a" .
"""


@pytest.fixture
def read(minter):
    """The file with this text."""

    def make(text=TURTLE, source="curated/a.ttl", media_type="text/turtle"):
        return curated_file(Page(source=source, media_type=media_type, payload=text.encode()), minter)

    return make


def test_each_fact_stands_once_in_the_files_graph_and_once_with_its_file(read):
    """Facts that are written twice are one."""
    quads = read().quads
    assert [quad.object.value for quad in quads.stated] == ["a", "b"]
    assert {quad.graph_name for quad in quads.stated} == {quads.graph}
    facts = [quad.subject for quad in quads.evidence if quad.predicate == TYPE and quad.object == COORD("CuratedFact")]
    assert len(facts) == 2
    (file,) = {quad.object for quad in quads.evidence if quad.predicate == PROV("wasDerivedFrom")}
    assert file.value.replace("/id/", "/graph/") == quads.graph.value
    assert all(len([quad for quad in quads.evidence if quad.subject == fact]) == 5 for fact in facts)


def test_facts_keep_their_iris_when_others_come_and_go(read):
    """Two versions differ in what differs, and in nothing else."""
    few, more = read("<id/a> <http://x/p> <id/c> ."), read("<id/a> <http://x/p> <id/b> , <id/c> .")
    about = RDF("object")
    kept = {quad for quad in few.quads.evidence if quad.predicate == about}
    assert kept < {quad for quad in more.quads.evidence if quad.predicate == about}


def test_two_files_never_share_a_graph(read):
    """Whatever their names have in common."""
    names = ("curated/a.ttl", "curated/a.nt", "curated-a.ttl", "curated/A.ttl.ttl")
    graphs = {read("<http://x/a> <http://x/p> <http://x/b> .", name).quads.graph for name in names}
    assert len(graphs) == len(names)


def test_a_thing_is_found_on_the_line_that_names_it(read):
    """A longer name that begins alike is another thing; a fact is where its subject is."""
    file = read()
    assert file.place(f"{BASE}id/body/jp-x") == Place(
        source="curated/a.ttl", line=2, column=2, quote='<id/body/jp-x> <http://x/p> "b" , "a" .'
    )
    fact = next(quad.subject.value for quad in file.quads.evidence if quad.predicate == RDF("subject"))
    assert file.place(fact).line == 2
    assert str(file.place("http://elsewhere/")) == "curated/a.ttl:1:1"


def test_what_states_nothing_or_too_much_is_refused(read, monkeypatch):
    """An empty file is a slip, and a dump is no work of hands."""
    with pytest.raises(KnowledgeError, match=r"curated/a\.ttl: states nothing"):
        read("# nothing")
    monkeypatch.setattr(curated, "MOST_FACTS", 1)
    with pytest.raises(KnowledgeError, match="states 2 facts; a file may state 1, so split it"):
        read()


@pytest.mark.parametrize(
    "fact",
    [
        '<id/claim/drc-2021-267/01-type> <http://x/p> "a"', '<id/page/bacf5d6a482ffd66> <http://x/p> "a"',
        '<id/mention/drc-2021-267/1-2/1> <http://x/p> "a"', '<id/gap/x/report> <http://x/p> "a"',
        '<id/report/drc-2021-267#char=1,2> <http://x/p> "a"', '<id/curated/a/1> <http://x/p> "a"',
        "<id/report/drc-2021-267> <https://w3id.org/policy-kg/coord#readFrom> <id/page/x>",
    ],
)  # fmt: skip
def test_evidence_is_not_curated(read, fact):
    """What pages and files say of themselves goes with them; a copy would stay, and be taken for it."""
    with pytest.raises(KnowledgeError, match=r"curated/a\.ttl: states <.*> of <http://127.*>, which is evidence"):
        read(f"{fact} .")


def test_facts_may_speak_of_evidence_elsewhere(read):
    """What looks alike in another deployment is no evidence of this one, and evidence may be a value."""
    assert read("<http://x/id/claim/a> <http://x/p> <id/claim/drc-2021-267/01-type> .").quads.stated


def test_the_things_of_a_file_are_its_subjects_and_objects(read):
    """Literals are no things."""
    assert read('<id/a> <http://x/p> <id/b> , "c" .').nodes == {f"{BASE}id/a", f"{BASE}id/b"}
    assert isinstance(read().quads.graph, NamedNode)
