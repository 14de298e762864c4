"""Things that a text names: their IRIs, and what the page says about each."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from kg.model.errors import MintingError
from kg.model.evidence import Found
from kg.model.records import Named, Report, ThingKind
from kg.rdf import literals
from kg.rdf.evidence import Ledger
from kg.rdf.iris import Minter, identity_key, marked_segment
from kg.rdf.vocab import COORD, ORG, RDF, RDFS, SKOS

INHERITED = Decimal("0.7")
_TYPE, _LABEL, _OTHER_LABEL = RDF.text("type"), RDFS.text("label"), SKOS.text("altLabel")
_ACRONYM, _JURISDICTION, _PART_OF = map(COORD.text, ("acronym", "jurisdiction", "partOf"))
_UNIT_OF, _CLASSIFICATION = map(ORG.text, ("subOrganizationOf", "classification"))
_CLASSES: Final = {kind: COORD.text(kind.value) for kind in ThingKind}
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
        self._about = self._inherited(report.about) if report.about else None

    def node(self, named: Named, found: Found[object]) -> str:
        """The thing's IRI; its name, type and owner are stated, and the mention is recorded.

        What was found is the name: an acronym or a full name. Only the full name's words describe the thing.
        """
        node = literals.iri(named.resolution.linked or self._minted(named))
        printed_here = identity_key(found.evidence.quote) == identity_key(named.name)
        if named.kind not in _GROUPS:
            candidates = None if named.resolution.linked else named.resolution.candidates
            self._ledger.mention(found.evidence, node, candidates)
        if printed_here:
            self._describe(node, named, found)
        return node

    def _describe(self, node: str, named: Named, found: Found[object]) -> None:
        state = self._ledger.state
        name = literals.text(named.name, self._report.language)
        if named.resolution.linked:
            if named.name != named.resolution.preferred:
                state(node, _OTHER_LABEL, name, found)
        else:
            state(node, _TYPE, _CLASSES[named.kind], found)
            state(node, _LABEL, name, found)
            self._classify(node, named, found)
        if named.acronym:
            state(node, _ACRONYM, literals.plain(named.acronym.value), named.acronym)
        if named.parent:
            predicate = _PART_OF if named.kind is ThingKind.BODY_GROUP else _UNIT_OF
            owner = self.node(named.parent.value, named.parent)
            state(node, predicate, owner, found, named.parent.method)

    def _classify(self, node: str, named: Named, found: Found[object]) -> None:
        """What a name new to the authority tells: its type by its head noun, its country by the report's."""
        about = self._report.about
        if named.body_type and named.kind is ThingKind.BODY:
            self._ledger.state(node, _CLASSIFICATION, literals.iri(named.body_type), found, "name/head")
        if self._about and about and named.jurisdiction == about.value and named.kind is not ThingKind.INSTITUTION:
            self._ledger.state(node, _JURISDICTION, self._about.value, self._about)

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

    def _inherited(self, about: Found[str]) -> Found[str]:
        """The place of the report, in N-Triples, as the place of what it names."""
        place = literals.iri(self._minter.thing("jurisdiction", about.value.casefold()))
        return Found(value=place, evidence=about.evidence, method="jurisdiction/of-the-report", confidence=INHERITED)
