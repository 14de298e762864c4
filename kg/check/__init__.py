"""Quads and shapes to a verdict."""

from kg.check.checker import Checker
from kg.check.collection import Constraints
from kg.check.formats import findings_text

__all__ = ["Checker", "Constraints", "findings_text"]
