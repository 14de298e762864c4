"""SPARQL's SELECT and ASK as data, as far as the compiled engine answers them itself (SPARQL 1.1 §19.8).

What is beyond it (aggregates, ORDER BY, VALUES and so on) is `Beyond`, no error: Oxigraph answers such a query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kg.check.shacl.graph import TYPE_TERM
from kg.check.shacl.literals import plain, tagged, typed, unescaped
from kg.check.shacl.paths import Path, PathKind
from kg.rdf.vocab import XSD

#: A variable is its name behind a question mark; every other term is its N-Triples text.
Term = str


class Beyond(Exception):  # noqa: N818 - says where the query goes, not that it is wrong
    """The query has a part that the compiled engine leaves to Oxigraph."""


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function, by its sign or its name in capitals, with its arguments."""

    name: str
    args: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Exists:
    """EXISTS; NOT EXISTS is the call of `!` on it."""

    group: Group


Expression = str | Call | Exists


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple pattern; the predicate is a term or a path."""

    subject: Term
    predicate: Term | Path
    value: Term


@dataclass(frozen=True, slots=True)
class Filter:
    """FILTER."""

    condition: Expression


@dataclass(frozen=True, slots=True)
class Bind:
    """BIND."""

    expression: Expression
    variable: str


@dataclass(frozen=True, slots=True)
class Optional:
    """OPTIONAL."""

    group: Group


@dataclass(frozen=True, slots=True)
class Union:
    """Two groups or more, of which each gives solutions."""

    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class InGraph:
    """GRAPH."""

    name: Term
    group: Group


@dataclass(frozen=True, slots=True)
class Group:
    """What stands in braces."""

    elements: tuple[Pattern | Filter | Bind | Optional | Union | InGraph | Group | Select, ...]


@dataclass(frozen=True, slots=True)
class Select:
    """A SELECT query, or with no projection an ASK query.

    Attributes:
        projection: variable to the expression it stands for, itself where it is only selected; None for `*`.
    """

    projection: Mapping[str, Expression] | None
    group: Group
    ask: bool = False


_TOKEN: Final = re.compile(
    r"""\s+|\#[^\n]*
    |(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    |(?P<variable>[?$][\w·]+)
    |(?P<string>\"\"\"(?:[^"\\]|\\.|"{1,2}(?!"))*\"\"\"|'''(?:[^'\\]|\\.|'{1,2}(?!'))*'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)
    |(?P<blank>_:[\w.-]*\w)
    |(?P<name>(?:[^\W\d_][\w.-]*)?:(?:[\w:%](?:[\w:.%-]*[\w:%-])?)?)
    |(?P<word>[A-Za-z_]+)
    |(?P<sign>&&|\|\||!=|<=|>=|\^\^|[{}()\[\].;,=<>!+*/|^?-])""",
    re.VERBOSE | re.DOTALL,
)
_NUMBERS: Final = {"integer": re.compile(r"\d+"), "decimal": re.compile(r"\d*\.\d+|\d+\.")}
_LEVELS: Final = (("||",), ("&&",), ("=", "!=", "<", ">", "<=", ">=", "IN", "NOT"), ("+", "-"), ("*", "/"))
_COMPARING: Final = 2


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query; `kind` is a group of the token pattern, `start` its place in the text."""

    kind: str
    text: str
    start: int = -1

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords, or signs, in whatever case."""
        return self.kind in ("word", "sign") and self.text.upper() in words


def tokens(text: str) -> Iterator[Token]:
    """The pieces of a query, without spaces and comments.

    Raises:
        Beyond: something in it is no token of ours.
    """
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise Beyond(text[place : place + 20])
        if match.lastgroup:
            yield Token(match.lastgroup, match[0], place)
        place = match.end()


_END: Final = Token("end", "")


class Parser:
    """Reads one query.

    Args:
        text: the query.
        prefixes: prefix to namespace, beside those that the query declares.
    """

    def __init__(self, text: str, prefixes: Mapping[str, str]) -> None:
        self._tokens = [*tokens(text), _END]
        self._place = 0
        self._prefixes = dict(prefixes)
        self._fresh = 0

    def query(self) -> Select:
        """The query.

        Raises:
            Beyond: it is none, or one with a part that is not answered here.
        """
        while self._taken("PREFIX"):
            name = self._next("name").text.removesuffix(":")
            self._prefixes[name] = self._next("iri").text[1:-1]
        query = Select({}, self._where(), ask=True) if self._taken("ASK") else self._select()
        if self._token is not _END:
            raise Beyond(self._token.text)
        return query

    @property
    def _token(self) -> Token:
        return self._tokens[self._place]

    def _next(self, kind: str = "") -> Token:
        token = self._token
        if kind and token.kind != kind:
            raise Beyond(f"{token.text}, not a {kind}")
        self._place += 1
        return token

    def _taken(self, *words: str) -> Token | None:
        return self._next() if self._token.is_word(*words) else None

    def _expect(self, sign: str) -> None:
        if not self._taken(sign):
            raise Beyond(f"{self._token.text}, not {sign}")

    def _where(self) -> Group:
        self._taken("WHERE")
        return self._group()

    def _select(self) -> Select:
        self._expect("SELECT")
        self._taken("DISTINCT", "REDUCED")  # a constraint's results are a set in any case
        if self._taken("*"):
            return Select(None, self._where())
        projection: dict[str, Expression] = {}
        while self._token.kind == "variable" or self._token.is_word("("):
            if self._taken("("):
                expression = self._expression()
                self._expect("AS")
                projection[_variable(self._next("variable"))] = expression
                self._expect(")")
            else:
                name = _variable(self._next())
                projection[name] = name
        return Select(projection, self._where())

    def _group(self) -> Group:
        self._expect("{")
        elements: list[object] = []
        while not self._taken("}"):
            elements += self._element()
        return Group(tuple(elements))  # type: ignore[arg-type] # each kind of element is one of a group's

    def _element(self) -> Iterable[object]:
        token = self._token
        if token.is_word("{"):
            return [self._union()]
        if token.kind == "word" and not token.is_word("TRUE", "FALSE"):
            return [self._clause()]
        return [] if self._taken(".") else self._triples()

    def _clause(self) -> object:
        """An element that begins with a keyword."""
        if self._token.is_word("SELECT"):
            return self._select()
        keyword = self._next().text.upper()
        if keyword == "FILTER":
            return Filter(self._unary())
        if keyword == "BIND":
            return self._bind()
        if keyword == "OPTIONAL":
            return Optional(self._group())
        if keyword == "GRAPH":
            return InGraph(self._term(), self._group())
        raise Beyond(keyword)

    def _union(self) -> Group | Union:
        groups = [self._group()]
        while self._taken("UNION"):
            groups.append(self._group())
        return groups[0] if len(groups) == 1 else Union(tuple(groups))

    def _bind(self) -> Bind:
        self._expect("(")
        expression = self._expression()
        self._expect("AS")
        variable = _variable(self._next("variable"))
        self._expect(")")
        return Bind(expression, variable)

    def _triples(self) -> list[Pattern]:
        found: list[Pattern] = []
        subject = self._node(found)
        self._properties(subject, found)
        return found

    def _properties(self, subject: Term, found: list[Pattern]) -> None:
        while not self._token.is_word(".", "}", "]"):
            predicate = self._predicate()
            found.append(Pattern(subject, predicate, self._node(found)))
            while self._taken(","):
                found.append(Pattern(subject, predicate, self._node(found)))
            if not self._taken(";"):
                break
            while self._taken(";"):
                pass

    def _node(self, found: list[Pattern]) -> Term:
        """A term, or a blank node in brackets whose properties are added."""
        if self._taken("["):
            self._fresh += 1
            name = f"?[{self._fresh}]"
            self._properties(name, found)
            self._expect("]")
            return name
        return self._term()

    def _predicate(self) -> Term | Path:
        if self._token.kind == "variable":
            return _variable(self._next())
        path = self._path()
        return path.predicate or path

    def _path(self) -> Path:
        ways = [self._path_sequence()]
        while self._taken("|"):
            ways.append(self._path_sequence())
        return ways[0] if len(ways) == 1 else Path(PathKind.ALTERNATIVE, parts=tuple(ways))

    def _path_sequence(self) -> Path:
        steps = [self._path_step()]
        while self._taken("/"):
            steps.append(self._path_step())
        return steps[0] if len(steps) == 1 else Path(PathKind.SEQUENCE, parts=tuple(steps))

    def _path_step(self) -> Path:
        if self._taken("^"):
            return Path(PathKind.INVERSE, parts=(self._path_step(),))
        if self._taken("("):
            path = self._path()
            self._expect(")")
        elif self._token.text == "a":
            self._next()
            path = Path(PathKind.PREDICATE, TYPE_TERM)
        else:
            path = Path(PathKind.PREDICATE, self._iri())
        sign = self._taken("*", "+", "?")
        return Path(_REPEATED[sign.text], parts=(path,)) if sign else path

    def _iri(self) -> Term:
        token = self._next()
        if token.kind == "iri":
            return token.text
        prefix, _, local = token.text.partition(":")
        if token.kind != "name" or prefix not in self._prefixes:
            raise Beyond(token.text)
        return f"<{self._prefixes[prefix]}{local}>"

    def _term(self) -> Term:
        token = self._token
        if token.kind == "variable":
            return _variable(self._next())
        if token.kind == "blank":
            return f"?{self._next().text}"
        if token.kind == "string":
            return self._literal()
        if token.kind == "number" or token.is_word("-", "+"):
            return self._number()
        if token.is_word("TRUE", "FALSE"):
            return typed(self._next().text.lower(), XSD("boolean").value)
        return self._iri()

    def _literal(self) -> Term:
        text = self._next().text
        quotes = 3 if text[:3] in ('"""', "'''") else 1
        words = unescaped(text[quotes:-quotes])
        if self._token.kind == "language":
            return tagged(words, self._next().text[1:].lower())
        if self._taken("^^"):
            return typed(words, self._iri()[1:-1])
        return plain(words)

    def _number(self) -> Term:
        sign = self._taken("-", "+")
        text = self._next("number").text
        kind = next((name for name, form in _NUMBERS.items() if form.fullmatch(text)), "double")
        return typed((sign.text if sign else "") + text, XSD(kind).value)

    def _expression(self, level: int = 0) -> Expression:
        if level == len(_LEVELS):
            return self._unary()
        left = self._expression(level + 1)
        while token := self._taken(*_LEVELS[level]):
            sign = token.text.upper()
            if sign == "NOT":
                self._expect("IN")
                left = Call("!", (Call("IN", (left, *self._arguments())),))
            elif sign == "IN":
                left = Call("IN", (left, *self._arguments()))
            else:
                left = Call(sign, (left, self._expression(level + 1)))
            if level == _COMPARING:
                break
        return left

    def _unary(self) -> Expression:
        if self._taken("!"):
            return Call("!", (self._unary(),))
        if self._token.is_word("-", "+") and self._tokens[self._place + 1].kind != "number":
            return Call(f"unary {self._next().text}", (self._unary(),))
        if self._taken("("):
            expression = self._expression()
            self._expect(")")
            return expression
        if self._token.kind == "word" and not self._token.is_word("TRUE", "FALSE"):
            return self._function()
        term = self._term()
        return Call(term, self._arguments()) if self._token.is_word("(") and term[0] == "<" else term

    def _function(self) -> Expression:
        """What begins with a keyword."""
        if self._taken("NOT"):
            self._expect("EXISTS")
            return Call("!", (Exists(self._group()),))
        if self._taken("EXISTS"):
            return Exists(self._group())
        return Call(self._next().text.upper(), self._arguments())

    def _arguments(self) -> tuple[Expression, ...]:
        self._expect("(")
        args: list[Expression] = []
        while not self._taken(")"):
            args.append(self._expression())
            self._taken(",")
        return tuple(args)


_REPEATED: Final = {"*": PathKind.ZERO_OR_MORE, "+": PathKind.ONE_OR_MORE, "?": PathKind.ZERO_OR_ONE}


def _variable(token: Token) -> str:
    return f"?{token.text[1:]}"
