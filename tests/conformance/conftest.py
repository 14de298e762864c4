"""What became of every test of the W3C's: each is run once a session."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from report import outcomes


@pytest.fixture(scope="session")
def found(tmp_path_factory):
    """The outcomes of all tests."""
    return outcomes(tmp_path_factory.mktemp("w3c"))
