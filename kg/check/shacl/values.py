"""Constraints on each value by itself: its type, its range, its text (SHACL §4.1, §4.3, §4.4, §4.8)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from kg.check.shacl.comparison import compare, ordered
from kg.check.shacl.datatypes import datatype_accepts, datatype_test
from kg.check.shacl.literals import is_literal, literal, words
from kg.check.shacl.paths import IllFormed
from kg.check.shacl.patterns import pattern_search, pattern_within
from kg.check.shacl.results import Accepts, Blame, ClassTest, EachTest, Test, ValueTest
from kg.check.shacl.shapes_graph import PREFIX, Shape, ShapesGraph
from kg.rdf.vocab import SH

#: The node kinds, each with the first characters that its terms have in N-Triples.
_KINDS: Final[Mapping[str, str]] = {
    str(SH("IRI")): "<",
    str(SH("Literal")): '"',
    str(SH("BlankNode")): "_",
    str(SH("BlankNodeOrIRI")): "_<",
    str(SH("IRIOrLiteral")): '<"',
    str(SH("BlankNodeOrLiteral")): '_"',
}
_RANGES: Final[Mapping[str, tuple[str, frozenset[int], str]]] = {
    "minExclusive": ("MinExclusiveConstraintComponent", frozenset({1}), "greater than"),
    "minInclusive": ("MinInclusiveConstraintComponent", frozenset({0, 1}), "at least"),
    "maxExclusive": ("MaxExclusiveConstraintComponent", frozenset({-1}), "less than"),
    "maxInclusive": ("MaxInclusiveConstraintComponent", frozenset({-1, 0}), "at most"),
}

_HOLDS: Final[Mapping[frozenset[int], Callable[[Any, Any], bool]]] = {
    frozenset({1}): operator.gt,
    frozenset({0, 1}): operator.ge,
    frozenset({-1}): operator.lt,
    frozenset({-1, 0}): operator.le,
}


def value_tests(shape: Shape, shapes: ShapesGraph) -> Iterator[EachTest]:
    """The constraints of a shape that judge each value by itself.

    Raises:
        IllFormed: a parameter's value makes no sense.
    """
    yield from _kinds(shape)
    yield from _classes(shape)
    yield from _ranges(shape)
    yield from _lengths(shape)
    yield from _patterns(shape)
    yield from _members(shape, shapes)


def _kinds(shape: Shape) -> Iterator[ValueTest]:
    datatype = shape.one("datatype")
    if datatype is not None:
        blame = Blame.of(shape, "DatatypeConstraintComponent", f"The value is no literal of datatype {datatype}.")
        yield ValueTest(blame, datatype_test(datatype[1:-1]), datatype_accepts(datatype[1:-1]))
    kind = shape.one("nodeKind")
    if kind is not None:
        if kind not in _KINDS:
            raise IllFormed(shape.node, f"sh:nodeKind {kind}, which is none of SHACL's six", f"{PREFIX}nodeKind>")
        name = kind.removeprefix(PREFIX)[:-1]
        blame = Blame.of(shape, "NodeKindConstraintComponent", f"The value is not {name}.")
        yield _kind_test(blame, _KINDS[kind])


def _kind_test(blame: Blame, first: str) -> ValueTest:
    return ValueTest(blame, lambda term: term[0] in first, Accepts(f"{{value}}[0] in {first!r}"))


def _classes(shape: Shape) -> Iterator[ClassTest]:
    for of_class in shape.values("class"):
        yield ClassTest(Blame.of(shape, "ClassConstraintComponent", f"The value is no {of_class}."), of_class)


def _ranges(shape: Shape) -> Iterator[ValueTest]:
    for local, (component, passing, words_for) in _RANGES.items():
        for bound in shape.values(local):
            if not is_literal(bound):
                raise IllFormed(shape.node, f"sh:{local} {bound}, which is no literal", f"{PREFIX}{local}>")
            shown = literal(bound).lexical
            yield ValueTest(
                Blame.of(shape, component, f"The value is not {words_for} {shown}."), _range(bound, passing)
            )


def _range(bound: str, passing: frozenset[int]) -> Test:
    kind, limit, _ = ordered(bound)
    if kind != "number":
        return lambda term: compare(term, bound) in passing
    holds = _HOLDS[passing]

    def test(term: str) -> bool:
        if term[0] != '"':
            return False
        kind, value, _ = ordered(term)
        return kind == "number" and holds(value, limit)

    return test


def _lengths(shape: Shape) -> Iterator[ValueTest]:
    least, most = shape.number("minLength"), shape.number("maxLength")
    if least is not None:
        blame = Blame.of(shape, "MinLengthConstraintComponent", f"The value is shorter than {least} characters.")
        # Between the quotation marks of a string stand its words, as they are where none is escaped.
        accepts = Accepts(
            f"{{value}}[0] == {{value}}[-1] == '\"' and '\\\\' not in {{value}} and len({{value}}) >= {least + 2}"
        )
        yield ValueTest(blame, _at_least(least), accepts)
    if most is not None:
        blame = Blame.of(shape, "MaxLengthConstraintComponent", f"The value is longer than {most} characters.")
        yield ValueTest(blame, _at_most(most), Accepts(f"len({{value}}) <= {most} and {{value}}[0] != '_'"))


def _at_least(least: int) -> Test:
    return lambda term: term[0] != "_" and len(words(term)) >= least


def _at_most(most: int) -> Test:
    #: What stands around a literal's words in N-Triples only makes it longer.
    return lambda term: term[0] != "_" and (len(term) <= most or len(words(term)) <= most)


def _patterns(shape: Shape) -> Iterator[ValueTest]:
    flags = shape.one("flags")
    for pattern in shape.values("pattern"):
        shown = literal(pattern).lexical if is_literal(pattern) else pattern
        try:
            test = _found(shown, literal(flags).lexical if flags else "")
        except ValueError as error:
            raise IllFormed(shape.node, f"sh:pattern {pattern}: {error}", f"{PREFIX}pattern>") from error
        text = shown.replace("\\", "\\\\").replace('"', '\\"')
        yield ValueTest(
            Blame.of(shape, "PatternConstraintComponent", f"The value does not match the pattern {text}."),
            test,
            _found_quickly(shown, literal(flags).lexical if flags else ""),
        )


def _found(pattern: str, flags: str) -> Test:
    """Looks for the pattern within the term itself, where its words stand there as they are."""
    anywhere = pattern_search(pattern, flags)
    within = pattern_within(pattern, flags)

    def test(term: str) -> object:
        first = term[0]
        if first == '"' and within is not None and "\\" not in term:
            return within(term, 1, term.rindex('"'))
        return first != "_" and anywhere(words(term))

    return test


def _found_quickly(pattern: str, flags: str) -> Accepts | None:
    within = pattern_within(pattern, flags)
    source = "{value}[0] == '\"' and '\\\\' not in {value} and {known}({value}, 1, {value}.rindex('\"'))"
    return None if within is None else Accepts(source, within)


def _members(shape: Shape, shapes: ShapesGraph) -> Iterator[ValueTest]:
    listed = shape.one("in")
    if listed is not None:
        members = frozenset(shapes.members(listed))
        blame = Blame.of(shape, "InConstraintComponent", "The value is none of those allowed.")
        yield ValueTest(blame, members.__contains__, Accepts("{value} in {known}", members))
    languages = shape.one("languageIn")
    if languages is not None:
        ranges = tuple(literal(each).lexical.lower() for each in shapes.members(languages))
        blame = Blame.of(shape, "LanguageInConstraintComponent", "The value is in none of the languages allowed.")
        yield ValueTest(blame, _language_test(ranges))


def _language_test(ranges: tuple[str, ...]) -> Test:
    exact = frozenset(ranges)

    def test(term: str) -> bool:
        if term[-1] in '">' or term[0] != '"':
            return False
        if term[term.rindex("@") + 1 :] in exact:
            return True
        language = literal(term).language
        return any(language_matches(language, each) for each in ranges)

    return test


def language_matches(language: str, wanted: str) -> bool:
    """SPARQL's langMatches: the basic filtering of RFC 4647 §3.3.1."""
    if wanted == "*":
        return bool(language)
    found, wanted = language.lower(), wanted.lower()
    return bool(found) and (found == wanted or found.startswith(f"{wanted}-"))
