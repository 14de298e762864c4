"""Changes for people, for programs, for a release's notes, and as a patch that makes the old graph the new one."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from enum import Enum
from itertools import groupby
from typing import TYPE_CHECKING

from kg.rdf.vocab import PREFIXES
from kg.store.diff.changes import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store.diff.changes import Change, Changes
    from kg.store.diff.claims import Cause
    from kg.store.diff.quads import Difference

_DATATYPE = re.compile(r"\^\^<http://www\.w3\.org/2001/XMLSchema#(\w+)>$")
_SIGNS = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.CHANGED: "~"}


class DiffFormat(Enum):
    """How a difference is written; the value is what the command line calls it.

    PATCH is RDF Patch: a line a quad, `A` for one to add, `D` for one to delete, in one transaction. ADDED and REMOVED
    are N-Quads of the one half.
    """

    HUMAN = "human"
    JSON = "json"
    MARKDOWN = "markdown"
    PATCH = "patch"
    ADDED = "nquads-added"
    REMOVED = "nquads-removed"


def rendered(form: DiffFormat, found: Difference, told: Changes, *, names: tuple[str, str]) -> Iterator[str]:
    """The lines of a difference, without their line ends; the names are those of the two graphs, the old one first."""
    match form:
        case DiffFormat.HUMAN:
            yield from _human(told, names)
        case DiffFormat.JSON:
            yield _json(found, told, names)
        case DiffFormat.MARKDOWN:
            yield from _markdown(told, names)
        case DiffFormat.PATCH:
            yield from _patch(found)
        case DiffFormat.ADDED:
            yield from (f"{quad} ." for quad in found.added)
        case DiffFormat.REMOVED:
            yield from (f"{quad} ." for quad in found.removed)


def tally(told: Changes) -> str:
    """How much changed, in one line; no changes say so."""
    parts = [
        f"{noun}: {counts}"
        for noun, kinds in (
            ("things", [each.kind for each in told.things]),
            ("statements", [each.kind for each in told.statements]),
            ("claims", [each.kind for each in told.claims]),
        )
        if (counts := _counts(kinds))
    ]
    moved = [f"{told.moved:,} claims at another place in the same words"] if told.moved else []
    return "; ".join([*parts, *moved]) or "nothing changed"


def _counts(kinds: list[Kind]) -> str:
    return ", ".join(f"{kinds.count(kind):,} {kind.value}" for kind in Kind if kind in kinds)


def _human(told: Changes, names: tuple[str, str]) -> Iterator[str]:
    yield f"{names[0]} → {names[1]}: {tally(told)}"
    kinds = {each.thing: each for each in told.things}
    for subject, group in groupby(told.statements, key=lambda change: change.subject):
        thing = kinds.get(subject)
        word = f"  ({', '.join(map(_short, thing.types))}, {thing.kind.value})" if thing else ""
        yield f"\n{_short(subject)}{word}"
        for change in group:
            yield f"  {_SIGNS[change.kind]} {_short(change.predicate)}  {_step(change)}"
            yield from _causes(change, "      ")
    only = [change for change in told.claims if _beside(change, told)]
    if only:
        yield "\nclaims whose statement stays"
        for change in only:
            denied = "denied: " if change.denied else ""
            statement = f"{_short(change.subject)} {_short(change.predicate)}"
            yield f"  {_SIGNS[change.kind]} {denied}{statement}  {_step(change)}"
            yield from _causes(change, "      ")


def _beside(change: Change, told: Changes) -> bool:
    """Whether no statement that changed tells of this claim already."""
    return change.denied or not any(
        (each.subject, each.predicate) == (change.subject, change.predicate)
        and (each.before == change.before or each.after == change.after)
        for each in told.statements
    )


def _step(change: Change) -> str:
    before, after = (None if value is None else _short(value) for value in (change.before, change.after))
    return f"{before} → {after}" if before and after and before != after else str(after or before)


def _causes(change: Change, indent: str) -> Iterator[str]:
    both = change.kind is Kind.CHANGED
    for word, causes in (("before", change.causes_before), ("now", change.causes_after)):
        for cause in causes:
            yield f"{indent}{f'{word}: ' if both else ''}{_cause(cause)}"


def _cause(cause: Cause) -> str:
    return f"{cause.place}: {cause.rule}: “{' '.join(cause.quote.split())}”"


def _json(found: Difference, told: Changes, names: tuple[str, str]) -> str:
    content = {
        "from": names[0],
        "to": names[1],
        "quads": {"added": len(found.added), "removed": len(found.removed)},
        **asdict(told),
    }
    return json.dumps(content, ensure_ascii=False, indent=2, default=lambda value: value.value)


def _markdown(told: Changes, names: tuple[str, str]) -> Iterator[str]:
    yield f"# {names[0]} → {names[1]}\n\n{tally(told)[:1].upper()}{tally(told)[1:]}."
    for kind in Kind:
        things = [each for each in told.things if each.kind is kind]
        if things:
            yield f"\n## Things {kind.value}\n"
            yield from (f"- {_code(each.thing)} ({', '.join(map(_short, each.types))})" for each in things)
    if told.statements:
        yield "\n## Statements\n\n| | Thing | Property | Value | Words |\n|---|---|---|---|---|"
        yield from map(_row, told.statements)


def _row(change: Change) -> str:
    words = "<br>".join(_cell(_cause(cause)) for cause in change.causes_after or change.causes_before)
    cells = (_SIGNS[change.kind], _code(change.subject), _code(change.predicate), _cell(_step(change)), words)
    return f"| {' | '.join(cells)} |"


def _code(term: str) -> str:
    return f"`{_short(term).replace('|', chr(92) + '|')}`"


def _cell(text: str) -> str:
    """Text in a cell of a table: what Markdown and HTML would obey is escaped."""
    for letter in "\\`*_[]|<>&":
        text = text.replace(letter, f"&#{ord(letter)};" if letter in "<>&" else f"\\{letter}")
    return text


def _patch(found: Difference) -> Iterator[str]:
    yield "TX ."
    yield from (f"D {quad} ." for quad in found.removed)
    yield from (f"A {quad} ." for quad in found.added)
    yield "TC ."


def _short(term: str) -> str:
    """A term as people write it: our own IRIs by their last part, others with their prefix."""
    if not term.startswith("<"):
        return _DATATYPE.sub(r"^^xsd:\1", term)
    iri = term[1:-1]
    if "/id/" in iri:
        return iri.rpartition("/id/")[2]
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return term
