"""The tables that all tools of `bench/mapping.py` map, and their mapping in RML.

A table's rows say one thing each of one node; so the same description is RML for some tools and a loop for others.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

BASE = "http://127.0.0.1:8000/"
COORD = "https://w3id.org/policy-kg/coord#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
OA = "http://www.w3.org/ns/oa#"
DCTERMS = "http://purl.org/dc/terms/"
XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True, slots=True)
class Slot:
    """One property of the nodes that a table describes.

    Attributes:
        source: a column, or with `{columns}` in it a template of an IRI.
        kind: `iri`, `string`, `@` and a language, or the local name of a datatype of XML Schema.
    """

    predicate: str
    source: str
    kind: str = "iri"


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV table and what its rows say; the subject is a template of an IRI."""

    name: str
    subject: str
    of_class: str
    slots: tuple[Slot, ...]

    @property
    def columns(self) -> list[str]:
        """The columns that subject and slots take."""
        sources = [self.subject, *(slot.source if "{" in slot.source else f"{{{slot.source}}}" for slot in self.slots)]
        return list(dict.fromkeys(part.split("}")[0] for source in sources for part in source.split("{")[1:]))


_CLAIM = f"{BASE}id/claim/{{report}}/{{claim}}"
_PASSAGE = f"{BASE}id/report/{{report}}#char={{start}},{{end}}"
_MENTION = f"{BASE}id/mention/{{report}}/{{start}}-{{end}}"
_OBJECTS = ("iri", "string", "@en", "integer", "gYear", "gYearMonth", "date")
TABLES = (
    Table(
        "claims",
        _CLAIM,
        f"{COORD}Claim",
        (
            Slot(f"{RDF}subject", "about"),
            Slot(f"{RDF}predicate", "property"),
            Slot(f"{COORD}statedIn", f"{BASE}id/report/{{report}}"),
            Slot(f"{COORD}method", "method", "string"),
            Slot(f"{COORD}confidence", "confidence", "decimal"),
            Slot(f"{COORD}polarity", "polarity", "string"),
        ),
    ),
    Table("evidence", _CLAIM, "", (Slot(f"{COORD}evidence", _PASSAGE),)),
    *(Table(f"objects_{kind.strip('@')}", _CLAIM, "", (Slot(f"{RDF}object", "value", kind),)) for kind in _OBJECTS),
    Table(
        "passages",
        _PASSAGE,
        f"{COORD}Passage",
        (
            Slot(f"{OA}start", "start", "integer"),
            Slot(f"{OA}end", "end", "integer"),
            Slot(f"{OA}exact", "exact", "string"),
            Slot(f"{DCTERMS}isPartOf", f"{BASE}id/page/{{page}}"),
            Slot(f"{COORD}line", "line", "integer"),
            Slot(f"{COORD}column", "column", "integer"),
        ),
    ),
    *(
        Table(
            f"mentions_{name}",
            _MENTION,
            f"{COORD}Mention",
            (
                Slot(f"{COORD}surface", "surface", "string"),
                Slot(f"{OA}hasTarget", _PASSAGE),
                Slot(f"{COORD}{name}", "entity"),
            ),
        )
        for name in ("resolvedTo", "mintedAs")
    ),
)


def rml(folder: Path) -> str:
    """The tables' mapping in RML, with R2RML's vocabulary, which all peers read."""
    maps = [
        f"<#{table.name}> a rr:TriplesMap ;\n"
        f'    rml:logicalSource [ rml:source "{folder / table.name}.csv" ; rml:referenceFormulation ql:CSV ] ;\n'
        f'    rr:subjectMap [ rr:template "{table.subject}"{f" ; rr:class <{table.of_class}>" * bool(table.of_class)} ]'
        + "".join(
            f" ;\n    rr:predicateObjectMap [ rr:predicate <{slot.predicate}> ; rr:objectMap [ {_object_map(slot)} ] ]"
            for slot in table.slots
        )
        + " .\n"
        for table in TABLES
    ]
    return (
        "@prefix rr: <http://www.w3.org/ns/r2rml#> .\n@prefix rml: <http://semweb.mmlab.be/ns/rml#> .\n"
        "@prefix ql: <http://semweb.mmlab.be/ns/ql#> .\n@base <http://example.org/> .\n" + "".join(maps)
    )


def _object_map(slot: Slot) -> str:
    source = f'rr:template "{slot.source}"' if "{" in slot.source else f'rml:reference "{slot.source}"'
    if slot.kind == "iri":
        return f"{source} ; rr:termType rr:IRI"
    if slot.kind.startswith("@"):
        return f'{source} ; rr:language "{slot.kind[1:]}"'
    return source if slot.kind == "string" else f"{source} ; rr:datatype <{XSD}{slot.kind}>"
