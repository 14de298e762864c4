"""Random writes and builds against a model of a few lines: dictionaries of what should be published."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from desks import BASE, SEED, STATIONS, Desk, build, graph, number
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kg.build import Extent
from kg.model.writes import WriteKind, WriteOutcome
from kg.store import VersionStore, content_digest, summary
from kg.store.digest import graph_digests
from kg.store.records import recorded_graphs

LABEL = "<http://www.w3.org/2004/02/skos/core#altLabel>"
FACTS = [f'<{BASE}id/body/{body}> {LABEL} "{name}"@en' for body in ("jp-mext", "jp-csti") for name in "abc"]
#: A fact about a report that a page of the sources, or one that a client wrote, may be.
NOTE = (
    f"<{BASE}id/report/drc-2021-268> <http://purl.org/dc/terms/available> "
    '"2021-11-11"^^<http://www.w3.org/2001/XMLSchema#date>'
)
REPORTS = {"drc-2021-267": SEED, "drc-2021-268": number(268)}
names = st.sampled_from(["one", "two"])
facts = st.frozensets(st.sampled_from([*FACTS, NOTE]), min_size=1, max_size=3)
keys = st.sampled_from(sorted(REPORTS))


class Writes(RuleBasedStateMachine):
    """Graphs and pages that are written and deleted, with builds between."""

    start: Path

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="kg-writes-"))
        shutil.copytree(self.start, self.folder / "store")
        self.desk = Desk(self.folder / "store")
        self.graphs = {}
        self.pages = {}
        self.sources = {"a.txt": SEED}
        self.built = {"drc-2021-267"}  # reports that are published from pages of the sources

    def teardown(self):
        """A build of everything publishes what the last incremental one does."""
        version = build(self.desk.store, self.sources).version
        assert build(self.desk.store, self.sources, extent=Extent.ALL).version.name == version.name
        shutil.rmtree(self.folder)

    @property
    def reports(self):
        """The reports that are published."""
        return self.built | self.pages.keys()

    def _written(self, written, name, held):
        """Takes in a write of a graph, which is refused where it speaks of a report that is not there."""
        if NOTE in held and "drc-2021-268" not in self.reports:
            assert written.outcome is WriteOutcome.REFUSED
        elif held == self.graphs.get(name, frozenset()):
            assert written.outcome is WriteOutcome.UNCHANGED
        else:
            assert written.outcome is WriteOutcome.PUBLISHED
            self.graphs[name] = held

    @rule(name=names, some=facts)
    def put(self, name, some):
        """A graph is replaced."""
        self._written(self.desk.put(name, turtle(some)), name, some)

    @rule(name=names, some=facts)
    def insert(self, name, some):
        """An update adds facts."""
        written = self.desk.update(f"INSERT DATA {{ GRAPH <{graph(name)}> {{ {turtle(some)} }} }}")
        self._written(written, name, self.graphs.get(name, frozenset()) | some)

    @rule(name=names)
    def remove(self, name):
        """An update takes facts away that its pattern finds in the merged graph."""
        place = f"GRAPH <{graph(name)}>"
        text = f"DELETE {{ {place} {{ ?s {LABEL} 'a'@en }} }} WHERE {{ ?s {LABEL} 'a'@en }}"
        held = self.graphs.get(name, frozenset())
        self._written(self.desk.update(text), name, frozenset(fact for fact in held if '"a"' not in fact))

    @rule(name=names)
    def delete(self, name):
        """A graph is deleted."""
        there = self.graphs.pop(name, None)
        outcome = self.desk.write(WriteKind.DELETE_GRAPH, graph(name)).outcome
        assert outcome is (WriteOutcome.PUBLISHED if there else WriteOutcome.MISSING)

    @rule(key=keys, more=st.sampled_from([b"", b"\nMore.\n"]))
    def put_page(self, key, more):
        """A page is put as a report."""
        page = REPORTS[key] + more
        outcome = self.desk.put_page(key, page).outcome
        assert outcome is (WriteOutcome.UNCHANGED if self.pages.get(key) == page else WriteOutcome.PUBLISHED)
        self.pages[key] = page
        self.built.discard(key)

    @rule(key=keys)
    def delete_page(self, key):
        """A page that a client wrote is deleted, unless facts speak of it."""
        outcome = self.desk.delete_page(key).outcome
        if key not in self.pages:
            assert outcome is (WriteOutcome.FORBIDDEN if key in self.built else WriteOutcome.MISSING)
        elif key == "drc-2021-268" and any(NOTE in held for held in self.graphs.values()):
            assert outcome is WriteOutcome.REFUSED
        else:
            assert outcome is WriteOutcome.PUBLISHED
            del self.pages[key]

    @rule(extent=st.sampled_from(Extent), both=st.booleans())
    def build(self, extent, both):
        """A build of the sources; what speaks of a report that is gone would be withheld, so that is left out."""
        if not both and "drc-2021-268" not in self.pages and any(NOTE in held for held in self.graphs.values()):
            return
        self.sources = {"a.txt": SEED, **({"b.txt": number(268)} if both else {})}
        build(self.desk.store, self.sources, extent=extent)
        self.built = {"drc-2021-267", *(["drc-2021-268"] if both else [])} - self.pages.keys()

    @invariant()
    def what_is_published_is_what_was_written(self):
        """Graphs, reports and the merged graph hold what the model says."""
        for name in ("one", "two"):
            held = {" ".join(row) for row in self.desk.held(name)}
            assert held == self.graphs.get(name, frozenset())
        stated = frozenset().union(*self.graphs.values())
        assert all(self.desk.ask(fact) == (fact in stated) for fact in FACTS)
        for key in REPORTS:
            assert self.desk.ask(f"<{BASE}id/report/{key}> a ?class") == (key in self.reports)

    @invariant()
    def a_version_tells_the_truth_about_itself(self):
        """Digests and counts are what a pass over the store finds."""
        version = VersionStore(self.desk.store).current()
        store, counts = version.open(), version.manifest.counts
        counted = summary(store)
        assert version.manifest.digest == content_digest(store)
        assert recorded_graphs(version) == graph_digests(store)
        assert (counts.statements, counts.named_graphs) == (counted.statements, counted.named_graphs)
        assert (counts.reports, counts.pages) == (counted.reports, counted.pages)


def turtle(some):
    """The facts as a body."""
    return "".join(f"{fact} .\n" for fact in sorted(some))


def test_random_writes_and_builds(built):
    """Whatever clients write and whenever pages are built, what is published is what a model of it says."""
    STATIONS.set_up()
    Writes.start = built
    Writes.TestCase.settings = settings(
        max_examples=3,
        stateful_step_count=6,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    Writes.TestCase().runTest()


@pytest.mark.soak
def test_many_random_writes_and_builds(built):
    """The same at length."""
    Writes.start = built
    Writes.TestCase.settings = settings(
        max_examples=100, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    Writes.TestCase().runTest()
