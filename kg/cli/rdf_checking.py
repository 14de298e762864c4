"""`kg check` on RDF files: with shapes of anyone's, or with our own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg import assets
from kg.cli.console import plural
from kg.cli.run import Run
from kg.model.errors import SourceError, UsageError

if TYPE_CHECKING:
    from kg.build import Builder
    from kg.check.engine import EngineKind
    from kg.check.rdf_files.checker import RdfChecker, RdfOutcome
    from kg.check.rdf_files.files import LocatedGraph
    from kg.check.rdf_files.shapes_files import ShapesFiles
    from kg.model.evidence import Place
    from kg.model.excerpt import Excerpt
    from kg.sources import Unreadable

Shapes = Annotated[
    list[Path] | None,
    typer.Option("--shapes", metavar="PATH", help="Check RDF files against the shapes in this file or folder instead."),
]
Ontology = Annotated[
    list[Path] | None,
    typer.Option("--ontology", metavar="PATH", help="RDF whose classes and types hold for the data; it is not judged."),
]
Coverage = Annotated[
    bool,
    typer.Option("--coverage", help="Of RDF files, also find what no shape looks at, and properties nobody defined."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RdfOptions:
    """What the command line says of RDF files."""

    shapes: tuple[Path, ...]
    ontology: tuple[Path, ...]
    coverage: bool
    engine: EngineKind

    @property
    def foreign(self) -> bool:
        """Whether RDF is checked and no pages: somebody brought shapes or an ontology of their own."""
        return bool(self.shapes or self.ontology)


def is_rdf(path: Path) -> bool:
    """Whether the path is a file of RDF, by its suffix."""
    from kg.check.rdf_files.suffixes import SUFFIXES

    return path.suffix.lower() in SUFFIXES and not path.is_dir()


def rdf_run(paths: list[Path], options: RdfOptions, builder: Builder) -> Run:
    """The check of RDF files.

    Raises:
        KnowledgeError: shapes or an ontology cannot be used.
        SourceError: there is nothing to check.
        UsageError: a file that is no RDF was named.
    """
    from kg.check.baseline import Judged
    from kg.check.rdf_files.checker import Scope
    from kg.summary import Findings, Summary

    graphs, unreadable = _read(_files(paths, options), None if options.foreign else builder.minter.base)
    checker, shapes = _checker(options, builder)
    outcome = checker.check(graphs, Scope.COVERAGE if options.coverage else Scope.SHAPES)
    findings = list(builder.severities.shown(outcome.verdict.findings))
    places = [finding.where for finding in findings if finding.where]
    excerpts = dict(_excerpts(places, (*graphs, *shapes.graphs)))
    summary = Summary(findings=Findings(findings, excerpts), unreadable=unreadable)
    sources = tuple(graph.source for graph in graphs)
    return Run(
        summary=summary,
        looked_at=f"{plural(outcome.judged, 'node')} in {plural(len(graphs), 'RDF file')}",
        sources=sources,
        judged=Judged(sources=frozenset(sources)),
        notes=tuple(_notes(outcome)),
    )


def _checker(options: RdfOptions, builder: Builder) -> tuple[RdfChecker, ShapesFiles]:
    from kg.check.engine import EngineKind
    from kg.check.rdf_files.checker import Lent, RdfChecker
    from kg.check.rdf_files.shapes_files import read_knowledge_files, read_shapes_files

    shapes = read_shapes_files(options.shapes or _our_shapes())
    ontology = [quad for graph in read_knowledge_files(options.ontology) for quad in graph.quads]
    validate = None
    if options.engine is EngineKind.PYSHACL:
        from kg.check.rdf_files.reference import Reference

        validate = Reference(shapes).results
    if options.shapes:
        return RdfChecker(shapes, ontology, validate=validate), shapes
    return RdfChecker(shapes, (*builder.known, *ontology), lent=Lent.ALL, validate=validate), shapes


def _our_shapes() -> list[Path]:
    """The shapes for what pages say; those with another scope are run elsewhere."""
    from kg.check.shapes import Scope

    others = {scope.value for scope in Scope}
    return [file for file in sorted(assets.shapes().glob("*.ttl")) if file.name not in others]


def _files(paths: list[Path], options: RdfOptions) -> Iterator[Path]:
    """The files of data; shapes and ontology that lie in a folder of data are none, unless they are named."""
    from kg.check.rdf_files.files import rdf_paths
    from kg.check.rdf_files.suffixes import SUFFIXES

    others = {file.resolve() for file in rdf_paths((*options.shapes, *options.ontology))}
    for path in paths:
        if not path.is_dir():
            if not path.exists():
                raise SourceError(str(path), "there is no such file or folder")
            if not is_rdf(path):
                raise UsageError(f"{path} is no RDF file ({', '.join(SUFFIXES)}); --shapes and --ontology are for RDF")
            yield path
            continue
        found = [file for file in rdf_paths([path]) if file.resolve() not in others]
        if not found:
            raise SourceError(str(path), f"holds no RDF file ({', '.join(SUFFIXES)})")
        yield from found


def _read(files: Iterable[Path], base: str | None) -> tuple[list[LocatedGraph], list[Unreadable]]:
    from kg.check.rdf_files.files import read_graph
    from kg.sources import Unreadable

    graphs: list[LocatedGraph] = []
    unreadable: list[Unreadable] = []
    for file in dict.fromkeys(files):
        try:
            graphs.append(read_graph(file, base=base or ""))
        except SourceError as error:
            unreadable.append(Unreadable(source=error.source, reason=error.reason))
    return graphs, unreadable


def _excerpts(places: Iterable[Place], graphs: Iterable[LocatedGraph]) -> Iterator[tuple[Place, Excerpt]]:
    by_source = {graph.source: graph for graph in graphs}
    for place in places:
        yield place, by_source[place.source].lines.excerpt(place)


def _notes(outcome: RdfOutcome) -> Iterator[str]:
    if not outcome.judged:
        yield "no shape targets anything there, so nothing was judged; --coverage tells what it is"
    if outcome.suppressed:
        yield f"{plural(len(outcome.suppressed), 'finding')} suppressed by comments"
