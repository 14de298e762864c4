"""Metrics in Prometheus' text formats: requests, queries, and the workers of both lanes."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Final

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from kg.query import PoolState
from kg.web.answers import Answers
from kg.web.observation import Exchange
from kg.web.site import Site, site_of

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "QUERY", "OPTIONS", "PUT", "DELETE", "PATCH"})
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


#: Different exchanges that wait to be counted.
_MOST_SEEN: Final = 64


class Metrics:
    """Counts exchanges as they end, and serves the counts at /metrics.

    Labels are of few values, whatever clients write: routes are our patterns, and unknown methods are one.

    Attributes:
        router: the route that serves them.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._tallies, self._lanes = _Tallies(), _Lanes()
        self._seen: defaultdict[Exchange, int] = defaultdict(int)
        self._registry.register(self._tallies)
        self._registry.register(self._lanes)
        ProcessCollector(registry=self._registry)
        self.router: Final = APIRouter()
        self.router.add_api_route("/metrics", self._exposed, methods=["GET", "HEAD"], include_in_schema=False)

    def observe(self, exchange: Exchange) -> None:
        """Counts an exchange. The same one is told again and again for a kept answer: that is sorted once."""
        self._seen[exchange] += 1
        if len(self._seen) >= _MOST_SEEN:
            self._sort()

    async def _exposed(self, request: Request) -> Response:
        """All counts, in the text format that the client prefers."""
        self._sort()
        self._lanes.site = site_of(request)
        encoder, media_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encoder(self._registry), headers={"Content-Type": media_type, "Cache-Control": "no-store"})

    def _sort(self) -> None:
        for exchange, times in self._seen.items():
            self._tallies.add(exchange, times)
        self._seen.clear()


class _Times:
    """How many took how long, by the bounds of a histogram."""

    __slots__ = ("counts", "total")

    def __init__(self) -> None:
        self.counts = [0] * (len(_SECONDS) + 1)
        self.total = 0.0

    def add(self, seconds: float, times: int) -> None:
        self.counts[bisect_left(_SECONDS, seconds)] += times
        self.total += times * seconds

    @property
    def buckets(self) -> list[tuple[str, float]]:
        bounds = [*map(str, _SECONDS), "+Inf"]
        return list(zip(bounds, accumulate(self.counts), strict=True))


class _Tallies(Collector):
    """Counts of exchanges. The library's own counters take a lock for each label: a third of a kept answer's time."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, str]] = Counter()
        self._times: defaultdict[str, _Times] = defaultdict(_Times)
        self._outcomes: Counter[str] = Counter()
        self._query_times = _Times()
        self._rows = 0
        self._writes: Counter[tuple[str, str]] = Counter()
        self._write_times = _Times()

    def add(self, exchange: Exchange, times: int) -> None:
        method = exchange.method if exchange.method in _METHODS else "other"
        route = exchange.route or "none"
        self._requests[method, route, str(exchange.status)] += times
        self._times[route].add(exchange.seconds, times)
        query = exchange.query
        if query is not None:
            self._outcomes[query.outcome] += times
            self._query_times.add(query.seconds, times)
            self._rows += times * (query.rows or 0)
        write = exchange.write
        if write is not None:
            self._writes[write.kind, write.outcome] += times
            self._write_times.add(write.seconds, times)

    def collect(self) -> Iterator[Metric]:
        requests = CounterMetricFamily("kg_requests", "Requests that ended.", labels=("method", "route", "status"))
        for labels, count in self._requests.items():
            requests.add_metric(labels, count)
        seconds = HistogramMetricFamily("kg_request_seconds", "Seconds until the last byte.", labels=("route",))
        for route, times in self._times.items():
            seconds.add_metric((route,), times.buckets, times.total)
        queries = CounterMetricFamily("kg_queries", "Queries of clients, by how they ended.", labels=("outcome",))
        for outcome, count in self._outcomes.items():
            queries.add_metric((outcome,), count)
        words = "Seconds of clients' queries, the wait for a worker included."
        spent = HistogramMetricFamily("kg_query_seconds", words)
        spent.add_metric((), self._query_times.buckets, self._query_times.total)
        writes = CounterMetricFamily("kg_writes", "Writes that came to the gate.", labels=("kind", "outcome"))
        for (kind, outcome), count in self._writes.items():
            writes.add_metric((kind, outcome), count)
        written = HistogramMetricFamily("kg_write_seconds", "Seconds until a write was served, its wait included.")
        written.add_metric((), self._write_times.buckets, self._write_times.total)
        yield from (requests, seconds, queries, spent, writes, written)
        yield CounterMetricFamily("kg_query_rows", "Rows and triples that clients were answered.", value=self._rows)


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
        spooled = GaugeMetricFamily(
            "kg_spooled_bytes", "Bytes of long answers that wait for clients.", labels=("lane",)
        )
        for lane, state in lanes.items():
            spooled.add_metric((lane,), state.spooled)
        yield spooled
        yield from _cache(self.site.answers, self.site.page_answers)
        served = GaugeMetricFamily("kg_version", "The version that is served: 1.", labels=("version",))
        served.add_metric((self.site.edition.name,), 1)
        yield from (workers, waiting, replaced, served)


def _cache(answers: Answers, page_answers: Answers) -> Iterator[Metric]:
    """How the answers that are kept are used, and how much is kept with those of our own pages."""
    found = CounterMetricFamily("kg_answers", "Answers to queries, by where they came from.", labels=("cache",))
    for origin, count in answers.counts.of.items():
        found.add_metric((origin.value,), count)
    yield found
    yield GaugeMetricFamily("kg_cache_bytes", "Bytes of answers that are kept.", value=answers.size + page_answers.size)
    yield GaugeMetricFamily("kg_cache_answers", "Answers that are kept.", value=len(answers) + len(page_answers))
