"""`kg authority find`, `kg authority show` and `kg authority add`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import output, say
from kg.cli.stations import set_up
from kg.model.errors import KnowledgeError, UsageError
from kg.settings import Settings, read_settings

if TYPE_CHECKING:
    from kg.model.knowledge import Entry
    from kg.rdf.description import Basis, Description
    from kg.rdf.iris import Minter

app = typer.Typer(
    name="authority",
    help="Look up what is known of bodies, institutions, plans and programmes, and add to it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Jurisdiction = Annotated[
    str | None, typer.Option("--jurisdiction", help="Entries of this jurisdiction alone: JP, DE, EU, …")
]
Names = Annotated[
    list[str],
    typer.Option(
        "--name",
        help="[KIND:]TEXT[@LANGUAGE]; kinds: official, native, former, acronym, translated, variant. Without a kind "
        "it is official in English, native in other languages. Repeat it for each name.",
        show_default=False,
    ),
]
Facts = Annotated[
    list[str] | None,
    typer.Option(
        "--fact",
        help="NAME=VALUE; names: jurisdiction, type, part-of, reports-to, coordinated-by, predecessor, successor, "
        "start, end, decided-on, chaired-by, note. Repeat it for each fact.",
    ),
]
FactSources = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        help="Address of a page that says so, or the key of a source such as s12. Without one the entry is unverified.",
    ),
]


@app.command("find")
def find(
    text: Annotated[str, typer.Argument(help="A name, part of one, or an acronym.", show_default=False)],
    *,
    jurisdiction: Jurisdiction = None,
) -> None:
    """Propose entries with a name like the text, the most like first, with a score of at most 100.

    Likeness of letters proposes and never links: how names on pages are linked is decided by stricter rules.

    \b
    Examples:
      kg authority find "Science and Innovation Conference"
      kg authority find CSTI --jurisdiction JP
    """
    from kg.extract.proposals import proposals

    builder = set_up(read_settings())
    knowledge = builder.knowledge
    code = jurisdiction.upper() if jurisdiction else None
    if code and code not in knowledge.jurisdictions:
        known = ", ".join(sorted(knowledge.jurisdictions))
        raise UsageError(f"there is no jurisdiction {jurisdiction!r}; the authority has {known}")
    found = proposals(text, (each for each in knowledge.entries if code in (None, each.jurisdiction)))
    for each in found:
        typer.echo(f"{each.score:3.0f}  {_summary(each.entry, builder.minter)}")
        if each.name.text != each.entry.label:
            typer.echo(f"       by its name {each.name.text} ({each.name.kind.value}, {each.name.language})")
    if not found:
        say(f"no entry has a name like {text!r}; `kg authority add` adds one")


@app.command("show")
def show(
    entry: Annotated[str, typer.Argument(metavar="KEY|IRI", help="jp-csti, body/jp-csti or its IRI.")],
) -> None:
    """Show all that the authority says of one entry: its names and facts, each with its sources.

    \b
    Examples:
      kg authority show jp-csti
      kg authority show http://127.0.0.1:8000/id/body/jp-csti
    """
    from kg import assets
    from kg.cli.drafting import Drafter
    from kg.rdf.description import describe
    from kg.rdf.knowledge import authority_files
    from kg.rdf.turtle import Descriptions

    settings = read_settings()
    builder = set_up(settings)
    found = Drafter(builder.knowledge, builder.minter).entry(entry)
    files = authority_files(assets.ontology(), builder.minter, settings.authority)
    typer.echo(_summary(found, builder.minter))
    for line in _described(describe(Descriptions.of(files), found.iri)):
        typer.echo(line)


@app.command("add")
def add(
    key: Annotated[
        str,
        typer.Argument(
            help="Kind and key of the new entry, such as body/fi-academy; kinds: "
            "body, institution, plan, plan-series, programme.",
            show_default=False,
        ),
    ],
    *,
    name: Names,
    fact: Facts = None,
    source: FactSources = None,
) -> None:
    """Add an entry to the authority folder of your own (setting `authority`), if the shapes allow it.

    One file is written, named for the key, and shown. An entry or a name that the authority has already is refused.

    \b
    Examples:
      kg authority add body/fi-lakes --name "Council of the Lakes" --name acronym:CL --fact jurisdiction=FI
      kg authority add plan/fi-lake-plan --name "Lake Plan" --name "Järvisuunnitelma@fi" --fact start=2021
      kg authority add body/fi-x --name "X Board" --fact part-of=fi-ric --source https://www.example.org/x
    """  # fmt: skip
    from kg.cli.drafting import Drafter
    from kg.rdf.draft import draft_turtle

    settings = read_settings()
    if settings.authority is None:
        raise UsageError('no folder for entries of your own; write authority = "my-authority" in kg.toml')
    settings.authority.mkdir(parents=True, exist_ok=True)
    builder = set_up(settings)
    draft = Drafter(builder.knowledge, builder.minter).draft(key, name, fact or (), source or ())
    file = settings.authority / f"{draft.key.replace('/', '-')}.ttl"
    if file.exists():
        raise UsageError(f"{file} is there already")
    turtle = draft_turtle(draft)
    _refuse_unfit(turtle, file.name, settings)
    with output(file) as stream:
        stream.write(turtle.encode())
    typer.echo(turtle, nl=False)
    say(f"written to {file}; the next `kg build` knows it")


def _refuse_unfit(turtle: str, name: str, settings: Settings) -> None:
    """Reads and checks the authority as it would be with the new file.

    Raises:
        UsageError: a shape is broken, or it cannot be read.
    """
    from kg import assets
    from kg.check import Checker, findings_text
    from kg.rdf.iris import Minter
    from kg.rdf.knowledge import knowledge_quads, read_knowledge

    minter = Minter(settings.base_iri)
    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder) / "authority"
        shutil.copytree(settings.authority or staged, staged)
        (staged / name).write_text(turtle, encoding="utf-8")
        try:
            read_knowledge(assets.ontology(), minter, staged)
            verdict = Checker.load(
                assets.shapes(), knowledge_quads(assets.ontology(), minter, staged)
            ).check_knowledge()
        except KnowledgeError as error:
            raise UsageError(f"nothing is written: {error.reason}") from error
    if not verdict.conforms:
        raise UsageError(f"nothing is written, since shapes are broken\n{findings_text(verdict.findings)}")


def _summary(entry: Entry, minter: Minter) -> str:
    when = _when(entry.start.iso if entry.start else None, entry.end.iso if entry.end else None)
    return (
        f"{entry.label}: {minter.key(entry.iri)}, {entry.kind.value}, {entry.jurisdiction or 'no jurisdiction'}{when}"
    )


def _described(description: Description) -> Iterator[str]:
    from pyoxigraph import NamedNode

    from kg.cli.values import local

    yield f"{description.iri} in {description.file}"
    sources = _Sources()
    yield "\nnames"
    for name in description.names:
        yield f"  {name.text} ({name.kind}, {name.language}{_when(name.start, name.end)}) {sources.basis(name.basis)}"
    yield "\nfacts" if description.facts else "\nno facts"
    for fact in description.facts:
        value = local(fact.value.value) if isinstance(fact.value, NamedNode) else fact.value.value
        said = fact.predicate.rpartition("/")[2].rpartition("#")[2]
        yield f"  {said}: {value} {sources.basis(fact.basis)}"
    yield "\nsources" if sources.numbers else "\nno sources"
    for (label, pages), number in sources.numbers.items():
        yield f"  [{number}] {label}{''.join(f' <{page}>' for page in pages)}"


class _Sources:
    """Sources by their numbers, in the order in which they were first cited."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, tuple[str, ...]], int] = {}

    def basis(self, basis: Basis) -> str:
        """`Verified [1] [3]`."""
        if basis.verification is None:
            return "no source of its own"
        cited = [self.numbers.setdefault(source, len(self.numbers) + 1) for source in basis.sources]
        return " ".join([basis.verification, *(f"[{number}]" for number in cited)])


def _when(start: str | None, end: str | None) -> str:
    if start and end:
        return f", from {start} to {end}"
    return f", since {start}" if start else f", until {end}" if end else ""
