"""From a query's text to its syntax."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from kg.check.shacl.graph import TYPE_TERM
from kg.check.shacl.literals import plain, tagged, typed, unescaped
from kg.check.shacl.paths import Path, PathKind
from kg.check.shacl.query.syntax import (
    Beyond,
    Bind,
    Call,
    Exists,
    Expression,
    Filter,
    Group,
    InGraph,
    Optional,
    Pattern,
    Select,
    Term,
    Union,
)
from kg.check.shacl.query.tokens import Cursor, Token
from kg.rdf.vocab import XSD

_NUMBERS: Final = {"integer": re.compile(r"\d+"), "decimal": re.compile(r"\d*\.\d+|\d+\.")}
_LEVELS: Final = (("||",), ("&&",), ("=", "!=", "<", ">", "<=", ">=", "IN", "NOT"), ("+", "-"), ("*", "/"))
_COMPARING: Final = 2
_REPEATED: Final = {"*": PathKind.ZERO_OR_MORE, "+": PathKind.ONE_OR_MORE, "?": PathKind.ZERO_OR_ONE}


class Parser:
    """Reads one query.

    Args:
        text: the query.
        prefixes: prefix to namespace, beside those that the query declares.
    """

    def __init__(self, text: str, prefixes: Mapping[str, str]) -> None:
        self._cursor = Cursor(text)
        self._prefixes = dict(prefixes)
        self._fresh = 0

    def query(self) -> Select:
        """The query.

        Raises:
            Beyond: it is none, or one with a part that is not answered here.
        """
        while self._cursor.taken("PREFIX"):
            name = self._cursor.take("name").text.removesuffix(":")
            self._prefixes[name] = self._cursor.take("iri").text[1:-1]
        query = Select({}, self._where(), ask=True) if self._cursor.taken("ASK") else self._select()
        if not self._cursor.at_end:
            raise Beyond(self._cursor.token.text)
        return query

    def _where(self) -> Group:
        self._cursor.taken("WHERE")
        return self._group()

    def _select(self) -> Select:
        self._cursor.expect("SELECT")
        self._cursor.taken("DISTINCT", "REDUCED")  # a constraint's results are a set in any case
        if self._cursor.taken("*"):
            return Select(None, self._where())
        projection: dict[str, Expression] = {}
        while self._cursor.token.kind == "variable" or self._cursor.token.is_word("("):
            if self._cursor.taken("("):
                expression = self._expression()
                self._cursor.expect("AS")
                projection[_variable(self._cursor.take("variable"))] = expression
                self._cursor.expect(")")
            else:
                name = _variable(self._cursor.take())
                projection[name] = name
        return Select(projection, self._where())

    def _group(self) -> Group:
        self._cursor.expect("{")
        elements: list[object] = []
        while not self._cursor.taken("}"):
            elements += self._element()
        return Group(tuple(elements))  # type: ignore[arg-type] # each kind of element is one of a group's

    def _element(self) -> Iterable[object]:
        token = self._cursor.token
        if token.is_word("{"):
            return [self._union()]
        if token.kind == "word" and not token.is_word("TRUE", "FALSE"):
            return [self._clause()]
        return [] if self._cursor.taken(".") else self._triples()

    def _clause(self) -> object:
        """An element that begins with a keyword."""
        if self._cursor.token.is_word("SELECT"):
            return self._select()
        keyword = self._cursor.take().text.upper()
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
        while self._cursor.taken("UNION"):
            groups.append(self._group())
        return groups[0] if len(groups) == 1 else Union(tuple(groups))

    def _bind(self) -> Bind:
        self._cursor.expect("(")
        expression = self._expression()
        self._cursor.expect("AS")
        variable = _variable(self._cursor.take("variable"))
        self._cursor.expect(")")
        return Bind(expression, variable)

    def _triples(self) -> list[Pattern]:
        found: list[Pattern] = []
        subject = self._node(found)
        self._properties(subject, found)
        return found

    def _properties(self, subject: Term, found: list[Pattern]) -> None:
        while not self._cursor.token.is_word(".", "}", "]"):
            predicate = self._predicate()
            found.append(Pattern(subject, predicate, self._node(found)))
            while self._cursor.taken(","):
                found.append(Pattern(subject, predicate, self._node(found)))
            if not self._cursor.taken(";"):
                break
            while self._cursor.taken(";"):
                pass

    def _node(self, found: list[Pattern]) -> Term:
        """A term, or a blank node in brackets whose properties are added."""
        if self._cursor.taken("["):
            self._fresh += 1
            name = f"?[{self._fresh}]"
            self._properties(name, found)
            self._cursor.expect("]")
            return name
        return self._term()

    def _predicate(self) -> Term | Path:
        if self._cursor.token.kind == "variable":
            return _variable(self._cursor.take())
        path = self._path()
        return path.predicate or path

    def _path(self) -> Path:
        ways = [self._path_sequence()]
        while self._cursor.taken("|"):
            ways.append(self._path_sequence())
        return ways[0] if len(ways) == 1 else Path(PathKind.ALTERNATIVE, parts=tuple(ways))

    def _path_sequence(self) -> Path:
        steps = [self._path_step()]
        while self._cursor.taken("/"):
            steps.append(self._path_step())
        return steps[0] if len(steps) == 1 else Path(PathKind.SEQUENCE, parts=tuple(steps))

    def _path_step(self) -> Path:
        if self._cursor.taken("^"):
            return Path(PathKind.INVERSE, parts=(self._path_step(),))
        if self._cursor.taken("("):
            path = self._path()
            self._cursor.expect(")")
        elif self._cursor.token.text == "a":
            self._cursor.take()
            path = Path(PathKind.PREDICATE, TYPE_TERM)
        else:
            path = Path(PathKind.PREDICATE, self._iri())
        sign = self._cursor.taken("*", "+", "?")
        return Path(_REPEATED[sign.text], parts=(path,)) if sign else path

    def _iri(self) -> Term:
        token = self._cursor.take()
        if token.kind == "iri":
            return token.text
        prefix, _, local = token.text.partition(":")
        if token.kind != "name" or prefix not in self._prefixes:
            raise Beyond(token.text)
        return f"<{self._prefixes[prefix]}{local}>"

    def _term(self) -> Term:
        token = self._cursor.token
        if token.kind == "variable":
            return _variable(self._cursor.take())
        if token.kind == "blank":
            return f"?{self._cursor.take().text}"
        if token.kind == "string":
            return self._literal()
        if token.kind == "number" or token.is_word("-", "+"):
            return self._number()
        if token.is_word("TRUE", "FALSE"):
            return typed(self._cursor.take().text.lower(), XSD("boolean").value)
        return self._iri()

    def _literal(self) -> Term:
        text = self._cursor.take().text
        quotes = 3 if text[:3] in ('"""', "'''") else 1
        words = unescaped(text[quotes:-quotes])
        if self._cursor.token.kind == "language":
            return tagged(words, self._cursor.take().text[1:].lower())
        if self._cursor.taken("^^"):
            return typed(words, self._iri()[1:-1])
        return plain(words)

    def _number(self) -> Term:
        sign = self._cursor.taken("-", "+")
        text = self._cursor.take("number").text
        kind = next((name for name, form in _NUMBERS.items() if form.fullmatch(text)), "double")
        return typed((sign.text if sign else "") + text, XSD(kind).value)

    def _expression(self, level: int = 0) -> Expression:
        if level == len(_LEVELS):
            return self._unary()
        left = self._expression(level + 1)
        while token := self._cursor.taken(*_LEVELS[level]):
            sign = token.text.upper()
            if sign == "NOT":
                self._cursor.expect("IN")
                left = Call("!", (Call("IN", (left, *self._arguments())),))
            elif sign == "IN":
                left = Call("IN", (left, *self._arguments()))
            else:
                left = Call(sign, (left, self._expression(level + 1)))
            if level == _COMPARING:
                break
        return left

    def _unary(self) -> Expression:
        if self._cursor.taken("!"):
            return Call("!", (self._unary(),))
        if self._cursor.token.is_word("-", "+") and self._cursor.following.kind != "number":
            return Call(f"unary {self._cursor.take().text}", (self._unary(),))
        if self._cursor.taken("("):
            expression = self._expression()
            self._cursor.expect(")")
            return expression
        if self._cursor.token.kind == "word" and not self._cursor.token.is_word("TRUE", "FALSE"):
            return self._function()
        term = self._term()
        return Call(term, self._arguments()) if self._cursor.token.is_word("(") and term[0] == "<" else term

    def _function(self) -> Expression:
        """What begins with a keyword."""
        if self._cursor.taken("NOT"):
            self._cursor.expect("EXISTS")
            return Call("!", (Exists(self._group()),))
        if self._cursor.taken("EXISTS"):
            return Exists(self._group())
        return Call(self._cursor.take().text.upper(), self._arguments())

    def _arguments(self) -> tuple[Expression, ...]:
        self._cursor.expect("(")
        args: list[Expression] = []
        while not self._cursor.taken(")"):
            args.append(self._expression())
            self._cursor.taken(",")
        return tuple(args)


def _variable(token: Token) -> str:
    return f"?{token.text[1:]}"
