"""Links lead somewhere, and nothing tracked names a machine or a registry."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\((?P<target>[^)\s]+)\)")
_IMAGE = re.compile(r"!\[(?P<words>[^\]]*)\]\((?P<target>[^)\s]+)\)")
# The first parts of each word are kept from the rest, so that this file does not find itself.
_REGISTRIES = re.compile("|".join(["pypi" + r"\.org", "python" + "hosted", "index" + "-url", "arti" + "factory"]))
_MACHINE = re.compile("|".join(["/wo" + "rk/", "/ro" + "ot/", r"/ho" + r"me/\w", "/Us" + r"ers/\w", "C:" + r"\\"]))


def test_links_between_documents_resolve(document):
    """A link to a file of the project leads to a file, and its anchor to a heading."""
    for match in _LINK.finditer(re.sub(r"^```.*?^```$", "", document.text, flags=re.MULTILINE | re.DOTALL)):
        path, _, anchor = match["target"].partition("#")
        if "://" in path:
            continue
        target = (document.path.parent / path).resolve() if path else document.path
        assert target.exists(), f"{document.name}: {match['target']}"
        if anchor:
            assert anchor in _anchors(target.read_text(encoding="utf-8")), f"{document.name}: {match['target']}"


def _anchors(text):
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_pictures_are_there_and_say_in_words_what_they_show(document):
    """An image has a file and an alternative text of several words."""
    for match in _IMAGE.finditer(document.text):
        assert (document.path.parent / match["target"]).is_file()
        assert len(match["words"].split()) > 5


def test_every_page_is_reached_from_the_readme(documents):
    """From the README a reader gets to every page of the documentation by links."""
    by_path = {document.path: document for document in documents}
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path in reached or path not in by_path:
            continue
        reached.add(path)
        targets = (match["target"].partition("#")[0] for match in _LINK.finditer(by_path[path].text))
        waiting += [(path.parent / target).resolve() for target in targets if target and "://" not in target]
    unreached = {document.name for document in documents if document.path.is_relative_to(ROOT / "docs")}
    unreached -= {by_path[path].name for path in reached}
    assert not unreached, "link them from docs/index.md"


@pytest.fixture(scope="module")
def tracked():
    """The text files under version control; without git, the files that a source distribution holds."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
        names = [name for name in listed.split("\0") if name]
    else:
        names = [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file()]
    paths = [ROOT / name for name in names if "__pycache__" not in name]
    return {path: path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file()}


def test_no_file_names_a_package_registry(tracked):
    """Which index packages come from is the affair of whoever installs them."""
    assert [path.relative_to(ROOT).as_posix() for path, text in tracked.items() if _REGISTRIES.search(text)] == []


def test_no_file_names_a_path_of_a_machine(tracked):
    """Nothing depends on where somebody keeps the checkout."""
    assert [path.relative_to(ROOT).as_posix() for path, text in tracked.items() if _MACHINE.search(text)] == []
