"""What can be asked of the server, as data: what `kg.web.openapi` writes its document of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from kg.rdf.formats import ResultsFormat
from kg.web.negotiate import GRAPHS, HTML

JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
_UPDATE: Final = "application/sparql-update"
RDF: Final = tuple(media_type for media_type in GRAPHS if media_type.partition("/")[2] not in {"json", "xml"})
ROWS: Final = tuple(results.media_type.partition(";")[0] for results in ResultsFormat)
_PAGES: Final = ("text/plain", HTML, "application/xhtml+xml", "application/pdf")
_ANSWER: Final = (*ROWS, *RDF, HTML)
#: The protocols give these; which graphs a server reads beside N-Triples and Turtle is its own choice.
_SENT: Final = ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml")

_DATASET: Final = ("default-graph-uri", "named-graph-uri")
_CONDITIONS: Final = ("If-Match", "If-None-Match", "Idempotency-Key", "KG-Confirm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method of an address.

    Attributes:
        path: the address below the base, with the names of its parts in braces.
        summary: what it does, in a line.
        answer: media types of what a 200 holds; none where a good answer holds nothing.
        schema: of an answer in JSON, by its name.
        statuses: further good statuses.
        parameters: by their names; those in the path are taken from it.
        body: media types that a body may have.
        tag: the part of the service that it belongs to.
    """

    method: str
    path: str
    summary: str
    tag: str
    answer: tuple[str, ...] = ()
    schema: str = ""
    statuses: tuple[int, ...] = ()
    parameters: tuple[str, ...] = ()
    body: tuple[str, ...] = ()

    @property
    def is_write(self) -> bool:
        """Whether it changes what is published, so that it needs a token."""
        return self.tag == "writing"


_writing = partial(Operation, tag="writing", answer=(JSON,), schema="Written")


def _reading(
    path: str, summary: str, answer: tuple[str, ...], *parameters: str, statuses: tuple[int, ...] = ()
) -> Operation:
    return Operation(
        method="get", path=path, summary=summary, tag="pages", answer=answer, parameters=parameters, statuses=statuses
    )


def _choices(path: str, what: str) -> Operation:
    return Operation(
        method="options", path=path, summary=f"What may be done with {what} now.", tag="choices", statuses=(204,)
    )


def _graph_writes(path: str, parameters: tuple[str, ...]) -> tuple[Operation, ...]:
    told = (
        ("put", "The graph is what the body says, and nothing else.", _SENT),
        ("post", "What the body says is added to the graph.", (*_SENT, "multipart/form-data")),
        ("patch", "The graph is changed by an update.", (_UPDATE,)),
        ("delete", "The graph is taken away.", ()),
    )
    return tuple(
        _writing(
            method=method,
            path=path,
            summary=summary,
            statuses=(201, 204),
            parameters=(*parameters, *_CONDITIONS),
            body=body,
        )
        for method, summary, body in told
    )


_SPARQL: Final = (
    Operation(
        method="get",
        path="/sparql",
        summary="A query's answer; without a query the service's description, or in a browser a form to write one.",
        tag="SPARQL",
        answer=_ANSWER,
        parameters=("query", *_DATASET, "format"),
    ),
    Operation(
        method="post",
        path="/sparql",
        summary="A query's answer. The method QUERY (RFC 10008) takes the same, and is safe.",
        tag="SPARQL",
        answer=_ANSWER,
        parameters=(*_DATASET, "format"),
        body=("application/sparql-query", _FORM),
    ),
    _choices("/sparql", "the endpoint"),
    _writing(
        method="post",
        path="/update",
        summary="An update, applied whole where what it makes of the graph conforms to the shapes.",
        statuses=(204,),
        parameters=("using-graph-uri", "using-named-graph-uri", *_CONDITIONS),
        body=(_UPDATE, _FORM),
    ),
    _choices("/update", "updates"),
)
_GRAPHS: Final = (
    Operation(
        method="get",
        path="/graphs",
        summary="The default graph, or the graph of a name.",
        tag="graphs",
        answer=RDF,
        parameters=("graph", "default", "format"),
    ),
    *_graph_writes("/graphs", ("graph", "default")),
    _choices("/graphs", "graphs"),
    *(
        operation
        for path in ("/graphs/{path}", "/graph/{path}")
        for operation in (
            Operation(
                method="get", path=path, summary="The graph whose name is this address.", tag="graphs", answer=RDF,
                parameters=("format",),
            ),
            *_graph_writes(path, ()),
            _choices(path, "the graph"),
        )
    ),
)  # fmt: skip
_REPORTS: Final = (
    Operation(
        method="get", path="/reports/{key}", summary="To what is said of a report.", tag="pages", statuses=(303,)
    ),
    _writing(
        method="put",
        path="/reports/{key}",
        summary="A report's page: read, mapped and checked as kg build would, and published.",
        statuses=(201, 204),
        parameters=_CONDITIONS,
        body=_PAGES,
    ),
    _writing(
        method="delete",
        path="/reports/{key}",
        summary="A report's page is taken away, with all that it alone says.",
        statuses=(204,),
        parameters=_CONDITIONS,
    ),
    _choices("/reports/{key}", "a report"),
)
_READ: Final = (
    _reading("/", "What the graph holds, its reports, and questions to try.", (HTML,)),
    _reading("/id/{path}", "From the name of a thing to the document about it.", (), statuses=(303,)),
    _reading(
        "/doc/{path}",
        "The document about a thing; the path may end in .html, .ttl, .nt, .jsonld or .rdf.",
        (HTML, *RDF),
    ),
    _reading("/ontology", "The ontology and its vocabularies.", (HTML, *RDF)),
    _reading("/ontology.{suffix}", "The ontology in one format.", RDF),
    _reading("/catalog", "The dataset in DCAT and VoID.", (HTML, *RDF)),
    _reading("/catalog.{suffix}", "The dataset in one format.", RDF),
    _reading("/.well-known/void", "To the catalogue.", (), statuses=(302,)),
    _reading("/dataset", "From the name of the dataset to the catalogue.", (), statuses=(303,)),
    _reading("/dataset/{version}", "From the name of the served version to the catalogue.", (), statuses=(303,)),
    _reading("/feed.atom", "The reports, the newest first.", ("application/atom+xml",), "page"),
    _reading("/context.jsonld", "The prefixes of our JSON-LD, as a context to refer to.", ("application/ld+json",)),
    _reading("/openapi.json", "This document.", ("application/openapi+json",)),
)
_WATCHED: Final = tuple(
    Operation(method="get", path=path, summary=summary, tag="watching", answer=answer, schema="Health")
    for path, summary, answer in (
        (
            "/health",
            "The version that is served, the workers, and what stands between queries and the machine.",
            (JSON,),
        ),
        ("/health/live", "That the process answers.", (JSON,)),
        ("/health/ready", "That the graph answers.", (JSON,)),
        ("/metrics", "Counts for Prometheus.", ("text/plain", "application/openmetrics-text")),
    )
)
OPERATIONS: Final = (*_SPARQL, *_GRAPHS, *_REPORTS, *_READ, *_WATCHED)
#: Addresses where HEAD answers as GET does, without the body.
WITHOUT_HEAD: Final = frozenset({"/health", "/health/live", "/health/ready"})
