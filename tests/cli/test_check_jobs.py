"""`kg check --jobs`: the same findings in the same order, whatever the number of workers."""

from __future__ import annotations

import json
import subprocess

import pytest


@pytest.fixture
def mixed(kg, seed):
    """`kg` in a folder with pages that are clean, broken, alone or together, unreadable, repeated, or no report."""
    for number in range(9):
        kg.page(f"pages/{number}.txt", seed.replace("No.267", f"No.{300 + number}").replace("6332", f"{6400 + number}"))
    kg.page("pages/again.txt", seed.replace("No.267", "No.300").replace("6332", "6400"))
    kg.page("pages/clash.txt", seed.replace("No.267", "No.0301").replace("6332", "6399"))
    kg.page("pages/byline.txt", seed.replace("By ", "Of ").replace("No.267", "No.400"))
    kg.page("pages/same.txt", seed + "\n\n")
    kg.page("pages/seed.txt", seed)
    kg.page("pages/empty.txt", "")
    kg.page("pages/flour.txt", "Flour and eggs.\n")
    return kg


@pytest.mark.parametrize("options", [(), ("--format", "json"), ("--fail-on", "warning")])
def test_workers_change_neither_findings_nor_their_order(mixed, options):
    """Output, messages and exit code are those of one process."""
    one = mixed("check", "pages", "--jobs", "1", *options)
    assert "again.txt" in one.text + one.err
    assert one.code == 3
    for jobs in ("2", "5"):
        ran = mixed("check", "pages", "--jobs", jobs, *options)
        assert (ran.code, ran.out, ran.err) == (one.code, one.out, one.err)


def test_workers_check_some_of_the_pages_alike(mixed):
    """With --changed-since too, where pages are not judged together."""
    for arguments in (["init", "-q"], ["add", "pages/0.txt"]):
        subprocess.run(["git", *arguments], cwd=mixed.folder, check=True)
    author = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *author, "commit", "-qm", "one"], cwd=mixed.folder, check=True)
    one = mixed("check", "pages", "--changed-since", "HEAD", "--jobs", "1", "--format", "json")
    two = mixed("check", "pages", "--changed-since", "HEAD", "--jobs", "2", "--format", "json")
    assert json.loads(one.out)
    assert (two.code, two.out, two.err) == (one.code, one.out, one.err)
