"""Things that a text names: their IRIs, and what the page says about each."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pyoxigraph import NamedNode

from kg.model.errors import MintingError
from kg.model.records import Named, Report, ThingKind
from kg.rdf import literals
from kg.rdf.evidence import Grounds, Ledger
from kg.rdf.iris import Minter, identity_key, marked_segment
from kg.rdf.vocab import COORD, LABEL, ORG, SKOS, TYPE

INHERITED = Decimal("0.7")
_SEGMENTS = {
    ThingKind.BODY: "body",
    ThingKind.BODY_GROUP: "group",
    ThingKind.INSTITUTION: "institution",
    ThingKind.PLAN: "plan",
    ThingKind.PROGRAMME: "programme",
    ThingKind.PROGRAMME_GROUP: "programme-group",
}
_GROUPS = (ThingKind.BODY_GROUP, ThingKind.PROGRAMME_GROUP)


class Things:
    """Gives each named thing its IRI, and states once what a page says about it."""

    def __init__(self, minter: Minter, report: Report, ledger: Ledger) -> None:
        self._minter = minter
        self._report = report
        self._ledger = ledger
        self._names: dict[str, str] = {}

    def node(self, named: Named, grounds: Grounds) -> NamedNode:
        """The thing's IRI; its name, type and owner are stated, and the mention is recorded.

        The grounds are those of the name: an acronym's or a full name's place. Only the full name's describe the thing.
        """
        node = NamedNode(named.resolution.linked or self._minted(named))
        printed_here = identity_key(grounds.evidence.quote) == identity_key(named.name)
        if named.kind not in _GROUPS:
            candidates = None if named.resolution.linked else named.resolution.candidates
            self._ledger.mention(grounds.evidence, node, candidates)
        if printed_here:
            self._describe(node, named, grounds)
        return node

    def _describe(self, node: NamedNode, named: Named, grounds: Grounds) -> None:
        state = self._ledger.state
        name = literals.text(named.name, self._report.language)
        if named.resolution.linked:
            if named.name != named.resolution.preferred:
                state(node, SKOS("altLabel"), name, grounds)
        else:
            state(node, TYPE, COORD(named.kind.value), grounds)
            state(node, LABEL, name, grounds)
            self._classify(node, named, grounds)
        if named.acronym:
            state(node, COORD("acronym"), literals.plain(named.acronym.value), Grounds.of(named.acronym))
        if named.parent:
            predicate = COORD("partOf") if named.kind is ThingKind.BODY_GROUP else ORG("subOrganizationOf")
            owner = self.node(named.parent.value, Grounds.of(named.parent))
            state(node, predicate, owner, replace(grounds, method=named.parent.method))

    def _classify(self, node: NamedNode, named: Named, grounds: Grounds) -> None:
        """What a name new to the authority tells: its type by its head noun, its country by the report's."""
        about = self._report.about
        if named.body_type and named.kind is ThingKind.BODY:
            self._ledger.state(
                node, ORG("classification"), NamedNode(named.body_type), replace(grounds, method="name/head")
            )
        if about and named.kind is not ThingKind.INSTITUTION and named.jurisdiction == about.value:
            place = NamedNode(self._minter.thing("jurisdiction", about.value.casefold()))
            inherited = Grounds(evidence=about.evidence, method="jurisdiction/of-the-report", confidence=INHERITED)
            self._ledger.state(node, COORD("jurisdiction"), place, inherited)

    def _minted(self, named: Named) -> str:
        """An IRI of its own, by name and jurisdiction; the digest sets it apart from the authority's keys.

        A publisher is known by its name alone. Another thing of unknown jurisdiction is known within its report only,
        since the same name may stand for another country's body elsewhere.

        Raises:
            MintingError: two names of this report have the same digest.
        """
        name = marked_segment(named.name)
        if named.kind is not ThingKind.INSTITUTION:
            name = f"{(named.jurisdiction or self._report.key).casefold()}-{name}"
        iri, key = self._minter.thing(_SEGMENTS[named.kind], name), identity_key(named.name)
        if self._names.setdefault(iri, key) != key:
            raise MintingError(iri, self._names[iri], key)
        return iri
