# ruff: noqa: RUF001 - garbled characters are this module's subject
"""Characters that stand where others were written: text decoded by the wrong encoding, and what hides its own order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from kg.model.evidence import Span
from kg.model.page import Fault

#: The most faults that are named for one page; the last says that there are more.
MOST_FAULTS = 100

# Each begins with one set of characters that stand outside of all repetition: a search passes quickly over all others.
_LOST = re.compile(r"\ufffd\ufffd*")
_CONTROLS = re.compile(r"[\x80-\x9f\u202a-\u202e\u2066-\u2069](?:(?<=[\x80-\x9f])[\x80-\x9f]+)?")
_LAST_C1 = 0x9F
#: The bytes 0x80 to 0xBF as Windows-1252 and Latin-1 show them.
_TRAIL = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
#: One character, or several of two bytes.
_MISREAD = (
    rf"[Â-ô](?:(?<=[ÂÃ])[{_TRAIL}]|(?<=[à-ï])[{_TRAIL}]{{2}}|(?<=[ð-ô])[{_TRAIL}]{{3}}"
    rf"|(?<=[Ä-ß])[{_TRAIL}](?:[Ä-ß][{_TRAIL}])+)"
)
_UTF_8_AS_LATIN = re.compile(f"{_MISREAD}(?:{_MISREAD})*")
_GB_AS_LATIN = re.compile(r"[\xa1-\xff][\xa1-\xff]{3,}")
_CHINESE = re.compile(r"[\u3400-\u9fff\ue000-\uf8ff\u20ac][\u3400-\u9fff\ue000-\uf8ff\u20ac]{2,}")
_WRITTEN = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef\u2010-\u2026]")
#: What any of these begins with: most pages have beyond ASCII typographic marks alone, and one look takes 8 µs for 40.
_SUSPECT = re.compile(r"[\x80-\x9f\xa1-\xff\u202a-\u202e\u2066-\u2069\u20ac\u3400-\u9fff\ue000-\uf8ff\ufffd]")
_LONGEST = 60  # characters of garbled text that a fault repeats
_KNOWN_GARBLE = re.compile(r"(?:锟斤拷)+锟?斤?|锟斤|烫{3,}|屯{3,}")


def garbled(content: str) -> tuple[Fault, ...]:
    """The garbled places of a text, in order, each with what it seems to be.

    Nothing is mended: the text stays as it is, and each fault names the characters that should not be believed.
    """
    if content.isascii() or not _SUSPECT.search(content):
        return ()
    kinds = (_lost(content), _controls(content), _misread(content), _misread_gb(content), _misread_chinese(content))
    found = [fault for kind in kinds for fault in islice(kind, MOST_FAULTS + 1)]
    return named(found)


def named(found: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults by place, the widest of those that overlap, and no more than can be looked at."""
    kept: list[Fault] = []
    for fault in sorted(found, key=lambda fault: (fault.at.start, -fault.at.end, fault.reason)):
        if not kept or fault.at.start >= kept[-1].at.end:
            kept.append(fault)
    if len(kept) <= MOST_FAULTS:
        return tuple(kept)
    more = Fault("from here on there are more faults than are named", kept[MOST_FAULTS - 1].at)
    return (*kept[: MOST_FAULTS - 1], more)


def _lost(content: str) -> Iterator[Fault]:
    for match in _LOST.finditer(content):
        yield _fault(match, "U+FFFD stands where characters were lost in decoding")


def _controls(content: str) -> Iterator[Fault]:
    for match in _CONTROLS.finditer(content):
        code = ord(match.group()[0])
        kind = "changes the order in which characters show" if code > _LAST_C1 else "is a sign of a wrong encoding"
        yield _fault(match, f"the control character U+{code:04X} {kind}")


def _misread(content: str) -> Iterator[Fault]:
    for match in _UTF_8_AS_LATIN.finditer(content):
        if meant := _decoded(_latin_bytes(match.group()), "utf-8"):
            yield _fault(match, _seems(match, "UTF-8 read as Windows-1252", meant))


def _misread_gb(content: str) -> Iterator[Fault]:
    for match in _GB_AS_LATIN.finditer(content):
        raw = match.group().encode("latin-1")
        meant = _decoded(raw, "gb2312")
        if meant and _decoded(raw, "utf-8") is None:
            yield _fault(match, _seems(match, "GB 2312 read as Latin-1", meant))


def _misread_chinese(content: str) -> Iterator[Fault]:
    for match in _CHINESE.finditer(content):
        if _KNOWN_GARBLE.search(match.group()):
            yield _fault(match, f"“{_cut(match.group())}” is what GB 18030 shows where characters were lost")
            continue
        meant = match.group().encode("gb18030", "ignore").decode("utf-8", "replace")
        sound, lost = len(_WRITTEN.findall(meant)), meant.count("\ufffd")
        if sound > 1 and sound >= 4 * lost and sound + lost == len(meant):
            yield _fault(match, _seems(match, "UTF-8 read as GB 18030", meant))


def _seems(match: re.Match[str], what: str, meant: str) -> str:
    return f"“{_cut(match.group())}” seems to be {what}; it may stand for “{_cut(meant)}”"


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


def _fault(match: re.Match[str], reason: str) -> Fault:
    return Fault(reason, Span(match.start(), match.end()))


def _latin_bytes(garble: str) -> bytes:
    """The bytes that Windows-1252 shows so; Latin-1 where Windows-1252 has no such character."""
    return b"".join(each.encode("latin-1" if ord(each) <= 0xFF else "cp1252") for each in garble)  # noqa: PLR2004 - Latin-1 ends there


def _decoded(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return None
