"""The flow as a whole: every page that comes in is accounted for, and what conforms goes through."""

import shutil

import pytest

from kg.build import Builder, Summary
from kg.model.errors import SourceError
from kg.model.verdict import Severity


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
