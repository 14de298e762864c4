"""Policy KG: reads policy-research reports and makes them a graph in which every statement carries its exact words."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
