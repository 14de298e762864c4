"""Templates: what is said of nodes, with slots for the node itself and for what differs from one to another.

A template is described once. Two functions are compiled from it: one writes the statements of many nodes as N-Quads,
the other gives them by predicate, as a check looks at them. Both take terms as N-Triples writes them
(`kg.rdf.literals`), so no term object is made on the way from a record to the graph.

What is written of a node is sorted by its bytes. All its lines begin with the node and go on with a predicate, and
none is a part of another up to its angle bracket, so whoever sorts the predicates has sorted the lines.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from kg.rdf.vocab import TYPE, XSD

#: Predicate to objects, all in N-Triples.
Node = dict[str, Collection[str]]
#: What fills a template once: the node, then what goes into each slot, a term or a number.
Filling = tuple[str | int, ...]
#: A template and all that it is filled with.
Filled = tuple["Template", Sequence[Filling]]

_TYPE: Final = str(TYPE)
_NUMBER: Final = f'"{{}}"^^{XSD.text("integer")}'


class Template:
    """Statements about one node.

    Args:
        of_class: the node's class in N-Triples; none is stated where it is empty.
        predicates: those of the further statements in N-Triples, each once, a slot each.
        numbers: those among them whose slots take a number, which becomes an xsd:integer; all others take a term.

    Attributes:
        groups: from fillings of different nodes to what is said of each: N-Quads lines in the default graph, in UTF-8,
            sorted by their bytes.
        nodes: from fillings of different nodes to the values by node and predicate.
        types: what is stated of each node's type.
        predicates: all that a node has, in this order.
        terms: the places in a filling that take terms, but for the node itself.
    """

    def __init__(self, of_class: str, *predicates: str, numbers: Collection[str] = ()) -> None:
        slots = [f"value{number}" for number in range(len(predicates))]
        values = {
            predicate: (_NUMBER if predicate in numbers else "{}").format(f"{{{slot}}}")
            for predicate, slot in zip(predicates, slots, strict=True)
        }
        said = {predicate: f"{{node}} {_braced(predicate)} {value} .\n" for predicate, value in values.items()}
        pairs = [
            f"{predicate!r}: ({slot if predicate not in numbers else f'f{value!r}'},)"
            for slot, (predicate, value) in zip(slots, values.items(), strict=True)
        ]
        if of_class:
            said[_TYPE] = f"{{node}} {_braced(_TYPE)} {_braced(of_class)} .\n"
            pairs.insert(0, f"{_TYPE!r}: {(of_class,)!r}")
        each = f"for {', '.join(['node', *slots])} in fillings"
        text = "".join(said[predicate] for predicate in sorted(said))
        source = (
            f"def groups(fillings):\n    return {{node: f{text!r}.encode() {each}}}\n"
            f"def nodes(fillings):\n    return {{node: {{{', '.join(pairs)}}} {each}}}\n"
        )
        names: dict[str, Any] = {}
        exec(source, names)  # noqa: S102 # our own text: predicates and classes are those of the vocabularies
        self.groups: Callable[[Iterable[Filling]], dict[str, bytes]] = names["groups"]
        self.nodes: Callable[[Iterable[Filling]], dict[str, Node]] = names["nodes"]
        self.types = (of_class,) if of_class else ()
        self.predicates = (_TYPE, *predicates) if of_class else predicates
        self.terms = [at for at, predicate in enumerate(predicates, start=1) if predicate not in numbers]


@lru_cache(maxsize=1024)
def single(predicate: str) -> Template:
    """The template of one statement."""
    return Template("", predicate)


def groups(filled: Iterable[Filled]) -> dict[str, bytes]:
    """The statements by node: N-Quads lines in the default graph, each once, sorted by their bytes, in UTF-8."""
    # Encoded node by node: most are ASCII, which takes no time, and together they would all be as wide as the widest.
    found: dict[str, bytes] = {}
    for template, fillings in filled:
        told = template.groups(fillings)
        if len(told) == len(fillings) and found.keys().isdisjoint(told):
            found.update(told)
            continue
        for filling in fillings:
            ((node, text),) = template.groups((filling,)).items()
            found[node] = _joined(found[node], text) if node in found else text
    return found


def _joined(text: bytes, other: bytes) -> bytes:
    """The lines of both; nothing but their own ends is a line end in N-Quads as it is written here."""
    return b"".join(sorted({*text.splitlines(keepends=True), *other.splitlines(keepends=True)}))


@dataclass(frozen=True, slots=True)
class Table:
    """Nodes just as one template made them: of its class, with one value of each of its predicates.

    Attributes:
        fillings: what it was filled with; some of those nodes may have been taken out since.
    """

    template: Template
    fillings: Sequence[Filling]
    nodes: dict[str, Node]


def nodes(filled: Iterable[Filled]) -> tuple[dict[str, Node], list[Table]]:
    """The statements by node and predicate, each once, and in tables those that have a class; all is the caller's."""
    found: dict[str, Node] = {}
    tables: list[Table] = []
    for template, fillings in filled:
        told = template.nodes(fillings)
        if len(told) == len(fillings) and found.keys().isdisjoint(told):
            found.update(told)
            if told and template.types:
                tables.append(Table(template, fillings, told))
        else:
            for filling in fillings:
                _merge(found, tables, template.nodes((filling,)))
    return found, tables


def _merge(found: dict[str, Node], tables: Iterable[Table], told: dict[str, Node]) -> None:
    """Adds what is told of nodes to what was found of them; such nodes are no longer as a template made them."""
    for iri, node in told.items():
        known = found.setdefault(iri, node)
        if known is not node:
            for table in tables:
                table.nodes.pop(iri, None)
            for predicate, values in node.items():
                known[predicate] = tuple(dict.fromkeys((*known.get(predicate, ()), *values)))


def _braced(constant: str) -> str:
    """The constant as a format string holds it."""
    return constant.replace("{", "{{").replace("}", "}}")
