"""The one gate of every write: what clients write is checked as pages are, and published whole or not at all."""

from kg.writing.client import WriteGate
from kg.writing.options import GateOptions, Policy

__all__ = ["GateOptions", "Policy", "WriteGate"]
