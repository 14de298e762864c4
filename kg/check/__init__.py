"""Quads and shapes to a verdict."""

from kg.check.checker import Checker
from kg.check.render import finding_records, findings_text

__all__ = ["Checker", "finding_records", "findings_text"]
