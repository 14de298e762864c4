"""The errors of Policy KG: the world failing us, never a gap in a page and never a failed shape.

KgError                      exit code 4
├── UsageError               2  the command or its settings cannot be carried out as given
│   ├── SettingsError        2  a value in kg.toml or a KG_ variable
│   ├── LayoutError          2  a layout file that cannot be used
│   ├── KnowledgeError       2  an authority, vocabulary or shapes file that cannot be used
│   ├── StoreMissing         2  no published version at that place
│   ├── VersionMissing       2  a store without the version asked for
│   ├── StoreLocked          2  another process is writing this store
│   └── QueryRefused         2  a query this service does not run (SERVICE, LOAD, an update on the read route)
├── SourceError              3  input that cannot be read; the rest of the run goes on
├── StoreError               4  a version on disk that does not hold what its manifest says, a failed write
├── RemoteError              4  another server that refuses, fails, or holds something else than it should
├── MintingError             4  two different things would get one IRI
└── QueryError               2  a query that was run and gave no answer
    ├── QuerySyntaxError     2  it is no SPARQL query
    ├── QueryTimeout         4  its worker was killed at the deadline
    ├── UpstreamFailed       4  the server that holds the graph refuses or fails
    ├── ServiceFailed        4  a service that the query asks (SERVICE) refuses, fails or is late
    └── QueryFailed          4  its worker ended, or the answer passed a limit
"""

from __future__ import annotations

from enum import Enum
from typing import ClassVar


class KgError(Exception):
    """Something outside failed us; `str(error)` says what was found, where, and what was expected.

    Attributes:
        exit_code: the status `kg` ends with when this error ends a command.
    """

    exit_code: ClassVar[int] = 4


class UsageError(KgError):
    """The command or its settings cannot be carried out as given."""

    exit_code = 2


class SettingsError(UsageError):
    """A setting has no usable value."""

    def __init__(self, name: str, value: object, expected: str) -> None:
        super().__init__(f"setting {name} is {value!r}; expected {expected}")
        self.name, self.value, self.expected = name, value, expected


class LayoutError(UsageError):
    """A layout file cannot be used."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"layout {file}: {reason}")
        self.file, self.reason = file, reason


class KnowledgeError(UsageError):
    """An ontology, vocabulary, authority or shapes file cannot be used."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file, self.reason = file, reason


class StoreMissing(UsageError):  # noqa: N818 - says what happened
    """There is no published version at this place."""

    def __init__(self, path: str) -> None:
        super().__init__(f"no published version in {path}; build one with: kg build SOURCES --store {path}")
        self.path = path


class VersionMissing(UsageError):  # noqa: N818 - says what happened
    """A store has not published the version asked for; `wanted` names or describes it."""

    def __init__(self, path: str, wanted: str, published: tuple[str, ...]) -> None:
        super().__init__(f"no version {wanted} in {path}; published: {', '.join(published)}")
        self.path, self.wanted, self.published = path, wanted, published


class StoreLocked(UsageError):  # noqa: N818 - says what happened
    """Another process is writing this store."""

    def __init__(self, path: str, holder: str) -> None:
        super().__init__(f"{path} is being written by {holder}; wait for it to end")
        self.path, self.holder = path, holder


class Refusal(Enum):
    """Why a query is not run."""

    FEDERATION = "federation"  # SERVICE or LOAD: it would reach other machines
    UPDATE = "update"  # an update where queries are answered
    SIZE = "size"  # too long, too many tokens, nested too deeply
    FORMAT = "format"  # its kind of answer cannot be written in any format asked for
    BUSY = "busy"  # too many queries are waiting already
    BUDGET = "budget"  # the client has used its share of the workers


class QueryRefused(UsageError):  # noqa: N818 - says what happened
    """A query this service does not run, whatever it would answer; line and column count from 1 where a word is why."""

    def __init__(
        self, reason: str, kind: Refusal = Refusal.FEDERATION, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(reason)
        self.reason, self.kind, self.line, self.column = reason, kind, line, column


class SourceError(KgError):
    """Input that cannot be read; it names the source, the place where known, and the reason."""

    exit_code = 3

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source, self.reason = source, reason


class StoreError(KgError):
    """A store on disk does not hold what it should, or a write to it failed."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"store {path}: {reason}")
        self.path, self.reason = path, reason


class RemoteError(KgError):
    """Another server refuses, fails, or holds something else than it should.

    Attributes:
        may_pass: whether the same may succeed when it is tried again.
    """

    def __init__(self, server: str, reason: str, *, may_pass: bool = True) -> None:
        super().__init__(f"{server}: {reason}")
        self.server, self.reason, self.may_pass = server, reason, may_pass


class MintingError(KgError):
    """Two different things would get one IRI."""

    def __init__(self, iri: str, first: str, second: str) -> None:
        super().__init__(f"<{iri}> would stand for both {first!r} and {second!r}")
        self.iri, self.first, self.second = iri, first, second


class QueryError(KgError):
    """A query gave no answer."""

    exit_code = 2


class QuerySyntaxError(QueryError):
    """The text is no SPARQL query; line and column count from 1 where the parser gives them."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        at = f" at line {line}, column {column}" if line else ""
        super().__init__(f"no SPARQL query{at}: {reason}")
        self.reason, self.line, self.column = reason, line, column


class QueryTimeout(QueryError):  # noqa: N818 - says what happened
    """The query's worker was killed at the deadline (in seconds)."""

    exit_code = 4

    def __init__(self, deadline: float) -> None:
        super().__init__(f"no answer within {deadline:g} s; the query was stopped")
        self.deadline = deadline


class UpstreamFailed(QueryError):  # noqa: N818 - says what happened
    """The server that holds the graph refuses or fails."""

    exit_code = 4

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ServiceFailed(QueryError):  # noqa: N818 - says what happened
    """A service that the query asks refuses, fails or is late; line and column are those of its SERVICE.

    Attributes:
        is_late: whether it has not answered in time.
    """

    exit_code = 4

    def __init__(self, service: str, reason: str, place: tuple[int, int], *, is_late: bool = False) -> None:
        super().__init__(f"<{service}> {reason}")
        self.service, self.reason, self.is_late = service, reason, is_late
        self.line, self.column = place


class QueryFailed(QueryError):  # noqa: N818 - says what happened
    """The query's worker ended before it answered, or the answer passed a limit."""

    exit_code = 4

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
