"""Pages → text, with offsets that hold."""

from kg.pages.text import read_text

__all__ = ["read_text"]
