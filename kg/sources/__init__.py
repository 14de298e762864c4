"""The world → pages."""

from kg.sources.files import MOST_BYTES, PassedOver, Taken, Unreadable, count_pages, find_pages

__all__ = ["MOST_BYTES", "PassedOver", "Taken", "Unreadable", "count_pages", "find_pages"]
