"""How the gate is set up: what may be written, what is checked, and what a write may cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from pathlib import Path
from typing import Any, Final, Self

from kg.check.engine import EngineKind
from kg.model.severities import Level, Severities
from kg.sources import MOST_BYTES

_GIB: Final = 1024**3


class Policy(Enum):
    """What may be written, and what is checked."""

    CURATED = "curated"  # a Policy KG: graphs of curated facts and pages; all is checked against the shapes
    PLAIN = "plain"  # any dataset without pages: every graph, the default one too; nothing is checked


@dataclass(frozen=True, slots=True, kw_only=True)
class GateOptions:
    """How the gate is set up; the stations are told what `kg build` was told.

    Attributes:
        store: folder of the store.
        base: public base of every IRI.
        layouts, authority, most_page_bytes, severities, engine: as for a build.
        most_bytes: the longest graph or page that is taken.
        most_deleted: the part of all statements that a write may delete without a word from its client.
        deadline: seconds that one write may take, and seconds that it waits for another process's lock.
        memory: bytes of address space of the process that applies a write.
        kept_versions: how many versions made by writes are kept, the current one among them.
        waiting: how many writes may wait.
    """

    store: Path
    base: str
    policy: Policy = Policy.CURATED
    layouts: Path | None = None
    authority: Path | None = None
    most_page_bytes: int = MOST_BYTES
    severities: Severities = field(default_factory=Severities)
    engine: EngineKind = EngineKind.COMPILED
    most_bytes: int = 16 * 1024 * 1024
    most_deleted: float = 0.05
    deadline: float = 60.0
    patience: float = 5.0
    memory: int = 4 * _GIB
    kept_versions: int = 20
    waiting: int = 64

    @property
    def described(self) -> Mapping[str, Any]:
        """The same as JSON holds it."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            **plain,
            "store": str(self.store.absolute()),
            "policy": self.policy.value,
            "layouts": self.layouts and str(self.layouts.absolute()),
            "authority": self.authority and str(self.authority.absolute()),
            "severities": {shape: level.value for shape, level in self.severities.levels.items()},
            "engine": self.engine.value,
        }

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> Self:
        """The options that were described so."""
        paths = {name: described[name] and Path(described[name]) for name in ("layouts", "authority")}
        levels = {shape: Level(level) for shape, level in described["severities"].items()}
        return cls(
            **{
                **described,
                **paths,
                "store": Path(described["store"]),
                "policy": Policy(described["policy"]),
                "severities": Severities(levels),
                "engine": EngineKind(described["engine"]),
            }
        )
