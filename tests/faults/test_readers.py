"""Who reads a version sees that version from start to end, whatever is published or removed meanwhile."""

from __future__ import annotations

import hashlib
import shutil
import threading

import pytest

from kg.store import VersionStore


class Reader(threading.Thread):
    """Opens the current version once and reads all of it again and again, until it is told that it is enough."""

    def __init__(self, folder):
        super().__init__()
        self.version = VersionStore(folder / "kg-store").current()
        self.seen = set()
        self.times = 0
        self.error = None
        self.enough = threading.Event()

    def run(self):
        """Reads at least once after what was done meanwhile."""
        try:
            store = self.version.open()
            last = False
            while not last:
                last = self.enough.is_set()
                lines = sorted(str(quad) for quad in store)
                self.seen.add(hashlib.sha256("\n".join(lines).encode()).hexdigest())
                self.times += 1
        except (OSError, RuntimeError) as error:
            self.error = error


@pytest.mark.parametrize("name", ["full build", "changed page", "prune"])
def test_a_reader_sees_one_version_from_start_to_end(nursery, act_of, tmp_path, name):
    """While a version is published by either kind of build, or pruned while it is read: one and the same content."""
    act, folder = act_of(name), tmp_path / "folder"
    shutil.copytree(act.base, folder)
    if name == "prune":
        assert nursery(folder, ("rollback", "v1")).code == 0
    reader = Reader(folder)
    reader.start()
    if name == "prune":
        assert nursery(folder, ("rollback", "v3")).code == 0
    ended = nursery(folder, act.arguments)
    assert ended.code == 0, ended.err
    assert VersionStore(folder / "kg-store").current().name == act.after.current
    assert reader.version.path.exists() == (name != "prune")
    reader.enough.set()
    reader.join()
    assert reader.error is None
    assert reader.times >= 1
    assert len(reader.seen) == 1


def test_a_reader_that_comes_later_sees_the_new_version(nursery, act_of, tmp_path):
    """Beside a reader of the old version, another one opens the new."""
    act, folder = act_of("changed page"), tmp_path / "folder"
    shutil.copytree(act.base, folder)
    old = VersionStore(folder / "kg-store").current().open()
    before = {str(quad) for quad in old}
    assert nursery(folder, act.arguments).code == 0
    new = {str(quad) for quad in VersionStore(folder / "kg-store").current().open()}
    assert before == {str(quad) for quad in old} != new
