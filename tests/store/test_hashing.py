"""Files of a store are hashed while others are still written; whatever happens meanwhile, each digest is right."""

import hashlib
import os

import pytest

from kg.store import hashing
from kg.store.hashing import Hashing


@pytest.fixture
def store(tmp_path):
    """A folder with one file that was there before."""
    (tmp_path / "000001.sst").write_bytes(b"old")
    return tmp_path


def sha256(words):
    """What `sha256sum` tells."""
    return hashlib.sha256(words).hexdigest()


def test_what_was_finished_is_not_read_again(store, monkeypatch):
    """By whatever name a version has it."""
    looking = Hashing(store)
    for number in (2, 3, 10):
        (store / f"00{number:04}.sst").write_bytes(b"new %d" % number)
    looking.look()
    os.link(store / "000002.sst", store / "linked")
    read = []
    monkeypatch.setattr(hashing, "file_digest", lambda file: read.append(file.name) or "read")
    assert [looking.digest(store / name) for name in ("linked", "000003.sst")] == [sha256(b"new 2"), sha256(b"new 3")]
    assert read == []


@pytest.mark.parametrize("name", ["000001.sst", "000010.sst", "MANIFEST-000005"])
def test_what_was_there_before_or_is_the_newest_is_read_at_the_end(store, monkeypatch, name):
    """Most of the one is gone soon; the other may not be finished."""
    looking = Hashing(store)
    for new in ("000002.sst", "000010.sst", "MANIFEST-000005"):
        (store / new).write_bytes(b"new")
    looking.look()
    monkeypatch.setattr(hashing, "file_digest", lambda file: f"read {file.name}")
    assert looking.digest(store / name) == f"read {name}"


def test_a_file_that_was_written_to_after_the_look_is_read_again(store):
    """It was not finished, although another one was there."""
    looking = Hashing(store)
    for name in ("000002.sst", "000003.sst"):
        (store / name).write_bytes(b"new")
    looking.look()
    with (store / "000002.sst").open("ab") as file:
        file.write(b" and more")
    assert looking.digest(store / "000002.sst") == sha256(b"new and more")
