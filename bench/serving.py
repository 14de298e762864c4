"""Our server beside others on the same data: twelve queries, one after another and by many clients at once.

    python bench/serving.py [--reports 1000 …] [--lean] [--peers kg oxigraph …] [--seconds 0.3] [--clients 1 16 64]
                            [--data FOLDER] [--json FILE]

Programs of others are found in PATH, or where KG_BENCH_OXIGRAPH, KG_BENCH_RDFLIB_ENDPOINT, KG_BENCH_FUSEKI (a jar) and
KG_BENCH_VIRTUOSO say; those that are absent are left out, with the reason. `--data` keeps the data for the next run.

`cold`: no two requests are the same, so nobody can have kept the answer. `repeated`: all are. Clients are wrk's for
what is answered within 20 ms, where wrk is in PATH (`serving_wrk.py`), else two processes of our own
(`serving_load.py`). On a machine that others use, too, the processor time that the server's processes take for a
request is the figure to rely on.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections import Counter
from collections.abc import Hashable, Iterable
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results
from serving_data import Reports, opened, prepare
from serving_load import Load, Mode, run_load
from serving_peers import MERGED, PEERS, Data, Running, fetched, served
from serving_queries import GRAPH_ANSWERS, LEFT_OPEN, Asked, queries
from serving_wrk import BRISK, PROGRAM, run_wrk

_PROCESSES: Final = 2
_TRIED: Final = 5  # answers that show how long one takes
_LONGEST: Final = 20.0  # seconds that one answer may take
_MS: Final = 1000
_NONE_IN_TIME: Final = "none within two minutes"
_NO_RATIO: Final = (math.nan, math.nan)
_numbered = iter(range(0, 10**12, 10**8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What one server did with one query.

    Attributes:
        mode: `cold` or `repeated`.
        client: `wrk` or `python`.
        median, p99: milliseconds of an answer.
        rate: answers a second.
        processor: milliseconds of processor time of the server an answer.
    """

    query: str
    mode: str
    clients: int
    client: str
    answers: int
    median: float
    p99: float
    rate: float
    processor: float
    errors: int
    error: str


@dataclass(slots=True)
class Told:
    """What one server did."""

    peer: str
    figures: list[Figure] = field(default_factory=list)
    answers: dict[str, Counter[Hashable] | str] = field(default_factory=dict)
    memory: float = 0.0

    def figure(self, query: str, mode: Mode, clients: int) -> Figure | None:
        """One of its figures."""
        key = (query, mode.value, clients)
        return next((one for one in self.figures if (one.query, one.mode, one.clients) == key), None)


def main() -> None:
    """Prints the tables."""
    options = _options()
    for reports in options.reports:
        kind = Reports.LEAN if options.lean else Reports.FULL
        keeping = nullcontext(options.data) if options.data else tempfile.TemporaryDirectory(prefix="kg-serving-")
        with keeping as folder:
            data = prepare(Path(folder).resolve() / f"{kind.value}-{reports}", reports, kind)
            print(f"\n{reports:,} {kind.value} reports, {data.triples:,} triples in the merged graph; {_clients()}")
            told = _compared(data, options)
            _show(told, options.clients)
            if options.json:
                figures = {each.peer: [asdict(figure) for figure in each.figures] for each in told}
                options.json.write_text(
                    json.dumps({"reports": reports, "kind": kind.value, "peers": figures}, indent=1)
                )


def _clients() -> str:
    if PROGRAM is None:
        return "no wrk in PATH: clients in Python, which limit the rates of quick answers"
    return f"clients: wrk's for what is answered within {BRISK * _MS:.0f} ms, else in Python"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, nargs="+", default=[1000])
    parser.add_argument("--lean", action="store_true", help="reports without evidence, made in a moment")
    parser.add_argument("--peers", nargs="+", default=[peer.name for peer in PEERS])
    parser.add_argument("--queries", nargs="+", help="these alone")
    parser.add_argument("--seconds", type=float, default=0.3, help="of each measurement")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 16, 64])
    parser.add_argument("--data", type=Path, help="folder that keeps the data")
    parser.add_argument("--json", type=Path, help="file for all figures")
    return parser.parse_args()


def _compared(data: Data, options: argparse.Namespace) -> list[Told]:
    asked = [one for one in queries(opened(data)) if not options.queries or one.name in options.queries]
    found = []
    for peer in PEERS:
        if peer.name not in options.peers:
            continue
        if absence := peer.absence(data):
            print(f"  {peer.name} is left out: {absence}")
            continue
        into = data.folder / f"{peer.name}-store"
        if not (into / "loaded").exists():
            into.mkdir(exist_ok=True)
            peer.load(data, into)
            (into / "loaded").touch()
        with served(peer, data, into) as running:
            told = Told(peer.name)
            for one in asked:
                _measure(running, one, told, options)
            told.memory = running.memory
            found.append(told)
        print(f"  {peer.name} is done", file=sys.stderr, flush=True)
    return found


def _measure(running: Running, asked: Asked, told: Told, options: argparse.Namespace) -> None:
    """All figures of one query; where an answer takes so long that clients would wait in line, that of one alone."""
    told.answers[asked.name] = answer = _answer(running, asked)
    if answer == _NONE_IN_TIME:
        return
    for mode in Mode:
        alone = 0.0
        for clients in options.clients:
            if alone * clients > _LONGEST * _MS:
                continue
            figure = _loaded(running, asked, mode, (clients, options.seconds))
            alone = alone or figure.median
            told.figures.append(figure)


def _loaded(running: Running, asked: Asked, mode: Mode, how: tuple[int, float]) -> Figure:
    clients, seconds = how
    load = Load(
        port=running.port,
        target=running.peer.target(asked.text),
        accept=asked.media_type,
        mode=mode.value,
        clients=clients,
        seconds=seconds,
        first=next(_numbered),
    )
    by_wrk = PROGRAM is not None and _alone(load) < BRISK
    before = running.processor
    seen = run_wrk(load) if by_wrk else run_load(load, min(_PROCESSES, clients))
    spent = running.processor - before
    if by_wrk:
        running.wait_for_rest()
    return Figure(
        query=asked.name,
        mode=mode.value,
        clients=clients,
        client="wrk" if by_wrk else "python",
        answers=seen.answers,
        median=seen.median * _MS,
        p99=seen.p99 * _MS,
        rate=seen.answers / seen.seconds,
        processor=spent / seen.answers * _MS,
        errors=seen.errors,
        error=seen.error,
    )


def _alone(load: Load) -> float:
    """Seconds of an answer for one client."""
    return run_load(replace(load, clients=1, most=_TRIED, first=next(_numbered)), 1).median


def _answer(running: Running, asked: Asked) -> Counter[Hashable] | str:
    """The answer as a multiset, or why there is none."""
    try:
        status, media_type, payload = fetched(running.port, running.peer.target(asked.text), asked.media_type)
    except TimeoutError:
        return _NONE_IN_TIME
    if status != HTTPStatus.OK:
        return f"{status}: {payload[:300].decode('utf-8', 'replace')}"
    try:
        return _multiset(payload, media_type, asked)
    except (SyntaxError, ValueError) as error:
        return f"unreadable {media_type}: {error}"


def _multiset(payload: bytes, media_type: str, asked: Asked) -> Counter[Hashable]:
    if asked.name in GRAPH_ANSWERS:
        return Counter({str(triple): 1 for triple in parse(payload, RdfFormat.from_media_type(media_type))})
    solutions = parse_query_results(payload, QueryResultsFormat.JSON)
    names = sorted(variable.value for variable in solutions.variables)
    rows = (tuple(f"{name}={row[name]}" for name in names) for row in solutions)
    return Counter(
        row for row in rows if f"graph=<{MERGED}>" not in row
    )  # a name that one server gives a default graph


def _show(told: list[Told], clients: Iterable[int]) -> None:
    names = list(told[0].answers)
    width = max(len(each.peer) for each in told) + 2
    least = min(clients)
    for mode in Mode:
        head = "".join(f"{each.peer:>{width}}" for each in told)
        print(f"\nmedian ms, {mode.value}, one client after another\n{'':20}{head}")
        for name in names:
            print(f"{name:20}" + "".join(_cell(each.figure(name, mode, least), "median", width) for each in told))
    for mode in Mode:
        for count in clients:
            print(f"\nanswers a second (ms of processor an answer), {mode.value}, {count} clients")
            print(f"{'':20}" + "".join(f"{each.peer:>{width + 9}}" for each in told))
            for name in names:
                cells = (_rate(each.figure(name, mode, count), width + 9) for each in told)
                print(f"{name:20}" + "".join(cells))
    print("\nMB in memory afterwards: " + ", ".join(f"{each.peer} {each.memory:,.0f}" for each in told))
    _show_answers(told)
    _show_errors(told)
    _show_targets(told, list(clients))


def _cell(figure: Figure | None, what: str, width: int) -> str:
    return f"{getattr(figure, what):>{width}.2f}" if figure else f"{'-':>{width}}"


def _rate(figure: Figure | None, width: int) -> str:
    return f"{f'{figure.rate:,.0f} ({figure.processor:.2f})' if figure else '-':>{width}}"


def _show_answers(told: list[Told]) -> None:
    """Rows of each answer, and who answers otherwise than rdflib, or than the first where rdflib does not answer."""
    judges = sorted(told, key=lambda each: each.peer != "rdflib-endpoint")
    print("\nanswers as multisets, beside those of rdflib-endpoint")
    for name in told[0].answers:
        judge = next((each for each in judges if isinstance(each.answers[name], Counter)), told[0])
        right = judge.answers[name]
        size = right.total() if isinstance(right, Counter) else right
        others = [each for each in told if each is not judge and each.answers[name] != right]
        left = " (left to servers by the standard)" if name in LEFT_OPEN and others else ""
        beside = "" if judge is judges[0] and judge.peer == "rdflib-endpoint" else f" beside {judge.peer}"
        differing = "; ".join(f"{each.peer}: {_difference(each.answers[name], right)}" for each in others)
        print(f"{name:20}{size:>9} {'equal' if not others else 'differ'}{beside}{left} {differing}")


def _difference(found: Counter[Hashable] | str, right: Counter[Hashable] | str) -> str:
    if isinstance(found, str) or isinstance(right, str):
        return str(found)[:200]
    more, less = found - right, right - found
    return f"{more.total()} more, {less.total()} fewer, such as {next(iter([*more, *less]))}"


def _show_errors(told: list[Told]) -> None:
    for each in told:
        for figure in each.figures:
            if figure.errors:
                print(
                    f"{each.peer}, {figure.query}, {figure.mode}, {figure.clients} clients: {figure.errors} of "
                    f"{figure.answers} were errors: {figure.error[:160]!r}"
                )


def _show_targets(told: list[Told], clients: list[int]) -> None:
    """What we set out to reach, beside what was reached: by answers a second, and by processor time."""
    by_name = {each.peer: each for each in told}
    ours, theirs, slow = (by_name.get(name) for name in ("kg", "oxigraph", "rdflib-endpoint"))
    if ours is None:
        return
    print("\ntargets, as ratios of answers a second (of processor time an answer, which other programs do not disturb)")
    one = clients[0]
    if theirs is not None:
        for count in clients:
            repeated = _ratios(ours, theirs, Mode.REPEATED, count)
            _target(f"repeated, {count} clients: at least 2 times oxigraph's", repeated, 2.0)
        cold = _ratios(ours, theirs, Mode.COLD, one)
        _target("cold look-up: at least 0.5 times oxigraph's", {"look-up": cold.pop("look-up", _NO_RATIO)}, 0.5)
        _target("cold analytics: no slower than oxigraph", cold, 1.0)
    if slow is not None:
        cold = _ratios(ours, slow, Mode.COLD, one)
        _target("cold look-up: at least 4 times rdflib-endpoint's", {"look-up": cold.get("look-up", _NO_RATIO)}, 4.0)


def _ratios(ours: Told, other: Told, mode: Mode, clients: int) -> dict[str, tuple[float, float]]:
    """How many times as many answers a second we give, and how many times as many with the same processor time."""
    found = {}
    for name in ours.answers:
        mine, their = ours.figure(name, mode, clients), other.figure(name, mode, clients)
        if mine and their:
            found[name] = mine.rate / their.rate, their.processor / (mine.processor or math.nan)
    return found


def _target(what: str, ratios: dict[str, tuple[float, float]], least: float) -> None:
    missed = {name: pair for name, pair in ratios.items() if not pair[0] >= least}
    told = ", ".join(f"{name} {by_rate:.2f} ({by_processor:.2f})" for name, (by_rate, by_processor) in ratios.items())
    words = f"missed by {len(missed)} of {len(ratios)}" if missed else "met"
    print(f"  {words}: {what}: {told}")


if __name__ == "__main__":
    main()
