"""The full check of a version in the making, as far as a write can have changed what it finds.

What came is judged by itself when it comes. Here follows what it does to others: the graphs of curated facts that speak
of a page that changed, and what pages break together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final, cast

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.build.stations import Stations
from kg.build.together import clashes_after
from kg.check.collection import Constraint
from kg.curating import Curation
from kg.model.page import Page
from kg.model.verdict import Finding
from kg.model.writes import WriteOutcome
from kg.rdf.curated import CuratedFile
from kg.rdf.iris import Minter
from kg.rdf.quads import PageQuads
from kg.rdf.vocab import COORD, PROV
from kg.writing.change import Change
from kg.writing.declined import Declined

_CURATED: Final = "/graph/curated/"
_ONE: Final = "what the write would make breaks a rule"


def judge(change: Change, stations: Stations) -> tuple[Finding, ...]:
    """What is found and does not stand in the way, told to who writes.

    Raises:
        Declined: a Violation that the current version does not have.
    """
    told = [*_curated(change, stations)]
    for constraint in stations.constraints.members:
        told += _together(constraint, change, stations)
    return tuple(sorted(told, key=lambda finding: finding.sort_key))


def refuse(findings: Sequence[Finding]) -> Declined:
    """Why nothing is published: the findings, the first of them in words."""
    first = findings[0]
    more = f" ({len(findings)} findings)" if len(findings) > 1 else ""
    return Declined(WriteOutcome.REFUSED, f"{_ONE}{more}: {first.message}", findings=findings)


def _curated(change: Change, stations: Stations) -> Iterator[Finding]:
    """The verdicts on the facts that came, and on those that speak of what pages said or say."""
    store, severities = change.candidate.store, stations.severities
    came = {file.quads.graph for file in change.facts}
    others = [graph for graph in _curated_graphs(change) if graph not in came]
    files = [*change.facts, *(_stored(store, graph, stations.minter) for graph in others)]
    for file, verdict in list(Curation(files=files).verdicts(stations.checker, store)):
        shown = severities.shown(verdict.findings)
        if any(map(severities.bars, verdict.findings)):
            raise refuse([_in_body(each, file, change.body) for each in verdict.findings if severities.bars(each)])
        change.tell(shown, sources={file.page.source})
        yield from shown


def _in_body(finding: Finding, file: CuratedFile, body: Page | None) -> Finding:
    """The finding with its place in what the client sent."""
    if body is None:
        return finding
    return replace(finding, where=CuratedFile(page=body, quads=file.quads, base=file.base).place(finding.focus))


def _curated_graphs(change: Change) -> list[NamedNode]:
    """The graphs of curated facts that name what pages named that came or went."""
    if not change.named:
        return []
    store = change.candidate.store
    graphs = [NamedNode(iri) for iri in sorted(change.graphs) if _CURATED in iri]
    return [graph for graph in graphs if any(_names(quad, change.named) for quad in _in(store, graph))]


def _in(store: Store, graph: NamedNode) -> Iterator[Quad]:
    return store.quads_for_pattern(None, None, None, graph)


def _names(quad: Quad, iris: AbstractSet[str]) -> bool:
    return any(isinstance(term, NamedNode) and term.value in iris for term in (quad.subject, quad.object))


def _stored(store: Store, graph: NamedNode, minter: Minter) -> CuratedFile:
    """A graph of curated facts as a store has it."""
    node = NamedNode(graph.value.replace("/graph/", "/id/", 1))
    about = list(store.quads_for_pattern(node, None, None, None))
    facts = [quad.subject for quad in store.quads_for_pattern(None, PROV("wasDerivedFrom"), node, None)]
    evidence = [*about, *(quad for fact in facts for quad in store.quads_for_pattern(fact, None, None, None))]
    source = next((cast("Literal", quad.object).value for quad in about if quad.predicate == COORD("sourcePath")), "")
    quads = PageQuads.of(source, graph, _in(store, graph), evidence)
    return CuratedFile(page=Page(source=source, media_type="", payload=b""), quads=quads, base=minter.base)


def _together(constraint: Constraint, change: Change, stations: Stations) -> list[Finding]:
    """What a constraint over all pages finds, where the write can have changed that."""
    together, severities = change.together, stations.severities
    is_as_before = not change.candidate.may_have_changed(constraint.names)
    if is_as_before and (not change.named or together.clashes.get(constraint.shape) == ()):
        return []  # where no page came or went, the claims of what clashed before are as they were too
    before = together.clashes.get(constraint.shape)
    if before is None:
        before = constraint.clashes(change.before)
    clashes = clashes_after(before, constraint, change.candidate)
    found = list(dict.fromkeys(clash.finding for clash in clashes))
    barring = [finding for finding in found if severities.bars(finding)]
    if barring:
        known = {clash.finding for clash in before}
        if new := [finding for finding in barring if finding not in known]:
            raise refuse(new)
    shown = severities.shown(found)
    kept = [each for each in together.findings if each.shape != constraint.shape or severities.bars(each)]
    news = [finding for finding in shown if finding not in kept]
    change.findings += len(kept) + len(news) - len(together.findings)
    change.together = replace(
        together, findings=(*kept, *news), clashes={**together.clashes, constraint.shape: clashes}
    )
    return [finding for finding in news if finding not in together.findings]
