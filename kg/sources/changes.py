"""What changed in a git repository since a revision."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from kg.model.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The difference between a revision and the files as they lie there now, committed or not.

    Attributes:
        root: the top folder of the working tree.
        unchanged: files that git knows and that are as they were, relative to the root.
        changed: files that were added, changed, renamed or deleted, and files that git neither knows nor ignores.
    """

    root: Path
    unchanged: frozenset[str]
    changed: frozenset[str]

    def may_have(self, file: Path) -> bool:
        """Whether the file may differ from what it was: git does not vouch for it.

        So files that git ignores, files outside the repository and links are always taken as changed.
        """
        return file.is_symlink() or self._name(file) not in self.unchanged

    def within(self, place: Path) -> str | None:
        """The first file that changed at this path or in this folder; None where none did."""
        name = self._name(place)
        if name is None:
            return None
        inside = (file for file in self.changed if name in (".", file) or file.startswith(f"{name}/"))
        return min(inside, default=None)

    def _name(self, path: Path) -> str | None:
        """The path from the root, where it lies in the working tree."""
        absolute = path.absolute()
        place = absolute.parent.resolve() / absolute.name if absolute.name != ".." else absolute.resolve()
        return place.relative_to(self.root).as_posix() if place.is_relative_to(self.root) else None


def changes_since(revision: str, folder: Path) -> Changes:
    """What changed since the last commit that the revision and the present one have in common.

    Of a branch that was left behind, only the changes made here count. Where there is no common commit, as in a clone
    without history, files are compared with the revision itself.

    Args:
        revision: a commit as git names it: `main`, `HEAD~1`, a hash, …
        folder: any folder of the working tree.

    Raises:
        UsageError: git is missing, the folder is in no repository, or there is no such commit.
    """
    root = Path(_ask(folder, "rev-parse", "--show-toplevel", otherwise="--changed-since needs a git repository"))
    commit = _ask(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}",
        otherwise=f"there is no commit {revision} here; name a branch, a tag or a hash, and fetch it with its history",
    )  # fmt: skip
    base = _git(folder, "merge-base", commit, "HEAD")
    since = base.stdout.decode().strip() if base.returncode == 0 else commit
    differing = _names(root, "diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", since, "--")
    known = _names(root, "ls-files", "-z")
    unknown = _names(root, "ls-files", "-z", "--others", "--exclude-standard")
    return Changes(root=root.resolve(), unchanged=known - differing, changed=differing | unknown)


def _names(root: Path, *arguments: str) -> frozenset[str]:
    done = _git(root, *arguments)
    if done.returncode:
        raise UsageError(f"git {arguments[0]} failed: {_complaint(done)}")
    return frozenset(os.fsdecode(name) for name in done.stdout.split(b"\0") if name)


def _ask(folder: Path, *arguments: str, otherwise: str) -> str:
    done = _git(folder, *arguments)
    if done.returncode:
        complaint = _complaint(done)
        raise UsageError(f"{otherwise} ({complaint})" if complaint else otherwise)
    return os.fsdecode(done.stdout).removesuffix("\n")


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)  # noqa: S603, S607 - no shell, and git is wherever the user has it
    except OSError as error:
        raise UsageError(f"--changed-since needs git: {error.strerror or error}") from error


def _complaint(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
