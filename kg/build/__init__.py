"""The flow: pages go in at one end, a checked and published version of the graph comes out at the other."""

from kg.build.flow import Builder
from kg.build.manner import Extent, Manner, Missing, Strictness
from kg.build.plan import Plan
from kg.build.walk import Listener

__all__ = ["Builder", "Extent", "Listener", "Manner", "Missing", "Plan", "Strictness"]
