"""What a version says of itself: `manifest.json`, with a checksum over its own contents."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from kg.store.digest import Scheme

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the build alone knows of a version, and tells `Writer.publish`.

    Attributes:
        inputs: digests of what the version was built from, by name: `pages`, `ontology`, `layouts`. A few digests, one
            a kind of input; the digest of each single page stands in the graph.
        shapes: digest of the shapes it was checked against.
        code: version of the program.
        findings: number of findings of all severities; verdict: of each severity, and of the pages that were kept out.
        created: when it was built, an xsd:dateTime with its zone; None keeps two builds' manifests alike.
        write: by whom and by what it was written, where one write made it.
    """

    inputs: Mapping[str, str]
    shapes: str
    code: str
    findings: int = 0
    verdict: Mapping[str, int] = field(default_factory=dict)
    created: str | None = None
    write: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a version holds, in numbers; `statements` are those of the default graph."""

    statements: int
    named_graphs: int
    pages: int
    reports: int
    gaps: int
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a version holds, where the build knows it already and nobody needs to count.

    Attributes:
        counts: as they would be counted.
        digest: as `kg.store.digest.content_digest` would work it out; graphs: as `graph_digests` would.
        records: names of files to be published beside the data, with their text.
        kept: names of those that are as the current version has them.
    """

    counts: Counts
    digest: str
    graphs: Mapping[str, str]
    records: Mapping[str, Iterable[bytes]] = field(default_factory=dict)
    kept: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The record that is published with a version.

    Attributes:
        digest: of all its statements, as `kg.store.digest` sums them up; scheme: how.
        files: name and size of each file in the version's data folder; file_digests: their SHA-256.
        records: name and SHA-256 of each file beside it: the digests of its graphs, and what the build keeps there.
        deposits: name and SHA-256 of each file that was written to the store and survives builds.
        inputs, shapes, code, verdict, created, write: as in `Facts`.
    """

    counts: Counts
    digest: str
    inputs: Mapping[str, str]
    shapes: str
    code: str
    created: str | None
    files: Mapping[str, int]
    records: Mapping[str, str] = field(default_factory=dict)
    file_digests: Mapping[str, str] = field(default_factory=dict)
    verdict: Mapping[str, int] = field(default_factory=dict)
    deposits: Mapping[str, str] = field(default_factory=dict)
    write: Mapping[str, str] = field(default_factory=dict)
    scheme: Scheme = Scheme.GROUPS

    @property
    def identifier(self) -> str:
        """The digest with its scheme, as people and programs are told it."""
        return f"{self.scheme.value}:{self.digest}"

    def says_the_same_as(self, facts: Facts, other: Manifest) -> bool:
        """Whether a build with these facts and the other's content would only repeat this version."""
        ours, theirs = (self.digest, self.deposits), (other.digest, other.deposits)
        return (*ours, self.inputs, self.shapes) == (*theirs, facts.inputs, facts.shapes)

    def to_json(self) -> str:
        """The text of `manifest.json`; equal manifests give equal text."""
        content = {"format": _FORMAT, **asdict(self), "scheme": self.scheme.value}
        return (
            json.dumps({"checksum": _checksum(content), **content}, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        )

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """The manifest that `to_json` wrote.

        Raises:
            ValueError: the text is no manifest of this format, or was changed since it was written.
        """
        content = _object(text)
        checksum = content.pop("checksum", None)
        if content.get("format") != _FORMAT:
            raise ValueError(f"format {content.get('format')!r}; this program reads format {_FORMAT}")
        if checksum != _checksum(content):
            raise ValueError("it does not agree with its own checksum")
        del content["format"]
        scheme = _scheme(content.pop("scheme", Scheme.LINES.value))  # before there was another one, none was named
        return cls(**{**content, "counts": Counts(**content["counts"])}, scheme=scheme)


def _scheme(name: str) -> Scheme:
    try:
        return Scheme(name)
    except ValueError:
        known = " and ".join(each.value for each in Scheme)
        raise ValueError(f"its digest is a {name}; this program knows {known}") from None


def _object(text: str) -> dict[str, Any]:
    content = json.loads(text)
    if not isinstance(content, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - the text is at fault, not a caller's argument
    return content


def _checksum(content: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
