"""The cue file of a language: patterns with their fragments filled in, ready to run."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from kg.model.errors import LayoutError
from kg.model.records import Relation

_FOLDER = Path(__file__).resolve().parent / "cues"
_REFERENCE = re.compile(r"\(\?&([\w-]+)\)")


class Subjects(Enum):
    """How a rule finds its subject."""

    MECHANISM = "mechanism"  # the report's mechanism
    ANY = "any"  # the body or the mechanism that the cue is said of
    BODY = "body"  # the body that the cue is said of
    DOCUMENT = "document"  # the plan or programme that the cue is said of
    THING = "thing"  # the body or programme that the cue is said of
    OWNER = "owner"  # whose functions they are: "the functions of X", "X's task", "its task"
    NAMED = "named"  # the one that stands in the group `subject`


class Objects(Enum):
    """What a rule's objects are."""

    BODIES = "bodies"
    ACTING = "acting"  # the bodies with which the clause behind the cue begins
    PLANS = "plans"
    AGENT = "agent"
    SAME = "same"  # a thing of the subject's kind
    SECTORS = "sectors"
    FUNCTIONS = "functions"
    FEATURES = "features"
    DATE = "date"


class Gaps(Enum):
    """What may stand between a subject and the cue; the value is the pattern's name in the cue file."""

    FINITE = "finite"  # which, auxiliaries, adverbs
    ATTRIBUTE = "attribute"  # a comma or a bracket too: the cue may be an attribute
    STANDING = "standing"  # verbs of standing somewhere
    APPOSITION = "apposition"  # what the subject is said to be


class About(Enum):
    """Where a rule needs a phrase for the mechanism."""

    PAGE = "page"
    SENTENCE = "sentence"
    MATCH = "match"  # within the words that the rule's pattern meets
    KEY = "key"  # ending where the rule's key does


@dataclass(frozen=True, kw_only=True)
class CueRule:
    """One rule: the relation it reads, the keys that call it up, and the pattern that must meet the words there.

    `source` is the pattern as it is written, with its fragments filled in.
    """

    name: str
    relation: Relation
    subject: Subjects
    objects: Objects
    keys: tuple[str, ...]
    source: str
    before: re.Pattern[str] | None = None
    about: About | None = None
    gap: Gaps = Gaps.FINITE
    objects_before: bool = False
    inverse: bool = False

    @property
    def method(self) -> str:
        """The rule's name in claims."""
        return f"statement/{self.name}"

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What must meet the words; compiled at its first key, since one page has the keys of few rules."""
        return re.compile(self.source, re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """Patterns of one purpose, and the keys without which none of them can be met."""

    keys: tuple[str, ...]
    patterns: Mapping[str, re.Pattern[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CueFile:
    """All cues of one language."""

    heads: Mapping[str, tuple[str, ...]]
    refused: re.Pattern[str]
    refused_whole: re.Pattern[str]
    terms: frozenset[str]
    definite: re.Pattern[str]
    gaps: Mapping[Gaps, re.Pattern[str]]
    prepositions: frozenset[str]
    determiners: frozenset[str]
    verb: re.Pattern[str]
    breaks: re.Pattern[str]
    rules: tuple[CueRule, ...]
    period: re.Pattern[str]
    fronted: re.Pattern[str]
    fiscal: re.Pattern[str]
    fiscal_year: re.Pattern[str]
    lessons: Cues
    modality: Mapping[str, Cues]


def fill(pattern: str, fragments: Mapping[str, str]) -> str:
    """The pattern with each `(?&name)` replaced by that fragment.

    Raises:
        KeyError: a fragment is not defined.
    """
    while _REFERENCE.search(pattern):
        pattern = _REFERENCE.sub(lambda match: f"(?:{fragments[match.group(1)]})", pattern)
    return pattern


@cache
def languages() -> tuple[str, ...]:
    """The languages that there are cues for, as primary tags."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))


def primary(language: str) -> str:
    """The primary part of a language tag, in lower case (BCP 47, section 2.1): `en` of `en-GB`."""
    return language.partition("-")[0].lower()


@cache
def read_cues(language: str) -> CueFile:
    """The cues of a language (BCP 47 primary tag).

    Raises:
        LayoutError: there is no cue file for it.
    """
    path = _FOLDER / f"{language}.toml"
    if language not in languages():
        known = ", ".join(languages())
        raise LayoutError(path.name, f"no cues for language {language!r}; there are cues for: {known}")
    return _cue_file(tomllib.loads(path.read_text(encoding="utf-8")))


def _cue_file(data: Mapping[str, Any]) -> CueFile:
    fragments, gaps = data["fragments"], data["gaps"]
    return CueFile(
        heads={kind: tuple(words) for kind, words in data["heads"].items()},
        refused=re.compile("|".join(data["refused"]["names"])),
        refused_whole=re.compile("|".join(data["refused"]["whole"])),
        terms=frozenset(data["refused"]["terms"]),
        definite=re.compile(data["definite"]["pattern"]),
        gaps={kind: re.compile(fill(gaps[kind.value], fragments)) for kind in Gaps},
        prepositions=frozenset(gaps["prepositions"]),
        determiners=frozenset(gaps["determiners"]),
        verb=re.compile(gaps["verb"]),
        breaks=re.compile(gaps["breaks"]),
        rules=tuple(_rule(rule, fragments) for rule in data["rule"]),
        period=re.compile(fill(data["plans"]["period"], fragments)),
        fronted=re.compile(fill(data["plans"]["fronted"], fragments), re.IGNORECASE),
        fiscal=re.compile(fill(data["plans"]["fiscal"], fragments), re.IGNORECASE),
        fiscal_year=re.compile(fill(data["plans"]["fiscal_year"], fragments)),
        lessons=_cues(data["lessons"]["keys"], data["lessons"], ("intro", "heading", "single", "closing")),
        modality={
            kind: _cues(data["modality"][f"{kind}_keys"], data["modality"], parts)
            for kind, parts in (
                ("denied", ("denied",)),
                ("hedged", ("hedged",)),
                ("wished", ("wished", "supposed", "indirect")),
            )
        },
    )


def _cues(keys: Sequence[str], patterns: Mapping[str, Any], names: Sequence[str]) -> Cues:
    compiled = {name: re.compile(patterns[name], re.IGNORECASE) for name in names}
    return Cues(keys=tuple(keys), patterns=compiled)


def _rule(rule: Mapping[str, Any], fragments: Mapping[str, str]) -> CueRule:
    gap = rule.get("gap", "attribute" if rule.get("attributive") else "finite")
    return CueRule(
        name=rule["name"],
        relation=Relation(rule["relation"]),
        subject=Subjects(rule["subject"]),
        objects=Objects(rule["objects"]),
        keys=tuple(rule["keys"]),
        source=fill(rule["pattern"], fragments),
        before=re.compile(fill(rule["before"], fragments)) if "before" in rule else None,
        about=About(rule["about_mechanism"]) if "about_mechanism" in rule else None,
        gap=Gaps(gap),
        objects_before=rule.get("objects_before", False),
        inverse=rule.get("inverse", False),
    )
