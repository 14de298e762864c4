r"""XPath's regular expressions, which SPARQL's REGEX and so sh:pattern have, as Python's.

XPath and XQuery Functions 3.1 §5.6.1 and XML Schema 1.1 Part 2, Appendix G. They differ from Python's: `\s` is the
four spaces of XML, `\w` is all but punctuation, separators and others, `$` is the very end, `\p{L}` names a category,
and what looks ahead or behind does not exist.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Final

Search = Callable[[str], object]

_SPACES: Final = r" \t\n\r"
_ESCAPES: Final[Mapping[str, str]] = {"s": _SPACES, "d": r"\d", "n": r"\n", "r": r"\r", "t": r"\t"}
_NAME_START: Final = (
    ":A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME: Final = _NAME_START + "\\-.0-9\xb7\u0300-\u036f\u203f-\u2040"
_LITERALS: Final = frozenset("\\|.?*+(){}-[]^$/")
_FLAGS: Final[Mapping[str, re.RegexFlag]] = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
_CATEGORIES: Final = frozenset("LMNPZSC")


@lru_cache(maxsize=1024)
def pattern_search(pattern: str, flags: str = "") -> Search:
    """The function that looks for the pattern anywhere in a text.

    Args:
        pattern: as XPath writes it.
        flags: any of XPath's `i`, `m`, `s`, `x` and `q`.

    Raises:
        ValueError: it is no pattern or there is no such flag; the message says why.
    """
    return compiled_pattern(pattern, flags).search


def pattern_within(pattern: str, flags: str = "") -> Callable[[str, int, int], object] | None:
    """The function that looks for the pattern in a part of a text, given where that begins and ends.

    None where the pattern has `^` in the middle or in one of several ways: to Python that begins the whole text.
    Errors are those of `pattern_search`.
    """
    rest = pattern.removeprefix("^")
    if "^" in rest.replace("[^", "") or "m" in flags:
        return None
    if rest == pattern or "q" in flags:
        return compiled_pattern(pattern, flags).search
    return None if "|" in rest else compiled_pattern(rest, flags).match


@lru_cache(maxsize=1024)
def compiled_pattern(pattern: str, flags: str = "") -> re.Pattern[str]:
    """The pattern as Python compiles it; arguments and errors are those of `pattern_search`."""
    unknown = set(flags) - {*_FLAGS, "x", "q"}
    if unknown:
        raise ValueError(f"there is no flag {', '.join(sorted(unknown))}; there are i, m, s, x and q")
    options = re.RegexFlag(0)
    for flag in flags:
        options |= _FLAGS.get(flag, re.RegexFlag(0))
    if "q" in flags:
        return re.compile(re.escape(pattern), options)
    try:
        return re.compile("".join(_translated(pattern, flags)), options)
    except re.error as error:
        raise ValueError(str(error)) from error


def _translated(pattern: str, flags: str) -> Iterator[str]:
    place = 0
    while place < len(pattern):
        sign = pattern[place]
        if sign == "\\":
            text, place = _escape(pattern, place)
            yield text
            continue
        if sign == "[":
            text, place = _class(pattern, place)
            yield text
            continue
        if pattern.startswith("(?", place) and not pattern.startswith("(?:", place):
            raise ValueError("XPath has no groups that begin with (? but (?:")
        place += 1
        yield _sign(sign, flags)


def _sign(sign: str, flags: str) -> str:
    if sign == "$":
        return "$" if "m" in flags else r"\Z"
    if sign == ".":
        return "." if "s" in flags else r"[^\n\r]"
    if sign in _SPACES_SET:
        return "" if "x" in flags else re.escape(sign)
    return sign


_SPACES_SET = frozenset(" \t\n\r")


def _escape(pattern: str, place: int) -> tuple[str, int]:
    """An escape outside a class, and where it ends."""
    sign = pattern[place + 1 : place + 2]
    if sign.isdigit() and sign != "0":
        return f"\\{sign}", place + 2
    if sign in _LITERALS and sign:
        return f"\\{sign}", place + 2
    members, complement, end = _set_escape(pattern, place)
    return f"[{'^' if complement else ''}{members}]", end


def _set_escape(pattern: str, place: int) -> tuple[str, bool, int]:
    """What an escape for several characters stands for, whether for all others, and where it ends."""
    sign = pattern[place + 1 : place + 2]
    if sign.lower() == "p":
        closing = pattern.find("}", place)
        if pattern[place + 2 : place + 3] != "{" or closing < 0:
            raise ValueError(rf"\{sign} needs a category in braces")
        return _category(pattern[place + 3 : closing]), sign == "P", closing + 1
    lower = sign.lower()
    if lower in ("s", "d") or sign in ("n", "r", "t"):
        return _ESCAPES[lower], sign.isupper(), place + 2
    if lower == "i":
        return _NAME_START, sign == "I", place + 2
    if lower == "c":
        return _NAME, sign == "C", place + 2
    if lower == "w":
        return "".join(map(_category, "PZC")), sign == "w", place + 2
    raise ValueError(rf"XPath has no \{sign}" if sign else "it ends in a backslash")


def _class(pattern: str, place: int) -> tuple[str, int]:
    """A character class, and where it ends; one without another becomes what the other is not and the first is."""
    start = place + 1
    complement = pattern.startswith("^", start)
    place = start + complement
    members: list[str] = []
    others: list[str] = []
    minus = ""
    while place < len(pattern) and (pattern[place] != "]" or place == start + complement):
        sign = pattern[place]
        if sign == "-" and pattern.startswith("[", place + 1):
            minus, place = _class(pattern, place + 1)
            break
        if sign == "\\":
            place = _class_escape(pattern, place, members, others)
            continue
        if sign == "[":
            raise ValueError("a [ within a class must be written \\[")
        members.append(f"\\{sign}" if sign in "&~|^" else sign)
        place += 1
    if place >= len(pattern):
        raise ValueError("a class without its ]")
    return _joined("".join(members), others, minus, complement=complement), place + 1


def _class_escape(pattern: str, place: int, members: list[str], others: list[str]) -> int:
    """Adds an escape within a class to its members, or to the sets of which all others are members."""
    sign = pattern[place + 1 : place + 2]
    if sign in _LITERALS and sign:
        members.append(f"\\{sign}")
        return place + 2
    text, complement, end = _set_escape(pattern, place)
    if complement:
        others.append(text)
    else:
        members.append(text)
    return end


def _joined(members: str, others: list[str], minus: str, *, complement: bool) -> str:
    if others:
        ways = [f"[{members}]"] * bool(members) + [f"[^{text}]" for text in others]
        union = f"(?:{'|'.join(ways)})"
        union = rf"(?:(?!{union})[\s\S])" if complement else union
    else:
        union = f"[{'^' if complement else ''}{members}]"
    return f"(?:(?!{minus}){union})" if minus else union


@cache
def _category(name: str) -> str:
    """The characters of a general category, or of a block by its name, as the inside of a class."""
    if name.startswith("Is"):
        raise ValueError(rf"blocks such as \p{{{name}}} are not supported; name a category or a range")
    if name[:1] not in _CATEGORIES or len(name) > 2:  # noqa: PLR2004 # a category and its part have a letter each
        raise ValueError(rf"there is no category \p{{{name}}}")
    ranges: list[list[int]] = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)).startswith(name):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{_code(first)}-{_code(last)}" for first, last in ranges)


def _code(code: int) -> str:
    return f"\\U{code:08x}"
