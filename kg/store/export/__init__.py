"""A store written out: the same statements give the same bytes, on any machine, at any path, however they came in."""

from kg.store.export.rdf import export, export_digest, export_part
from kg.store.export.selection import Constructed, OneGraph, OneThing, Part, selected

__all__ = [
    "Constructed",
    "OneGraph",
    "OneThing",
    "Part",
    "export",
    "export_digest",
    "export_part",
    "selected",
]
