"""The application and the server that the W3C's requests are sent to."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from contextlib import asynccontextmanager, contextmanager

import httpx

from kg.model.imprint import Imprint
from kg.query import QueryPool, WorkerOptions
from kg.rdf.dataset import Census, Edition
from kg.web import create_app

BASE = "http://127.0.0.1:8000/"
_SERVER = """
import sys
from pathlib import Path
from kg.model.imprint import Imprint
from kg.rdf.dataset import Census, Edition
from kg.web import serve

data, port = Path(sys.argv[1]), int(sys.argv[2])
edition = Edition(base=f"http://127.0.0.1:{port}/", name="v1", imprint=Imprint())
serve(data, edition=edition, census=Census(triples=1), questions=data, port=port, workers=1,
      on_ready=lambda address: print(address, flush=True))
"""


_WRITABLE = """
import sys
from pathlib import Path
from kg.cli.published import Watch, published
from kg.settings import Settings
from kg.store import Facts, VersionStore
from kg.web import WriteSide, serve
from kg.web.access import Access
from kg.writing import GateOptions, Policy, WriteGate

folder, port = Path(sys.argv[1]), int(sys.argv[2])
settings = Settings(store=folder, base_iri=f"http://127.0.0.1:{port}/")
with VersionStore(folder).writer("conformance") as writer:
    version = writer.publish(Facts(inputs={}, shapes="", code="1"))
watch, served = Watch(folder, settings), published(version, settings)
options = GateOptions(store=folder, base=settings.base_iri, policy=Policy.PLAIN, most_deleted=1.0, kept_versions=2)
serve(served.data, edition=served.edition, census=served.census, questions=folder, port=port, workers=1, newer=watch,
      access=Access(is_open=True), writes=WriteSide(gate=WriteGate(options), audit_log=folder / "audit.jsonl",
      most_bytes=1_000_000), on_ready=lambda address: print(address, flush=True))
"""


@contextmanager
def application(data, bounds=None):
    """Sends requests to the application over a store, in this process."""
    with asyncio.Runner() as runner:
        site = _opened(data, bounds)
        client = runner.run(site.__aenter__())
        yield lambda method, url, **given: runner.run(client.request(method, url, **given))
        runner.run(site.__aexit__(None, None, None))


@contextmanager
def server(data):
    """A client of a server of its own process over a store that is only read."""
    with _running(_SERVER, data) as client:
        yield client


@contextmanager
def writable(folder):
    """A client of a server that takes writes from anybody, into a store of its own that is empty at first."""
    with _running(_WRITABLE, folder) as client:
        yield client


@contextmanager
def _running(script, data):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", script, str(data), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().strip()
            with httpx.Client(base_url=address, timeout=30) as client:
                yield client
        finally:
            process.terminate()


@asynccontextmanager
async def _opened(data, bounds):
    options = WorkerOptions(data=data, base=BASE)
    async with (
        QueryPool(options, workers=1, deadline=10.0) as queries,
        QueryPool(options, workers=1, deadline=10.0) as pages,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(
                create_app(
                    queries=queries,
                    pages=pages,
                    edition=Edition(base=BASE, name="v1", imprint=Imprint()),
                    census=Census(triples=1),
                    questions=data,
                    bounds=bounds,
                )
            ),
            base_url=BASE,
        ) as client,
    ):
        yield client
