"""Comments that let a finding pass, with the reason why: `# kg-ignore: SHAPE REASON`.

Such a comment stands on the line that a finding points to, or on a line of its own above it. The shape is named as
findings name it, by its IRI or by the IRI's last part. A comment without a reason suppresses nothing; one that
suppresses nothing is reported, so that none outlives what it was for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kg.check.rdf_files.files import LocatedGraph
from kg.check.rdf_files.rules import MESSAGES, SEVERITIES
from kg.check.rdf_files.tokens import Kind, Token, tokens
from kg.check.shapes import SHAPE
from kg.model.evidence import Place
from kg.model.verdict import Finding
from kg.rdf.formats import GraphFormat

_MARK: Final = "kg-ignore"
_COMMENT: Final = re.compile(rf"#\s*{_MARK}\b:?\s*(?P<shape>\S*)\s*(?P<reason>.*)")
_WITH_COMMENTS: Final = frozenset({GraphFormat.TURTLE, GraphFormat.TRIG, GraphFormat.NTRIPLES, GraphFormat.NQUADS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One comment.

    Attributes:
        where: the comment itself.
        line: the line whose findings it is about.
        shape: as it is written, without angle brackets.
    """

    where: Place
    line: int
    shape: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Whether a finding on its line is one that the comment is about."""
        return bool(self.reason) and self.shape in shape_names(finding.shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """Findings after the comments have had their say; those that comments are given are among the kept ones."""

    kept: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]


def sifted(findings: Iterable[Finding], graphs: Iterable[LocatedGraph], shapes: Collection[str]) -> Sifted:
    """The findings, parted by the comments of the files.

    Args:
        findings: what was found.
        graphs: the files that were checked.
        shapes: the names of all shapes and rules, as findings bear them.
    """
    comments = [comment for graph in graphs for comment in suppressions(graph)]
    by_line: dict[tuple[str, int], list[Suppression]] = {}
    for comment in comments:
        by_line.setdefault((comment.where.source, comment.line), []).append(comment)
    kept: list[Finding] = []
    suppressed: list[Finding] = []
    used: set[Suppression] = set()
    for finding in findings:
        place = finding.where
        there = by_line.get((place.source, place.line), ()) if place else ()
        covering = [comment for comment in there if comment.covers(finding)]
        used.update(covering)
        (suppressed if covering else kept).append(finding)
    known = {name for shape in shapes for name in shape_names(shape)} if comments else set()
    kept += [_report(comment, known) for comment in comments if comment not in used]
    return Sifted(kept=tuple(kept), suppressed=tuple(suppressed))


def suppressions(graph: LocatedGraph) -> Iterator[Suppression]:
    """The comments of a file, in their order; JSON-LD and RDF/XML have none."""
    if graph.form not in _WITH_COMMENTS or _MARK not in graph.text:
        return
    waiting: list[tuple[Token, re.Match[str]]] = []
    last_line = 0
    for token in tokens(graph.text):
        line = graph.lines.number(token.at)
        match = _COMMENT.match(token.words) if token.kind is Kind.COMMENT else None
        if match and line == last_line:
            yield _suppression(graph, token, match, line)
        elif match:
            waiting.append((token, match))
        elif token.kind is not Kind.COMMENT:
            for comment, said in waiting:
                yield _suppression(graph, comment, said, line)
            waiting.clear()
            last_line = graph.lines.number(token.at + len(token.words))
    for comment, said in waiting:
        yield _suppression(graph, comment, said, 0)


def shape_names(shape: str) -> frozenset[str]:
    """The names that a comment may call a shape by; one without an IRI goes by that of the shape it belongs to too."""
    parent = re.sub(r"/<?[a-z][a-z0-9+.-]*:.*", "", shape) if shape.count("://") > 1 else shape
    return frozenset(name for each in (shape, parent) for name in (each, re.split(r"[/#]", each)[-1]) if name)


def _suppression(graph: LocatedGraph, comment: Token, said: re.Match[str], line: int) -> Suppression:
    where = graph.lines.place(comment.at, comment.at + len(comment.words.rstrip()))
    shape = said["shape"].removeprefix("<").removesuffix(">")
    return Suppression(where=where, line=line, shape=shape, reason=said["reason"].strip())


def _report(comment: Suppression, known: Collection[str]) -> Finding:
    if comment.shape not in known:
        rule = "suppression-unknown-shape"
    else:
        rule = "suppression-stale" if comment.reason else "suppression-without-reason"
    return Finding(
        shape=SHAPE + rule,
        focus=comment.shape,
        path=None,
        value=None,
        severity=SEVERITIES[rule],
        message=MESSAGES[rule],
        where=comment.where,
    )
