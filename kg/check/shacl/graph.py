"""The statements that one check looks at: for each subject, its predicates and their objects.

Terms are N-Triples texts, see `kg.check.shacl.literals`. Building this index is most of the work of checking a page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from operator import methodcaller
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse, serialize

from kg.rdf.templates import Filled, Node, Table, nodes
from kg.rdf.vocab import RDFS, TYPE

TYPE_TERM: Final = str(TYPE)
SUBCLASS: Final = str(RDFS("subClassOf"))
_NOTHING: Final[Mapping[str, Collection[str]]] = {}
#: Up to so many objects, looking through a list is quicker than keeping a hash.
_FEW: Final = 16
_VALUES: Final = methodcaller("values")


class Graph:
    """Triples by subject and predicate; each is there once, however often it was given.

    Attributes:
        nodes: subject to predicate to objects.
        tables: those of them that are as a template made them.
    """

    __slots__ = ("__weakref__", "_above", "_apart", "_incoming", "_instances", "_referred", "nodes", "tables")

    def __init__(self, triples: Iterable[tuple[str, str, str]] = ()) -> None:
        self.nodes: dict[str, Node] = {}
        self.tables: Sequence[Table] = ()
        self._apart: dict[str, Node] | None = None
        self._above: dict[str, frozenset[str]] | None = None
        self._incoming: dict[str, dict[str, list[str]]] | None = None
        self._instances: dict[str, list[str]] | None = None
        self._referred: set[str] | None = None
        for subject, predicate, value in triples:
            node = self.nodes.get(subject)
            if node is None:
                node = self.nodes[subject] = {}
            _put(node, predicate, value)

    @classmethod
    def of_quads(cls, quads: Iterable[Quad]) -> Graph:
        """The triples of these quads; in which graph each stands plays no part."""
        return cls.of_lines((serialize(quads, format=RdfFormat.N_QUADS) or b"").decode())

    @classmethod
    def of_templates(cls, filled: Iterable[Filled]) -> Graph:
        """The triples that filled templates state."""
        graph = cls()
        graph.nodes, graph.tables = nodes(filled)
        return graph

    @classmethod
    def of_lines(cls, lines: str) -> Graph:
        """The triples of canonical N-Quads: one space between the terms, and no comments."""
        graph = cls()
        nodes = graph.nodes
        last, node = "", Node()
        rows = lines.split(" .\n")
        rows.pop()  # what stands behind the last line: nothing
        for row in rows:
            subject, predicate, value = row.split(" ", 2)
            if subject != last:
                last = subject
                known = nodes.get(subject)
                if known is None:
                    node = nodes[subject] = {}
                else:
                    node = known
            if value[-1] == ">" and " " in value:
                value = _without_graph(value)  # the same object, without what follows it
            if predicate not in node:
                node[predicate] = [value]
            elif value not in node[predicate]:
                _add(node, predicate, value)
        return graph

    @classmethod
    def of_bodies(cls, bodies: Iterable[str]) -> Graph:
        """The triples of canonical N-Triples lines without their final stops."""
        return cls(body.split(" ", 2) for body in bodies)  # type: ignore[misc] # three parts each

    def add(self, triples: Iterable[tuple[str, str, str]]) -> None:
        """Adds triples."""
        told = list(triples)
        self._grow({subject for subject, _, _ in told})
        for subject, predicate, value in told:
            _put(self.nodes.setdefault(subject, {}), predicate, value)

    def describe(self, nodes: Mapping[str, Node]) -> None:
        """Adds what is said of nodes; it is left as it is, even if the graph is added to."""
        self._grow(nodes.keys())
        for subject, said in nodes.items():
            node = self.nodes.get(subject)
            if node is None:
                self.nodes[subject] = dict(said)
                continue
            for predicate, values in said.items():
                if predicate not in node:
                    node[predicate] = values
                else:
                    for value in values:
                        _put(node, predicate, value)

    def objects(self, subject: str, predicate: str) -> Collection[str]:
        """The objects of this subject and predicate, each once."""
        return self.nodes.get(subject, _NOTHING).get(predicate, ())

    def incoming(self, value: str, predicate: str) -> Collection[str]:
        """The subjects of this predicate and object."""
        if self._incoming is None:
            self._incoming = {}
        by_object = self._incoming.get(predicate)
        if by_object is None:
            by_object = self._incoming[predicate] = {}
            for subject in self.subjects_of(predicate):
                for each in self.nodes[subject][predicate]:
                    by_object.setdefault(each, []).append(subject)
        return by_object.get(value, ())

    def subjects_of(self, predicate: str) -> Iterator[str]:
        """The subjects with this predicate."""
        return (subject for nodes in self._with(predicate) for subject, node in nodes.items() if predicate in node)

    def objects_of(self, predicate: str) -> Iterator[str]:
        """The objects of this predicate, each once."""
        told = [node[predicate] for nodes in self._with(predicate) for node in nodes.values() if predicate in node]
        return iter(dict.fromkeys(chain.from_iterable(told)))

    def instances(self, of_class: str) -> list[str]:
        """The SHACL instances of a class: those of its subclasses too."""
        if self._instances is None:
            self._instances = {}
            for subject, node in self.nodes.items():
                for each in self.classes(node.get(TYPE_TERM, ())):
                    self._instances.setdefault(each, []).append(subject)
        return self._instances.get(of_class, [])

    def classes(self, types: Collection[str]) -> Collection[str]:
        """These classes and all that they are subclasses of, by the statements of this graph."""
        above = self.above
        if not above:
            return types
        return {higher for each in types for higher in (each, *above.get(each, ()))}

    @property
    def apart(self) -> Mapping[str, Node]:
        """The nodes that are in no table."""
        if self._apart is None:
            inside = set().union(*(table.nodes for table in self.tables))
            self._apart = {subject: node for subject, node in self.nodes.items() if subject not in inside}
        return self._apart

    @property
    def referred(self) -> AbstractSet[str]:
        """All objects but for the numbers of templates, which are no nodes."""
        if self._referred is None:
            self._referred = set(chain.from_iterable(chain.from_iterable(map(_VALUES, self.apart.values()))))
            for table in self.tables:
                columns = [*zip(*table.fillings, strict=True)]
                self._referred.update(table.template.types, *(columns[at] for at in table.template.terms))
        return self._referred

    @property
    def has_blank_nodes(self) -> bool:
        """Whether a subject or an object is a blank node."""
        # No other term begins with so late a character.
        return max(self.nodes, default="") >= "_" or max(self.referred, default="") >= "_"

    @property
    def above(self) -> Mapping[str, frozenset[str]]:
        """Each class with a superclass, to all its superclasses."""
        if self._above is None:
            self._above = {each: frozenset(self._climb(each)) for each in self.subjects_of(SUBCLASS)}
        return self._above

    def is_instance(self, term: str, of_class: str) -> bool:
        """Whether the term is a SHACL instance of the class."""
        node = self.nodes.get(term)
        if node is None:
            return False
        types = node.get(TYPE_TERM, ())
        return of_class in types or (bool(self.above) and of_class in self.classes(types))

    def _with(self, predicate: str) -> Iterator[Mapping[str, Node]]:
        """The nodes, but for tables without this predicate."""
        yield from (table.nodes for table in self.tables if predicate in table.template.predicates)
        yield self.apart

    def _grow(self, subjects: AbstractSet[str]) -> None:
        """Makes ready for more that is said of these: they are no longer as a template made them."""
        for subject in self.nodes.keys() & subjects if self.tables else ():
            for table in self.tables:
                table.nodes.pop(subject, None)
        self._above = self._incoming = self._instances = self._referred = self._apart = None

    def _climb(self, of_class: str) -> Iterator[str]:
        seen = {of_class}
        waiting = [of_class]
        while waiting:
            for each in self.objects(waiting.pop(), SUBCLASS):
                if each not in seen:
                    seen.add(each)
                    waiting.append(each)
                    yield each

    def quads(self) -> Iterator[Quad]:
        """All triples, in the default graph."""
        lines = "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in self.triples())
        return iter(parse(lines, format=RdfFormat.N_TRIPLES))

    def triples(self) -> Iterator[tuple[str, str, str]]:
        """All triples, those of one subject together."""
        for subject, node in self.nodes.items():
            for predicate, values in node.items():
                for value in values:
                    yield subject, predicate, value


def _put(node: Node, predicate: str, value: str) -> None:
    values = node.get(predicate)
    if values is None:
        node[predicate] = [value]
    elif value not in values:
        _add(node, predicate, value)


def _add(node: Node, predicate: str, value: str) -> None:
    """Adds a further object; many are kept in a dictionary, so that the next one is looked up and not searched."""
    values = node[predicate]
    if isinstance(values, dict):
        values[value] = None
    elif len(values) >= _FEW:
        node[predicate] = dict.fromkeys((*values, value))
    elif isinstance(values, list):
        values.append(value)
    else:
        node[predicate] = [*values, value]


def _without_graph(value: str) -> str:
    """The object of an N-Quads line behind whose predicate this stands, with the graph's name or without it."""
    if value[0] != '"':
        return value[: value.index(" ")] if not value.startswith("<<") else value
    end = value.rindex('"')
    space = value.find(" ", end)
    return value if space < 0 else value[:space]
