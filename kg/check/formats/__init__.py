"""How findings are written: one module a format, each a function of a check to text, the same bytes each time."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from importlib import import_module
from typing import Final

from kg.check.formats.checked import KNOWLEDGE, Checked, Stale, counted, tally, unreadable_finding
from kg.check.formats.human import findings_text
from kg.check.formats.palette import COLOURED, PLAIN, Palette
from kg.check.formats.visible import visible

__all__ = [
    "COLOURED",
    "KNOWLEDGE",
    "PLAIN",
    "Checked",
    "FindingsFormat",
    "Palette",
    "Stale",
    "counted",
    "findings_text",
    "tally",
    "unreadable_finding",
    "visible",
    "written",
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


#: The module and the function that write each format; a run loads those that it writes.
_WRITERS: Final[Mapping[FindingsFormat, tuple[str, str]]] = {
    FindingsFormat.HUMAN: ("human", "human"),
    FindingsFormat.JSON: ("records", "findings_json"),
    FindingsFormat.JSONL: ("records", "findings_jsonl"),
    FindingsFormat.SARIF: ("sarif", "sarif"),
    FindingsFormat.JUNIT: ("junit", "junit"),
    FindingsFormat.GITHUB: ("github", "workflow_commands"),
    FindingsFormat.GITLAB: ("gitlab", "code_quality"),
    FindingsFormat.MARKDOWN: ("markdown", "markdown"),
    FindingsFormat.CSV: ("records", "findings_csv"),
    FindingsFormat.TURTLE: ("shacl_report", "shacl_report"),
}


def written(checked: Checked, form: FindingsFormat) -> str:
    """A check's findings in a format."""
    module, writer = _WRITERS[form]
    text: str = getattr(import_module(f"{__name__}.{module}"), writer)(checked)
    return text
