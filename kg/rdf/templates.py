"""Templates: what is said of a node, with slots for the node itself and for what differs from one to another.

A template is described once. Two functions are compiled from it: one writes its statements as N-Quads lines, the other
gives them by predicate, as a check looks at them. Both take terms as N-Triples writes them (`kg.rdf.literals`), so no
term object is made on the way from a record to the graph.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import Any, Final

from kg.rdf.vocab import TYPE

#: Predicate to objects, all in N-Triples.
Node = dict[str, Collection[str]]
#: A template with the terms for its slots, the node first.
Filled = tuple["Template", tuple[str, ...]]

_TYPE: Final = str(TYPE)


class Template:
    """Statements about one node.

    Args:
        of_class: the node's class in N-Triples; none is stated where it is empty.
        predicates: those of the further statements in N-Triples, a slot each, in the order of the lines.

    Attributes:
        lines: from the node and its values to N-Quads lines in the default graph.
        node: from the same to the values by predicate.
    """

    def __init__(self, of_class: str, *predicates: str) -> None:
        slots = [f"value{number}" for number in range(len(predicates))]
        constants = {f"predicate{number}": predicate for number, predicate in enumerate(predicates)}
        said = [f"{{node}} {_braced(each)} {{{slot}}} .\n" for each, slot in zip(predicates, slots, strict=True)]
        pairs = [f"{name}: ({slot},)" for name, slot in zip(constants, slots, strict=True)]
        if of_class:
            said.insert(0, f"{{node}} {_braced(_TYPE)} {_braced(of_class)} .\n")
            pairs.insert(0, "type: classes")
        source = (
            f"def lines({', '.join(['node', *slots])}):\n    return f{''.join(said)!r}\n"
            f"def node({', '.join(['node', *slots])}):\n    return {{{', '.join(pairs)}}}\n"
        )
        names: dict[str, Any] = {"type": _TYPE, "classes": (of_class,), **constants}
        exec(source, names)  # noqa: S102 # our own text: predicates and classes are those of the vocabularies
        self.lines: Callable[..., str] = names["lines"]
        self.node: Callable[..., Node] = names["node"]


@lru_cache(maxsize=1024)
def single(predicate: str) -> Template:
    """The template of one statement."""
    return Template("", predicate)


def written(filled: Iterable[Filled]) -> bytes:
    """The statements as N-Quads lines in the default graph, in UTF-8."""
    # Encoded one by one: most are ASCII, which takes no time, and together they would all be as wide as the widest.
    return b"".join([template.lines(*terms).encode() for template, terms in filled])


def nodes(filled: Iterable[Filled]) -> dict[str, Node]:
    """The statements by node and predicate, each once; the caller may change what it gets."""
    found: dict[str, Node] = {}
    for template, terms in filled:
        node = template.node(*terms)
        known = found.setdefault(terms[0], node)
        if known is not node:
            for predicate, values in node.items():
                known[predicate] = tuple(dict.fromkeys((*known.get(predicate, ()), *values)))
    return found


def _braced(constant: str) -> str:
    """The constant as a format string holds it."""
    return constant.replace("{", "{{").replace("}", "}}")
