"""The package as it is loaded: by workers, which start with every version, and by the service."""

from __future__ import annotations

import subprocess
import sys

import pytest

import kg.query


def test_a_worker_loads_none_of_what_the_service_needs():
    """Each new version is served by new workers: a third of their start was the service's modules."""
    script = "import sys, kg.query.worker; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"asyncio", "subprocess", "logging", "kg.query.pool"} & set(done.stdout.split())


@pytest.mark.parametrize("name", kg.query.__all__)
def test_names_are_where_they_were(name):
    """Every name of the package can be had from it."""
    assert getattr(kg.query, name) is not None


def test_other_names_are_not_there():
    """What is none of its names is an error that says so."""
    with pytest.raises(AttributeError, match=r"kg\.query"):
        _ = kg.query.nothing
