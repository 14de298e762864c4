"""What became of one page, as plain data: it passes between processes, and is kept with the version it went into."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from typing import Any, Final

from kg.model.evidence import Place
from kg.model.excerpt import Excerpt
from kg.model.verdict import Finding, Severity


class Standing(Enum):
    """What a page is to a version."""

    PUBLISHED = "published"
    QUARANTINED = "quarantined"  # it breaks a shape by itself
    REPEATED = "repeated"  # another page is its report already
    WITHDRAWN = "withdrawn"  # it breaks a shape together with other pages
    UNREADABLE = "unreadable"  # its bytes are no page


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A page that was read, mapped and checked, or could not be.

    Attributes:
        source: where it came from.
        mark: tells apart all that reading depends on: name, bytes, and for a record its fields.
        page: SHA-256 of its payload.
        graph: IRI of its named graph.
        key: the report's key; empty where the page is none.
        reason: why it is no report, or why it cannot be read; empty for reports.
        place: where the words stand that make it a report.
        lacking: the field of each gap.
        statements: number of flat statements.
        digest: sum of its statements' digests, as in `kg.store.digest`; graph_digest: that of its named graph.
        findings: what is shown of the verdict.
        excerpts: the lines that findings are about.
    """

    source: str
    mark: str
    page: str
    standing: Standing = Standing.PUBLISHED
    graph: str = ""
    key: str = ""
    reason: str = ""
    place: Place | None = None
    lacking: tuple[str, ...] = ()
    statements: int = 0
    digest: int = 0
    graph_digest: str = ""
    findings: tuple[Finding, ...] = ()
    excerpts: Mapping[Place, Excerpt] = field(default_factory=dict)

    @property
    def is_published(self) -> bool:
        """Whether its statements are in the version."""
        return self.standing is Standing.PUBLISHED

    @property
    def is_settled(self) -> bool:
        """Whether the page's own bytes alone made it what it is, whatever other pages there are."""
        return self.standing not in (Standing.REPEATED, Standing.WITHDRAWN)

    def standing_as(self, standing: Standing, found: Sequence[Finding] = ()) -> Account:
        """The same page, standing otherwise because of these findings beside its own."""
        findings = tuple(sorted((*self.findings, *found), key=lambda each: each.sort_key))
        return replace(self, standing=standing, findings=findings)

    def to_line(self) -> bytes:
        """A line of a ledger, which begins with the mark; the same account gives the same line."""
        rest = {
            "reason": self.reason,
            "place": _place_values(self.place),
            "findings": [finding_values(each) for each in self.findings],
            "excerpts": [
                [_place_values(place), asdict(self.excerpts[place])]
                for place in dict.fromkeys([*(finding.where for finding in self.findings), self.place])
                if place and place in self.excerpts
            ],
        }
        told = {name: value for name, value in rest.items() if value}
        cells = (
            self.mark, self.standing.value, self.page, self.graph, self.key, ",".join(self.lacking),
            str(self.statements), f"{self.digest:x}", self.graph_digest, _text(self.source), _text(told),
        )  # fmt: skip
        return "\t".join(cells).encode("utf-8", "surrogatepass") + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Account:
        """The account that `to_line` wrote.

        Raises:
            ValueError: the line is none.
        """
        cells = line.decode("utf-8", "surrogatepass").rstrip("\n").split("\t")
        mark, standing, page, graph, key, lacking, statements, digest, graph_digest, source, rest = cells
        told: dict[str, Any] = json.loads(rest) if rest != _NOTHING else {}
        return cls(
            source=json.loads(source),
            mark=mark,
            page=page,
            standing=_STANDINGS[standing],
            graph=graph,
            key=key,
            reason=told.get("reason", ""),
            place=_place(told.get("place")),
            lacking=tuple(lacking.split(",")) if lacking else (),
            statements=int(statements),
            digest=int(digest, 16),
            graph_digest=graph_digest,
            findings=tuple(map(finding_of, told.get("findings", ()))),
            excerpts={_some_place(place): Excerpt(**values) for place, values in told.get("excerpts", ())},
        )


_STANDINGS: Final = {standing.value: standing for standing in Standing}
_NOTHING: Final = "{}"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _place_values(place: Place | None) -> list[object] | None:
    return [place.source, place.line, place.column, place.quote] if place else None


def _place(values: Sequence[Any] | None) -> Place | None:
    return None if values is None else _some_place(values)


def _some_place(values: Sequence[Any]) -> Place:
    source, line, column, quote = values
    return Place(source=source, line=line, column=column, quote=quote)


def finding_values(finding: Finding) -> list[object]:
    """A finding as values that JSON holds."""
    return [
        finding.shape, finding.focus, finding.path, finding.value, finding.severity.value, finding.message,
        _place_values(finding.where), finding.component,
    ]  # fmt: skip


def finding_of(values: Sequence[Any]) -> Finding:
    """The finding that `finding_values` took apart."""
    shape, focus, path, value, severity, message, where, component = values
    return Finding(
        shape=shape,
        focus=focus,
        path=path,
        value=value,
        severity=Severity(severity),
        message=message,
        where=_place(where),
        component=component,
    )
