"""`kg build`: what it says, what it publishes, and how it ends."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys

import pytest

from kg.store import VersionStore


def test_the_examples_are_built_without_findings(kg):
    """Five example pages become five reports; each file that is no page is named."""
    kg.examples()
    ran = kg("build", "examples")
    assert ran.code == 0
    assert ran.out == b""
    assert "passed over, since they are no pages: examples/README.md" in ran.err
    assert re.search(r"^5 pages read, 5 reports, [\d,]+ statements, 0 gaps, no findings$", ran.err, re.MULTILINE)
    assert re.search(r"^version v1 in kg-store, \d+\.\d s$", ran.err, re.MULTILINE)


def test_a_repeated_build_publishes_nothing_new(kg, seed):
    """The same pages give the same version."""
    kg.page("page.txt", seed)
    kg("build", "page.txt")
    assert "version v1 in" in kg("build", "page.txt").err
    assert len(VersionStore(kg.folder / "kg-store").versions()) == 1


def test_a_page_named_twice_is_one_page(kg, seed):
    """A source inside another source is read once."""
    kg.page("pages/page.txt", seed)
    ran = kg("build", "pages", "pages/page.txt")
    assert ran.code == 0
    assert "1 page read, 1 report" in ran.err


def test_the_same_bytes_under_another_name_are_left_out_and_said_to_be(kg, seed):
    """A copy of a page adds nothing, and is named."""
    kg.page("pages/a.txt", seed)
    kg.page("pages/b.txt", seed)
    ran = kg("build", "pages")
    assert ran.code == 0
    assert "pages/b.txt: left out: the same bytes as pages/a.txt" in ran.err
    assert "1 page read" in ran.err


UNREADABLE = {
    "random bytes": (random.Random(7).randbytes(4096), ""),  # noqa: S311 - the same bytes in each run
    "an empty file": (b"", "the page is empty"),
    "a line of 50 MB": (b"a" * (50 * 1024 * 1024), "52,428,800 bytes; a page may have 16,777,216"),
}


@pytest.mark.parametrize(("payload", "reason"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_named_and_the_rest_is_published(kg, seed, payload, reason):
    """An unreadable page costs exit code 3 and nothing else."""
    kg.page("pages/good.txt", seed)
    kg.page("pages/bad.txt", payload)
    ran = kg("build", "pages")
    assert ran.code == 3
    assert re.search(rf"^pages/bad\.txt: unreadable: .*{re.escape(reason)}", ran.err, re.MULTILINE)
    assert "1 page read, 1 report" in ran.err
    assert VersionStore(kg.folder / "kg-store").current().manifest.counts.reports == 1


def test_when_nothing_can_be_read_nothing_is_published(kg):
    """A version without a page would be a silent loss."""
    kg.page("pages/empty.txt", "")
    ran = kg("build", "pages")
    assert ran.code == 3
    assert "no page could be read; nothing is published" in ran.err
    assert "pages/empty.txt: the page is empty" in ran.err
    assert kg("versions").code == 2


def test_a_page_that_is_no_report_is_said_to_be_none(kg):
    """A text without a number is a page without a report, and no error."""
    kg.page("pages/letter.txt", "Dear all,\n\nthere is no report here.\n")
    ran = kg("build", "pages")
    assert ran.code == 0
    assert "pages/letter.txt: no report: the page has no number" in ran.err


def test_a_line_of_fifteen_megabytes_is_read_within_the_deadline(kg):
    """One endless line is a page like any other."""
    kg.page("pages/line.txt", b"a" * 15_000_000)
    ran = kg("build", "pages")
    assert ran.code == 0
    assert "1 page read, 0 reports" in ran.err


def test_a_folder_without_pages_is_an_error(kg):
    """An empty folder is a mistake, and the message says what pages are."""
    (kg.folder / "pages").mkdir()
    kg.page("pages/table.csv", "a,b\n")
    ran = kg("build", "pages")
    assert ran.code == 3
    assert re.fullmatch(r"kg: pages: the folder holds no page; pages are files that end in .*\.txt.*\n", ran.err)


def test_a_path_that_does_not_exist_is_an_error(kg):
    """A path that is not there is unreadable input."""
    ran = kg("build", "nowhere")
    assert (ran.code, ran.err) == (3, "kg: nowhere: there is no such file or folder\n")


def test_a_second_page_of_one_report_is_quarantined(kg, seed):
    """Of two pages that are one report the second is left out, with exit code 1 and both places named."""
    kg.page("pages/a.txt", seed)
    kg.page("pages/b.txt", seed + "\n\n")
    ran = kg("build", "pages")
    assert ran.code == 1
    assert "pages/b.txt:11:1: violation: Another page is this report already: pages/a.txt:11:1." in ran.err
    assert "pages/b.txt: quarantined" in ran.err
    assert "2 pages read, 1 report" in ran.err
    assert VersionStore(kg.folder / "kg-store").current().manifest.counts.reports == 1


def test_strict_publishes_nothing_when_a_page_has_a_violation(kg, seed):
    """With --strict one Violation keeps the version back; what was published before stays."""
    kg.page("pages/a.txt", seed)
    kg("build", "pages")
    kg.page("pages/b.txt", seed + "\n\n")
    ran = kg("build", "pages", "--strict")
    assert ran.code == 1
    assert "nothing published" in ran.err
    assert [version.name for version in VersionStore(kg.folder / "kg-store").versions()] == ["v1"]


def test_quiet_says_nothing_of_a_clean_build(kg, seed):
    """With --quiet only errors and findings are written."""
    kg.page("page.txt", seed)
    ran = kg("build", "page.txt", "--quiet")
    assert (ran.code, ran.out, ran.err) == (0, b"", "")


def test_settings_stand_in_kg_toml_and_in_the_environment(kg, seed):
    """kg.toml is read from the working folder; a KG_ variable goes before it, an option before both."""
    kg.page("pages/page.txt", seed)
    kg.page("kg.toml", 'sources = ["pages"]\nstore = "from-file"\nbase_iri = "https://kg.example.org/"\n')
    assert "in from-file" in kg("build").err
    assert "in from-variable;" in kg("versions", KG_STORE="from-variable").err
    assert "in from-option;" in kg("versions", "--store", "from-option", KG_STORE="from-variable").err
    assert b"<https://kg.example.org/id/report/drc-2021-267>" in kg("export", "--store", "from-file").out


def test_another_writer_is_told_to_wait(kg, seed):
    """While one process writes a store, a second one says who does, and leaves it alone."""
    kg.page("page.txt", seed)
    with VersionStore(kg.folder / "kg-store").writer("a long build"):
        ran = kg("build", "page.txt")
    assert ran.code == 2
    assert "a long build" in ran.err


def test_a_dry_run_says_what_would_change_and_changes_nothing(kg, seed):
    """Each page that would be read or taken out is named; no version comes of it."""
    kg.page("pages/a.txt", seed)
    kg.page("pages/b.txt", seed.replace("No.267", "No.268").replace("6332", "6333"))
    assert "would read (new): pages/a.txt" in kg("build", "pages", "--dry-run").err
    assert not (kg.folder / "kg-store").exists()
    kg("build", "pages")
    assert kg("build", "pages", "--dry-run").err == "0 new pages, 0 changed, 0 gone, 2 unchanged\n"
    kg.page("pages/a.txt", seed.replace("(Total 6332)", "(Total 6331)"))
    (kg.folder / "pages/b.txt").unlink()
    told = kg("build", "pages", "--dry-run").err.splitlines()
    assert told[:2] == ["would read (changed): pages/a.txt", "would take out: pages/b.txt"]
    assert len(VersionStore(kg.folder / "kg-store").versions()) == 1


def test_pages_that_are_gone_are_kept_on_request(kg, seed):
    """With --keep-missing nothing is taken out; without it the page goes."""
    kg.page("pages/a.txt", seed)
    kg.page("pages/b.txt", seed.replace("No.267", "No.268").replace("6332", "6333"))
    kg("build", "pages")
    (kg.folder / "pages/b.txt").unlink()
    assert "1 page kept though no longer there" in kg("build", "pages", "--keep-missing").err
    assert "1 page read, 1 report" in kg("build", "pages").err


def test_a_build_tells_programs_what_it_did(kg, seed):
    """With --log-json each line is an object; the last one has the version and the numbers."""
    kg.page("pages/a.txt", seed)
    kg.page("pages/b.txt", "")
    ran = kg("build", "pages", "--log-json")
    told = [json.loads(line) for line in ran.err.splitlines()]
    assert {"event": "unreadable", "source": "pages/b.txt", "reason": "the page is empty"} in told
    assert (told[-1]["event"], told[-1]["version"], told[-1]["reports"]) == ("done", "v1", 1)
    assert ran.code == 3


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_the_number_of_workers_changes_nothing(kg, jobs):
    """The same pages give the same export and the same words, whatever --jobs is."""
    kg.examples()
    kg("build", "examples", "--store", "one")
    ran = kg("build", "examples", "--jobs", jobs)
    assert ran.code == 0
    assert kg("export").out == kg("export", "--store", "one").out != b""


@pytest.mark.parametrize("options", [(), ("--quiet",), ("--log-json",)])
def test_a_damaged_version_is_said_aloud_and_replaced(kg, seed, options):
    """The build that finds it reads every page again, and the store is whole after it."""
    kg.page("page.txt", seed)
    kg("build", "page.txt")
    store = VersionStore(kg.folder / "kg-store")
    (store.path / "versions/v1/manifest.json").write_text("{}", encoding="utf-8")
    ran = kg("build", "page.txt", *options)
    assert ran.code == 0
    first = ran.err.splitlines()[0]
    if "--log-json" in options:
        assert json.loads(first)["event"] == "damage"
    else:
        assert first.startswith("WARNING: kg-store does not hold what was published (v1: manifest.json: ")
    assert (store.current().name, store.current().fallback_from) == ("v2", None)
    assert kg("build", "page.txt", "--quiet").err == ""


INTERRUPTED = """
import sys
import kg.cli.building as building
def set_up(*_):
    raise KeyboardInterrupt
building.set_up = set_up
from kg.cli import main
sys.argv = ["kg", "build", "pages", *sys.argv[1:]]
main()
"""


@pytest.mark.parametrize("options", [(), ("--log-json",)])
def test_ctrl_c_is_told_as_all_else_is(kg, seed, options):
    """In words, or with --log-json as an object; once, and the exit code is 130."""
    kg.page("pages/page.txt", seed)
    ran = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, *options],
        cwd=kg.folder,
        env=kg.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 130
    if options:
        (told,) = map(json.loads, ran.stderr.splitlines())
        assert (told["event"], told["exit_code"]) == ("interrupted", 130)
    else:
        assert ran.stderr == "kg: interrupted\n"


def test_many_findings_of_unchanged_pages_are_counted(kg, seed, monkeypatch, capsys):
    """Where there are many findings, what stands as before is not told again; a build says how much that is."""
    from kg.build import Builder, Manner  # noqa: PLC0415 # the others run the command
    from kg.cli import summary  # noqa: PLC0415 # as above

    kg.page("pages/a.txt", seed.replace("Keywords", "Kennworte"))
    monkeypatch.chdir(kg.folder)

    def told():
        builder = Builder(base="http://127.0.0.1:8000/")
        summary.show_findings(builder.build([kg.folder / "pages"], kg.folder / "s", Manner(), lambda *_: None))
        return capsys.readouterr().err

    first = told()
    assert "pages/a.txt" in first
    assert told() == first
    monkeypatch.setattr(summary, "_MOST_TOLD_AGAIN", 0)
    assert told() == "not told again: 1 finding about pages that did not change; kg check tells all\n"
