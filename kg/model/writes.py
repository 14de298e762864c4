"""A write as a client asks for it, and what became of it: what the web server and the write gate say to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Protocol

from kg.model.verdict import Finding

#: The media type of a body whose parts are graphs, which are posted to one graph together.
MULTIPART: Final = "multipart/form-data"


class WriteKind(Enum):
    """The operations that change what is published.

    The first is that of the SPARQL 1.1 Protocol (section 2.2), those of graphs are the Graph Store HTTP Protocol's
    (sections 5.3 to 5.7), and pages are our own.
    """

    UPDATE = "update"
    PUT_GRAPH = "put-graph"
    POST_GRAPH = "post-graph"
    PATCH_GRAPH = "patch-graph"
    DELETE_GRAPH = "delete-graph"
    PUT_PAGE = "put-page"
    DELETE_PAGE = "delete-page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A document that an update loads, as it was fetched.

    Attributes:
        iri: as the update names it; relative IRIs of the document are resolved against it.
        media_type: without parameters.
    """

    iri: str
    media_type: str
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One write.

    Attributes:
        target: IRI of the graph, empty for the default graph; for a page the report's key; unused by an update.
        body: the update, the graph or the page, as it came.
        media_type: of the body, without parameters; those of `MULTIPART` stay, since its boundary parts the body.
        base: IRI against which relative IRIs of the body are resolved.
        using_graphs: the graphs merged into the default graph of an update's WHERE (`using-graph-uri`).
        using_named_graphs: its named graphs (`using-named-graph-uri`).
        loads: the documents of its LOAD operations that were fetched; any other is not loaded.
        is_deletion_confirmed: the client knows that it deletes a large part of what is published.
        version: the name of the version that must still be current; None where any may be.
        author: the name of the token that was shown; empty where the server takes writes from anybody.
        idempotency_key: what the client calls this write, empty where it says nothing: a second write of the same
            author and key is not applied again but gets what the first got, also after a restart, while the version
            that the first published is kept; one that asks for something else is REUSED. It is looked
            at before all else; on which conditions a write is asked for (`version`, `is_deletion_confirmed`) does not
            count. What was not published is forgotten, and may be tried again.
    """

    kind: WriteKind
    target: str = ""
    body: bytes = b""
    media_type: str = ""
    base: str = ""
    using_graphs: tuple[str, ...] = ()
    using_named_graphs: tuple[str, ...] = ()
    loads: tuple[Loaded, ...] = ()
    is_deletion_confirmed: bool = False
    version: str | None = None
    author: str = ""
    idempotency_key: str = ""


class WriteOutcome(Enum):
    """What became of a write; all but the first two leave what is published as it was, byte for byte."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    REFUSED = "refused"  # what it would make fails its shapes; the findings say where
    FORBIDDEN = "forbidden"  # it would change what no client may change
    MALFORMED = "malformed"  # it cannot be parsed or read
    UNSUPPORTED = "unsupported"  # its media type is not one that is read
    IMPOSSIBLE = "impossible"  # an update that creates a graph that is there, or clears one that is not
    MISSING = "missing"  # the graph or page to delete or change is not there
    STALE = "stale"  # another version is current than the client named
    REUSED = "reused"  # another write has had its idempotency key
    UNCONFIRMED = "unconfirmed"  # it deletes a large part, and the client did not say that it knows
    TOO_LARGE = "too-large"
    TIMED_OUT = "timed-out"
    BUSY = "busy"  # another process writes, or too many writes wait
    FAILED = "failed"  # the disk or the writer failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of a write.

    Attributes:
        version: the name of the version that is current afterwards.
        created: a graph or page that was not there is there now.
        added: number of statements of the merged graph and of named graphs that came.
        removed: number of those that went.
        findings: what checking found, in reading order.
        reason: what was found, where, and what to do, in words for the client; empty where it was published.
        line: where in the body the reason shows, from 1; 0 where it shows nowhere.
        column: from 1; 0 as above.
    """

    outcome: WriteOutcome
    version: str = ""
    created: bool = False
    added: int = 0
    removed: int = 0
    findings: tuple[Finding, ...] = field(default=())
    reason: str = ""
    line: int = 0
    column: int = 0


class Writes(Protocol):
    """The one gate of every write, as the web server sees it."""

    async def apply(self, write: Write) -> Written:
        """Applies a write, or refuses it; writes are taken one after another.

        Whoever cancels this learns nothing of the outcome: the write is published whole, or not at all.
        """

    async def close(self) -> None:
        """Ends what was started for writes; one that is under way is published whole, or not at all."""
