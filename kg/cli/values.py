"""Values of a record in one line each, for people."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from typing import Any, Final

from kg.model.dates import PartialDate
from kg.model.records import Author, Lesson, Named, Series, Statement

_LONGEST: Final = 160
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


def value_text(value: object) -> str:
    """The value on one line; long words are cut."""
    for kind, written in _WRITERS.items():
        if isinstance(value, kind):
            return written(value)
    return textwrap.shorten(str(value), _LONGEST, placeholder=" …")


def local(iri: str) -> str:
    """An IRI's telling end: `body/jp-csti`, `function/resource-allocation`."""
    return "/".join(iri.split("/")[-2:]) if "://" in iri else iri


def _author(author: Author) -> str:
    at = f" ({author.affiliation.value})" if author.affiliation else ""
    parts = f": family name {author.family}, given name {author.given or 'none'}" if author.family else ""
    return f"{author.position}. {author.name}{at}{parts}"


def _named(thing: Named) -> str:
    acronym = f" ({thing.acronym.value})" if thing.acronym and thing.acronym.value != thing.name else ""
    return f"{' '.join(thing.name.split())}{acronym} → {_resolution(thing)}"


def _resolution(thing: Named) -> str:
    resolution = thing.resolution
    if resolution.linked:
        return local(resolution.linked)
    proposed = ", ".join(f"{local(each.iri)} {each.score}" for each in resolution.candidates)
    return f"linked to none of {proposed}" if proposed else "not in the authority"


def _statement(statement: Statement) -> str:
    subject = statement.subject.value.name if statement.subject else "the mechanism"
    value = statement.object
    meant = value.value.name if isinstance(value.value, Named) else local(str(value.value))
    relation = _HUMP.sub(" ", statement.relation.value).casefold()
    return f"{' '.join(subject.split())} {relation} {' '.join(meant.split())}"


def _lesson(lesson: Lesson) -> str:
    return f"concerns {', '.join(local(each.value) for each in lesson.concerns) or 'nothing that is known'}"


_WRITERS: Final[Mapping[type, Callable[[Any], str]]] = {
    PartialDate: lambda date: date.iso,
    Series: lambda series: series.name,
    Author: _author,
    Named: _named,
    Statement: _statement,
    Lesson: _lesson,
}
