"""Rows in XML, as other servers answer them: SPARQL Query Results XML Format (second edition), sections 2 and 3.

The parser is written in C, and what it reads was written by others: this is for a process that is closed off. No
document type is taken, so that there are no entities beside the five of XML.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NoReturn
from xml.parsers import expat

XML: Final = "application/sparql-results+xml"
_NAMESPACE: Final = "http://www.w3.org/2005/sparql-results# "
_LANGUAGE: Final = "http://www.w3.org/XML/1998/namespace lang"
_AROUND: Final = frozenset({"sparql", "head", "link", "results"})
_TERMS: Final = frozenset({"uri", "bnode", "literal"})

#: A term as the JSON format has it.
Term = dict[str, str]


def rows_of_xml(answer: bytes) -> tuple[list[str], list[dict[str, Term]]]:
    """The variables and the rows of an answer, the rows' terms as the JSON format has them.

    Raises:
        ValueError: it is not in that format.
    """
    reading = _Reading()
    try:
        reading.parser.Parse(answer, True)  # noqa: FBT003 - expat takes no keywords
    except expat.ExpatError as error:
        raise ValueError("its answer is no XML") from error
    if not reading.has_results:
        raise ValueError("its answer is not what application/sparql-results+xml holds")
    return reading.variables, reading.rows


class _Reading:
    """A document, from its first element to its last."""

    def __init__(self) -> None:
        self.variables: list[str] = []
        self.rows: list[dict[str, Term]] = []
        self.has_results = False
        self._variable = ""
        self._term: Term | None = None
        self._text: list[str] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _no_doctype
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._take

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        name = _local(name)
        if self._term is not None:
            raise ValueError(f"a term of its answer is none of RDF 1.1: it holds <{name[:80]}>")
        match name:
            case "variable":
                self.variables.append(attributes.get("name", ""))
            case "result":
                self.rows.append({})
            case "binding":
                self._variable = attributes.get("name", "")
            case "results":
                self.has_results = True
            case _ if name in _TERMS and self.rows:
                self._term, self._text = _term(name, attributes), []
            case _ if name not in _AROUND:
                raise ValueError(f"its answer holds <{name[:80]}>, which no rows do")

    def _take(self, text: str) -> None:
        if self._term is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if self._term is not None and name.removeprefix(_NAMESPACE) in _TERMS:
            self.rows[-1][self._variable] = {**self._term, "value": "".join(self._text)}
            self._term = None


def _local(name: str) -> str:
    if not name.startswith(_NAMESPACE):
        raise ValueError(f"its answer holds <{name[:80]}>, which no rows do")
    return name.removeprefix(_NAMESPACE)


def _term(name: str, attributes: Mapping[str, str]) -> Term:
    term = {"type": name}
    if name == "literal" and _LANGUAGE in attributes:
        term["xml:lang"] = attributes[_LANGUAGE]
    elif name == "literal" and "datatype" in attributes:
        term["datatype"] = attributes["datatype"]
    return term


def _no_doctype(*_: object) -> NoReturn:
    raise ValueError("its answer has a document type, which no rows need")
