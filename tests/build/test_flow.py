"""The flow as a whole: every page that comes in is accounted for, and what conforms goes through."""

import io
import shutil
from pathlib import Path

import pytest

from kg.build import Builder, Strictness
from kg.model.errors import SourceError
from kg.model.severities import Level, Severities
from kg.model.verdict import Severity
from kg.rdf.formats import GraphFormat
from kg.store import export
from kg.summary import Summary


@pytest.fixture(scope="module")
def builder():
    """A builder with what comes along."""
    return Builder(base="http://127.0.0.1:8000/")


@pytest.fixture
def check(builder, tmp_path, monkeypatch):
    """Checks the pages given by name and content, in a folder of their own."""
    monkeypatch.chdir(tmp_path)

    def summary(**pages):
        for name, content in pages.items():
            file = tmp_path / "pages" / f"{name}.txt"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(content)
        return builder.check([tmp_path / "pages"], lambda *_: None)

    return summary


@pytest.fixture(scope="module")
def seed(request):
    """The first real page."""
    return (request.config.rootpath / "examples" / "drc-2021-267.txt").read_bytes()


def test_every_example_and_case_conforms(builder, page_file, tmp_path, monkeypatch):
    """No page of ours breaks a shape; what it lacks is a warning at most."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(page_file, tmp_path / "page.txt")
    summary = Summary()
    list(builder.outcomes([tmp_path / "page.txt"], summary, lambda *_: None))
    assert [each.message for each in summary.findings if each.severity is Severity.VIOLATION] == []
    assert summary.pages == 1
    assert summary.quarantined == []


def test_every_page_is_accounted_for(check, seed):
    """Reports, other pages, repeated ones and unreadable ones: the sum is what came in."""
    summary = check(a=seed, b=seed, c=b"Flour and eggs.", d=b"", e=b"\x00\x01", f=seed.replace(b"No.267", b"No.268"))
    assert summary.reports == 2
    assert summary.repeated == [("pages/b.txt", "pages/a.txt")]
    assert [source for source, _ in summary.others] == ["pages/c.txt"]
    assert [each.source for each in summary.unreadable] == ["pages/d.txt", "pages/e.txt"]
    assert summary.pages == 3


def test_two_pages_of_one_report_are_a_violation(check, seed):
    """The second page of the same report is quarantined, and told where the first one lies."""
    summary = check(a=seed, b=seed + b"\n\nMore.")
    assert summary.quarantined == ["pages/b.txt"]
    assert "Another page is this report already: pages/a.txt:11:1" in summary.findings[0].message


def test_a_number_that_two_reports_bear_keeps_the_later_page_out(check, seed):
    """Two pages that each pass by themselves do not pass together; the later one counts as quarantined."""
    summary = check(a=seed, b=seed.replace(b"No.267", b"No.0267").replace(b"6332", b"6340"))
    assert summary.quarantined == ["pages/b.txt"]
    assert (summary.reports, summary.pages) == (1, 2)
    (finding,) = (each for each in summary.findings if each.severity is Severity.VIOLATION)
    assert str(finding.where) == "pages/b.txt:11:21"
    assert "report/drc-2021-267 (pages/a.txt:11:21)" in finding.message


def test_what_is_kept_out_is_counted_as_if_it_had_not_been_there(check, seed):
    """Statements and gaps of a withdrawn report are in no sum, and no other finding speaks of it."""
    alone = check(a=seed)
    twin = seed.replace(b"No.267", b"No.0267").replace(b"6332", b"6340")
    summary = check(a=seed, b=twin)
    assert (summary.statements, summary.gaps, summary.lacking) == (alone.statements, alone.gaps, alone.lacking)
    assert len(summary.findings) == len(alone.findings) + 1


def test_what_two_pages_break_together_is_not_published(builder, seed, tmp_path, monkeypatch):
    """Nothing of the withdrawn page is in the version, and all of the other one is."""
    monkeypatch.chdir(tmp_path)
    twin = seed.replace(b"No.267", b"No.0267").replace(b"6332", b"6340")
    for name, pages in (("one", {"a": seed}), ("two", {"a": seed, "b": twin})):
        (tmp_path / name).mkdir()
        for page, content in pages.items():
            (tmp_path / name / f"{page}.txt").write_bytes(content.replace(b"\r", b""))
    alone = _exported(builder, "one", tmp_path)
    together = _exported(builder, "two", tmp_path)
    assert together.replace(b"two/a.txt", b"one/a.txt") == alone


def _exported(builder, folder, tmp_path):
    """What a build of a folder publishes, in canonical lines."""
    listen, into = (lambda *_: None), tmp_path / f"{folder}-store"
    version = builder.build([Path(folder)], into, Strictness.QUARANTINE, listen).version
    written = io.BytesIO()
    export(version.open(), GraphFormat.NQUADS, written)
    return written.getvalue()


def test_numbers_out_of_step_are_warned_of_and_published(check, seed):
    """A cumulative number that does not run with the number is a Warning that names both reports."""
    pages = {
        name: seed.replace(b"No.267", f"No.{number}".encode()).replace(b"6332", str(total).encode())
        for name, number, total in (("a", 267, 6332), ("b", 268, 6333), ("c", 269, 6343))
    }
    summary = check(**pages)
    assert summary.quarantined == []
    (finding,) = (each for each in summary.findings if each.shape.endswith("cumulativeNumber-steady"))
    assert str(finding.where) == "pages/c.txt:11:38"
    assert "report/drc-2021-269 (pages/c.txt:11:38)" in finding.message
    assert "report/drc-2021-267 (pages/a.txt:11:38)" in finding.message


@pytest.mark.parametrize("most_in_memory", [2, 3])
def test_a_warning_over_pages_can_be_made_graver(seed, tmp_path, monkeypatch, most_in_memory):
    """A deployment may have a shape over all pages keep reports out, be they few or too many for the memory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("kg.build.flow._IN_MEMORY", most_in_memory)
    shape = "https://w3id.org/policy-kg/shape/AcrossReports-title"
    builder = Builder(base="http://127.0.0.1:8000/", severities=Severities({shape: Level.VIOLATION}))
    (tmp_path / "a.txt").write_bytes(seed)
    (tmp_path / "b.txt").write_bytes(seed.replace(b"No.267", b"No.268").replace(b"6332", b"6333"))
    summary = builder.check([Path("a.txt"), Path("b.txt")], lambda *_: None)
    assert summary.quarantined == ["b.txt"]
    assert summary.violated


def test_a_folder_that_is_not_there_ends_the_run(builder, tmp_path):
    """A source that does not exist is an error, not an empty run."""
    with pytest.raises(SourceError, match="no such file or folder"):
        builder.check([tmp_path / "none"], lambda *_: None)


def test_pages_come_in_the_same_order_with_the_same_quads(builder, request):
    """Two runs over the examples give the same quads in the same order."""
    examples = request.config.rootpath / "examples"
    runs = [
        [quad for each in builder.outcomes([examples], Summary(), lambda *_: None) for quad in each.quads] for _ in "12"
    ]
    assert runs[0] == runs[1]
    assert runs[0]
