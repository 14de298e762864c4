"""The world → pages."""

from kg.sources.files import count_pages, find_pages, page_files
from kg.sources.taken import MOST_BYTES, PassedOver, Taken, Unreadable

__all__ = [
    "MOST_BYTES",
    "PassedOver",
    "Taken",
    "Unreadable",
    "count_pages",
    "find_pages",
    "page_files",
]
