"""What to release, as whom, and against what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.store.export.packing import Packing

if TYPE_CHECKING:
    from pyoxigraph import Store

    from kg.rdf.dataset import Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What a release is compared with: a version of the same store, or an export, by the name of its file."""

    name: str
    store: Store
    is_version: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to release and how.

    Attributes:
        url: where the folder will lie on the web, with a slash at its end.
        earlier: None where there is nothing to compare with.
        packing: of the Turtle and JSON-LD files.
    """

    edition: Edition
    url: str
    earlier: Earlier | None = None
    packing: Packing = Packing.NONE
