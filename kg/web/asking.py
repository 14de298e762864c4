"""What a client asks at /sparql, read from its request: SPARQL 1.1 Protocol, section 2.1, and QUERY of RFC 10008."""

from __future__ import annotations

from binascii import a2b_qp
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
_QUERY_IS: Final = b"query="
#: In which media types a query may come.
ACCEPTED: Final = {"Accept-Post": f"{_FORM}, {_QUERY}", "Accept-Query": f"{_FORM}, {_QUERY}"}
_VALUE: Final = frozenset(map(chr, range(ord("!"), ord("~") + 1))) - {"&", "#"}
#: A value as quoted-printable mail, whose escapes are those of addresses but for their sign; what is no part of a value
#: alone, or would be more than itself in mail, becomes the end of a line.
_AS_MAIL: Final = bytes(
    {"+": ord(" "), "%": ord("=")}.get(chr(byte), byte if chr(byte) in _VALUE else ord("\n")) for byte in range(256)
)
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
    text = read_query(query_string)
    return read_form(query_string.decode("latin-1")) if text is None else (("query", text),)


def read_query(query_string: bytes) -> str | None:
    """The query of an address that holds nothing else; None where it takes a closer look."""
    if not query_string.startswith(_QUERY_IS):
        return None
    mail = query_string[len(_QUERY_IS) :].replace(b"=", b"%3D").translate(_AS_MAIL)
    if b"\n" in mail:
        return None
    unescaped = a2b_qp(mail)  # in C: 1 µs where 20 were
    if len(unescaped) != len(mail) - 2 * mail.count(b"="):  # one is no escape, and was left as it is
        return None
    try:
        return unescaped.decode()
    except UnicodeDecodeError:  # said as it is for every field
        return None


def query_of(form: Form, how: Wanted, bounds: Bounds) -> Query:
    """The query that fields ask, where a page is wanted in a format that it can be made from.

    Raises:
        Problem: they ask none, more than one, or an update (section 2.1.4: exactly one query parameter).
    """
    if len(form) == 1 and form[0][0] == "query":
        return query_for(form[0][1], how, bounds)
    texts = [value for name, value in form if name == "query"]
    if any(name == "update" for name, _ in form):
        raise Problem(HTTPStatus.BAD_REQUEST, "updates are not run here; queries alone are answered")
    if len(texts) != 1:
        raise Problem(HTTPStatus.BAD_REQUEST, f"expected one field named query, found {len(texts)}")
    default_graphs = tuple(value for name, value in form if name == "default-graph-uri")
    named_graphs = tuple(value for name, value in form if name == "named-graph-uri")
    return replace(query_for(texts[0], how, bounds), default_graphs=default_graphs, named_graphs=named_graphs)


def query_for(text: str, how: Wanted, bounds: Bounds) -> Query:
    """The query of a text, over the whole dataset."""
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
