"""`kg serve --upstream`: the site over a graph that another server holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.cli.pushing import credential
from kg.model.errors import UsageError
from kg.model.imprint import Imprint
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.query import UpstreamOptions
    from kg.rdf.dataset import Census, Edition

_SIZE: Final = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def upstream_options(url: str, token_file: Path | None, settings: Settings) -> UpstreamOptions:
    """How the endpoint is asked.

    Raises:
        UsageError: the address or the credential is of no use.
    """
    from kg.network import Address, Remote
    from kg.query import UpstreamOptions

    shown = credential(token_file, settings)
    Remote(Address.read(url), shown)  # what is wrong with them is said here, before any worker is started
    return UpstreamOptions(url=url, credential=shown, memory=settings.worker_memory)


def upstream_dataset(options: UpstreamOptions, settings: Settings) -> tuple[Edition, Census]:
    """What is served: its name, and how many triples its default graph holds, for which the endpoint is asked.

    Raises:
        UsageError: it gives no answer.
    """
    import json

    from kg.model.errors import KgError
    from kg.query import Query, run_once
    from kg.rdf.dataset import Census, Edition

    try:
        counted = run_once(Query(text=_SIZE), options, deadline=settings.deadline).payload
    except KgError as error:
        raise UsageError(f"{options.url} cannot be asked: {error}") from error
    triples = int(json.loads(counted)["results"]["bindings"][0]["n"]["value"])
    edition = Edition(base=settings.base_iri, name="upstream", imprint=settings.dataset or Imprint())
    return edition, Census(triples=triples)
