"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Sources = Annotated[
    list[Path] | None,
    typer.Argument(help="Pages and folders of pages. Default: the setting `sources`, else this folder."),
]
StoreFolder = Annotated[Path | None, typer.Option("--store", help="Folder of the store. Default: kg-store.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors and findings.")]
TokenFile = Annotated[
    Path | None,
    typer.Option("--token-file", help="A file with the other server's token, or user:password. Or: KG_REMOTE_TOKEN."),
]
