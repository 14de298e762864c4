"""Which other servers `kg serve` asks for its clients."""

from __future__ import annotations

from collections.abc import Iterable

from kg.model.errors import UsageError
from kg.model.reach import Reach, is_plain_iri
from kg.settings import Settings


def reach(settings: Settings, services: Iterable[str], loads: Iterable[str]) -> Reach:
    """What the settings allow, and the options beside them.

    Raises:
        UsageError: an option is no IRI of a server.
    """
    services, loads = tuple(services), tuple(loads)
    for option, given in (("--allow-service", services), ("--allow-load", loads)):
        for iri in given:
            if not is_plain_iri(iri):
                raise UsageError(f"{option} {iri!r} is no http or https IRI, such as https://example.org/sparql")
    return Reach(
        services=frozenset((*settings.services, *services)),
        loads=(*settings.loads, *loads),
        hosts=settings.service_hosts,
    )
