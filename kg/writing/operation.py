"""Operations of an update: which graphs each can write, and what it reads (SPARQL 1.1 Update, section 3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of an update.

    Attributes:
        prologue: what stands before it and before those it follows: BASE and PREFIX.
        text: the operation alone.
        graphs: the graphs that it can write, as the text names them.
        variables: variables that name graphs it can write.
        is_default_written: whether it can write the default graph.
        is_all_written: whether it is about all graphs, or all that have names.
        where: its pattern with braces; empty where it has none.
        scope: the graph of WITH, as the text names it.
        using, using_named: the graphs of USING, as the text names them.
        where_at: offset in `text` of what follows the last template; -1 where it has no pattern.
        reads: whether it looks at graphs that it does not write.
        start: offset of the operation in the update.
    """

    prologue: str
    text: str
    start: int
    graphs: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    is_default_written: bool = False
    is_all_written: bool = False
    where: str = ""
    scope: str = ""
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    where_at: int = -1
    reads: bool = False

    @property
    def whole(self) -> str:
        """The operation as an update of its own."""
        return f"{self.prologue}\n{self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """An update taken apart: its text, and its operations in order."""

    text: str
    operations: tuple[Operation, ...]
