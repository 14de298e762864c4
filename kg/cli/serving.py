"""`kg serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.console import say
from kg.cli.options import StoreFolder
from kg.cli.versions import current
from kg.settings import read_settings


def serve(
    *,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port to listen on.", min=0, max=65535)] = 8000,
    store: StoreFolder = None,
) -> None:
    """Serve the current version: SPARQL at /sparql, a page for each thing, a start page with example queries.

    Queries run in processes of their own (setting `workers`) that are killed at the deadline (setting `deadline`).

    \b
    Examples:
      kg serve
      kg serve --store /srv/kg-store --host 0.0.0.0 --port 8080
    """
    from kg import assets
    from kg.web.server import serve as run

    settings = read_settings()
    version = current(store or settings.store)
    run(
        version.data,
        base=settings.base_iri,
        questions=assets.ontology() / "questions",
        host=host,
        port=port,
        deadline=settings.deadline,
        workers=settings.workers,
        on_ready=lambda address: _welcome(address, version.name),
    )


def _welcome(address: str, version: str) -> None:
    say(f"Serving {version}. Open {address}")
    say("Try these (Ctrl-C stops the server):")
    for question in ("01", "02", "14"):
        say(
            f"  curl -H 'Accept: text/csv' --data-urlencode query@$(ls ontology/questions/{question}*.rq) {address}sparql"
        )
