"""Pages → text, with offsets that hold."""

from kg.pages.dispatch import read_page
from kg.pages.text import read_text

__all__ = ["read_page", "read_text"]
