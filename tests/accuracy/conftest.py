"""The measurement's own module, which lies beside the package."""

import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.fixture(scope="session")
def accuracy():
    """bench/accuracy.py."""
    sys.path.insert(0, str(BENCH))
    try:
        return __import__("accuracy")
    finally:
        sys.path.remove(str(BENCH))
