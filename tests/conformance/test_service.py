"""The W3C's tests of SERVICE, with the suite's endpoints on this machine and on the service's list."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from endpoints import endpoints
from pyoxigraph import RdfFormat, Store, parse

sys.path.insert(0, str(Path(__file__).parent))

from manifests import HOME, SHARED
from results import agrees
from served import application

from kg.model.reach import Hosts, Reach
from kg.web.site import Bounds

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the W3C's tests are not beside the checkout"),
]
#: By test: its data, and that of each endpoint.
TESTS = {
    "01": ("data01.ttl", {"example.org": "data01endpoint.ttl"}),
    "02": (None, {"example1.org": "data02endpoint1.ttl", "example2.org": "data02endpoint2.ttl"}),
    "03": (None, {"example1.org": "data03endpoint1.ttl", "example2.org": "data03endpoint2.ttl"}),
    "04a": ("data04.ttl", {"example.org": "data04endpoint.ttl"}),
    "06": (None, {"example1.org": "data06endpoint1.ttl"}),
    "07": ("data07.ttl", {"example.org": "data01endpoint.ttl"}),
}
FOLDER = SHARED / "service"


def filled(store, file):
    """A store with what a file of the suite states."""
    if file:
        store.extend(parse(path=FOLDER / file, format=RdfFormat.TURTLE, base_iri=f"{HOME}service/{file}"))
    return store


def answered(name, folder):
    """The response to a test's query."""
    data, services = TESTS.get(name, ("data05.ttl", {}))
    filled(Store(str(folder)), data).flush()
    stores = {f"/{host}/sparql": filled(Store(), file) for host, file in services.items()}
    with endpoints(stores) as (base, _):
        text = re.sub(
            r"http://(example\d?\.org)/sparql", rf"{base}/\1/sparql", (FOLDER / f"service{name}.rq").read_text()
        )
        reach = Reach(services=frozenset(base + path for path in stores) | {"http://a.example/"}, hosts=Hosts.ANY)
        with application(folder, Bounds(reach=reach)) as send:
            headers = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+xml"}
            return send("POST", "/sparql", content=text, headers=headers)


@pytest.mark.parametrize("name", TESTS)
def test_service(name, tmp_path):
    """A query that asks services answers what the suite says."""
    answer = answered(name, tmp_path / "data")
    assert answer.status_code == 200, answer.text
    assert agrees(answer.content, f"{HOME}service/service{name.removesuffix('a')}.srx", ordered=False), answer.text


def test_service_by_a_variable(tmp_path):
    """The one that names its services by a variable is refused, and says why."""
    answer = answered("05", tmp_path / "data")
    assert answer.status_code == 403
    assert "the service must stand in the query" in answer.json()["detail"]
