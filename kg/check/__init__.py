"""Quads and shapes to a verdict."""

from kg.check.checker import Checker
from kg.check.formats import findings_text

__all__ = ["Checker", "findings_text"]
