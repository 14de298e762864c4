"""What a client asks at /sparql, read from its request: SPARQL 1.1 Protocol, section 2.1, and QUERY of RFC 10008."""

from __future__ import annotations

from binascii import a2b_qp
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from http import HTTPStatus
from typing import Final

from fastapi import Request

from kg.query import Query
from kg.rdf.formats import GraphFormat, ResultsFormat
from kg.web.bodies import Form, read_body, read_form, read_text
from kg.web.formats import FIELDS, Page, Wanted, wanted
from kg.web.problems import Problem
from kg.web.requests import content_type
from kg.web.site import Bounds

_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
#: In which media types a query may come.
ACCEPTED: Final = {"Accept-Post": f"{_FORM}, {_QUERY}", "Accept-Query": f"{_FORM}, {_QUERY}"}
#: What stands between fields, or would be a line's end to quoted-printable mail.
_UNUSUAL: Final = (b"&", b";", b"\n", b"\r")
_BODY: Final = frozenset({"content-length", "transfer-encoding"})
_LONGEST_REMEMBERED: Final = 500  # characters of what is asked for by a client


async def read_fields(request: Request) -> Form:
    """The fields of a request: those of its address, after those of its body where it has one.

    Raises:
        Problem: its body is too long, is of another media type, or is not UTF-8.
    """
    if request.method not in {"POST", "QUERY"}:
        if not _BODY.isdisjoint(request.headers):
            await read_body(request)
        return read_address(request.scope["query_string"])
    media_type, charset = content_type(request)
    if media_type not in {_FORM, _QUERY} or charset != "utf-8":
        detail = f"a query comes as {_FORM} or {_QUERY}, in UTF-8"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, headers=ACCEPTED)
    body = read_text(await read_body(request))
    in_body = read_form(body) if media_type == _FORM else (("query", body),)
    return (*in_body, *read_address(request.scope["query_string"]))


def read_address(query_string: bytes) -> Form:
    """The fields of an address; a query and nothing else, as most are, is read without taking it apart."""
    written = query_string.removeprefix(b"query=")
    if len(written) < len(query_string) and not any(map(written.__contains__, _UNUSUAL)):
        # Escapes are those of quoted-printable mail but for their sign, and that is read in C: 1 µs where 20 were.
        mail = written.replace(b"+", b" ").replace(b"=", b"=3D").replace(b"%", b"=")
        unescaped = a2b_qp(mail)
        if len(unescaped) == len(mail) - 2 * mail.count(b"="):  # else one is no escape, and was left as it is
            with suppress(UnicodeDecodeError):  # said as it is for every field
                return (("query", unescaped.decode()),)
    return read_form(query_string.decode("latin-1"))


def query_of(form: Form, how: Wanted, bounds: Bounds) -> Query:
    """The query that fields ask, where a page is wanted in a format that it can be made from.

    Raises:
        Problem: they ask none, more than one, or an update (section 2.1.4: exactly one query parameter).
    """
    if len(form) == 1 and form[0][0] == "query":
        return _query(form[0][1], how, bounds)
    texts = [value for name, value in form if name == "query"]
    if any(name == "update" for name, _ in form):
        raise Problem(HTTPStatus.BAD_REQUEST, "updates are not run here; queries alone are answered")
    if len(texts) != 1:
        raise Problem(HTTPStatus.BAD_REQUEST, f"expected one field named query, found {len(texts)}")
    default_graphs = tuple(value for name, value in form if name == "default-graph-uri")
    named_graphs = tuple(value for name, value in form if name == "named-graph-uri")
    return replace(_query(texts[0], how, bounds), default_graphs=default_graphs, named_graphs=named_graphs)


def _query(text: str, how: Wanted, bounds: Bounds) -> Query:
    return Query(
        text=text,
        results=ResultsFormat.JSON if isinstance(how.results, Page) else how.results,
        graph=GraphFormat.TURTLE if isinstance(how.graph, Page) else how.graph,
        most_bytes=bounds.answer_bytes,
        most_rows=bounds.answer_rows,
    )


def wanted_by(form: Form, accept: str | None) -> Wanted:
    """How a client wants the answer; what the same headers and fields want is remembered.

    Raises:
        Problem: nothing of what it asks for is there, or a field names an unknown format.
    """
    fields = tuple(field for field in form if field[0] in FIELDS)
    if sum(len(value) for _, value in fields) + len(accept or "") > _LONGEST_REMEMBERED:
        return wanted(fields, accept)
    return _remembered(fields, accept)


@lru_cache(512)
def _remembered(fields: Form, accept: str | None) -> Wanted:
    return wanted(fields, accept)
