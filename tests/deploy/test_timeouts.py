"""How long the proxy waits for the service, beside how long that may take."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.query.lanes import MOMENT
from kg.settings import Settings
from kg.web import writing as write_way
from kg.writing import GateOptions, client, process

ROOT = Path(__file__).resolve().parents[2]
CONFIG = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
WRITES = ("/update", "/graphs", "/graphs/person/1.ttl", "/graph/curated/mine", "/reports/drc-2021-267")
READS = ("/", "/sparql", "/doc/report/drc-2021-267", "/feed", "/graphics", "/updates", "/reports")


def patience(path):
    """Seconds that nginx waits for the service's answer to a request for a path."""
    usual = re.search(r"^    proxy_read_timeout (\d+)s;", CONFIG, re.MULTILINE)
    for pattern, block in re.findall(r"location ~ (\S+) \{(.*?)\n    \}", CONFIG, re.DOTALL):
        if re.search(pattern, path):
            usual = re.search(r"proxy_read_timeout (\d+)s;", block) or usual
            break
    return int(usual[1])


@pytest.mark.parametrize("path", READS)
def test_a_query_may_take_as_long_as_it_may(path):
    """The proxy waits for each of two workers, the query itself, and once more for who waited for another's."""
    deadline = Settings().deadline
    waits = 2 * deadline  # for a quick worker, and for a slow one
    assert patience(path) == 6 * deadline
    assert patience(path) > waits + MOMENT + (waits + MOMENT + deadline)


@pytest.mark.parametrize("path", WRITES)
def test_a_write_may_take_as_long_as_it_may(path, tmp_path):
    """The proxy waits until the writer runs, for the write before this one, for this one, and until that is served."""
    gate = GateOptions(store=tmp_path, base="http://x/")
    one = 2 * (gate.deadline + gate.patience) + client._GRACE  # noqa: SLF001 - what must agree lies in other modules
    assert patience(path) > process._STARTS_WITHIN + 2 * one + write_way._SERVED_WITHIN  # noqa: SLF001 - as above


def test_the_guide_tells_both():
    """The how-to names each bound as the configuration has it."""
    guide = (ROOT / "docs" / "how-to" / "deploy.md").read_text(encoding="utf-8")
    assert f"| {patience('/sparql')} s |" in guide
    assert f"| {patience('/update')} s |" in guide
