"""What commands set up from the settings: the stations, and one page as its text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg import assets
from kg.model.errors import SettingsError, SourceError, UsageError
from kg.model.severities import Level, Severities
from kg.model.verdict import Severity
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.build import Builder
    from kg.check.engine import EngineKind
    from kg.model.page import Text

OnePage = Annotated[Path, typer.Argument(help="A page: a file, or - for standard input.", show_default=False)]


def set_up(settings: Settings, engine: EngineKind | None = None) -> Builder:
    """The stations, as the settings have them; with another validator where one is named."""
    from kg.build import Builder
    from kg.check.engine import EngineKind

    return Builder(
        base=settings.base_iri,
        layouts=settings.layouts,
        authority=settings.authority,
        curated=settings.curated,
        records=settings.records,
        most_bytes=settings.most_page_bytes,
        severities=severities_of(settings),
        engine=engine or EngineKind.COMPILED,
    )


def severities_of(settings: Settings) -> Severities:
    """The levels of shapes, once each shape is known to exist and to allow its level.

    Raises:
        SettingsError: there is no such shape, or a shape that keeps pages out would be hidden.
    """
    from kg.check.rules import nearest, read_rules

    if not settings.severities:
        return Severities()
    rules = {rule.name: rule for rule in read_rules(assets.shapes()).values()}
    for name, level in settings.severities:
        rule = rules.get(name)
        if rule is None:
            near = " or ".join(nearest(name, rules)) or "a name that kg check --explain lists"
            raise SettingsError(f"severities.{name}", level.value, f"the name of a shape, such as {near}")
        if level is Level.OFF and rule.severity is Severity.VIOLATION:
            reason = "violation, warning or info: a page that breaks this shape is never published, so it is not hidden"
            raise SettingsError(f"severities.{name}", level.value, reason)
    return Severities({rules[name].iri: level for name, level in settings.severities})


def one_text(path: Path, settings: Settings) -> Text:
    """The text of the one page at a path.

    Raises:
        SourceError: there is none, or it cannot be read.
        UsageError: there are several.
    """
    from kg.pages import read_page
    from kg.sources import PassedOver, Unreadable, find_pages

    found = [
        taken for taken in find_pages([path], most_bytes=settings.most_page_bytes) if not isinstance(taken, PassedOver)
    ]
    if len(found) > 1:
        raise UsageError(f"{path} holds {len(found):,} pages; name one of them")
    if isinstance(found[0], Unreadable):
        raise SourceError(found[0].source, found[0].reason)
    return read_page(found[0])
