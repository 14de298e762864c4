"""The cue file of a language: patterns with their fragments filled in, ready to run."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from kg.model.errors import LayoutError
from kg.model.records import Relation

_FOLDER = Path(__file__).resolve().parent / "cues"
_REFERENCE = re.compile(r"\(\?&([\w-]+)\)")


class Subjects(Enum):
    """How a rule finds its subject."""

    MECHANISM = "mechanism"  # the report's mechanism
    ANY = "any"  # the body or mechanism named last before the cue
    BODY = "body"  # the nearest body's name before the cue
    PROGRAMME = "programme"  # the programme whose name ends before the cue


class Objects(Enum):
    """What stands in a rule's `objects` group."""

    BODIES = "bodies"
    PLANS = "plans"
    AGENT = "agent"
    SECTORS = "sectors"
    FUNCTIONS = "functions"
    FEATURES = "features"


@dataclass(frozen=True, slots=True, kw_only=True)
class CueRule:
    """One rule: the relation it reads, and the pattern that calls it up."""

    name: str
    relation: Relation
    subject: Subjects
    objects: Objects
    pattern: re.Pattern[str]
    about_mechanism: bool = False  # whether the sentence must speak of the mechanism


@dataclass(frozen=True, slots=True, kw_only=True)
class CueFile:
    """All cues of one language."""

    heads: Mapping[str, tuple[str, ...]]
    refused: re.Pattern[str]
    rules: tuple[CueRule, ...]
    features: CueRule
    lesson_intro: re.Pattern[str]
    lesson_heading: re.Pattern[str]
    lesson_single: re.Pattern[str]
    denied: re.Pattern[str]
    hedged: re.Pattern[str]


#: Features have no cue of their own but the vocabulary's, in any clause that speaks of a body.
_FEATURES = CueRule(
    name="features",
    relation=Relation.HAS_FEATURE,
    subject=Subjects.BODY,
    objects=Objects.FEATURES,
    pattern=re.compile(r"(?P<objects>.+)", re.DOTALL),
)


def fill(pattern: str, fragments: Mapping[str, str]) -> str:
    """The pattern with each `(?&name)` replaced by that fragment.

    Raises:
        KeyError: a fragment is not defined.
    """
    while _REFERENCE.search(pattern):
        pattern = _REFERENCE.sub(lambda match: f"(?:{fragments[match.group(1)]})", pattern)
    return pattern


@cache
def read_cues(language: str) -> CueFile:
    """The cues of a language (BCP 47 primary tag).

    Raises:
        LayoutError: there is no cue file for it.
    """
    path = _FOLDER / f"{language}.toml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in _FOLDER.glob("*.toml")))
        raise LayoutError(path.name, f"no cues for language {language!r}; there are cues for: {known}")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    fragments, lessons, modality = data["fragments"], data["lessons"], data["modality"]
    return CueFile(
        heads={kind: tuple(words) for kind, words in data["heads"].items()},
        refused=re.compile("|".join(data["refused"]["names"])),
        rules=tuple(
            CueRule(
                name=rule["name"],
                relation=Relation(rule["relation"]),
                subject=Subjects(rule["subject"]),
                objects=Objects(rule["objects"]),
                pattern=re.compile(fill(rule["pattern"], fragments), re.DOTALL),
                about_mechanism=rule.get("about_mechanism", False),
            )
            for rule in data["rule"]
        ),
        features=_FEATURES,
        lesson_intro=re.compile(lessons["intro"], re.IGNORECASE),
        lesson_heading=re.compile(lessons["heading"], re.IGNORECASE),
        lesson_single=re.compile(lessons["single"], re.IGNORECASE),
        denied=re.compile(modality["denied"], re.IGNORECASE),
        hedged=re.compile(modality["hedged"], re.IGNORECASE),
    )
