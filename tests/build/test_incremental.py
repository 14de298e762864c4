"""A build that reads only what changed publishes what a build of everything would."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kg.build import Builder, Extent, Manner, Missing
from kg.build.ledger import PAGES, RUN
from kg.model.errors import StoreError
from kg.rdf.formats import GraphFormat
from kg.store import VersionStore, content_digest, export, summary
from kg.store.records import GRAPHS, record
from kg.store.verification import file_damages
from kg.told import Told

BASE = "http://127.0.0.1:8000/"
SEED = (Path(__file__).parents[2] / "examples" / "drc-2021-267.txt").read_bytes()

#: Reports by number, whose pages may be the same report (267 and 267 with more), clash (0267), or break a shape.
PAGES_OF = {
    "267": SEED,
    "267, more": SEED + b"\n\nMore.\n",
    "0267": SEED.replace(b"No.267", b"No.0267").replace(b"6332", b"6340"),
    "268": SEED.replace(b"No.267", b"No.268").replace(b"6332", b"6333"),
    "268, reworded": SEED.replace(b"No.267", b"No.268").replace(b"6332", b"6333").replace(b"Japan", b"Korea"),
    "269, out of step": SEED.replace(b"No.267", b"No.269").replace(b"6332", b"6399"),
    "no report": b"Flour and eggs.\n",
    "unreadable": b"\x00\x01",
    "empty": b"",
}
CURATED = f"""
@prefix coord: <https://w3id.org/policy-kg/coord#> .
<{BASE}id/report/drc-2021-268> coord:number "268" .
"""


PLAIN = Builder(base=BASE)


def build(folder, store, **manner):
    """A build of the folder's pages."""
    builder, curated = PLAIN, folder / "curated.ttl"
    if curated.exists():
        builder = Builder(base=BASE, curated=[curated])
        vars(builder).update({name: vars(PLAIN)[name] for name in ("reader", "checker") if name in vars(PLAIN)})
    return builder.build([folder / "pages"], store, Manner(**manner), lambda *_: None)


def lines(version):
    """What a version exports."""
    written = io.BytesIO()
    export(version.open(), GraphFormat.NQUADS, written)
    return written.getvalue()


def told(summary):
    """What a build tells of its pages, without the version, what that is told of them, and how much was read."""
    apart = ("version", "read", "sighted", "lines", "inputs", "graph_digests", "_accepted")
    return {"excerpts": summary.excerpts, **{name: each for name, each in vars(summary).items() if name not in apart}}


def accounts(version):
    """The ledger's lines, each with what it tells; every file of it is what the manifest says."""
    told = Told(version)
    assert not file_damages(version)
    return [told.together(line) for line in io.BytesIO(record(version, PAGES))]


def same(incremental, full, *, is_new):
    """Both builds tell the same, and their versions hold the same."""
    assert told(incremental) == told(full)
    assert incremental.findings.by_severity == Counter(finding.severity for finding in full.findings)
    one, other = incremental.version, full.version
    assert lines(one) == lines(other)
    if is_new:
        assert accounts(one) == accounts(other)
        assert record(one, RUN) == record(other, RUN)
        assert record(one, GRAPHS) == record(other, GRAPHS)
    for name in ("counts", "digest", "inputs", "shapes", "code", "verdict"):
        assert getattr(one.manifest, name) == getattr(other.manifest, name), name


class Pages(RuleBasedStateMachine):
    """Pages that are written, changed, removed, renamed and copied, with a build after each."""

    names = st.sampled_from(["a", "b", "c", "d"])

    @initialize(tmp=st.just(None))
    def begin(self, tmp):  # noqa: ARG002 - Hypothesis wants a strategy
        """One page that stays, so that there is always something to publish."""
        import tempfile  # noqa: PLC0415 # each run needs a folder of its own

        self.folder = Path(tempfile.mkdtemp(prefix="kg-test-"))
        (self.folder / "pages").mkdir()
        (self.folder / "pages" / "m.txt").write_bytes(SEED.replace(b"No.267", b"No.300").replace(b"6332", b"6365"))
        self.builds = self.last = self.later = 0

    @rule(name=names, content=st.sampled_from(sorted(PAGES_OF)))
    def write(self, name, content):
        """A page is added or changed."""
        (self.folder / "pages" / f"{name}.txt").write_bytes(PAGES_OF[content])

    @rule(name=names)
    def remove(self, name):
        """A page vanishes."""
        (self.folder / "pages" / f"{name}.txt").unlink(missing_ok=True)

    @rule(name=names, other=st.sampled_from(["a", "x", "z"]))
    def rename(self, name, other):
        """A page gets another name, before or behind the others."""
        page = self.folder / "pages" / f"{name}.txt"
        if page.exists():
            page.rename(page.with_name(f"{other}.txt"))

    @rule(name=names)
    def write_in_the_same_length(self, name):
        """A page is written anew with as many bytes and its times put back, in the same tick of the clock."""
        page = self.folder / "pages" / f"{name}.txt"
        if page.exists() and not page.is_symlink():
            status = page.stat()
            page.write_bytes(page.read_bytes().swapcase())
            os.utime(page, ns=(status.st_atime_ns, status.st_mtime_ns))

    @rule(name=names, content=st.sampled_from(["267", "268", "no report"]))
    def link(self, name, content):
        """A page becomes a link to a file elsewhere, or its link leads to another one."""
        page, file = self.folder / "pages" / f"{name}.txt", self.folder / f"{content}.txt"
        file.write_bytes(PAGES_OF[content])
        page.unlink(missing_ok=True)
        page.symlink_to(file)

    @rule(name=names, content=st.sampled_from(sorted(PAGES_OF)))
    def write_in_a_folder(self, name, content):
        """A page is added or changed in a folder of its own, beside a file that is none."""
        (self.folder / "pages" / "more").mkdir(exist_ok=True)
        (self.folder / "pages" / "more" / f"{name}.txt").write_bytes(PAGES_OF[content])
        (self.folder / "pages" / "more" / "b.docx").write_bytes(b"")

    @rule()
    def remove_the_folder(self):
        """All pages of a folder vanish with it."""
        shutil.rmtree(self.folder / "pages" / "more", ignore_errors=True)

    @rule()
    def wait(self):
        """So much time goes by that the digests of files are believed."""
        self.later += 10_000_000_000

    @rule()
    def state_by_hand(self):
        """A fact about a report is stated by hand, or no more."""
        file = self.folder / "curated.ttl"
        file.unlink() if file.exists() else file.write_text(CURATED)

    @invariant()
    def is_as_if_built_anew(self):
        """What changed is published as a build of all pages would publish it."""
        if not hasattr(self, "folder"):
            return
        self.builds += 1
        now = time.time_ns
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("kg.sources.sightings.time.time_ns", lambda: now() + self.later)
            incremental = build(self.folder, self.folder / "store")
        full = build(self.folder, self.folder / f"full-{self.builds}", extent=Extent.ALL)
        same(incremental, full, is_new=incremental.version.number > self.last)
        self.last = incremental.version.number
        shutil.rmtree(self.folder / f"full-{self.builds}")

    def teardown(self):
        """The folder goes."""
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)


Pages.TestCase.settings = settings(
    max_examples=4,
    stateful_step_count=10,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # builds are too slow for the search of a shorter failure
)
TestPages = Pages.TestCase


@pytest.fixture
def folder(tmp_path):
    """Three reports and a page that is none."""
    (tmp_path / "pages").mkdir()
    for name in ("267", "268", "269, out of step", "no report"):
        (tmp_path / "pages" / f"{name}.txt").write_bytes(PAGES_OF[name])
    return tmp_path


def test_only_what_changed_is_read(folder):
    """Of four pages one changed: one is read; then none is."""
    store = folder / "store"
    assert build(folder, store).read == 4
    (folder / "pages" / "268.txt").write_bytes(PAGES_OF["268, reworded"])
    assert build(folder, store).read == 1
    assert build(folder, store).read == 0


def test_a_build_that_changes_nothing_publishes_nothing(folder):
    """The current version stays, and its findings are told again."""
    first = build(folder, folder / "store")
    again = build(folder, folder / "store")
    assert again.version == first.version
    assert told(again) == told(first)
    assert first.findings


def test_missing_pages_can_be_kept(folder):
    """A page that is gone stays in the graph on request, is named, and goes when it is no longer asked for."""
    before = lines(build(folder, folder / "store").version)
    (folder / "pages" / "268.txt").unlink()
    summary = build(folder, folder / "store", missing=Missing.KEPT)
    assert summary.kept == ["pages/268.txt"]
    assert lines(summary.version) == before
    assert build(folder, folder / "store", missing=Missing.KEPT).kept == ["pages/268.txt"]
    assert b"drc-2021-268" not in lines(build(folder, folder / "store").version)


def test_a_page_that_got_another_name_is_not_kept_beside_itself(folder):
    """Nothing of it is missing: it is there, once, and counted once."""
    build(folder, folder / "store")
    (folder / "pages" / "no report.txt").rename(folder / "pages" / "nothing.txt")
    (folder / "pages" / "268.txt").rename(folder / "pages" / "renamed.txt")
    manner = Manner(missing=Missing.KEPT)
    plan = PLAIN.plan([folder / "pages"], folder / "store", manner)
    assert (plan.kept, plan.vanished) == ((), ("pages/268.txt", "pages/no report.txt"))
    summary = build(folder, folder / "store", missing=Missing.KEPT)
    assert summary.kept == []
    assert [source for source, _ in summary.others] == ["pages/nothing.txt"]
    version = summary.version
    assert version.manifest.digest == content_digest(version.open())
    assert version.manifest.counts.reports == 3


def test_the_manifest_says_what_a_count_of_the_store_says(folder):
    """Counts and digest are summed up from the pages; a pass over the store gives the same, also after a change."""
    for content in ("268", "268, reworded", "0267"):
        (folder / "pages" / "268.txt").write_bytes(PAGES_OF[content])
        version = build(folder, folder / "store").version
        counted, counts = summary(version.open()), version.manifest.counts
        for name in ("statements", "named_graphs", "pages", "reports", "gaps"):
            assert getattr(counts, name) == getattr(counted, name), (content, name)
        assert content_digest(version.open()) == version.manifest.digest


def test_another_setting_has_all_pages_read(folder):
    """What pages are judged by changed, so every page is read."""
    build(folder, folder / "store")
    builder = Builder(base=BASE, most_bytes=1_000_000)
    assert builder.build([folder / "pages"], folder / "store", Manner(), lambda *_: None).read == 4


def test_a_damaged_ledger_has_all_pages_read(folder):
    """Nothing is believed that is not as it was published."""
    version = build(folder, folder / "store").version
    with (version.path / PAGES).open("ab") as ledger:
        ledger.write(b"more")
    assert build(folder, folder / "store").read == 4


def test_a_ledger_of_another_form_has_all_pages_read(folder):
    """Its pages add numbers to the digest that mean something else today; the version after it has the right one."""
    version = build(folder, folder / "store").version
    record, file = version.path / RUN, version.path / "manifest.json"
    record.write_bytes(json.dumps({**json.loads(record.read_bytes()), "format": 5}).encode())
    told = {**json.loads(file.read_text("utf-8")), "digest": "0" * 64}
    told["records"][RUN] = hashlib.sha256(record.read_bytes()).hexdigest()
    del told["checksum"], told["scheme"]
    checksum = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    file.write_text(json.dumps({**told, "checksum": checksum}), "utf-8")
    summary = build(folder, folder / "store")
    assert (summary.read, summary.version.number) == (4, version.number + 1)
    assert summary.version.manifest.digest == content_digest(summary.version.open())


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_bytes(b"{}\n")])
def test_findings_that_are_gone_have_all_pages_read(folder, damage):
    """What was told of the pages is not there, or has another size than it had."""
    version = build(folder, folder / "store").version
    (file,) = version.path.glob("told-*")
    damage(file)
    again = build(folder, folder / "store")
    assert again.read == 4
    assert not file_damages(again.version)


def test_findings_that_are_damaged_are_not_told(folder):
    """Other words of the same size are found out where somebody asks for them, and what to do is said."""
    version = build(folder, folder / "store").version
    (file,) = version.path.glob("told-*")
    file.write_bytes(file.read_bytes().replace(b"Research", b"research"))
    told = Told(version)
    with pytest.raises(StoreError, match=r"build again with --all"):
        [told.together(line) for line in io.BytesIO(record(version, PAGES))]
    manner = Manner(extent=Extent.ALL)
    again = Builder(base=BASE).build([folder / "pages"], folder / "store", manner, lambda *_: None)
    assert again.read == 4


def test_findings_of_unchanged_pages_are_not_written_again(folder):
    """The file of what was told of all pages is the same one on the disk, until what came since outweighs it."""
    version = build(folder, folder / "store").version
    (first,) = version.path.glob("told-*")
    page, files = folder / "pages" / "268.txt", list[list[Path]]()
    for number in range(6):
        page.write_bytes(PAGES_OF["268"] + f"\n\nMore {number}.\n".encode())
        version = build(folder, folder / "store").version
        files.append(sorted(version.path.glob("told-*")))
        if not files[-1][0].samefile(first):
            break
    assert [len(each) for each in files] == [2, 2, 3, 1]
    assert files[-1][0].stat().st_size == first.stat().st_size
    assert accounts(version) == accounts(build(folder, folder / "full").version)


def test_a_page_replaced_with_its_times_put_back_is_read(folder):
    """A page of the same size with the same time of change is told by the time that no program can set."""
    build(folder, folder / "store")
    page = folder / "pages" / "268.txt"
    status = page.stat()
    page.write_bytes(page.read_bytes().replace(b"6333", b"6334"))
    os.utime(page, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert VersionStore(folder / "store").current()
    assert build(folder, folder / "store").read == 1


#: A report that lacks what a Warning asks for, and one that breaks a shape.
MILD = SEED.replace(b"No.267", b"No.270").replace(b"6332", b"6335").replace(b"Keywords", b"Kennworte")
GRAVE = SEED.replace(b"No.267", b"No.271").replace(b"6332", b"6336").replace(b"Nov 11,2021", b"Nov 11,1921")


def test_news_are_findings_that_no_build_told(folder):
    """Of a page that did not change, only what keeps it out is news; the numbers are those of all."""
    (folder / "pages" / "270.txt").write_bytes(MILD)
    (folder / "pages" / "271.txt").write_bytes(GRAVE)
    first = build(folder, folder / "store")
    assert list(first.findings.news) == list(build(folder, folder / "full").findings)
    (folder / "pages" / "268.txt").write_bytes(PAGES_OF["268, reworded"])
    again = build(folder, folder / "store")
    news = again.findings.news
    without = [finding for finding in again.findings if finding not in news]
    assert without
    assert {finding.where.source for finding in without} == {"pages/270.txt"}
    assert "pages/271.txt" in {finding.where.source for finding in news}
    assert {finding.where for finding in news} >= news.excerpts.keys()
    assert len(again.findings) == len(news) + len(without)
