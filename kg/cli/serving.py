"""`kg serve`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.console import say
from kg.cli.options import StoreFolder, TokenFile
from kg.cli.tokens import TokensFile
from kg.cli.versions import current
from kg.settings import read_settings

#: The questions that a newcomer is shown first.
_FIRST = ("02-*.rq", "01-*.rq", "14-*.rq")


def serve(  # noqa: PLR0913 - each is a choice of whoever runs the service
    *,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port to listen on; 0: any free one.", min=0, max=65535)] = 8000,
    store: StoreFolder = None,
    workers: Annotated[
        int | None, typer.Option("--workers", help="Slow queries that run at once. Default: 2.", min=1)
    ] = None,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="Write a line of JSON to stdout for each request.")
    ] = False,
    upstream: Annotated[
        str | None,
        typer.Option("--upstream", help="Serve what this SPARQL endpoint holds, in place of a store; reading only."),
    ] = None,
    token_file: TokenFile = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Take no writes, whoever shows a token.")] = False,
    open_writes: Annotated[
        bool,
        typer.Option("--open-writes", help="For tests: take writes from anybody on this machine, without a token."),
    ] = False,
    tokens: TokensFile = None,
    audit_log: Annotated[
        Path | None,
        typer.Option("--audit-log", help="File that tells of each write. Default: audit.jsonl in the store's folder."),
    ] = None,
    allow_service: Annotated[
        list[str] | None,
        typer.Option("--allow-service", help="A SPARQL endpoint that queries may ask by SERVICE. Repeatable."),
    ] = None,
    allow_load: Annotated[
        list[str] | None,
        typer.Option("--allow-load", help="A document, or a folder ending in /, that updates may LOAD. Repeatable."),
    ] = None,
) -> None:
    """Serve the current version: SPARQL at /sparql, a page for each thing, a start page with example queries.

    Queries run in processes of their own (setting `workers`) that are killed at the deadline (setting `deadline`).
    A version that is published or rolled back to meanwhile is served about a second later. Updates, graphs and pages
    are taken from who shows a token (`kg token add`), checked as a build checks them, and published or refused.

    \b
    Examples:
      kg serve
      kg serve --read-only
      kg serve --store /srv/kg-store --host 0.0.0.0 --port 8080 --log-json
      kg serve --upstream http://127.0.0.1:3030/data/query
      kg serve --allow-service https://query.wikidata.org/sparql
    """
    from functools import partial

    from kg import assets
    from kg.cli.published import Watch, published
    from kg.cli.reach import reach
    from kg.cli.write_side import access, write_mode, write_side
    from kg.web.access_log import access_log
    from kg.web.clients import Proxies
    from kg.web.server import serve as run
    from kg.web.site import Bounds

    mode = write_mode(host, upstream, read_only=read_only, open_writes=open_writes)
    settings = read_settings()
    folder = store or settings.store
    questions = assets.ontology() / "questions"
    start = partial(
        run,
        questions=questions,
        host=host,
        port=port,
        deadline=settings.deadline,
        workers=workers or settings.workers,
        memory=settings.worker_memory,
        observers=[access_log(sys.stdout)] if log_json else [],
        access=access(mode, folder, settings, tokens),
        writes=write_side(mode, folder, settings, audit_log),
        memory_store=settings.memory_store_bytes,
        bounds=Bounds(
            answer_bytes=settings.answer_bytes,
            answer_rows=settings.answer_rows,
            cache=settings.cache_bytes,
            client_seconds=settings.client_seconds,
            graph_seconds=settings.graph_seconds,
            proxies=Proxies(settings.trusted_proxies),
            reach=reach(settings, allow_service or (), allow_load or ()),
        ),
    )
    if upstream is not None:
        from kg.cli.upstream import upstream_dataset, upstream_options

        options = upstream_options(upstream, token_file, settings)
        edition, census = upstream_dataset(options, settings)
        start(
            options, edition=edition, census=census, on_ready=partial(_welcome, version=upstream, questions=questions)
        )
        return
    watch = Watch(folder, settings)
    version = current(folder)
    served = published(version, settings)
    start(
        served.data,
        edition=served.edition,
        census=served.census,
        on_ready=partial(_welcome, version=version.name, questions=questions),
        newer=watch,
    )


def _welcome(address: str, version: str, questions: Path) -> None:
    say(f"Serving {version}. Open {address}\n\nThree queries to try:")
    for file in (file for pattern in _FIRST for file in sorted(questions.glob(pattern))[:1]):
        title = file.read_text(encoding="utf-8").splitlines()[0].lstrip("# ")
        say(f"\n  # {title}\n  curl -H 'Accept: text/csv' --data-urlencode query@{_near(file)} {address}sparql")
    say("\nCtrl-C stops the server.")


def _near(file: Path) -> str:
    """The path from the working folder where the file lies below it."""
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)
