"""Health: whether the process answers, whether the graph does, and what stands between queries and this machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request

from kg.query import PoolState, Query
from kg.web.site import site_of

router = APIRouter(prefix="/health")


@router.get("/live")
async def live() -> dict[str, str]:
    """That the process answers."""
    return {"status": "live"}


@router.get("/ready")
async def ready(request: Request) -> dict[str, str]:
    """That pages can be answered from the graph; a problem document says why not."""
    await site_of(request).pages.run(Query(text="ASK {}"))
    return {"status": "ready"}


@router.get("")
async def health(request: Request) -> dict[str, Any]:
    """The version that is served, both lanes of queries, and what is in force in their workers.

    `missing` names what this system does not offer; the lexer before the workers is in force everywhere.
    """
    site = site_of(request)
    lanes = {"queries": site.queries.state, "pages": site.pages.state}
    isolation = _isolation(lanes)
    return {
        "status": "live" if isolation else "no worker lives",
        "version": site.edition.name,
        "store": "memory" if all(state.is_in_memory for state in lanes.values()) else "disk",
        "lanes": {name: _lane(state) for name, state in lanes.items()},
        "isolation": isolation,
    }


def _lane(state: PoolState) -> dict[str, int]:
    return {
        "workers": state.workers,
        "idle": state.idle,
        "waiting": state.waiting,
        "replaced": state.replaced,
    }


def _isolation(lanes: Mapping[str, PoolState]) -> dict[str, Any] | None:
    found = next((state.sandbox for state in lanes.values() if state.sandbox), None)
    return None if found is None else {**found.described, "missing": found.missing}
