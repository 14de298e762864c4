"""What is known before reading: the hand-kept ontology as plain data for readers and as quads for the graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final, TypeVar

from pyoxigraph import NamedNode, Quad

from kg.model.dates import PartialDate
from kg.model.knowledge import Concept, Entry, EntryKind, Knowledge, Name, NameKind, Scheme
from kg.rdf.iris import Minter
from kg.rdf.turtle import Descriptions, TurtleFile, own_files, turtle_files
from kg.rdf.vocab import COORD, DCTERMS, ORG, SKOS, SKOSXL, TYPE

AUTHORITY: Final = "authority/*.ttl"
VOCABULARIES: Final = "vocabularies/*.ttl"
ALIGNMENTS: Final = "alignments/*.ttl"
TERMS: Final = "coord.ttl"

_T = TypeVar("_T")
_ENTRY_KINDS: Final = {
    (DCTERMS if kind is EntryKind.JURISDICTION else COORD)(kind.value).value: kind for kind in EntryKind
}
_NAME_KINDS: Final = {COORD(kind.value).value: kind for kind in NameKind}
_SCHEMES: Final = {COORD(scheme.value).value: scheme for scheme in Scheme}
_RANK: Final = {kind: rank for rank, kind in enumerate(NameKind)}
_NAME: Final = COORD("Name").value
_START, _END = COORD("startDate"), COORD("endDate")
_PREFERRED, _OTHER = SKOS("prefLabel"), SKOS("altLabel")
_JURISDICTION: Final = COORD("jurisdiction")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFiles:
    """The files that are kept by hand, read once for all that is made of them."""

    terms: tuple[TurtleFile, ...]
    vocabularies: tuple[TurtleFile, ...]
    alignments: tuple[TurtleFile, ...]
    authority: tuple[TurtleFile, ...]

    @classmethod
    def read(cls, ontology: Path, minter: Minter, own: Path | None = None) -> KeptFiles:
        """The files of the ontology's folder and of one's own; the arguments are those of `read_knowledge`.

        Raises:
            KnowledgeError: a file does not parse or holds a blank node.
        """
        return cls(
            authority=tuple(authority_files(ontology, minter, own)),
            terms=tuple(turtle_files(ontology, TERMS, minter)),
            vocabularies=tuple(turtle_files(ontology, VOCABULARIES, minter)),
            alignments=tuple(turtle_files(ontology, ALIGNMENTS, minter)),
        )


def read_knowledge(ontology: Path, minter: Minter, own: Path | None = None) -> Knowledge:
    """The authority's entries and the vocabularies' concepts, in the order of their IRIs.

    Args:
        ontology: the folder that holds coord.ttl, vocabularies/ and authority/.
        minter: mints under the deployment's base, against which the authority's relative IRIs are resolved.
        own: a folder of the deployment's own Turtle files, read as part of the authority.

    Raises:
        KnowledgeError: a file does not parse, holds a blank node, or says something that cannot be used.
    """
    return knowledge_of(KeptFiles.read(ontology, minter, own), minter)


def knowledge_of(files: KeptFiles, minter: Minter) -> Knowledge:
    """As `read_knowledge`, of files that were read before.

    Raises:
        KnowledgeError: a file says something that cannot be used.
    """
    authority, vocabularies = Descriptions.of(files.authority), Descriptions.of(files.vocabularies)
    return Knowledge(entries=tuple(_entries(authority, minter)), concepts=tuple(_concepts(vocabularies)))


def authority_files(ontology: Path, minter: Minter, own: Path | None = None) -> Iterator[TurtleFile]:
    """The authority's files: those of the ontology, then those of a folder of one's own.

    Raises:
        KnowledgeError: a file does not parse or holds a blank node, or there is no such folder.
    """
    return chain(turtle_files(ontology, AUTHORITY, minter), own_files(own, minter) if own else ())


def knowledge_quads(ontology: Path, minter: Minter, own: Path | None = None) -> tuple[Quad, ...]:
    """Every statement of the ontology's files, once and sorted.

    The authority's stand in the named graph `authority`, those of the terms, vocabularies and alignments in `ontology`.

    Raises:
        KnowledgeError: a file does not parse or holds a blank node.
    """
    return quads_of(KeptFiles.read(ontology, minter, own), minter)


def quads_of(files: KeptFiles, minter: Minter) -> tuple[Quad, ...]:
    """As `knowledge_quads`, of files that were read before."""
    terms = (*files.terms, *files.vocabularies, *files.alignments)
    quads: set[Quad] = set()
    for name, of_graph in (("ontology", terms), ("authority", files.authority)):
        graph = NamedNode(minter.graph(name))
        for file in of_graph:
            quads.update(Quad(*statement, graph) for statement in file.statements)
    return tuple(sorted(quads, key=str))


def _kind(described: Descriptions, subject: str, kinds: Mapping[str, _T]) -> _T | None:
    """What the subject is by its type, if it is one of these kinds."""
    return next((kinds[of_type] for of_type in described.iris(subject, TYPE) if of_type in kinds), None)


def _entries(authority: Descriptions, minter: Minter) -> Iterator[Entry]:
    kinds = {subject: kind for subject in authority.subjects() if (kind := _kind(authority, subject, _ENTRY_KINDS))}
    codes = {subject: _code(authority, subject) for subject, kind in kinds.items() if kind is EntryKind.JURISDICTION}
    names = _names(authority, kinds)
    for subject, kind in kinds.items():
        if not names[subject]:
            raise authority.fault(subject, "has no name; give it a coord:Name")
        yield Entry(
            iri=subject,
            key=_key(authority, subject, minter),
            kind=kind,
            names=tuple(sorted(names[subject], key=_name_order)),
            jurisdiction=codes.get(subject) or _jurisdiction(authority, subject, codes),
            body_type=authority.only_iri(subject, ORG("classification")),
            parents=_parents(authority, subject, kinds),
            start=_date(authority, subject, _START),
            end=_date(authority, subject, _END),
        )


def _key(authority: Descriptions, subject: str, minter: Minter) -> str:
    key = minter.key(subject)
    if key is None:
        raise authority.fault(subject, f"lies outside {minter.base}id/; write its IRI as <id/…>")
    return key.rpartition("/")[2]


def _code(authority: Descriptions, subject: str) -> str:
    notation = authority.only_literal(subject, SKOS("notation"))
    if notation is None:
        raise authority.fault(subject, "has no code; give it a skos:notation")
    return notation.value


def _jurisdiction(authority: Descriptions, subject: str, codes: Mapping[str, str]) -> str | None:
    jurisdiction = authority.only_iri(subject, _JURISDICTION)
    if jurisdiction is None:
        return None
    if jurisdiction not in codes:
        raise authority.fault(subject, f"belongs to <{jurisdiction}>, which is no jurisdiction of the authority")
    return codes[jurisdiction]


def _parents(authority: Descriptions, subject: str, kinds: Mapping[str, EntryKind]) -> tuple[str, ...]:
    parents = {*authority.iris(subject, ORG("subOrganizationOf")), *authority.iris(subject, DCTERMS("isPartOf"))}
    for parent in sorted(parents):
        if parent not in kinds:
            raise authority.fault(subject, f"is part of <{parent}>, which is no entry of the authority")
    return tuple(sorted(parents))


def _date(described: Descriptions, subject: str, predicate: NamedNode) -> PartialDate | None:
    literal = described.only_literal(subject, predicate)
    if literal is None:
        return None
    try:
        return PartialDate.parse(literal.value)
    except ValueError as error:
        raise described.fault(
            subject, f"has the date {literal.value!r}; expected 2014, 2014-05 or 2014-05-19"
        ) from error


def _names(authority: Descriptions, kinds: Mapping[str, EntryKind]) -> dict[str, list[Name]]:
    """Names by their bearer: a jurisdiction's are its labels, every other entry's are its coord:Name nodes."""
    names: dict[str, list[Name]] = {
        subject: list(_labels(authority, subject)) if kind is EntryKind.JURISDICTION else []
        for subject, kind in kinds.items()
    }
    for subject in authority.subjects():
        if _NAME not in authority.iris(subject, TYPE):
            continue
        bearer = authority.only_iri(subject, COORD("nameOf"))
        if bearer not in names:
            raise authority.fault(subject, f"names {f'<{bearer}>' if bearer else 'nothing'}; expected an entry")
        names[bearer].append(_name(authority, subject))
    return names


def _labels(authority: Descriptions, subject: str) -> Iterator[Name]:
    for label in authority.literals(subject, _PREFERRED):
        kind = NameKind.OFFICIAL if label.language == "en" else NameKind.TRANSLATION
        yield Name(text=label.value, language=label.language or "", kind=kind)
    for label in authority.literals(subject, _OTHER):
        yield Name(text=label.value, language=label.language or "", kind=NameKind.VARIANT)


def _name(authority: Descriptions, subject: str) -> Name:
    form = authority.only_literal(subject, SKOSXL("literalForm"))
    if form is None or form.language is None:
        raise authority.fault(subject, "has no literal form with a language tag")
    kind = authority.only_iri(subject, COORD("nameKind"))
    if kind not in _NAME_KINDS:
        expected = ", ".join(f"coord:{known.value}" for known in NameKind)
        raise authority.fault(subject, f"is of the kind {f'<{kind}>' if kind else 'none'}; expected one of {expected}")
    return Name(
        text=form.value,
        language=form.language,
        kind=_NAME_KINDS[kind],
        start=_date(authority, subject, _START),
        end=_date(authority, subject, _END),
    )


def _name_order(name: Name) -> tuple[bool, int, str, str, str]:
    """English first, then official before native before former names, then the older."""
    started = name.start.iso if name.start else ""
    return (name.language != "en", _RANK[name.kind], name.language, started, name.text)


def _concepts(vocabularies: Descriptions) -> Iterator[Concept]:
    for subject in vocabularies.subjects():
        scheme = _kind(vocabularies, subject, _SCHEMES)
        if scheme is None:
            continue
        labels = _english(vocabularies, subject, _PREFERRED)
        if len(labels) != 1:
            raise vocabularies.fault(subject, f"has {len(labels)} preferred labels in English; expected one")
        spelt = tuple(label.lower() for label in (*labels, *_english(vocabularies, subject, _OTHER)))
        yield Concept(
            iri=subject,
            scheme=scheme,
            label=labels[0],
            cues=_once((*spelt, *_texts(vocabularies, subject, COORD("cue")))),
            heads=_texts(vocabularies, subject, COORD("headNoun")),
            translates_like=vocabularies.iris(subject, COORD("translatesLike")),
        )


def _english(vocabularies: Descriptions, subject: str, predicate: NamedNode) -> tuple[str, ...]:
    return tuple(label.value for label in vocabularies.literals(subject, predicate) if label.language == "en")


def _texts(vocabularies: Descriptions, subject: str, predicate: NamedNode) -> tuple[str, ...]:
    return tuple(text.value for text in vocabularies.literals(subject, predicate))


def _once(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
