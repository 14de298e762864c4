"""Every rule that a finding may name: the shapes, and what stands beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kg.check.coverage import MESSAGES
from kg.check.rdf_files.rules import MESSAGES as RDF_MESSAGES
from kg.check.rdf_files.rules import SEVERITIES
from kg.check.shapes import SHAPE, ShapeSet, read_all_shapes
from kg.model.verdict import Severity
from kg.rdf.vocab import SH, TYPE

#: No two pages may be the same report.
ONE_PAGE_A_REPORT: Final = f"{SHAPE}Report-one-page"
#: What was to be read could not be.
UNREADABLE: Final = f"{SHAPE}source-unreadable"

_BESIDE: Final = {
    ONE_PAGE_A_REPORT: "Another page is this report already: its place. Leave out the one that says less.",
    UNREADABLE: "This file could not be read, so nothing in it was checked; the reason follows.",
    **{f"{SHAPE}{name}": message for name, message in (*MESSAGES.items(), *RDF_MESSAGES.items())},
}
_BESIDE_SEVERITIES: Final = {f"{SHAPE}{name}": severity for name, severity in SEVERITIES.items()}
_NAME, _MESSAGE, _SEVERITY = SH("name"), SH("message"), SH("severity")
_SHAPES = frozenset({SH("NodeShape"), SH("PropertyShape")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a finding names as broken.

    Attributes:
        title: what it looks at, in a few words.
        message: what is wrong and what to do.
        severity: what it is by itself, before any setting.
        file: the shapes file that describes it; None for a rule that is no shape.
    """

    iri: str
    title: str
    message: str
    severity: Severity
    file: Path | None

    @property
    def name(self) -> str:
        """The part of the IRI that findings show in brackets."""
        return rule_name(self.iri)


def rule_name(iri: str) -> str:
    """The short name of a shape of ours; another's IRI as it is."""
    return iri.removeprefix(SHAPE)


def read_rules(folder: Path) -> Mapping[str, Rule]:
    """The rules by IRI: those of a folder of shapes, and those beside them.

    Raises:
        KnowledgeError: a shapes file cannot be used.
    """
    return rules_of(read_all_shapes(folder))


def rules_of(shapes: ShapeSet) -> Mapping[str, Rule]:
    """The rules by IRI: these shapes, and the rules beside them."""
    described: dict[str, list[Quad]] = defaultdict(list)
    for quad in shapes.quads:
        if isinstance(quad.subject, NamedNode):
            described[quad.subject.value].append(quad)
    named = {
        iri: _rule(iri, quads, shapes.folder / shapes.files[iri])
        for iri, quads in described.items()
        if any(quad.predicate == TYPE and quad.object in _SHAPES for quad in quads)
    }
    beside = {
        iri: Rule(
            iri=iri,
            title=_title(iri),
            message=message,
            severity=_BESIDE_SEVERITIES.get(iri, Severity.VIOLATION),
            file=None,
        )
        for iri, message in _BESIDE.items()
    }
    return dict(sorted({**named, **beside}.items()))


def nearest(name: str, rules: Iterable[str]) -> list[str]:
    """The names of rules that are most like a mistyped one, the likest first."""
    names = {rule.casefold(): rule for rule in map(rule_name, rules)}
    wanted = rule_name(name).casefold()
    holding = sorted(each for each in names if wanted in each)
    close = [] if holding else get_close_matches(wanted, names, n=3, cutoff=0.6)
    return [names[each] for each in (*holding, *close)][:3]


def _rule(iri: str, quads: Iterable[Quad], file: Path) -> Rule:
    said = {quad.predicate: quad.object for quad in quads}
    severity = said.get(_SEVERITY, SH("Violation"))
    return Rule(
        iri=iri,
        title=_words(said.get(_NAME)) or _title(iri),
        message=_words(said.get(_MESSAGE)),
        severity=Severity(severity.value.removeprefix(SH.iri) if isinstance(severity, NamedNode) else "Violation"),
        file=file,
    )


def _words(term: object) -> str:
    return term.value if isinstance(term, Literal) else ""


def _title(iri: str) -> str:
    return rule_name(iri).replace("-", " ")
