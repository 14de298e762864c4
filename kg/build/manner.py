"""How pages are built: the choices of one run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

#: Seconds that a page may take to be read and checked.
PAGE_DEADLINE: Final = 60.0


class Strictness(Enum):
    """What a page with a Violation costs: itself, or the whole version."""

    QUARANTINE = "quarantine"
    STRICT = "strict"


class Extent(Enum):
    """Which pages are read."""

    CHANGED = "changed"  # those that the current version was not built from
    ALL = "all"


class Missing(Enum):
    """What becomes of pages that are in the current version and are no longer there."""

    RETRACTED = "retracted"
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How pages are built.

    Attributes:
        jobs: worker processes.
        page_deadline: seconds that a page may take.
    """

    strictness: Strictness = Strictness.QUARANTINE
    extent: Extent = Extent.CHANGED
    missing: Missing = Missing.RETRACTED
    jobs: int = 1
    page_deadline: float = PAGE_DEADLINE


USUAL: Final = Manner()
