"""Clients' queries that ask other services, too: those first, then a worker, all from one budget."""

from __future__ import annotations

from collections.abc import Callable

from kg.model.errors import QuerySyntaxError
from kg.query import Answer, Federation, Lanes, Query, QueryPool, Stream


async def ask_federated(
    federation: Federation, queries: QueryPool | Lanes, query: Query, base: str, charge: Callable[[float], None]
) -> Answer | Stream:
    """The answer to a query with SERVICE clauses; raises what `Federation.answered` and `QueryPool.ask` raise.

    Args:
        federation: asks its services.
        queries: answers it with what they have answered.
        query: as the client wrote it.
        base: what its relative IRIs are resolved against.
        charge: is told, once, how many seconds services and workers were busy with it.
    """
    fetching = 0.0

    def note(seconds: float) -> None:
        nonlocal fetching
        fetching += seconds

    try:
        async with federation.answered(query, base, queries.deadline, note) as federated:
            try:
                return await queries.ask(federated.query, lambda seconds: charge(fetching + seconds))
            except QuerySyntaxError as error:
                raise federated.blamed(error) from error
    except BaseException:
        charge(fetching)  # where no worker was busy with it
        raise
