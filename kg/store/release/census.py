"""Counting what a graph holds in one pass over its sorted lines."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, parse

from kg.rdf.dataset import Census
from kg.rdf.vocab import TYPE
from kg.store.export.packing import unpacked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pyoxigraph import Quad

_DEFAULT = DefaultGraph()


def census(dump: Path, base: str) -> Census:
    """The numbers of the merged graph in an N-Quads export of ours, plain or packed.

    The lines of one subject follow one another there, so that only counts are held.
    """
    with unpacked(dump) as lines:
        return _counted(parse(lines, RdfFormat.N_QUADS, lenient=True), f"{base}id/")


def _counted(quads: Iterable[Quad], own: str) -> Census:
    triples: Counter[str] = Counter()
    having: Counter[str] = Counter()
    classes: Counter[str] = Counter()
    subjects = entities = 0
    merged = (quad for quad in quads if quad.graph_name == _DEFAULT)
    for subject, said in groupby(merged, key=lambda quad: quad.subject):
        subjects += 1
        entities += isinstance(subject, NamedNode) and subject.value.startswith(own)
        of_subject: Counter[str] = Counter()
        for quad in said:
            of_subject[quad.predicate.value] += 1
            if quad.predicate == TYPE and isinstance(quad.object, NamedNode):
                classes[quad.object.value] += 1
        triples.update(of_subject)
        having.update(of_subject.keys())
    return Census(
        triples=triples.total(),
        entities=entities,
        subjects=subjects,
        classes=classes,
        properties={name: (count, having[name]) for name, count in triples.items()},
    )
