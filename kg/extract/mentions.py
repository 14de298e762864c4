"""Every body and every document that a prose names, each by its first mention."""

from __future__ import annotations

from collections.abc import Iterator

from kg.extract.prose import Prose
from kg.model.evidence import Found
from kg.model.records import Named, ThingKind

BODIES = frozenset({ThingKind.BODY})
DOCUMENTS = frozenset({ThingKind.PLAN, ThingKind.PROGRAMME})


def mentions(prose: Prose, kinds: frozenset[ThingKind]) -> Iterator[Found[Named]]:
    """The things of these kinds, in the order in which the prose first names them.

    An acronym counts as a mention of what the page, or the authority, says that it stands for.
    """
    seen: set[str] = set()
    for sentence in prose.sentences:
        for name in sentence.names:
            if name.kind not in kinds:
                continue
            found = prose.named(name, f"name/{name.kind.value}")
            same = found.value.resolution.linked or prose.line(prose.meaning(name).name).casefold()
            if same not in seen:
                seen.add(same)
                yield found
