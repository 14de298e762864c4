"""`kg export`."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from kg.cli.console import output
from kg.cli.options import Output, StoreFolder
from kg.cli.versions import current
from kg.model.errors import UsageError
from kg.settings import Settings, read_settings

if TYPE_CHECKING:
    from pyoxigraph import Store

    from kg.store.export import Part


class _Form(Enum):
    """The serialisations of `kg.rdf.formats.GraphFormat`, and two tables."""

    NQUADS = "nquads"
    TRIG = "trig"
    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    JSONLD = "jsonld"
    RDFXML = "rdfxml"
    CSV = "csv"
    PARQUET = "parquet"


_TABLES = (_Form.CSV, _Form.PARQUET)


def export(  # noqa: PLR0913 - what, how and where to are the user's choices
    *,
    form: Annotated[_Form, typer.Option("--format", help="How it is written.")] = _Form.NQUADS,
    version: Annotated[
        str | None, typer.Option("--version", help="A version by name. Default: the current one.")
    ] = None,
    graph: Annotated[
        str | None,
        typer.Option("--graph", help="This named graph alone: an IRI, or its last part: report/drc-2021-267."),
    ] = None,
    thing: Annotated[
        str | None, typer.Option("--thing", help="What is said of this thing, with claims and words: body/jp-csti.")
    ] = None,
    query: Annotated[
        Path | None, typer.Option("--query", help="What the CONSTRUCT query in this file gives; - reads it from input.")
    ] = None,
    of_class: Annotated[
        str, typer.Option("--class", help="With --format csv: the class whose things are the rows.")
    ] = "coord:Report",
    store: StoreFolder = None,
    out: Output = None,
) -> None:
    """Write a version, or a part of it; the same statements give the same bytes.

    N-Quads, TriG and JSON-LD hold all graphs, the other formats the merged graph. csv is a table of one class's things,
    parquet one of all claims with their words (it needs the extra `parquet`). A file whose name ends in .gz or .zst is
    packed.

    \b
    Examples:
      kg export > graph.nq
      kg export --format turtle -o graph.ttl.gz
      kg export --thing body/jp-csti --format turtle
      kg export --format csv --class coord:CoordinatingBody -o bodies.csv
      kg export --format parquet -o claims.parquet
    """
    from kg.store import VersionStore
    from kg.store.export.packing import Packing, packed

    settings = read_settings()
    folder = store or settings.store
    part = _part(graph, thing, query, settings)
    if part and form in _TABLES:
        raise UsageError(f"--format {form.value} writes a whole version; leave out --graph, --thing and --query")
    chosen = (VersionStore(folder).version(version) if version else current(folder)).open()
    with output(out) as stream, packed(stream, Packing.of(out) if out else Packing.NONE) as inner:
        if form in _TABLES:
            _write_table(chosen, form, of_class, inner)
        else:
            _write_graph(chosen, form, part, inner)


def _part(graph: str | None, thing: str | None, query: Path | None, settings: Settings) -> Part | None:
    from kg.store.export import Constructed, OneGraph, OneThing

    if sum(each is not None for each in (graph, thing, query)) > 1:
        raise UsageError("give one of --graph, --thing and --query")
    if graph is not None:
        return OneGraph(_iri(graph, f"{settings.base_iri}graph/"))
    if thing is not None:
        return OneThing(_iri(thing, f"{settings.base_iri}id/"))
    return None if query is None else Constructed(_query(query))


def _iri(word: str, base: str) -> str:
    from pyoxigraph import NamedNode

    iri = word.removeprefix("<").removesuffix(">")
    try:
        return NamedNode(iri if "://" in iri else base + iri).value
    except ValueError as error:
        raise UsageError(f"{word!r} is no IRI: {error}") from error


def _query(file: Path) -> str:
    """The query in a file, with the known prefixes before it; what could reach the network is refused."""
    from kg.cli.querying import query_text
    from kg.query.gate import check_query
    from kg.rdf.vocab import PREFIXES

    text = query_text(None, file)
    check_query(text)
    return "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in PREFIXES.items()) + text


def _write_graph(store: Store, form: _Form, part: Part | None, out: BinaryIO) -> None:
    from kg.rdf.formats import GraphFormat
    from kg.store.export import export as write
    from kg.store.export import export_part, selected

    graph_format = GraphFormat(form.value)
    if part is None:
        write(store, graph_format, out)
    else:
        export_part(selected(store, part), graph_format, out)


def _write_table(store: Store, form: _Form, of_class: str, out: BinaryIO) -> None:
    from pyoxigraph import NamedNode

    from kg.rdf.vocab import PREFIXES
    from kg.store.export.claims import write_claims
    from kg.store.export.table import write_table

    if form is _Form.PARQUET:
        write_claims(store, out)
        return
    prefix, _, local = of_class.partition(":")
    iri = f"{PREFIXES[prefix]}{local}" if prefix in PREFIXES else _iri(of_class, "")
    write_table(store, NamedNode(iri), out)
