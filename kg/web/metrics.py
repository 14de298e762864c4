"""Metrics in Prometheus' text formats: requests, queries, and the workers of both lanes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from kg.query import PoolState
from kg.web.observation import Exchange
from kg.web.site import Site, site_of

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "QUERY", "OPTIONS", "PUT", "DELETE", "PATCH"})
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Counts exchanges as they end, and serves the counts at /metrics.

    Labels are of few values, whatever clients write: routes are our patterns, and unknown methods are one.

    Attributes:
        router: the route that serves them.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "kg_requests", "Requests that ended.", ("method", "route", "status"), registry=self._registry
        )
        self._request_seconds = Histogram(
            "kg_request_seconds", "Seconds until the last byte.", ("route",), buckets=_SECONDS, registry=self._registry
        )
        self._queries = Counter(
            "kg_queries", "Queries of clients, by how they ended.", ("outcome",), registry=self._registry
        )
        self._query_seconds = Histogram(
            "kg_query_seconds",
            "Seconds of clients' queries, the wait for a worker included.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._rows = Counter("kg_query_rows", "Rows that clients were answered.", registry=self._registry)
        self._lanes = _Lanes()
        self._registry.register(self._lanes)
        ProcessCollector(registry=self._registry)
        self.router: Final = APIRouter()
        self.router.add_api_route("/metrics", self._exposed, methods=["GET", "HEAD"], include_in_schema=False)

    def observe(self, exchange: Exchange) -> None:
        """Counts an exchange."""
        method = exchange.method if exchange.method in _METHODS else "other"
        route = exchange.route or "none"
        self._requests.labels(method, route, str(exchange.status)).inc()
        self._request_seconds.labels(route).observe(exchange.seconds)
        if exchange.query is not None:
            self._queries.labels(exchange.query.outcome).inc()
            self._query_seconds.observe(exchange.query.seconds)
            self._rows.inc(exchange.query.rows or 0)

    async def _exposed(self, request: Request) -> Response:
        """All counts, in the text format that the client prefers."""
        self._lanes.site = site_of(request)
        encoder, media_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encoder(self._registry), headers={"Content-Type": media_type, "Cache-Control": "no-store"})


class _Lanes(Collector):
    """The pools at the moment they are asked."""

    site: Site | None = None

    def collect(self) -> Iterator[Metric]:
        if self.site is None:
            return
        lanes: Mapping[str, PoolState] = {"queries": self.site.queries.state, "pages": self.site.pages.state}
        workers = GaugeMetricFamily("kg_workers", "Worker processes that live.", labels=("lane", "state"))
        waiting = GaugeMetricFamily("kg_queries_waiting", "Queries that wait for a worker.", labels=("lane",))
        replaced = CounterMetricFamily("kg_workers_replaced", "Workers that were replaced.", labels=("lane",))
        for lane, state in lanes.items():
            workers.add_metric((lane, "idle"), state.idle)
            workers.add_metric((lane, "busy"), state.workers - state.idle)
            waiting.add_metric((lane,), state.waiting)
            replaced.add_metric((lane,), state.replaced)
        served = GaugeMetricFamily("kg_version", "The version that is served: 1.", labels=("version",))
        served.add_metric((self.site.edition.name,), 1)
        yield from (workers, waiting, replaced, served)
