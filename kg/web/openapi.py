"""What the server offers, for programs: an OpenAPI 3.1 document at `/openapi.json`, and our JSON-LD context.

Handlers read their requests themselves, as the protocols they follow have it, so the document is written from
`kg.web.operations` rather than from their signatures. A test holds it against the routes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from kg import __version__
from kg.rdf.vocab import PREFIXES
from kg.web.formats import NAMES
from kg.web.negotiate import HTML, SUFFIXES
from kg.web.operations import JSON, OPERATIONS, WITHOUT_HEAD, Operation
from kg.web.site import Site, site_of

router = APIRouter()

_MEDIA_TYPE: Final = "application/openapi+json"
_IRI: Final = {"type": "string", "format": "iri"}
_IRIS: Final = {"type": "array", "items": _IRI}
_TEXT: Final = {"type": "string"}

_KEY: Final = "^[a-z0-9]([a-z0-9-]{0,198}[a-z0-9])?$"
#: A small body of each type that is none that everybody knows.
_BODIES: Final = {
    "application/sparql-query": "CONSTRUCT WHERE { ?s a ?class }",
    "application/sparql-update": 'INSERT DATA { <http://example.org/a> <http://example.org/b> "c" }',
    "text/turtle": '<http://example.org/a> <http://example.org/b> "c" .',
    "application/n-triples": '<http://example.org/a> <http://example.org/b> "c" .',
    "application/ld+json": '{"@id": "http://example.org/a", "http://example.org/b": "c"}',
    "text/plain": "Research Report, No.267, 2021 (Total 6335) 2021-9-15",
}

_Parameter = tuple[str, Mapping[str, Any], str]
#: Where each parameter stands, which values it has, and what it says.
_PARAMETERS: Final[Mapping[str, _Parameter]] = {
    "query": ("query", {**_TEXT, "examples": ["ASK {}"]}, "A SPARQL 1.1 query."),
    "default-graph-uri": ("query", _IRIS, "Graphs that make up the query's default graph."),
    "named-graph-uri": ("query", _IRIS, "Graphs that the query sees by name."),
    "using-graph-uri": ("query", _IRIS, "Graphs that make up the default graph of an update's WHERE."),
    "using-named-graph-uri": ("query", _IRIS, "Graphs that an update's WHERE sees by name."),
    "format": ("query", {**_TEXT, "enum": sorted(NAMES)}, "The format, in place of the header Accept."),
    "graph": ("query", _IRI, "The name of the graph."),
    "default": ("query", {**_TEXT, "maxLength": 0}, "The default graph is meant."),
    "page": ("query", {"type": "integer", "minimum": 1, "maximum": 200}, "Fifty reports are on each."),
    "path": ("path", {**_TEXT, "minLength": 1, "examples": ["body/jp-csti", "authority"]}, "May hold slashes."),
    "key": ("path", {**_TEXT, "pattern": _KEY, "examples": ["drc-2021-267"]}, "A report's key."),
    "suffix": ("path", {**_TEXT, "enum": sorted(SUFFIXES)}, "The format."),
    "version": ("path", {**_TEXT, "pattern": "^v[1-9][0-9]*$"}, "The name of a version."),
    "If-Match": ("header", _TEXT, 'The version that must still be current, such as "v12"; *: the thing must be there.'),
    "If-None-Match": ("header", _TEXT, "*: the thing must not be there."),
    "Idempotency-Key": ("header", {**_TEXT, "pattern": "^[!#-\\[\\]-~]{1,255}$"}, "Asking twice by it writes once."),
    "KG-Confirm": ("header", {**_TEXT, "enum": ["deletion"]}, "The client knows how much it deletes."),
}
_FINDING: Final = {
    "type": "object",
    "properties": {
        **{
            name: {"type": ["string", "null"]}
            for name in ("shape", "severity", "message", "focus", "path", "value", "source", "quote", "fingerprint")
        },
        "line": {"type": ["integer", "null"]},
        "column": {"type": ["integer", "null"]},
    },
}
_SCHEMAS: Final = {
    "Problem": {
        "description": "RFC 9457. Line and column are those of the query or body; findings are those of SHACL.",
        "type": "object",
        "properties": {
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "line": {"type": "integer"},
            "column": {"type": "integer"},
            "outcome": _TEXT,
            "findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}},
        },
        "required": ["title", "status", "detail"],
    },
    "Finding": _FINDING,
    "Written": {
        "type": "object",
        "properties": {
            "version": _TEXT,
            "created": {"type": "boolean"},
            "added": {"type": "integer"},
            "removed": {"type": "integer"},
            "location": _TEXT,
            "findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}},
        },
        "required": ["version", "created", "added", "removed", "findings"],
    },
    "Health": {"type": "object", "properties": {"status": _TEXT}, "required": ["status"]},
}
_PROBLEM: Final = {
    "description": "Why not.",
    "content": {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
        **{media_type: {} for media_type in (HTML, "text/turtle", "application/ld+json", "application/rdf+xml")},
    },
}
_REFUSALS: Final = (400, 401, 403, 404, 405, 406, 413, 414, 422, 502, 503, 504)
_REFUSALS_OF_WRITES: Final = (409, 412, 415)


@router.get("/openapi.json")
@router.head("/openapi.json")
async def openapi(request: Request) -> Response:
    """The document."""
    site = site_of(request)
    return site.answer(json.dumps(document(site), indent=1).encode(), _MEDIA_TYPE)


@router.get("/context.jsonld")
@router.head("/context.jsonld")
async def context(request: Request) -> Response:
    """The prefixes that our JSON-LD is compacted with. What we send bears those it needs, and refers to nothing."""
    return site_of(request).answer(json.dumps({"@context": PREFIXES}, indent=1).encode(), "application/ld+json")


def document(site: Site) -> dict[str, Any]:
    """The OpenAPI document of a site."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        methods = paths.setdefault(operation.path, {})
        methods[operation.method] = _operation(operation)
        if operation.method == "get" and operation.path not in WITHOUT_HEAD:
            methods["head"] = _head(methods["get"])
    return {
        "openapi": "3.1.1",
        "info": {
            "title": site.title,
            "version": __version__,
            "description": "A graph read from policy reports, asked and written by SPARQL 1.1's protocols.",
        },
        "servers": [{"url": site.addresses.base.removesuffix("/")}],
        "paths": paths,
        "components": {
            "schemas": _SCHEMAS,
            "responses": {"Problem": _PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    named = (*re.findall(r"{(\w+)}", operation.path), *operation.parameters)
    written: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": f"{operation.method}{re.sub(r'[^a-z]+', '-', operation.path).rstrip('-')}",
        "tags": [operation.tag],
        "parameters": [_parameter(name) for name in named],
        "responses": _responses(operation),
    }
    if operation.body:
        content = {media_type: _sent(media_type, operation) for media_type in operation.body}
        written["requestBody"] = {"required": True, "content": content}
    if operation.is_write:
        written["security"] = [{"token": []}]
    return written


def _head(get: dict[str, Any]) -> dict[str, Any]:
    """HEAD is answered as GET, without the content."""
    responses = {status: {"description": "As GET."} for status in get["responses"]}
    return {**get, "operationId": get["operationId"].replace("get", "head", 1), "responses": responses}


def _parameter(name: str) -> dict[str, Any]:
    place, schema, description = _PARAMETERS[name]
    return {"name": name, "in": place, "required": place == "path", "schema": schema, "description": description}


def _sent(media_type: str, operation: Operation) -> dict[str, Any]:
    if media_type != "application/x-www-form-urlencoded":
        return {"schema": _TEXT, **({"example": _BODIES[media_type]} if media_type in _BODIES else {})}
    name = "update" if operation.is_write else "query"
    return {"schema": {"type": "object", "properties": {name: _TEXT}, "required": [name]}}


def _responses(operation: Operation) -> dict[str, Any]:
    refusals = (*_REFUSALS, *(_REFUSALS_OF_WRITES if operation.body or operation.is_write else ()))
    problem = {"$ref": "#/components/responses/Problem"}
    responses: dict[str, Any] = {}
    if operation.answer:
        responses["200"] = {"description": "Done.", "content": _content(operation.answer, operation.schema)}
    for status in operation.statuses:
        responses[str(status)] = {"description": HTTPStatus(status).phrase}
        if status == HTTPStatus.CREATED:
            responses[str(status)]["content"] = _content(operation.answer, operation.schema)
    if operation.method == "get" and operation.answer:
        responses["304"] = {"description": "The client has it."}
    return {**responses, **{str(status): problem for status in sorted(refusals)}}


def _content(media_types: Iterable[str], schema: str) -> dict[str, Any]:
    referred = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    return {media_type: referred if media_type == JSON and schema else {} for media_type in media_types}
