"""The query-of-death corpus against `kg serve`, while good clients ask: what each kind got, and what they felt.

    python bench/hostile.py [--attackers 1 2] [--deadline 1] [--clients 16] [--kind WORDS]

The corpus, the graph and the good clients are those of tests/hostile. Times of hostile queries are the server's own,
from its log; those of good clients are theirs. Memory is the largest sum of what the server and its workers hold.
The first line is of a server that nobody attacks.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "hostile"))

from attack import attacked, good_clients, serving, write_store
from kinds import KINDS, Kind


def main() -> None:
    """Prints a line a kind that departs from what it should get, then a line for each number of attackers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--attackers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--deadline", type=float, default=1.0)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--kind", default="")
    options = parser.parse_args()
    kinds = [kind for kind in KINDS if options.kind in kind.name]
    with tempfile.TemporaryDirectory(prefix="kg-hostile-") as folder:
        store = Path(folder) / "store"
        write_store(store)
        _siege(store, kinds, 0, options)
        for attackers in options.attackers:
            _siege(store, kinds, attackers, options)


def _siege(store: Path, kinds: list[Kind], attackers: int, options: argparse.Namespace) -> None:
    with serving(store, deadline=options.deadline) as server, good_clients(server, options.clients) as seen:
        if attackers:
            blows = attacked(server, kinds, attackers=attackers)
        else:
            blows = []
            server.rest(seconds=10)
    for blow in blows:
        if blow.status not in blow.kind.statuses:
            print(f"  {blow.kind.name}: {blow.status}, expected {sorted(blow.kind.statuses)}")
    late = sorted((blow.milliseconds - options.deadline * 1000, blow.kind.name) for blow in blows)
    print(
        f"{attackers} attackers, {len(blows)} queries, statuses {dict(Counter(blow.status for blow in blows))}; "
        f"latest {f'{late[-1][0]:+.0f} ms to the deadline ({late[-1][1]})' if late else '-'}; "
        f"good clients: {seen['asked']} asked, {seen['failed']} failed, p50 {seen['p50']:.1f}, p99 {seen['p99']:.1f}, "
        f"longest {seen['longest']:.1f} ms; memory {server.peak / 1024**2:.0f} MiB; {seen['failures']}"
    )


if __name__ == "__main__":
    main()
