"""A kind of hostile query, the statuses that may answer it, and what such queries are made of."""

from __future__ import annotations

from dataclasses import dataclass

EX = "http://example.org/"
#: A port of this machine where nobody listens; the engine refuses to call it.
NOWHERE = "http://127.0.0.1:9/"

LONG = "x" * 1000

#: In place of a status: 200, and then the end of the connection before that of the body.
BROKEN_OFF = 0
ANSWERED = frozenset({200})
SYNTAX = frozenset({400})
FEDERATION = frozenset({403})
TOO_BIG = frozenset({413})
#: Whether time or memory ends it first is the machine's to say.
STOPPED = frozenset({503, 422, BROKEN_OFF})
#: A fast machine answers it.
BOUNDED = ANSWERED | STOPPED


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One way to hurt a SPARQL endpoint."""

    name: str
    text: str
    statuses: frozenset[int]
    why: str


def kind(name: str, text: str, statuses: frozenset[int], why: str) -> Kind:
    """A kind of query; the prefix ex: is declared for it."""
    prefix = "" if text.lstrip().startswith(("PREFIX", "BASE")) else f"PREFIX ex: <{EX}> "
    return Kind(name=name, text=prefix + text, statuses=statuses, why=why)


def crossed(count: int) -> str:
    """So many patterns that match everything and share nothing."""
    return " . ".join(f"?s{n} ?p{n} ?o{n}" for n in range(count))


def doubled(times: int, function: str = "CONCAT(?t{n}, ?t{n})") -> str:
    """From ?t0, so many variables, each made of the one before it."""
    return " ".join(f"BIND({function.format(n=n)} AS ?t{n + 1})" for n in range(times))


def nested(opening: str, times: int, inner: str, closing: str = "}") -> str:
    """What is opened and closed so many times around something."""
    return opening * times + inner + closing * times
