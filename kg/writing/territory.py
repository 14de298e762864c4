"""Which graphs of a Policy KG clients may write: those of curated facts that no file states."""

from __future__ import annotations

import re
from typing import Final

from kg.rdf.iris import Minter

#: Names of graphs that clients may write; a file's name has a suffix, so its graph's name has a double hyphen.
_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST: Final = 80


class Territory:
    """The graphs of a deployment, by their IRIs."""

    def __init__(self, minter: Minter) -> None:
        self._minter = minter
        self._graphs = minter.graph("")
        self._curated = minter.graph("curated", "")

    def name(self, graph: str) -> str | None:
        """The name of a graph that clients may write; None for any other."""
        name = graph.removeprefix(self._curated)
        if name == graph or len(name) > _LONGEST or not _NAME.fullmatch(name):
            return None
        return name

    def graph(self, name: str) -> str:
        """The graph of this name."""
        return self._curated + name

    def refusal(self, graph: str) -> str:
        """Why clients cannot write a graph, and what to write instead; empty where they can."""
        if not graph:
            return f"the default graph is merged from the named ones and cannot be written by itself; {self.advice}"
        if self.name(graph) is not None:
            return ""
        return f"<{graph}> {self._holder(graph)}"

    def _holder(self, graph: str) -> str:
        """What a graph is that clients do not write."""
        rest = graph.removeprefix(self._graphs) if graph.startswith(self._graphs) else ""
        kind, _, name = rest.partition("/")
        if kind in ("report", "page") and name:
            return "holds what a page says; put another page, by PUT /reports/KEY"
        if kind == "curated" and "--" in name:
            return "holds a file of curated facts; change the file and build again"
        if kind and kind != "curated":
            return f"holds what is known beforehand, which comes with the program or its authority; {self.advice}"
        return f"is no name of a graph of curated facts; {self.advice}"

    @property
    def advice(self) -> str:
        """Which graphs can be written."""
        return (
            f"clients write graphs named <{self._curated}NAME>, NAME of small letters, digits and single hyphens, "
            f"at most {_LONGEST}"
        )
