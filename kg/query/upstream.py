"""A SPARQL endpoint elsewhere in place of a store: workers that ask it, in the same pool, behind the same gate."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

from kg.network import Credential
from kg.query.messages import frame
from kg.query.process import WorkerOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamOptions(WorkerOptions):
    """How a worker is started that asks another server.

    Attributes:
        url: the SPARQL endpoint.
        credential: what it is shown; the worker is told over its socket, where no other process can read it.
    """

    data: Path = field(default_factory=Path)
    url: str
    credential: Credential | None = None

    @property
    def command(self) -> list[str]:
        """The worker's command line."""
        limits = ["--memory", str(self.memory), "--processor", str(self.processor)]
        return [sys.executable, "-P", "-m", "kg.query.upstream_worker", self.url, *limits]

    @property
    def greeting(self) -> bytes:
        """The credential, as the first message."""
        return frame({"credential": True}, json.dumps(self.credential and self.credential.secret).encode())
