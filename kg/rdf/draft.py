"""A new entry of the authority as Turtle, in the manner of the files that come with Policy KG."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg.model.dates import PartialDate
from kg.model.knowledge import EntryKind, NameKind
from kg.rdf.literals import DATE_TYPES
from kg.rdf.vocab import COORD, NAMESPACES, SKOS, XSD

_PREFERRED = frozenset({NameKind.OFFICIAL, NameKind.NATIVE})
_GENERAL_KNOWLEDGE = "id/source/general-knowledge"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSource:
    """Where it was read: an address, or a source that the authority has (without an address)."""

    iri: str
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry that is to be added.

    Attributes:
        key: what stands behind `id/` in its IRI: `body/fi-academy`.
        names: its names with their kinds.
        facts: what is said of it.
        sources: where all of it was read; for want of them it is general knowledge, and unverified.
    """

    base: str
    key: str
    kind: EntryKind
    names: tuple[tuple[NameKind, Literal], ...]
    facts: tuple[tuple[NamedNode, NamedNode | Literal], ...]
    sources: tuple[DraftSource, ...]


def date(value: PartialDate) -> Literal:
    """A date as the value of a fact."""
    return Literal(value.iso, datatype=XSD(DATE_TYPES[len(value.iso)]))


def draft_turtle(draft: Draft) -> str:
    """The entry in Turtle, with relative IRIs; each name and each fact with its sources."""
    body = "\n".join([*_sources(draft), _entry(draft), *_names(draft), *_facts(draft)])
    used = (each for each in NAMESPACES if f"{each.prefix}:" in body)
    prefixes = "".join(f"@prefix {each.prefix}: <{each.iri}> .\n" for each in used)
    return f"# {draft.names[0][1].value}\n\n{prefixes}\n{body}\n"


def _sources(draft: Draft) -> Iterator[str]:
    for source in draft.sources:
        if source.address:
            label = Literal(source.address, language="en")
            yield f"<{source.iri}> a coord:Source ; rdfs:label {label} ; foaf:page <{source.address}> ."


def _entry(draft: Draft) -> str:
    labels = [f"{_term(draft, _label(kind))} {_label_value(kind, name)}" for kind, name in draft.names]
    facts = [f"{_term(draft, predicate)} {_term(draft, value)}" for predicate, value in draft.facts]
    kind = _term(draft, COORD(draft.kind.value))
    return f"<id/{draft.key}> a {kind} ;\n    " + " ;\n    ".join([*dict.fromkeys(labels), *facts]) + " ."


def _label(kind: NameKind) -> NamedNode:
    if kind is NameKind.ACRONYM:
        return COORD("acronym")
    return SKOS("prefLabel") if kind in _PREFERRED else SKOS("altLabel")


def _label_value(kind: NameKind, name: Literal) -> Literal:
    return Literal(name.value) if kind is NameKind.ACRONYM else name


def _names(draft: Draft) -> Iterator[str]:
    last = draft.key.rpartition("/")[2]
    for number, (kind, name) in enumerate(draft.names, start=1):
        yield (
            f"<id/name/{last}/{number}> a coord:Name ; coord:nameOf <id/{draft.key}> ;\n"
            f"    coord:nameKind coord:{kind.value} ; skosxl:literalForm {name} ; {_basis(draft)} ."
        )


def _facts(draft: Draft) -> Iterator[str]:
    last = draft.key.rpartition("/")[2]
    for number, (predicate, value) in enumerate(draft.facts, start=1):
        yield (
            f"<id/fact/{last}/{number}> a coord:SourcedFact ; rdf:subject <id/{draft.key}> ;\n"
            f"    rdf:predicate {_term(draft, predicate)} ; rdf:object {_term(draft, value)} ;\n    {_basis(draft)} ."
        )


def _basis(draft: Draft) -> str:
    sources = [f"<{source.iri}>" for source in draft.sources] or [f"<{_GENERAL_KNOWLEDGE}>"]
    return f"dcterms:source {' , '.join(sources)} ; coord:verification coord:{'V' if draft.sources else 'Unv'}erified"


def _term(draft: Draft, term: NamedNode | Literal) -> str:
    """The term as it is written: relative to the base, with a prefix, or in full."""
    if isinstance(term, Literal):
        written = str(term)
        xsd = next(each for each in NAMESPACES if each.prefix == "xsd")
        head, typed, datatype = written.rpartition("^^<" + xsd.iri)
        return f"{head}^^xsd:{datatype.removesuffix('>')}" if typed else written
    if term.value.startswith(draft.base):
        return f"<{term.value.removeprefix(draft.base)}>"
    for space in NAMESPACES:
        local = term.value.removeprefix(space.iri)
        if local != term.value and local.replace("-", "").isalnum():
            return f"{space.prefix}:{local}"
    return f"<{term.value}>"
