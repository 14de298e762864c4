"""Queries answered by worker processes that can be killed: the gate, the pool and the workers."""

from kg.query.capabilities import service_description
from kg.query.conversation import Stream
from kg.query.gate import check_query
from kg.query.messages import Answer, AnswerKind, Query
from kg.query.pool import PoolState, QueryPool, run_once
from kg.query.process import WorkerOptions

__all__ = [
    "Answer",
    "AnswerKind",
    "PoolState",
    "Query",
    "QueryPool",
    "Stream",
    "WorkerOptions",
    "check_query",
    "run_once",
    "service_description",
]
