"""Queries answered by worker processes that can be killed: the gate, the pool and the workers.

What is imported from here is loaded when it is first asked for: a worker needs none of what the service needs to talk
to it, and each new version is served by new workers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kg.query.alarm import Alarm
    from kg.query.capabilities import service_description
    from kg.query.clauses import has_clauses
    from kg.query.conversation import Stream, whole
    from kg.query.federation import Federation
    from kg.query.gate import check_query, is_lasting
    from kg.query.graphs import STREAMED
    from kg.query.lanes import Begun, Lanes
    from kg.query.messages import HELD_BACK, MOST_BYTES, MOST_ROWS, WHOLE_GRAPH, Answer, AnswerKind, Query
    from kg.query.pool import QueryPool, run_once
    from kg.query.process import WorkerOptions
    from kg.query.state import PoolState
    from kg.query.upstream import UpstreamOptions

__all__ = [
    "HELD_BACK",
    "MOST_BYTES",
    "MOST_ROWS",
    "STREAMED",
    "WHOLE_GRAPH",
    "Alarm",
    "Answer",
    "AnswerKind",
    "Begun",
    "Federation",
    "Lanes",
    "PoolState",
    "Query",
    "QueryPool",
    "Stream",
    "UpstreamOptions",
    "WorkerOptions",
    "check_query",
    "has_clauses",
    "is_lasting",
    "run_once",
    "service_description",
    "whole",
]

_HOMES: Final = {
    "alarm": ("Alarm",),
    "capabilities": ("service_description",),
    "clauses": ("has_clauses",),
    "conversation": ("Stream", "whole"),
    "federation": ("Federation",),
    "gate": ("check_query", "is_lasting"),
    "graphs": ("STREAMED",),
    "lanes": ("Begun", "Lanes"),
    "messages": ("HELD_BACK", "MOST_BYTES", "MOST_ROWS", "WHOLE_GRAPH", "Answer", "AnswerKind", "Query"),
    "pool": ("QueryPool", "run_once"),
    "process": ("WorkerOptions",),
    "state": ("PoolState",),
    "upstream": ("UpstreamOptions",),
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - as many types as names
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"kg.query.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
