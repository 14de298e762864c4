"""What changed in a git repository since a revision."""

import os
import subprocess
from pathlib import Path

import pytest

from kg.model.errors import UsageError
from kg.sources.changes import changes_since

IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "T"), ("EMAIL", "t@example.org"), ("DATE", "2021-09-15T00:00:00Z"))
}


@pytest.fixture
def git(tmp_path, monkeypatch):
    """Runs git in a new repository with two committed pages, which is the working folder."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout.strip()

    run("init", "-q", "-b", "main")
    for name in ("a.txt", "b.txt", "文 件.txt"):
        Path(name).write_text(f"{name}\n", encoding="utf-8")
    run("add", "-A")
    run("commit", "-q", "-m", "pages")
    return run


def test_what_is_as_it_was_is_unchanged(git):
    """Whatever its name is."""
    changes = changes_since("HEAD", Path())
    assert not any(changes.may_have(Path(name)) for name in ("a.txt", "b.txt", "文 件.txt"))
    assert git("status", "--porcelain") == ""


def test_a_file_may_change_in_four_ways(git):
    """Committed, staged, only written, or new to git; a renamed file is a new one."""
    Path("a.txt").write_text("other\n")
    git("commit", "-q", "-a", "-m", "committed")
    Path("b.txt").write_text("other\n")
    git("mv", "文 件.txt", "renamed.txt")
    Path("new.txt").write_text("new\n")
    changes = changes_since("HEAD~1", Path())
    assert all(changes.may_have(Path(name)) for name in ("a.txt", "b.txt", "renamed.txt", "new.txt"))
    assert changes.changed == {"a.txt", "b.txt", "文 件.txt", "renamed.txt", "new.txt"}


def test_a_branch_that_went_on_changes_nothing_here(git):
    """Only what was done since the branches parted counts."""
    git("checkout", "-q", "-b", "work")
    Path("b.txt").write_text("mine\n")
    git("commit", "-q", "-a", "-m", "mine")
    git("checkout", "-q", "main")
    Path("a.txt").write_text("theirs\n")
    git("commit", "-q", "-a", "-m", "theirs")
    git("checkout", "-q", "work")
    assert changes_since("main", Path()).changed == {"b.txt"}


def test_what_git_does_not_vouch_for_may_have_changed(git, tmp_path):
    """Ignored files, links and files elsewhere are checked rather than passed over."""
    Path(".gitignore").write_text("ignored.txt\n")
    Path("ignored.txt").write_text("x\n")
    Path("link.txt").symlink_to("a.txt")
    git("add", "-A")
    git("commit", "-q", "-m", "more")
    changes = changes_since("HEAD", Path())
    for name in ("ignored.txt", "link.txt", tmp_path.parent / "elsewhere.txt"):
        assert changes.may_have(Path(name))


def test_a_change_is_found_in_its_folder(git):
    """A deleted file too; a folder of a like name is another folder."""
    Path("shapes").mkdir()
    Path("shapes/one.ttl").write_text("x\n")
    git("add", "-A")
    git("commit", "-q", "-m", "shapes")
    Path("shapes/one.ttl").unlink()
    changes = changes_since("HEAD", Path())
    assert changes.within(Path("shapes")) == "shapes/one.ttl"
    assert changes.within(Path()) == "shapes/one.ttl"
    assert changes.within(Path("sha")) is None
    assert changes.within(Path("/")) is None


def test_a_subfolder_is_in_the_same_repository(git, monkeypatch):
    """Paths are those of the working folder, wherever that is."""
    Path("deep").mkdir()
    Path("a.txt").write_text("other\n")
    monkeypatch.chdir("deep")
    changes = changes_since("HEAD", Path())
    assert changes.may_have(Path("../a.txt"))
    assert not changes.may_have(Path("../b.txt"))
    assert git("rev-parse", "HEAD")


@pytest.mark.parametrize("revision", ["nowhere", "-h", "--all", ""])
def test_an_unknown_revision_is_refused(git, revision):
    """No word is taken for an option of git."""
    assert git("rev-parse", "HEAD")
    with pytest.raises(UsageError, match="there is no commit"):
        changes_since(revision, Path())


def test_outside_a_repository_there_is_nothing_to_compare(tmp_path, monkeypatch):
    """The message says what is needed."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="--changed-since needs a git repository"):
        changes_since("HEAD", tmp_path)


def test_a_machine_without_git_is_told_so(tmp_path, monkeypatch):
    """A missing program is no traceback."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="--changed-since needs git"):
        changes_since("HEAD", tmp_path)
