"""Options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from kg.settings import Settings

Sources = Annotated[
    list[Path] | None,
    typer.Argument(help="Pages and folders of pages. Default: the setting `sources`, else this folder."),
]
StoreFolder = Annotated[Path | None, typer.Option("--store", help="Folder of the store. Default: kg-store.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of standard output.")]
Jobs = Annotated[
    int | None, typer.Option("--jobs", "-j", min=1, help="Worker processes. Default: one for each processor.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors and findings.")]
TokenFile = Annotated[
    Path | None,
    typer.Option("--token-file", help="A file with the other server's token, or user:password. Or: KG_REMOTE_TOKEN."),
]


def worker_count(jobs: int | None, settings: Settings) -> int:
    """How many workers the option asks for, else the settings; else one for each processor that may be used."""
    return jobs or settings.jobs or len(os.sched_getaffinity(0))
