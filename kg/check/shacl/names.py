"""Names for shapes that have no IRI, the same ones each time: by the shape that refers to them, and how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from kg.check.shacl.literals import is_iri, words
from kg.check.shacl.paths import IllFormed
from kg.check.shacl.shapes_graph import PREFIX, SHAPE_LISTS, SHAPE_PARAMETERS, ShapesGraph


def shape_names(shapes: ShapesGraph) -> Mapping[str, str]:
    """A name for each shape: its IRI, or its parent's name with the path or the parameter that leads to it.

    Two shapes of one parent that would share a name are numbered in the order of the file.
    """
    names = {node: words(node) for node in shapes.nodes() if is_iri(node)}
    taken = Counter(names.values())
    waiting = [node for node in shapes.nodes() if is_iri(node)]
    waiting += [node for node in shapes.nodes() if not is_iri(node) and shapes.shape(node).targets]
    while waiting:
        parent = waiting.pop(0)
        names.setdefault(parent, _free("shape", taken))
        for child, step in _children(shapes, parent):
            if child not in names:
                names[child] = _free(f"{names[parent]}/{step}", taken)
                waiting.append(child)
    return names


def _children(shapes: ShapesGraph, parent: str) -> Iterator[tuple[str, str]]:
    for predicate, values in shapes.graph.nodes.get(parent, {}).items():
        local = predicate.removeprefix(PREFIX)[:-1]
        for value in values:
            if predicate in SHAPE_PARAMETERS:
                path = shapes.shape(value).path
                yield value, local if path is None else str(path)
            elif predicate in SHAPE_LISTS:
                for place, member in enumerate(_members(shapes, value), 1):
                    yield member, f"{local}/{place}"


def _members(shapes: ShapesGraph, head: str) -> tuple[str, ...]:
    try:
        return shapes.members(head)
    except IllFormed:
        return ()


def _free(name: str, taken: Counter[str]) -> str:
    free = name
    while taken[free]:
        taken[name] += 1
        free = f"{name}#{taken[name]}"
    taken[free] += 1
    return free
