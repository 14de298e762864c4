"""Stores that clients write to, and a gate in this process for each."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from kg.writing import Policy

sys.path.insert(0, str(Path(__file__).parent))

from desks import SEED, STATIONS, Desk, build


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A store with one report, of the page a.txt."""
    store = tmp_path_factory.mktemp("built") / "store"
    STATIONS.set_up()
    build(store, {"a.txt": SEED})
    return store


@pytest.fixture
def desk(built, tmp_path):
    """A store of one's own with one report, and its gate."""
    shutil.copytree(built, tmp_path / "store")
    return Desk(tmp_path / "store")


@pytest.fixture
def plain(tmp_path):
    """An empty folder for a plain dataset, and its gate."""
    return Desk(tmp_path / "store", Policy.PLAIN, most_deleted=1.0)
