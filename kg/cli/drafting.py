"""The words of `kg authority add` as an entry to be written, or what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from kg.model.dates import PartialDate
from kg.model.errors import UsageError
from kg.model.knowledge import Entry, EntryKind, Knowledge, NameKind, Scheme

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode

    from kg.rdf.draft import Draft, DraftSource
    from kg.rdf.iris import Minter

KINDS: Final[Mapping[str, EntryKind]] = {
    "body": EntryKind.BODY,
    "institution": EntryKind.INSTITUTION,
    "plan": EntryKind.PLAN,
    "plan-series": EntryKind.PLAN_SERIES,
    "programme": EntryKind.PROGRAMME,
}
NAME_KINDS: Final[Mapping[str, NameKind]] = {
    "official": NameKind.OFFICIAL,
    "native": NameKind.NATIVE,
    "former": NameKind.FORMER,
    "acronym": NameKind.ACRONYM,
    "translated": NameKind.TRANSLATION,
    "variant": NameKind.VARIANT,
}
_KEY: Final = re.compile(r"(body|institution|plan|plan-series|programme)/([a-z0-9]+(?:-[a-z0-9]+)*)")
_NAME: Final = re.compile(
    rf"(?:(?P<kind>{'|'.join(NAME_KINDS)}):)?(?P<text>.*?\S.*?)(?:@(?P<language>[a-z]{{2,3}}(?:-[A-Za-z0-9]+)*))?"
)
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")


class Drafter:
    """Turns the words of a command line into a draft, with what is known already."""

    def __init__(self, knowledge: Knowledge, minter: Minter) -> None:
        self._knowledge = knowledge
        self._minter = minter

    def draft(self, key: str, names: Sequence[str], facts: Sequence[str], sources: Sequence[str]) -> Draft:
        """The entry that the words describe.

        Raises:
            UsageError: they describe none, or one that is there already.
        """
        from kg.rdf.draft import Draft

        parts = _KEY.fullmatch(key)
        if parts is None:
            raise UsageError(
                f"{key!r} is no key; expected {'/, '.join(KINDS)}/ and small letters, as in body/fi-academy"
            )
        folder = "plan" if parts[1] == "plan-series" else parts[1]
        draft = Draft(
            base=self._minter.base,
            key=f"{folder}/{parts[2]}",
            kind=KINDS[parts[1]],
            names=tuple(map(_name, names)),
            facts=tuple(self._fact(fact, KINDS[parts[1]]) for fact in facts),
            sources=tuple(map(self._source, sources)),
        )
        self._refuse_twice(draft, {literal.value for _, literal in draft.names if literal.value})
        if not any(kind is NameKind.OFFICIAL and name.language == "en" for kind, name in draft.names):
            raise UsageError("an entry needs an official name in English, such as --name 'Academy of Finland'")
        return draft

    def entry(self, key: str) -> Entry:
        """The entry of the authority with a key such as `jp-csti` or `body/jp-csti`, or with an IRI.

        Raises:
            UsageError: there is none.
        """
        from kg.extract.proposals import proposals

        full = key if "://" in key else self._minter.thing(*key.removeprefix("id/").split("/", 1))
        entry = self._knowledge.by_iri.get(full)
        found = [entry] if entry else [each for each in self._knowledge.entries if each.key == key]
        if len(found) == 1:
            return found[0]
        likely = found or [each.entry for each in proposals(key, self._knowledge.entries, 3)]
        told = ", ".join(self._minter.key(each.iri) or each.iri for each in likely)
        raise UsageError(f"the authority has no entry {key!r}" + (f"; perhaps {told}" if told else ""))

    def _refuse_twice(self, draft: Draft, names: set[str]) -> None:
        from kg.rdf.iris import identity_key

        last = draft.key.rpartition("/")[2]
        twin = next((each for each in self._knowledge.entries if each.key == last), None)
        if twin:
            raise UsageError(f"the authority has {self._minter.key(twin.iri)} already: {twin.label}")
        places = {value.value for predicate, value in draft.facts if predicate.value.endswith("#jurisdiction")}
        codes = {code for code, entry in self._knowledge.jurisdictions.items() if entry.iri in places}
        keys = {identity_key(name) for name in names}
        for entry in self._knowledge.entries:
            if entry.kind is EntryKind.JURISDICTION or (codes and entry.jurisdiction not in {*codes, None}):
                continue
            same = next((name for name in entry.names if identity_key(name.text) in keys), None)
            if same and same.kind is not NameKind.ACRONYM:
                raise UsageError(f"{same.text!r} is a name of {self._minter.key(entry.iri)} already")

    def _fact(self, written: str, kind: EntryKind) -> tuple[NamedNode, NamedNode | Literal]:
        from kg.rdf.vocab import COORD, DCTERMS, ORG

        plan = kind in (EntryKind.PLAN, EntryKind.PLAN_SERIES)
        readers: Mapping[str, tuple[NamedNode, Callable[[str], NamedNode | Literal]]] = {
            "jurisdiction": (COORD("jurisdiction"), self._jurisdiction),
            "type": (ORG("classification"), self._body_type),
            "part-of": (DCTERMS("isPartOf") if plan else ORG("subOrganizationOf"), self._linked),
            "reports-to": (ORG("reportsTo"), self._linked),
            "coordinated-by": (COORD("coordinatedBy"), self._linked),
            "predecessor": (COORD("predecessor"), self._linked),
            "successor": (COORD("successor"), self._linked),
            "start": (COORD("startDate"), _date),
            "end": (COORD("endDate"), _date),
            "decided-on": (COORD("decidedOn"), _date),
            "chaired-by": (COORD("chairedBy"), _plain),
            "note": (COORD("note"), _english),
        }
        name, _, value = written.partition("=")
        if name not in readers or not value.strip():
            raise UsageError(f"{written!r} is no fact; expected NAME=VALUE, where NAME is one of {', '.join(readers)}")
        predicate, read = readers[name]
        return predicate, read(value.strip())

    def _jurisdiction(self, code: str) -> NamedNode:
        entry = self._knowledge.jurisdictions.get(code.upper())
        if entry is None:
            known = ", ".join(sorted(self._knowledge.jurisdictions))
            raise UsageError(f"there is no jurisdiction {code!r}; the authority has {known}")
        return _node(entry.iri)

    def _body_type(self, name: str) -> NamedNode:
        types = {each.iri.rpartition("/")[2]: each.iri for each in self._knowledge.in_scheme(Scheme.BODY_TYPE)}
        if name not in types:
            raise UsageError(f"there is no body type {name!r}; the vocabulary has {', '.join(sorted(types))}")
        return _node(types[name])

    def _linked(self, key: str) -> NamedNode:
        return _node(self.entry(key).iri)

    def _source(self, written: str) -> DraftSource:
        from kg.rdf.draft import DraftSource
        from kg.rdf.iris import marked_segment

        if _ADDRESS.fullmatch(written):
            return DraftSource(iri=f"id/source/{marked_segment(written)}", address=written)
        if re.fullmatch(r"[a-z0-9-]+", written):
            return DraftSource(iri=f"id/source/{written}")
        raise UsageError(f"{written!r} is no source; expected an http or https address, or the key of one, such as s12")


def _name(written: str) -> tuple[NameKind, Literal]:
    from pyoxigraph import Literal

    parts = _NAME.fullmatch(written)
    if parts is None:
        raise UsageError(f"{written!r} is no name; expected [KIND:]TEXT[@LANGUAGE], as in 'former:Lake Board@en'")
    language = parts["language"] or "en"
    kind = NAME_KINDS.get(parts["kind"] or "", NameKind.OFFICIAL if language == "en" else NameKind.NATIVE)
    return kind, Literal(" ".join(parts["text"].split()), language=language)


def _date(written: str) -> Literal:
    from kg.rdf.draft import date

    try:
        return date(PartialDate.parse(written))
    except ValueError as error:
        raise UsageError(str(error)) from error


def _plain(written: str) -> Literal:
    from pyoxigraph import Literal

    return Literal(written)


def _english(written: str) -> Literal:
    from pyoxigraph import Literal

    return Literal(written, language="en")


def _node(iri: str) -> NamedNode:
    from pyoxigraph import NamedNode

    return NamedNode(iri)
