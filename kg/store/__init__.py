"""The store: checked statements go in, immutable versions come out, and readers see nothing in between."""

from kg.store.describe import Summary, summary
from kg.store.digest import content_digest
from kg.store.export import OneGraph, export, export_digest, export_part, selected
from kg.store.folder import Damage, Version
from kg.store.graphs import replace_page, retract_page, write_graphs
from kg.store.manifest import Contents, Counts, Facts, Manifest
from kg.store.records import recorded_graphs
from kg.store.versions import VersionStore
from kg.store.writer import Start, Writer

__all__ = [
    "Contents",
    "Counts",
    "Damage",
    "Facts",
    "Manifest",
    "OneGraph",
    "Start",
    "Summary",
    "Version",
    "VersionStore",
    "Writer",
    "content_digest",
    "export",
    "export_digest",
    "export_part",
    "recorded_graphs",
    "replace_page",
    "retract_page",
    "selected",
    "summary",
    "write_graphs",
]
