"""Pull requests in a throw-away repository, checked as the action and the hooks of this project check them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kg.sources.kinds import ARCHIVES, MEDIA_TYPES

ROOT = Path(__file__).resolve().parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
WRONG_YEAR = "1821-9-15"
IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "T"), ("EMAIL", "t@example.org"), ("DATE", "2021-09-15T00:00:00Z"))
}


class Repository:
    """A repository of pages, with a branch `main` and a branch for a pull request."""

    def __init__(self, desk, bin_folder):
        self.desk = desk
        kg = bin_folder / "kg"
        kg.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kg "$@"\n')
        kg.chmod(0o755)
        self.summary = bin_folder / "summary.md"
        path = f"{bin_folder}{os.pathsep}{os.environ['PATH']}"
        nothing = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": str(bin_folder)}
        self.environment = desk.environment(**IDENTITY, **nothing, GITHUB_STEP_SUMMARY=str(self.summary)) | {
            "PATH": path
        }

    def run(self, *command, **variables):
        """A command in the repository."""
        environment = {**self.environment, **variables}
        return subprocess.run(
            command, cwd=self.desk.folder, env=environment, capture_output=True, text=True, check=False, timeout=60
        )

    def commit(self, message):
        """All that lies there, committed."""
        for command in (("git", "add", "-A"), ("git", "commit", "-q", "-m", message)):
            assert self.run(*command).returncode == 0

    def action(self, **inputs):
        """The action's last step, as a runner carries it out with these inputs (`-` written as `_`)."""
        given = {name: each["default"] for name, each in ACTION["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        step = ACTION["runs"]["steps"][-1]
        variables = {
            name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda match: given[match[1]], value)
            for name, value in step["env"].items()
        }
        return self.run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"], **variables)

    def hook(self, name, *extra):
        """A hook on the files that are staged, as pre-commit runs it."""
        hook = HOOKS[name]
        staged = self.run("git", "diff", "--cached", "--name-only", "--diff-filter=d", "-z").stdout.split("\0")
        files = [file for file in staged if file and re.search(hook["files"], file)]
        if not files:
            return None
        names = files if hook.get("pass_filenames", True) else []
        return self.run(*shlex.split(hook["entry"]), *extra, *names)


@pytest.fixture
def repository(kg, seed, tmp_path_factory):
    """A repository whose `main` has one good page, on a new branch."""
    made = Repository(kg, tmp_path_factory.mktemp("bin"))
    kg.page("pages/good.txt", seed)
    assert made.run("git", "init", "-q", "-b", "main").returncode == 0
    made.commit("a page")
    assert made.run("git", "checkout", "-q", "-b", "work").returncode == 0
    return made


@pytest.fixture
def faulty(seed):
    """A report with a wrong year, on line 11."""
    return seed.replace("No.267", "No.268").replace("2021-9-15", WRONG_YEAR)


def test_a_wrong_year_fails_with_an_annotation_then_passes_with_a_baseline_then_is_stale(repository, faulty):
    """The life of a fault: found on its line, known, and gone."""
    page = repository.desk.page("pages/new.txt", faulty)
    repository.commit("a report with a wrong year")
    inputs = {"sources": "pages", "changed_since": "main"}

    failed = repository.action(**inputs, sarif="findings.sarif")
    assert failed.returncode == 1
    assert re.search(
        r"^::error file=pages/new\.txt,line=11,endLine=11,col=\d+,endColumn=\d+,title=Report-issued-period::"
        r"A policy report was not issued before 1900",
        failed.stdout,
        re.MULTILINE,
    )
    line = faulty.splitlines()[10]
    column = int(re.search(r"col=(\d+)", failed.stdout)[1])
    assert line[column - 1 :].startswith(WRONG_YEAR)
    assert "| 11 | violation |" in repository.summary.read_text(encoding="utf-8")
    assert (repository.desk.folder / "findings.sarif").exists()

    assert repository.desk("check", "pages", "--write-baseline").code == 0
    repository.commit("the fault is known")
    passed = repository.action(**inputs, baseline=".kg-baseline")
    assert (passed.returncode, passed.stdout) == (0, "")

    page.write_text(faulty.replace(WRONG_YEAR, "2021-9-15"), encoding="utf-8")
    repository.commit("the fault is mended")
    mended = repository.action(**inputs, baseline=".kg-baseline")
    assert mended.returncode == 0
    assert mended.stdout.startswith("::warning file=.kg-baseline,line=2,title=stale baseline entry::")


def test_a_page_that_did_not_change_is_not_checked(repository, faulty):
    """A fault on `main` is not the pull request's."""
    repository.desk.page("pages/old.txt", faulty)
    repository.commit("a fault that was there")
    assert repository.run("git", "branch", "-f", "main").returncode == 0
    repository.desk.page("notes.md", "a note\n")
    repository.commit("a note")
    ran = repository.desk("check", "pages", "--changed-since", "main")
    assert ran.code == 0
    assert "0 of 2 files changed since main" in ran.err
    assert "0 pages checked: no findings" in ran.err


def test_changed_settings_have_every_page_checked(repository, faulty):
    """What pages are judged by changed, and the output says so."""
    repository.desk.page("pages/old.txt", faulty)
    repository.commit("a fault that was there")
    assert repository.run("git", "branch", "-f", "main").returncode == 0
    repository.desk.page("kg.toml", '[severities]\nReport-title-length = "off"\n')
    ran = repository.desk("check", "pages", "--changed-since", "main")
    assert ran.code == 1
    assert "everything is checked, since kg.toml changed since main" in ran.err


def test_the_action_ends_as_the_check_does(repository):
    """A page that cannot be read fails the job with 3, a mistyped input with 2."""
    repository.desk.page("pages/odd name.txt", b"\xff\xfe\xff")
    assert repository.action(sources="pages/odd name.txt\npages/good.txt").returncode == 3
    assert repository.action(sources="pages", fail_on="fatal").returncode == 2


def test_an_input_of_the_action_is_never_a_command(repository):
    """Words from a pull request stay words."""
    ran = repository.action(sources="$(touch owned); `touch owned`\n--help", baseline='"; touch owned; "')
    assert ran.returncode == 3
    assert "$(touch owned); `touch owned`: there is no such file" in ran.stderr
    assert not (repository.desk.folder / "owned").exists()


def test_every_input_of_the_action_is_used_and_described(repository):
    """Nothing is promised in vain, and the guide names each."""
    script = (ROOT / "action.yml").read_text(encoding="utf-8")
    guide = (ROOT / "docs/how-to/ci.md").read_text(encoding="utf-8")
    assert repository.summary.parent.is_dir()
    for name in ACTION["inputs"]:
        assert f"${{{{ inputs.{name} }}}}" in script
        assert f"| `{name}` |" in guide


def test_the_hook_checks_what_is_staged(repository, faulty):
    """A commit with a wrong year is stopped; mended, it passes."""
    page = repository.desk.page("pages/new.txt", faulty)
    repository.desk.page("code.py", "x = 1\n")
    repository.run("git", "add", "-A")
    stopped = repository.hook("kg-check")
    assert stopped.returncode == 1
    assert "pages/new.txt:11:" in stopped.stdout
    assert "good.txt" not in stopped.stdout
    page.write_text(faulty.replace(WRONG_YEAR, "2021-9-15"), encoding="utf-8")
    repository.run("git", "add", "-A")
    assert repository.hook("kg-check").returncode == 0


def test_the_hook_for_all_pages_runs_when_settings_change(repository, faulty):
    """And only then."""
    repository.desk.page("pages/new.txt", faulty)
    repository.run("git", "add", "-A")
    assert repository.hook("kg-check-all") is None
    repository.desk.page("kg.toml", 'sources = ["pages"]\n')
    repository.run("git", "add", "-A")
    assert repository.hook("kg-check-all").returncode == 1


def test_the_hook_is_for_every_kind_of_page_and_no_other_file():
    """A new kind of page is a new kind for the hook."""
    pattern = HOOKS["kg-check"]["files"]
    assert all(re.search(pattern, f"pages/a{suffix}") for suffix in (*MEDIA_TYPES, *ARCHIVES))
    assert not any(re.search(pattern, name) for name in ("a.py", "kg.toml", "a.md", "txt", "a.json", ".kg-baseline"))
