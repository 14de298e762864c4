"""Text → Report: layouts find the header, grammar and vocabularies find what the prose states."""

from kg.extract.layouts import Layout, Patterns, read_layouts
from kg.extract.reader import Reader

__all__ = ["Layout", "Patterns", "Reader", "read_layouts"]
