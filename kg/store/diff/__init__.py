"""What changed between two graphs, and which words caused it."""

from kg.store.diff.changes import Change, Changes, Kind, ThingChange, changes
from kg.store.diff.claims import Cause
from kg.store.diff.quads import Difference, difference
from kg.store.diff.render import DiffFormat, rendered

__all__ = [
    "Cause",
    "Change",
    "Changes",
    "DiffFormat",
    "Difference",
    "Kind",
    "ThingChange",
    "changes",
    "difference",
    "rendered",
]
