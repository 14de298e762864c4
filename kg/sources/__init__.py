"""The world → pages."""

from kg.sources.curated import find_curated
from kg.sources.files import count_pages, find_pages, page_files
from kg.sources.taken import MOST_BYTES, PassedOver, Taken, Unreadable

__all__ = [
    "MOST_BYTES",
    "PassedOver",
    "Taken",
    "Unreadable",
    "count_pages",
    "find_curated",
    "find_pages",
    "page_files",
]
