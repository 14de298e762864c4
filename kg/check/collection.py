"""What no page shows by itself: constraints over all pages together, each one query over the whole store.

The shapes of `shapes/cross-page.ttl` have SPARQL-based targets (SHACL Advanced Features, section 3.1): a query that is
run once and answers with the nodes that do not go together with others. Its rows are the findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from kg.check.reach import Facts, Moves, Reach
from kg.check.shapes import CANARIES, CANARY_BASE, SHAPE, Scope, ShapeSet, has_shapes, read_shapes, read_turtle
from kg.check.terms import Term, text
from kg.check.witnesses import Witness, Witnesses
from kg.model.errors import KnowledgeError
from kg.model.verdict import Finding, Severity
from kg.rdf.vocab import SH, TYPE

_NAMED: Final = re.compile(r"\{[?$](\w+)\}")
_NAME: Final = re.compile(r"(?<![\w?$])(\w+):(\w+)\b(?!\()")  # and no function's
_IRI: Final = re.compile(r"(?<!: )<([^<>\s]+)>")
_SEVERITIES: Final = {SH(severity.value): severity for severity in Severity}

Row = Mapping[str, Term | None]
Statement = tuple[Term, Term, Term | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A finding over several pages.

    Attributes:
        finding: what is wrong, at the words of one of the reports.
        report: IRI of that report.
        node: what the query answered with as `$this`.
        rests: IRIs of what the two statements are about; with the words of these, the finding may be another.
    """

    finding: Finding
    report: str
    node: str
    rests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A shape of `shapes/cross-page.ttl`.

    Attributes:
        shape: its IRI.
        path: the property it is about; None where each row names its own.
        message: with `{?name}` for what a row gives under that name, and for the two sides: see the head of the file.
        query: a SELECT that is run once.
        names: IRIs of the properties and classes that the query speaks of.
        reach: how far a change reaches in its answers; None where any change may change all of them.
    """

    shape: str
    path: NamedNode | None
    severity: Severity
    message: str
    query: str
    names: frozenset[str]
    reach: Reach | None

    def clashes(self, store: Store) -> tuple[Clash, ...]:
        """What it finds in a store's merged graph, in reading order.

        Time is linear in the reports: 100,000 of them take all constraints together some seconds.
        """
        return self.told(self.rows(store), Witnesses(store))

    def rows(self, store: Store) -> Sequence[Row]:
        """What the query answers.

        Args:
            store: in whose default graph all flat statements are that have one of `names`, as a property or a class.
        """
        rows = store.query(self.query)
        if not isinstance(rows, QuerySolutions):
            raise TypeError(f"the query of {self.shape} is no SELECT")
        names = [variable.value for variable in rows.variables]
        return [dict(zip(names, row, strict=True)) for row in rows]

    def told(self, rows: Iterable[Row], witnesses: Witnesses) -> tuple[Clash, ...]:
        """What these answers find, in reading order."""
        return self._sorted({clash for row in rows for clash in self._clashes(row, witnesses)})

    def clashes_after(self, before: Sequence[Clash], moves: Moves, facts: Facts) -> tuple[Clash, ...]:
        """What `clashes` finds after a change, told from what it found before.

        Whether two statements clash depends on what pages claim, and not on the words with which they do: these are
        told with a clash alone. So of pages that claim what they did, only what a clash rests on is looked at again.
        Time is linear in what the change reaches.

        Args:
            before: what it found before, in its order.
            moves: what came, went, or has other words behind it.
            facts: of the store as it is after the change.
        """
        if self.reach is None:
            return self.clashes(facts.store)
        resting = {iri for clash in before for iri in clash.rests}
        reworded = (each for each in moves.stayed if text(each.subject) in resting)
        changed = self.reach.concerning([*moves.passed, *reworded])
        if not changed:
            return tuple(before)
        part = self.reach.part(changed, facts)
        kept = {clash for clash in before if clash.node not in part.judged}
        found = self.told(self.rows(part.store), Witnesses(facts.store))
        return self._sorted(kept.union(clash for clash in found if clash.node in part.judged))

    def _sorted(self, clashes: Iterable[Clash]) -> tuple[Clash, ...]:
        return tuple(sorted(clashes, key=lambda clash: (clash.finding.sort_key, clash.finding.message, clash.node)))

    def _clashes(self, row: Row, witnesses: Witnesses) -> Iterator[Clash]:
        """A clash for each report that has to go, or one where none has; none where one page says both."""
        one, other = self._statements(row)
        rests, focus = tuple(dict.fromkeys((text(one[0]), text(other[0])))), text(row["this"] or one[0])
        here, there = witnesses.of(*one), witnesses.of(*other)
        if here and there and here[0].report == there[0].report:
            here = [each for each in here if each.report != there[0].report] or here
            there = [each for each in there if each.report != here[0].report]
        if not (here and there):
            return
        if ("twin" in row or "rival" in row) and there[0].order > here[0].order:
            here, there = there, here
        for witness in here if self.severity is Severity.VIOLATION else here[:1]:
            yield Clash(
                finding=self._finding(row, witness, there[0]),
                report=witness.report,
                node=focus,
                rests=rests,
            )

    def _statements(self, row: Row) -> tuple[Statement, Statement]:
        path, focus = row.get("path") or self.path, row.get("this")
        if not isinstance(path, NamedNode) or not isinstance(focus, NamedNode):
            raise TypeError(f"the query of {self.shape} gives no focus or no path")
        one = (row.get("subject") or focus, path, row.get("value"))
        node = row.get("twin") or row.get("usual")
        if node is not None:
            return one, (node, path, None)
        value = row.get("rival") or row.get("otherValue")
        if value is None:
            raise TypeError(f"the query of {self.shape} gives no second statement")
        return one, (row.get("otherSubject") or one[0], row.get("otherPath") or path, value)

    def _finding(self, row: Row, witness: Witness, against: Witness) -> Finding:
        shown = {name: text(term) for name, term in row.items() if term is not None}
        shown |= {"value": witness.value, "otherValue": against.value}
        shown |= {"claim": witness.shown, "other": against.shown}
        return Finding(
            shape=self.shape,
            focus=witness.subject if "twin" in row else shown["this"],
            path=witness.predicate,
            value=witness.term,
            severity=self.severity,
            message=_NAMED.sub(lambda name: _key(shown.get(name[1], "nothing")), self.message),
            where=witness.place,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints:
    """All constraints over several pages, each of which has been seen to fail.

    Attributes:
        members: the gravest first, so that what a Violation takes away is not also warned of.
        canaries: number of shapes whose failing example was run.
    """

    members: tuple[Constraint, ...]
    canaries: int

    @classmethod
    def load(cls, shapes: Path) -> Constraints:
        """The constraints of a folder of shapes; none where it has no such file.

        Raises:
            KnowledgeError: the file cannot be used, a query is no SPARQL, or a shape has lost its canary.
        """
        if not has_shapes(shapes, Scope.CROSS_PAGE):
            return cls(members=(), canaries=0)
        shape_set = read_shapes(shapes, Scope.CROSS_PAGE)
        constraints = sorted(_alike(list(_constraints(shape_set))), key=lambda each: (-each.severity.rank, each.shape))
        for constraint in constraints:
            _run_canary(constraint, shapes)
        return cls(members=tuple(constraints), canaries=len(constraints))


def _constraints(shapes: ShapeSet) -> Iterator[Constraint]:
    said: dict[str, dict[NamedNode, Term]] = {}
    for quad in shapes.quads:
        said.setdefault(text(quad.subject), {})[quad.predicate] = quad.object
    declared = [node for node in said.values() if SH("prefix") in node]
    names = {text(node[SH("prefix")]): text(node[SH("namespace")]) for node in declared}
    prefixes = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in names.items())
    for shape in shapes.members:
        node = said[shape]
        target, of = said[text(node[SH("target")])], node[SH("path")]
        path = of if isinstance(of, NamedNode) else None
        query = text(target[SH("select")])
        asked = _names(query, names, path)
        try:
            reach = Reach.of(query, names, asked)
        except ValueError as error:
            raise KnowledgeError(str(shapes.folder / str(Scope.CROSS_PAGE.value)), f"<{shape}>: {error}") from error
        yield Constraint(
            shape=shape,
            path=path,
            severity=_severity(node),
            message=text(target.get(SH("labelTemplate"), node[SH("message")])),
            query=prefixes + query,
            names=asked,
            reach=reach,
        )


def _alike(constraints: Sequence[Constraint]) -> Iterator[Constraint]:
    """The same; those whose nodes share the same look at one part of a store, which has what each of them asks for."""
    asked: dict[object, frozenset[str]] = {}
    for each in constraints:
        if each.reach:
            asked[each.reach.way] = asked.get(each.reach.way, frozenset()) | each.reach.asked
    for each in constraints:
        reach = each.reach
        yield replace(each, reach=replace(reach, asked=asked[reach.way])) if reach and reach.is_shared else each


def _names(query: str, prefixes: Mapping[str, str], path: NamedNode | None) -> frozenset[str]:
    """The IRIs of the properties and classes that a query speaks of, and its shape's path; not `rdf:type`."""
    named = {prefixes[prefix] + name for prefix, name in _NAME.findall(query) if prefix in prefixes}
    full = set(_IRI.findall(query))
    return frozenset((named | full | ({path.value} if path else set())) - {TYPE.value})


def _severity(node: Mapping[NamedNode, Term]) -> Severity:
    named = node.get(SH("severity"))
    return _SEVERITIES.get(named, Severity.VIOLATION) if isinstance(named, NamedNode) else Severity.VIOLATION


def _run_canary(constraint: Constraint, folder: Path) -> None:
    """The constraint must find something in the failing example of its family: the name before the first hyphen."""
    file, shape = str(folder / str(Scope.CROSS_PAGE.value)), constraint.shape
    canary = folder / CANARIES / f"{shape.removeprefix(SHAPE).partition('-')[0]}.ttl"
    if not canary.is_file():
        raise KnowledgeError(file, f"<{shape}> has no failing example; expected one in {canary}")
    store = Store()
    store.extend(Quad(*quad.triple) for quad in read_turtle(canary, base=CANARY_BASE))
    try:
        found = constraint.clashes(store)
    except (SyntaxError, TypeError) as error:
        raise KnowledgeError(file, f"<{shape}>: {error}") from error
    if not found:
        raise KnowledgeError(file, f"<{shape}> finds nothing wrong in its failing example {canary}")


def _key(words: str) -> str:
    """`report/drc-2021-267` of an IRI that was minted here; anything else as it is."""
    return words.partition("/id/")[2] or words
