"""One page through the stations: reading, mapping, checking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Quad

from kg import assets
from kg.accounts import Account, Standing
from kg.check import Checker, Constraints
from kg.check.engine import EngineKind
from kg.check.style import style_verdict
from kg.model.errors import SourceError
from kg.model.evidence import Place
from kg.model.excerpt import excerpts
from kg.model.knowledge import Knowledge
from kg.model.mapping import RecordMapping
from kg.model.page import Page, Text
from kg.model.records import OtherPage, Reading, Report
from kg.model.severities import Severities
from kg.model.verdict import Verdict
from kg.pages import read_page
from kg.rdf.iris import Minter
from kg.rdf.knowledge import KeptFiles, knowledge_of, quads_of
from kg.rdf.mapping import page_quads
from kg.sources import MOST_BYTES
from kg.sources.sightings import sighting
from kg.store.digest import page_digests
from kg.summary import Outcome

if TYPE_CHECKING:
    from kg.extract import Layout, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A page that went through the stations: what became of it, and what it says, as N-Quads.

    Attributes:
        payload: all of it, asked: what constraints over all pages ask for; nothing where it is not published.
    """

    account: Account
    payload: bytes = b""
    asked: bytes = b""


class Stations:
    """The stations, set up once for many pages.

    Args:
        base: public base of every IRI.
        layouts: a folder with more layouts than those that come with Policy KG.
        authority: a folder with more entries of the authority.
        curated: files and folders of curated facts.
        records: which files hold records, and which column tells which field.
        most_bytes: the largest page that is read.
        severities: what the deployment makes of the shapes.
        engine: the validator.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each thing a deployment may set
        self,
        *,
        base: str,
        layouts: Path | None = None,
        authority: Path | None = None,
        curated: Sequence[Path] = (),
        records: Sequence[RecordMapping] = (),
        most_bytes: int = MOST_BYTES,
        severities: Severities | None = None,
        engine: EngineKind = EngineKind.COMPILED,
    ) -> None:
        self.minter = Minter(base)
        self.authority = authority
        self.curated = tuple(curated)
        self.records = tuple(records)
        self.layout_folders = [assets.layouts(), *([layouts] if layouts else [])]
        self.most_bytes = most_bytes
        self.severities = severities or Severities()
        self.engine = engine

    @cached_property
    def reader(self) -> Reader:
        """Text → report."""
        from kg.extract import Reader  # noqa: PLC0415 - a build that finds all pages known reads none

        return Reader(self.layouts, self.knowledge)

    @cached_property
    def layouts(self) -> tuple[Layout, ...]:
        """Every layout, those that come with Policy KG first."""
        from kg.extract import Patterns, read_layouts  # noqa: PLC0415 - as above

        ours, *own = self.layout_folders
        layouts = [read_layouts(ours, Patterns.AT_USE), *map(read_layouts, own)]
        return tuple(chain.from_iterable(layouts))

    @cached_property
    def knowledge(self) -> Knowledge:
        """What is known beforehand, as plain data."""
        return knowledge_of(self._kept, self.minter)

    @cached_property
    def checker(self) -> Checker:
        """Quads → verdict."""
        return Checker.load(assets.shapes(), self.known, self.engine)

    @cached_property
    def constraints(self) -> Constraints:
        """What is judged over all pages together."""
        return Constraints.load(assets.shapes())

    @cached_property
    def asked(self) -> frozenset[str]:
        """The properties and classes that these speak of, in N-Triples."""
        return frozenset(f"<{name}>" for constraint in self.constraints.members for name in constraint.names)

    @cached_property
    def known(self) -> tuple[Quad, ...]:
        """What is known beforehand, as quads."""
        return quads_of(self._kept, self.minter)

    @cached_property
    def _kept(self) -> KeptFiles:
        return KeptFiles.read(assets.ontology(), self.minter, self.authority)

    def check_knowledge(self) -> Verdict:
        """The verdict on the vocabularies and the authority, and on how the ontology's own terms are written."""
        told = self.checker.check_knowledge()
        written = style_verdict(assets.shapes(), assets.ontology() / "questions", self.known)
        return told.with_other(written)

    def set_up(self) -> None:
        """Loads all that pages need, so that processes forked from this one share it."""
        _ = self.reader, self.checker, self.asked

    def outcome(self, page: Page) -> Outcome:
        """What a page says and how it is judged by itself.

        Raises:
            SourceError: it cannot be read.
        """
        text = read_page(page)
        reading = self.reader.read(text)
        quads = page_quads(text, reading, self.minter)
        verdict = self.checker.check(quads)
        findings = self.severities.shown(verdict.findings)
        told = [finding.where for finding in findings if finding.where]
        place = _place(text, reading)
        return Outcome(
            page=page,
            reading=reading,
            quads=quads,
            verdict=verdict,
            quarantined=any(map(self.severities.bars, verdict.findings)),
            findings=findings,
            place=place,
            excerpts=excerpts(text, dict.fromkeys([*told, *([place] if place else [])])),
        )

    def read(self, page: Page) -> Read:
        """The same as plain data; a page that cannot be read is accounted for too."""
        seen = sighting(page)
        try:
            outcome = self.outcome(page)
        except SourceError as error:
            account = Account(
                source=error.source, mark=seen.mark, page=page.id, standing=Standing.UNREADABLE, reason=error.reason
            )
            return Read(account=account)
        quads = outcome.quads
        graph, groups = quads.flat, quads.groups
        digest, graph_digest = page_digests(graph, groups)
        account = replace(self.account(outcome, seen.mark), digest=digest, graph_digest=graph_digest)
        if not account.is_published:
            return Read(account=account)
        payload = b"".join([graph, *groups, quads.merged])
        return Read(account=account, payload=payload, asked=quads.merged_of(self.asked))

    def account(self, outcome: Outcome, mark: str) -> Account:
        """What became of a page that was read, without what it says."""
        reading = outcome.reading
        return Account(
            source=outcome.page.source,
            mark=mark,
            page=outcome.page.id,
            standing=Standing.QUARANTINED if outcome.quarantined else Standing.PUBLISHED,
            graph=outcome.quads.graph.value,
            key="" if isinstance(reading, OtherPage) else reading.key,
            reason=reading.reason if isinstance(reading, OtherPage) else "",
            place=outcome.place,
            lacking=() if isinstance(reading, OtherPage) else tuple(gap.field for gap in reading.gaps),
            statements=len(outcome.quads.statements),
            findings=outcome.findings,
            excerpts=outcome.excerpts,
        )


def _place(text: Text, reading: Reading) -> Place | None:
    """Where the words stand that make a page a report."""
    return text.place(reading.type.evidence.span) if isinstance(reading, Report) else None
