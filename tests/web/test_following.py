"""The served version follows the current one, and who asks waits until it does."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from kg.model.errors import StoreError
from kg.model.imprint import Imprint
from kg.rdf.dataset import Census, Edition
from kg.web.following import Following, Published


def version(name):
    """A published version of this name."""
    edition = Edition(base="http://127.0.0.1:8000/", name=name, imprint=Imprint())
    return Published(data=Path(name), edition=edition, census=Census(triples=1))


class Service:
    """Serves what it is moved to; the first moves may fail."""

    def __init__(self, *, failures=0):
        self.current, self.served, self.failures = None, [], failures
        self.moved = asyncio.Event()

    def newer(self):
        """What became current since it was asked last."""
        found, self.current = self.current, None
        return found

    async def move(self, to):
        """Serves a version, after a while."""
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise StoreError("store", "damaged")
        self.served.append(to.edition.name)
        self.moved.set()


@asynccontextmanager
async def followed(service, every):
    """A service that follows."""
    following = Following(service.newer, service.move, every=every)
    running = asyncio.create_task(following.run())
    yield following
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def test_who_catches_up_is_served_the_current_version():
    """It need not wait for the next look, however far that is."""

    async def asked():
        service = Service()
        async with followed(service, every=3600) as following:
            for name in ("v2", "v3"):
                service.current = version(name)
                await following.catch_up()
                assert service.served[-1] == name
            await following.catch_up()  # nothing new
        assert service.served == ["v2", "v3"]

    asyncio.run(asked())


def test_who_catches_up_waits_until_the_version_can_be_served():
    """A version that cannot be served at once is tried again, and not forgotten."""

    async def asked():
        service = Service(failures=2)
        async with followed(service, every=0.001) as following:
            service.current = version("v2")
            await following.catch_up()
        assert service.served == ["v2"]

    asyncio.run(asked())


def test_who_gave_up_harms_nobody():
    """Another who waits is told."""

    async def asked():
        service = Service()
        async with followed(service, every=3600) as following:
            service.current = version("v2")
            left = asyncio.create_task(following.catch_up())
            await asyncio.sleep(0)
            left.cancel()
            await following.catch_up()
        assert service.served == ["v2"]

    asyncio.run(asked())


def test_it_looks_without_being_called():
    """What others publish is served, too."""

    async def asked():
        service = Service()
        async with followed(service, every=0.001), asyncio.timeout(10):
            service.current = version("v2")
            await service.moved.wait()

    asyncio.run(asked())
