"""A published version, sent to another server by the SPARQL 1.1 Graph Store HTTP Protocol."""

from kg.push.flow import Listener, Missing, Order, Plan, Pushed, Scope, plan, push
from kg.push.target import GraphStore

__all__ = ["GraphStore", "Listener", "Missing", "Order", "Plan", "Pushed", "Scope", "plan", "push"]
