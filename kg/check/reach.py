"""How far a change reaches: the nodes about which a constraint over all pages may answer otherwise than before.

Of a hundred thousand reports one changed; the others in its series and year may now be found wrong, or no more, and
nobody else. What hangs together is put into a small store, and the very query that runs over the whole runs over that.
A query says in a comment how far a change reaches:

    # A change reaches: the node
    # A change reaches: who shares coord:seriesYear, dcterms:isPartOf
    # A change reaches: who is linked by coord:predecessor, coord:successor
    # A change reaches: who comes to it by org:subOrganizationOf

Its answers about a node must depend on nothing but flat statements: of the node itself; or of all that share with it
a value of each of these properties; or of its links with another; or of all to which it comes along the property; and
of what facts of the authority say of these. Where a query says nothing, it runs over the whole store each time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import product
from typing import Final, cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, QueryTriples, RdfFormat, Store, Triple

from kg.check.terms import Term
from kg.rdf.vocab import RDF, TYPE

_COMMENT: Final = re.compile(r"#[ \t]*A change reaches: ([^\n]*)")
_DEFAULT: Final = DefaultGraph()
_SUBJECT: Final = RDF("subject")


class Hanging(Enum):
    """How nodes hang together; the value is how a query's comment begins."""

    ALONE = "the node"
    SHARING = "who shares "
    LINKED = "who is linked by "
    COMING = "who comes to it by "


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a store: the nodes that are judged, by IRI, and a store that holds all that their judgement needs."""

    judged: frozenset[str]
    store: Store


@dataclass(frozen=True, slots=True)
class Moves:
    """What a change of pages moved.

    Attributes:
        passed: flat statements that came or went, or that a page began or ceased to claim.
        stayed: those of pages that were read again and state and claim them as before; their words may stand elsewhere.
    """

    passed: Collection[Triple] = ()
    stayed: Collection[Triple] = ()


class Facts:
    """What a store states, as long as it stays as it is; several constraints ask the same of the same nodes.

    Attributes:
        known: what was asked so far; parts: what was taken out of it, by the way in which nodes hang together and what
            changed.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.parts: dict[object, Part] = {}
        self.known: dict[tuple[NamedNode, NamedNode], Sequence[Term]] = {}

    def values(self, node: NamedNode, link: NamedNode) -> Sequence[Term]:
        """What a node has for a property, in the default graph."""
        found = self.known.get((node, link))
        if found is None:
            quads = self.store.quads_for_pattern(node, link, None, _DEFAULT)
            found = self.known[node, link] = tuple([quad.object for quad in quads])
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far a change reaches in the answers of one query.

    Attributes:
        along: the properties by which nodes hang together.
        asked: the properties and classes of the query, and of those whose nodes hang together alike.
    """

    hanging: Hanging
    along: tuple[NamedNode, ...]
    asked: frozenset[str]

    @classmethod
    def of(cls, query: str, prefixes: Mapping[str, str], asked: frozenset[str]) -> Reach | None:
        """What the query says; None where it says nothing.

        Raises:
            ValueError: what it says is not understood.
        """
        comment = _COMMENT.search(query)
        if comment is None:
            return None
        said = comment[1].strip()
        hanging = next((each for each in Hanging if said.startswith(each.value)), None)
        names = said.removeprefix(hanging.value).replace(",", " ").split() if hanging else []
        if hanging is None or (hanging is Hanging.ALONE) == bool(names):
            raise ValueError(f"a change reaches {said!r} is not understood; see shapes/cross-page.ttl for what is")
        return cls(hanging=hanging, along=tuple(_property(name, prefixes) for name in names), asked=asked)

    @property
    def way(self) -> tuple[Hanging, tuple[NamedNode, ...]]:
        """How nodes hang together, and along what."""
        return self.hanging, self.along

    @property
    def is_shared(self) -> bool:
        """Whether a change may reach thousands, so that what is taken out for one query should serve others."""
        return self.hanging is Hanging.SHARING

    def concerning(self, changed: Iterable[Triple]) -> list[Triple]:
        """The statements that the query may ask for."""
        named = ((each, each.object if each.predicate == TYPE else each.predicate) for each in changed)
        return [each for each, name in named if isinstance(name, NamedNode) and name.value in self.asked]

    def part(self, changed: Iterable[Triple], facts: Facts) -> Part:
        """What has to be judged again.

        Args:
            changed: flat statements that came, went, or may have other words behind them now.
            facts: of the store as it is after the change.
        """
        concerning = self.concerning(changed)
        key = *self.way, self.asked, frozenset(concerning)
        if key not in facts.parts:
            reaching = _Reaching(facts, self.along, self.asked, concerning, Store())
            judged, lent = _WAYS[self.hanging](reaching)
            reaching.take({*judged, *lent}, both_ways=self.hanging is Hanging.LINKED)
            facts.parts[key] = Part(frozenset(node.value for node in judged), reaching.part)
        return facts.parts[key]


def _property(name: str, prefixes: Mapping[str, str]) -> NamedNode:
    prefix, _, local = name.partition(":")
    if prefix not in prefixes:
        raise ValueError(f"a change reaches along {name!r}, whose prefix is not declared")
    return NamedNode(prefixes[prefix] + local)


_Nodes = set[NamedNode]


@dataclass(frozen=True, slots=True)
class _Reaching:
    """One change in one store, of which a part is filled with what is needed."""

    facts: Facts
    along: Sequence[NamedNode]
    asked: frozenset[str]
    changed: Sequence[Triple]
    part: Store

    def alone(self) -> tuple[_Nodes, _Nodes]:
        """The subjects of what changed."""
        return {triple.subject for triple in self.changed if isinstance(triple.subject, NamedNode)}, set()

    def sharing(self) -> tuple[_Nodes, _Nodes]:
        """All in the groups that the subjects are in or were in, and in the other groups that those are in."""
        judged, _ = self.alone()
        had: dict[NamedNode, dict[NamedNode, set[Term]]] = {}
        for triple in self.changed:
            if isinstance(triple.subject, NamedNode):
                had.setdefault(triple.subject, {}).setdefault(triple.predicate, set()).add(triple.object)
        waiting = {group for node in judged for group in self._groups(node, had[node])}
        groups = set[tuple[Term, ...]]()
        while waiting := waiting - groups:
            for group in waiting:
                self._take_members(group)
            groups |= waiting
            waiting = self._groups_taken()
        taken = {quad.subject for quad in self.part}
        return judged | {node for node in taken if isinstance(node, NamedNode)}, set()

    def linked(self) -> tuple[_Nodes, _Nodes]:
        """What changed at either end: an answer is about the links between two nodes."""
        ends = (end for triple in self.changed for end in (triple.subject, triple.object))
        return {end for end in ends if isinstance(end, NamedNode)}, set()

    def coming(self) -> tuple[_Nodes, _Nodes]:
        """The subjects and all that come to them; lent is all to which those come."""
        subjects, _ = self.alone()
        judged = _closure(subjects, self._from)
        return judged, _closure(judged, self._to)

    def take(self, nodes: Iterable[NamedNode], *, both_ways: bool) -> None:
        """Fills the part with what the query may ask of these."""
        self.part.extend(self._statements(nodes, both_ways=both_ways))

    def _statements(self, nodes: Iterable[NamedNode], *, both_ways: bool) -> Iterator[Quad]:
        taken = {quad.subject for quad in self.part}  # the members of groups are there already
        for node in nodes:
            if node not in taken:
                yield from self._about(node)
            if _SUBJECT.value in self.asked:
                for fact in self.facts.store.quads_for_pattern(None, _SUBJECT, node, _DEFAULT):
                    if isinstance(fact.subject, NamedNode) and self._asked_classes(fact.subject):
                        yield from self._about(fact.subject)
            if both_ways:
                for link in self.along:
                    yield from self.facts.store.quads_for_pattern(None, link, node, _DEFAULT)

    def _about(self, node: NamedNode) -> Iterator[Quad]:
        """What may be asked of a node, looked up by property: it may have many others, and each statement costs."""
        for link in map(NamedNode, self.asked):
            yield from (Quad(node, link, value, _DEFAULT) for value in self.facts.values(node, link))
        yield from (Quad(node, TYPE, kind, _DEFAULT) for kind in self._asked_classes(node))

    def _asked_classes(self, node: NamedNode) -> list[NamedNode]:
        classes = self.facts.values(node, TYPE)
        return [kind for kind in classes if isinstance(kind, NamedNode) and kind.value in self.asked]

    def _groups(self, node: NamedNode, had: Mapping[NamedNode, set[Term]]) -> Iterator[tuple[Term, ...]]:
        """The values of all the properties along which it shares, in each combination."""
        yield from product(*(had.get(link, set()) | set(self.facts.values(node, link)) for link in self.along))

    def _take_members(self, group: tuple[Term, ...]) -> None:
        """Fills the part with what may be asked of the members of a group, which may be thousands: by one query.

        Looked up one by one by property, as it joins them, they take a fourth of the time that loops of ours do. (With
        the properties as VALUES, the engine goes through all statements there are.)
        """
        members = " ".join(f"?node {link} {value} ." for link, value in zip(self.along, group, strict=True))
        asked = " UNION ".join(f"{{ ?node <{iri}> ?value . BIND (<{iri}> AS ?link) }}" for iri in sorted(self.asked))
        classes = ", ".join(f"<{iri}>" for iri in sorted(self.asked))
        asked += f" UNION {{ ?node {TYPE} ?value . FILTER (?value IN ({classes})) BIND ({TYPE} AS ?link) }}"
        found = self.facts.store.query(f"CONSTRUCT {{ ?node ?link ?value }} WHERE {{ {members} {asked} }}")
        lines = cast("QueryTriples", found).serialize(format=RdfFormat.N_TRIPLES)
        self.part.load(cast("bytes", lines), RdfFormat.N_TRIPLES, lenient=True)

    def _groups_taken(self) -> set[tuple[Term, ...]]:
        """The groups of all that is in the part."""
        links = " ".join(f"?node {link} ?value{at} ." for at, link in enumerate(self.along))
        values = " ".join(f"?value{at}" for at in range(len(self.along)))
        found = cast("QuerySolutions", self.part.query(f"SELECT DISTINCT {values} WHERE {{ {links} }}"))
        return {tuple(cast("Iterable[Term]", row)) for row in found}

    def _to(self, node: NamedNode) -> Iterator[NamedNode]:
        found = (value for link in self.along for value in self.facts.values(node, link))
        return (value for value in found if isinstance(value, NamedNode))

    def _from(self, node: NamedNode) -> Iterator[NamedNode]:
        found = (self.facts.store.quads_for_pattern(None, link, node, _DEFAULT) for link in self.along)
        return (quad.subject for quads in found for quad in quads if isinstance(quad.subject, NamedNode))


_WAYS: Final = {
    Hanging.ALONE: _Reaching.alone,
    Hanging.SHARING: _Reaching.sharing,
    Hanging.LINKED: _Reaching.linked,
    Hanging.COMING: _Reaching.coming,
}


def _closure(nodes: _Nodes, step: Callable[[NamedNode], Iterable[NamedNode]]) -> _Nodes:
    """The nodes and all that steps lead to."""
    reached, waiting = set(nodes), list(nodes)
    while waiting:
        for node in step(waiting.pop()):
            if node not in reached:
                reached.add(node)
                waiting.append(node)
    return reached
