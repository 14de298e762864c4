"""The pages that changed in git."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg import assets
from kg.cli.console import plural, say
from kg.settings import FILE, Settings


def changed_pages(paths: list[Path], revision: str, settings: Settings) -> list[Path]:
    """The files among the sources that changed since a revision.

    When what pages are judged by changed (settings, layouts, authority, ontology, shapes), all pages may have other
    findings than before, so all are given; and where curated facts changed, which may be about any page.

    Raises:
        UsageError: there is no repository here, or no such revision.
    """
    from kg.sources import page_files
    from kg.sources.changes import changes_since

    changes = changes_since(revision, Path())
    for ground in _grounds(settings):
        if cause := changes.within(ground):
            say(f"everything is checked, since {cause} changed since {revision}")
            return paths
    files = list(page_files(paths, settings.records))
    changed = [file for file in files if changes.may_have(file)]
    say(f"{len(changed):,} of {plural(len(files), 'file')} changed since {revision}")
    return changed


def _grounds(settings: Settings) -> Iterator[Path]:
    """What every page is judged by."""
    yield Path(FILE)
    yield from (assets.shapes(), assets.ontology(), assets.layouts())
    yield from (folder for folder in (settings.layouts, settings.authority, *settings.curated) if folder)
