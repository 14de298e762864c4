"""`kg serve`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import say
from kg.cli.options import StoreFolder
from kg.cli.versions import current
from kg.model.imprint import Imprint
from kg.settings import read_settings

if TYPE_CHECKING:
    from kg.rdf.dataset import Census
    from kg.store import Counts

#: The questions that a newcomer is shown first.
_FIRST = ("02-*.rq", "01-*.rq", "14-*.rq")


def serve(
    *,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port to listen on; 0: any free one.", min=0, max=65535)] = 8000,
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
    from kg.rdf.dataset import Edition
    from kg.web.server import serve as run

    settings = read_settings()
    version = current(store or settings.store)
    questions = assets.ontology() / "questions"
    run(
        version.data,
        edition=Edition(
            base=settings.base_iri,
            name=version.name,
            imprint=settings.dataset or Imprint(),
            issued=(version.manifest.created or "")[:10] or None,
            digest=version.manifest.digest,
        ),
        census=_census(version.manifest.counts),
        questions=questions,
        host=host,
        port=port,
        deadline=settings.deadline,
        workers=settings.workers,
        memory=settings.worker_memory,
        on_ready=lambda address: _welcome(address, version.name, questions),
    )


def _census(counts: Counts) -> Census:
    """What the manifest knows of the version: nothing needs to be counted anew."""
    from kg.rdf.dataset import Census
    from kg.rdf.vocab import COORD

    classes = {"Report": counts.reports, "Page": counts.pages, "Gap": counts.gaps}
    return Census(triples=counts.statements, classes={COORD(name).value: count for name, count in classes.items()})


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
