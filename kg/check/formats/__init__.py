"""How findings are written: one module a format, each a function of a check to text, the same bytes each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final

from kg.check.formats.checked import KNOWLEDGE, Checked, Stale, tally, unreadable_finding
from kg.check.formats.github import workflow_commands
from kg.check.formats.gitlab import code_quality
from kg.check.formats.human import findings_text, human
from kg.check.formats.junit import junit
from kg.check.formats.markdown import markdown
from kg.check.formats.palette import COLOURED, PLAIN, Palette
from kg.check.formats.records import findings_csv, findings_json, findings_jsonl
from kg.check.formats.sarif import sarif
from kg.check.formats.shacl_report import shacl_report
from kg.check.formats.visible import visible

__all__ = [
    "COLOURED",
    "KNOWLEDGE",
    "PLAIN",
    "WRITERS",
    "Checked",
    "FindingsFormat",
    "Palette",
    "Stale",
    "findings_text",
    "tally",
    "unreadable_finding",
    "visible",
]


class FindingsFormat(Enum):
    """How `kg check` writes findings."""

    HUMAN = "human"
    JSON = "json"
    JSONL = "jsonl"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"
    GITLAB = "gitlab"
    MARKDOWN = "markdown"
    CSV = "csv"
    TURTLE = "turtle"


WRITERS: Final[Mapping[FindingsFormat, Callable[[Checked], str]]] = {
    FindingsFormat.HUMAN: human,
    FindingsFormat.JSON: findings_json,
    FindingsFormat.JSONL: findings_jsonl,
    FindingsFormat.SARIF: sarif,
    FindingsFormat.JUNIT: junit,
    FindingsFormat.GITHUB: workflow_commands,
    FindingsFormat.GITLAB: code_quality,
    FindingsFormat.MARKDOWN: markdown,
    FindingsFormat.CSV: findings_csv,
    FindingsFormat.TURTLE: shacl_report,
}
