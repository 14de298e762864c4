"""From whom `kg serve` takes writes, and how."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli.stations import severities_of
from kg.cli.tokens import tokens_file
from kg.model.errors import UsageError
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.web import WriteSide
    from kg.web.access import Access


class WriteMode(Enum):
    """From whom writes are taken."""

    TOKENS = "tokens"
    OPEN = "open"  # from anybody on this machine
    OFF = "off"


def write_mode(host: str, upstream: str | None, *, read_only: bool, open_writes: bool) -> WriteMode:
    """From whom writes are taken, as the command line has it.

    Raises:
        UsageError: from anybody who reaches this machine, or from nobody as well.
    """
    from kg.web.origins import is_loopback

    if open_writes and (read_only or upstream is not None):
        other = "--read-only" if read_only else "--upstream"
        raise UsageError(f"{other} and --open-writes contradict each other: with {other} nothing is written")
    if open_writes and not is_loopback(host):
        raise UsageError(
            f"--open-writes lets anybody write who reaches the server, and {host} can be reached from elsewhere; "
            "listen on 127.0.0.1, or leave it out and give tokens: kg token add NAME --scope curate"
        )
    if open_writes:
        return WriteMode.OPEN
    return WriteMode.OFF if read_only or upstream is not None else WriteMode.TOKENS


def access(mode: WriteMode, folder: Path, settings: Settings, tokens: Path | None) -> Access:
    """Who may read and write what is served of the store in a folder."""
    from kg.token_use import TokenUse
    from kg.tokens import TokenFile
    from kg.web.access import Access

    file = tokens_file(tokens or settings.tokens, folder)
    return Access(
        tokens=TokenFile(file),
        readers=settings.readers,
        is_open=mode is WriteMode.OPEN,
        origins=frozenset(settings.write_origins),
        noted=TokenUse(file).note,
    )


def write_side(mode: WriteMode, folder: Path, settings: Settings, audit_log: Path | None) -> WriteSide | None:
    """How writes to the store in a folder are taken; None where none are."""
    from kg.web import WriteSide
    from kg.writing import GateOptions, WriteGate

    if mode is WriteMode.OFF:
        return None
    options = GateOptions(
        store=folder,
        base=settings.base_iri,
        layouts=settings.layouts,
        authority=settings.authority,
        most_page_bytes=settings.most_page_bytes,
        severities=severities_of(settings),
        most_bytes=settings.most_write_bytes,
    )
    file = audit_log or settings.audit_log or folder / "audit.jsonl"
    return WriteSide(gate=WriteGate(options), audit_log=file, most_bytes=settings.most_write_bytes)
