"""What became of one page, as plain data: it passes between processes, and is kept with the version it went into."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Final, NamedTuple

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
        digest: what its statements add to the sum of `kg.store.digest`; graph_digest: that of its named graph.
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
        told = {
            "findings": [finding_values(each) for each in self.findings],
            "excerpts": [
                [_place_values(place), _excerpt_values(self.excerpts[place])]
                for place in dict.fromkeys([*(finding.where for finding in self.findings), self.place])
                if place and place in self.excerpts
            ],
        }
        cells = (
            self.mark, self.standing.value, self.page, self.graph, self.key, ",".join(self.lacking),
            str(self.statements), f"{self.digest:x}", self.graph_digest, _text(self.source), _text(self.reason),
            _text(_place_values(self.place)), _tally(self.findings), _text(told),
        )  # fmt: skip
        return "\t".join(cells).encode("utf-8", "surrogatepass") + b"\n"


class Entry(NamedTuple):
    """The line of an account in its cells; what only few ask for is taken apart when they do.

    A build goes through a hundred thousand of them to find that one page changed: an account of each would take it
    seconds.
    """

    mark: str
    standing: str
    page: str
    graph: str
    key: str
    lacking: str
    statements: str
    digest: str
    graph_digest: str
    source_text: str
    reason_text: str
    place_text: str
    found: str
    told: str

    @classmethod
    def of(cls, line: bytes) -> Entry:
        """The cells of a line that `Account.to_line` wrote.

        Raises:
            TypeError: the line is none.
        """
        return cls._make(line[:-1].decode("utf-8", "surrogatepass").split("\t"))

    @classmethod
    def all_of(cls, lines: bytes) -> list[Entry]:
        """The same of several lines."""
        return [cls._make(line.split("\t")) for line in lines[:-1].decode("utf-8", "surrogatepass").split("\n")]

    @property
    def source(self) -> str:
        """Where the page came from."""
        text = self.source_text
        return str(json.loads(text)) if "\\" in text else text[1:-1]

    @property
    def is_report(self) -> bool:
        """Whether the page is a report."""
        return self.reason_text == _NOTHING

    @property
    def reason(self) -> str:
        """Why it is no report, or why it cannot be read."""
        return str(json.loads(self.reason_text))

    @property
    def place(self) -> Place | None:
        """Where the words stand that make it a report."""
        return _place(json.loads(self.place_text))

    @property
    def is_published(self) -> bool:
        """Whether its statements are in the version."""
        return self.standing == _PUBLISHED

    @property
    def is_settled(self) -> bool:
        """Whether the page's own bytes alone made it what it is, whatever other pages there are."""
        return self.standing not in _UNSETTLED

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is shown of the verdict."""
        return tuple(map(finding_of, json.loads(self.told)["findings"]))

    @property
    def excerpts(self) -> Mapping[Place, Excerpt]:
        """The lines that findings are about."""
        return {_some_place(place): Excerpt(**values) for place, values in json.loads(self.told)["excerpts"]}

    def account(self) -> Account:
        """All of it."""
        return Account(
            source=self.source,
            mark=self.mark,
            page=self.page,
            standing=Standing(self.standing),
            graph=self.graph,
            key=self.key,
            reason=self.reason,
            place=self.place,
            lacking=tuple(self.lacking.split(",")) if self.lacking else (),
            statements=int(self.statements),
            digest=int(self.digest, 16),
            graph_digest=self.graph_digest,
            findings=self.findings,
            excerpts=self.excerpts,
        )


#: The order in which an entry tells how many findings of each severity there are.
SEVERITIES: Final = tuple(Severity)
#: The text of no findings.
NONE_FOUND: Final = "0"


def _tally(findings: Sequence[Finding]) -> str:
    """How many there are of each severity."""
    found = [finding.severity for finding in findings]
    return ",".join(str(found.count(each)) for each in SEVERITIES) if found else NONE_FOUND


_PUBLISHED: Final = Standing.PUBLISHED.value
_UNSETTLED: Final = frozenset({Standing.REPEATED.value, Standing.WITHDRAWN.value})
_NOTHING: Final = '""'
#: The text of a place that is none.
NO_PLACE: Final = "null"


#: Made once: `json.dumps` makes an encoder for each call that asks for other than its usual separators.
_text: Final = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def _place_values(place: Place | None) -> list[object] | None:
    return [place.source, place.line, place.column, place.quote] if place else None


def _excerpt_values(excerpt: Excerpt) -> dict[str, object]:
    return {
        "before": excerpt.before,
        "words": excerpt.words,
        "after": excerpt.after,
        "cut_before": excerpt.cut_before,
        "cut_after": excerpt.cut_after,
    }


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
