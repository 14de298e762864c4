"""`kg query` and `kg why`."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.console import output, plural, say
from kg.cli.options import Output, StoreFolder
from kg.cli.versions import current
from kg.model.errors import QuerySyntaxError, UsageError
from kg.settings import Settings, read_settings

if TYPE_CHECKING:
    from kg.query import Answer, Query


class AnswerFormat(Enum):
    """How an answer is written."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    XML = "xml"
    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    JSONLD = "jsonld"
    RDFXML = "rdfxml"


def query(
    text: Annotated[str | None, typer.Argument(help="A SPARQL 1.1 query.")] = None,
    *,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="Read the query from this file (- for standard input).")
    ] = None,
    form: Annotated[AnswerFormat, typer.Option("--format", help="How the answer is written.")] = AnswerFormat.TABLE,
    store: StoreFolder = None,
    out: Output = None,
) -> None:
    """Ask the current version a SPARQL query.

    The prefixes of Policy KG's vocabularies (coord:, dcterms:, skos:, …) need not be declared. The query runs in a
    process of its own and is stopped at the deadline (setting `deadline`).

    \b
    Examples:
      kg query 'SELECT ?title WHERE { ?report a coord:Report ; dcterms:title ?title }'
      kg query --file ontology/questions/01-bodies-that-allocate-funds.rq --format csv
      kg query 'DESCRIBE <http://127.0.0.1:8000/id/body/jp-csti>' --format turtle
    """
    settings = read_settings()
    answer = ask(_wanted(query_text(text, file), form), settings, store)
    with output(out) as stream:
        table = form is AnswerFormat.TABLE and answer.media_type.endswith("json")
        stream.write(_table(json.loads(answer.payload), to_file=out is not None) if table else answer.payload)


def why(
    about: Annotated[
        list[str],
        typer.Argument(
            metavar="IRI|TRIPLE",
            help="A thing's IRI, or its last part: report/drc-2021-267, body/jp-csti. Or a statement: subject, "
            "predicate and object, as three arguments or as one line of N-Triples.",
            show_default=False,
        ),
    ],
    *,
    store: StoreFolder = None,
    out: Output = None,
) -> None:
    """Show every statement about a thing, or one statement, with the place and the words that say so.

    In a statement a known prefix may be used (coord:performs), and an object that is no IRI is matched by its words.

    \b
    Examples:
      kg why body/jp-csti
      kg why http://127.0.0.1:8000/id/report/drc-2021-267
      kg why mechanism/jp-drc-2021-267 coord:hasComponent body/jp-csti
      kg why report/drc-2021-267 coord:number 267
    """
    from kg.query.why import grounds_text

    settings = read_settings()
    queries, sought = _sought(about, settings.base_iri)
    found = (grounds_text(json.loads(ask(query, settings, store).payload)) for query in queries)
    text = "\n".join(each for each in found if each)
    if not text:
        raise UsageError(f"the current version {sought}")
    with output(out) as stream:
        stream.write(f"{text}\n".encode())


def _sought(about: list[str], base: str) -> tuple[tuple[Query, ...], str]:
    """The queries for what says a thing, or a statement, and what is the matter if there are none."""
    from kg.query.why import grounds_queries, triple_queries, triple_words

    words = triple_words(about[0]) if len(about) == 1 else about
    if len(words) == 1:
        iri = about[0].strip().removeprefix("<").removesuffix(">")
        full = iri if "://" in iri else f"{base}id/{iri.removeprefix('id/').lstrip('/')}"
        return grounds_queries(full), f"says nothing about <{full}>"
    if len(words) != 3:  # noqa: PLR2004 - subject, predicate, object
        raise UsageError(f"{' '.join(about)!r} has {len(words)} terms; a statement has three, a thing is one IRI")
    subject, predicate, value = words
    return triple_queries(subject, predicate, value, base), f"has no claim that says: {' '.join(words)}"


def query_text(text: str | None, file: Path | None) -> str:
    """The query that was given, or that stands in the file.

    Raises:
        UsageError: both or neither were given, or the file cannot be read.
    """
    if (text is None) == (file is None):
        raise UsageError("give a query, or --file with the file that holds it")
    if text is not None:
        return text
    try:
        return sys.stdin.read() if str(file) == "-" else Path(str(file)).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {file}: {error}") from error


def _wanted(text: str, form: AnswerFormat) -> Query:
    from kg.query import Query
    from kg.rdf.formats import GraphFormat, ResultsFormat

    results = {each.value: each for each in ResultsFormat}.get(form.value)
    graph = {each.value: each for each in GraphFormat}.get(form.value)
    if form is AnswerFormat.TABLE:
        results, graph = ResultsFormat.JSON, GraphFormat.TURTLE
    if form is AnswerFormat.JSON:
        graph = GraphFormat.JSONLD
    return Query(text=text, results=results, graph=graph)


def ask(query: Query, settings: Settings, store: Path | None) -> Answer:
    """The current version's answer to a query, by a process of its own."""
    from kg.query import WorkerOptions, run_once
    from kg.rdf.vocab import PREFIXES

    version = current(store or settings.store)
    options = WorkerOptions(data=version.data, base=settings.base_iri, memory=settings.worker_memory)
    prologue = "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in PREFIXES.items())
    try:
        return run_once(replace(query, text=f"{prologue}\n{query.text}"), options, deadline=settings.deadline)
    except QuerySyntaxError as error:
        line = error.line - 1 if error.line else None
        raise QuerySyntaxError(error.reason, line, error.column) from error


def _table(answer: dict[str, Any], *, to_file: bool) -> bytes:
    """Rows as a table as wide as the terminal, or as wide as it needs to be in a file or a pipe."""
    from io import StringIO

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if "boolean" in answer:
        return f"{str(answer['boolean']).lower()}\n".encode()
    names = answer["head"]["vars"]
    rows = answer["results"]["bindings"]
    table = Table(show_lines=True)
    for name in names:
        table.add_column(Text(name))
    for row in rows:
        table.add_row(*(Text(row[name]["value"] if name in row else "") for name in names))
    written = StringIO()
    width = None if sys.stdout.isatty() and not to_file else 10_000
    Console(file=written, width=width, no_color=True).print(table)
    say(plural(len(rows), "row"))
    return written.getvalue().encode()
