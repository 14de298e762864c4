"""Good clients, as a program of their own: `good.py HOST PORT CLIENTS` asks until its standard input ends.

Each keeps one connection and an address of its own on this machine, asks for a page, a document or a small query in
turn, and pauses a tenth of a second as a reader would. At the end it prints what they saw as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from urllib.parse import quote

import h11

EX = "http://example.org/"
PAUSE = 0.1
_SMALL = (
    f"SELECT ?o {{ <{EX}n7> <{EX}number> ?o }}",
    f"SELECT ?s ?o {{ ?s <{EX}next> ?o }} LIMIT 20",
    f"ASK {{ <{EX}n1> <{EX}next> <{EX}n2> }}",
    f"SELECT (COUNT(*) AS ?n) {{ <{EX}hub> <{EX}member> ?m }}",
)
TARGETS = (*(f"/sparql?query={quote(query)}" for query in _SMALL), "/", "/doc/body/council", "/doc/body/council.ttl")


async def _asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: str) -> int:
    """The status of one request, its body read to the end."""
    connection = h11.Connection(h11.CLIENT)
    request = h11.Request(method="GET", target=target, headers=[("Host", "127.0.0.1"), ("Accept", "*/*")])
    writer.write(connection.send(request) + connection.send(h11.EndOfMessage()))
    status = 0
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(65536))
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.EndOfMessage):
            return status


async def _client(
    number: int, host: str, port: int, ended: asyncio.Event, seen: list[tuple[str, int | str, float]]
) -> None:
    connection = None
    turn = number
    while not ended.is_set():
        target = TARGETS[turn % len(TARGETS)]
        turn += 1
        began = time.perf_counter()
        try:
            if connection is None:
                connection = await asyncio.open_connection(host, port, local_addr=(f"127.0.1.{number + 1}", 0))
            status: int | str = await _asked(*connection, target)
        except (OSError, h11.RemoteProtocolError) as error:
            connection, status = None, f"{type(error).__name__}: {error}"
        seen.append((target, status, time.perf_counter() - began))
        try:
            async with asyncio.timeout(PAUSE):
                await ended.wait()
        except TimeoutError:
            continue


async def _main(host: str, port: int, clients: int) -> None:
    ended, seen = asyncio.Event(), []
    asking = [asyncio.create_task(_client(number, host, port, ended, seen)) for number in range(clients)]
    await asyncio.to_thread(sys.stdin.read)
    ended.set()
    await asyncio.gather(*asking)
    json.dump(summary(seen), sys.stdout)


def summary(seen: list[tuple[str, int | str, float]]) -> dict[str, object]:
    """How many were asked, which failed, and how long the others took, in milliseconds."""
    failed = [f"{status} {target[:60]}" for target, status, _ in seen if status != 200]
    times = sorted(seconds * 1000 for _, status, seconds in seen if status == 200) or [float("nan")]
    return {
        "asked": len(seen),
        "failed": len(failed),
        "failures": sorted(set(failed)),
        "p50": times[len(times) // 2],
        "p99": times[int(len(times) * 0.99)],
        "longest": times[-1],
    }


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
