"""Patterns on which a backtracking matcher takes time that doubles with each further character.

A pattern does so when one stretch of text can be read in two ways by a part that repeats, as `(a+)+` and `(a|a)*` can.
That is decided on the automaton whose states are the places of characters in the pattern (Glushkov's): two walks over
the same text that part at some state and meet there again. Text that need not be tried twice does no harm, so `(a+b)+`
passes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from re import _parser  # type: ignore[attr-defined] # the standard library's own reading of patterns; there is no public one
from typing import Any, Final

from kg.check.shacl.patterns import compiled_pattern

_LAST_CODE: Final = 0x10FFFF
#: A repetition up to so many times is unrolled; one that goes on further is taken for endless.
_UNROLLED: Final = 4
#: Patterns with more places than this are not looked into.
_PLACES: Final = 400
_CATEGORIES: Final = {"CATEGORY_DIGIT": ((0x30, 0x39),)}

Ranges = tuple[tuple[int, int], ...]


def is_catastrophic(pattern: str, flags: str = "") -> bool:
    """Whether matching the pattern, as XPath writes it, may take exponential time.

    Raises:
        ValueError: it is no pattern.
    """
    automaton = _Automaton(folded="i" in flags)
    automaton.read(_parser.parse(compiled_pattern(pattern, flags).pattern))
    return automaton.is_ambiguous()


@dataclass(slots=True)
class _Part:
    """A part of a pattern: the places it may begin and end with, and whether it may be empty."""

    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    empty: bool = True


class _Automaton:
    """The places of a pattern, and which may follow which; a pair that is there twice can be reached in two ways."""

    def __init__(self, *, folded: bool) -> None:
        self._folded = folded
        self._places: list[Ranges] = []
        self._follow: Counter[tuple[int, int]] = Counter()

    def read(self, parsed: Iterable[tuple[Any, Any]]) -> _Part:
        """Adds what stands in a row."""
        whole = _Part()
        for operator, argument in parsed:
            whole = self._then(whole, self._part(str(operator), argument))
        return whole

    def is_ambiguous(self) -> bool:
        """Whether two walks over one text part and meet again at the state where they parted."""
        if len(self._places) > _PLACES:
            return False
        following: dict[int, list[int]] = defaultdict(list)
        for one, other in self._follow:
            following[one].append(other)
        pairs = _reachable(self._places, following)
        component = _components(pairs)
        diagonal = {component[pair] for pair in pairs if pair[0] == pair[1]}
        if any(pair[0] != pair[1] and component[pair] in diagonal for pair in pairs):
            return True
        return any(
            count > 1 and component.get((one, one)) == component.get((other, other)) is not None
            for (one, other), count in self._follow.items()
        )

    def _part(self, operator: str, argument: Any) -> _Part:  # noqa: ANN401 # what the standard library's reader gives
        if operator in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            return self._repeated(*argument)
        if operator == "SUBPATTERN":
            return self.read(argument[-1])
        if operator == "ATOMIC_GROUP":
            return self.read(argument)
        if operator == "BRANCH":
            return _either([self.read(way) for way in argument[1]])
        ranges = _ranges(operator, argument)
        return _Part() if ranges is None else self._place(ranges)

    def _place(self, ranges: Ranges) -> _Part:
        self._places.append(_folded(ranges) if self._folded else ranges)
        place = len(self._places) - 1
        return _Part([place], [place], empty=False)

    def _then(self, left: _Part, right: _Part) -> _Part:
        self._follow.update(product(left.last, right.first))
        return _Part(
            left.first + right.first * left.empty,
            right.last + left.last * right.empty,
            empty=left.empty and right.empty,
        )

    def _repeated(self, least: int, most: int, argument: Any) -> _Part:  # noqa: ANN401 # as above
        if int(most) <= _UNROLLED:
            whole = _Part()
            for number in range(int(most)):
                part = self.read(argument)
                part.empty = part.empty or number >= least
                whole = self._then(whole, part)
            return whole
        part = self.read(argument)
        self._follow.update(product(part.last, part.first))
        part.empty = part.empty or least == 0
        return part


def _either(ways: Sequence[_Part]) -> _Part:
    return _Part(
        [place for way in ways for place in way.first],
        [place for way in ways for place in way.last],
        empty=any(way.empty for way in ways),
    )


def _ranges(operator: str, argument: Any) -> Ranges | None:  # noqa: ANN401 # as above
    """The characters that a place takes; None for what takes no character."""
    if operator == "LITERAL":
        return ((argument, argument),)
    if operator == "NOT_LITERAL":
        return _others(((argument, argument),))
    if operator == "ANY":
        return ((0, _LAST_CODE),)
    if operator == "IN":
        members = sorted(pair for name, value in argument for pair in _members(str(name), value))
        negated = str(argument[0][0]) == "NEGATE"
        return _others(tuple(members)) if negated else tuple(members)
    return None


def _members(name: str, value: Any) -> Iterator[tuple[int, int]]:  # noqa: ANN401 # as above
    if name == "LITERAL":
        yield value, value
    elif name == "RANGE":
        yield value
    elif name == "CATEGORY":
        yield from _CATEGORIES.get(str(value), ((0, _LAST_CODE),))


def _others(ranges: Ranges) -> Ranges:
    """All characters but these."""
    found, start = [], 0
    for low, high in sorted(ranges):
        if start < low:
            found.append((start, low - 1))
        start = max(start, high + 1)
    return (*found, (start, _LAST_CODE)) if start <= _LAST_CODE else tuple(found)


def _folded(ranges: Ranges) -> Ranges:
    """The characters with those that differ from them in case alone, as far as they are ASCII."""
    more = []
    for first, last, shift in ((0x41, 0x5A, 0x20), (0x61, 0x7A, -0x20)):
        more += [
            (max(low, first) + shift, min(high, last) + shift) for low, high in ranges if low <= last and high >= first
        ]
    return (*ranges, *more)


def _overlap(left: Ranges, right: Ranges) -> bool:
    return any(low <= end and start <= high for low, high in left for start, end in right)


Pair = tuple[int, int]


def _reachable(places: Sequence[Ranges], following: dict[int, list[int]]) -> dict[Pair, list[Pair]]:
    """The pairs of states that two walks over one text may be at, having begun at one state, and the pairs after."""
    known: dict[Pair, bool] = {}

    def meet(one: int, other: int) -> bool:
        if (one, other) not in known:
            known[one, other] = known[other, one] = one == other or _overlap(places[one], places[other])
        return known[one, other]

    found: dict[Pair, list[Pair]] = {}
    waiting = [(place, place) for place in range(len(places))]
    while waiting:
        pair = waiting.pop()
        if pair not in found:
            found[pair] = [next_ for next_ in product(following[pair[0]], following[pair[1]]) if meet(*next_)]
            waiting += found[pair]
    return found


def _components(edges: dict[Pair, list[Pair]]) -> dict[Pair, int]:
    """The strongly connected component of each pair that lies on a circle (Kosaraju's algorithm)."""
    order: list[Pair] = []
    seen: set[Pair] = set()
    for start, following in edges.items():
        stack = [(start, iter(following))] if start not in seen else []
        seen.add(start)
        while stack:
            pair, rest = stack[-1]
            for each in rest:
                if each not in seen:
                    seen.add(each)
                    stack.append((each, iter(edges[each])))
                    break
            else:
                order.append(pair)
                stack.pop()
    return _gathered(edges, order)


def _gathered(edges: dict[Pair, list[Pair]], order: list[Pair]) -> dict[Pair, int]:
    back: dict[Pair, list[Pair]] = defaultdict(list)
    for pair, following in edges.items():
        for each in following:
            back[each].append(pair)
    component: dict[Pair, int] = {}
    for number, start in enumerate(reversed(order)):
        waiting = [start] if start not in component else []
        while waiting:
            pair = waiting.pop()
            if pair not in component:
                component[pair] = number
                waiting += back[pair]
    return component
