# ruff: noqa: RUF001 - brackets may be full-width
"""Every body and every document that a prose names, each by its first mention."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.extract.namespans import NameSpan
from kg.extract.prose import Prose
from kg.model.evidence import Found
from kg.model.records import Author, Named, ThingKind

_BODIES = (ThingKind.BODY,)
_DOCUMENTS = (ThingKind.PLAN, ThingKind.PROGRAMME)


def bodies(prose: Prose, authors: Iterable[Found[Author]]) -> Iterator[Found[Named]]:
    """The bodies that the prose names, then those in brackets behind authors' names, which do not publish the report.

    An acronym counts as a mention of what the page, or the authority, says that it stands for. Where an author comes
    from tells nothing of the country written about.
    """
    spans = [author.value.affiliation.evidence.span for author in authors if author.value.affiliation]
    bracketed = [span for span in spans if prose.content[span.start - 1] in "(（"]
    printed = [name for span in bracketed for name in prose.finder.names(prose.content, span.start, span.end)]
    elsewhere = {name.name for name in printed}
    for found in _first(prose, [*_names(prose), *printed], _BODIES):
        foreign = found.evidence.span in elsewhere and not found.value.resolution.linked
        yield replace(found, value=replace(found.value, jurisdiction=None)) if foreign else found


def documents(prose: Prose, project: Found[str] | None) -> Iterator[Found[Named]]:
    """The plans, programmes and laws that the prose names, then the project that the header names."""
    yield from _first(prose, _names(prose), _DOCUMENTS)
    if project:
        thing = Named(kind=ThingKind.PROGRAMME, name=project.value, jurisdiction=prose.setting.jurisdiction)
        yield Found(value=thing, evidence=project.evidence, method=project.method)


def _names(prose: Prose) -> list[NameSpan]:
    return [name for sentence in prose.sentences for name in sentence.names]


def _first(prose: Prose, names: Iterable[NameSpan], kinds: tuple[ThingKind, ...]) -> Iterator[Found[Named]]:
    """The things of these kinds, each by its first mention; a document once for each name it is given."""
    seen: set[str] = set()
    for name in names:
        if name.kind not in kinds:
            continue
        found = prose.named(name, f"name/{name.kind.value}")
        linked = found.value.resolution.linked if name.kind is ThingKind.BODY else None
        same = linked or prose.line(prose.meaning(name).name).casefold()
        if same not in seen:
            seen.add(same)
            yield found
