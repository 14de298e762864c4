"""Answers of other servers made into inline data: a short one here, a long one or XML by a process of its own.

Reading 4 MiB of JSON takes a third of a second, in which the service's own thread would have the interpreter now and
then; and what reads XML is written in C. A process takes 45 ms to start, so a short answer of JSON is read at once.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Final

from kg.query.messages import frame, receive
from kg.query.spawning import code_path
from kg.query.values import JSON, blank_name, values_block

#: Bytes of JSON that are read in a few milliseconds.
_SHORT: Final = 32 * 1024
_COMMAND: Final = (sys.executable, "-P", "-m", "kg.query.rows_worker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """An answer of another server.

    Attributes:
        payload, media_type: as they came.
        variables: those that may be bound.
        most_rows: more are an error.
        blank: what the IRIs begin with that stand for its blank nodes.
    """

    payload: bytes
    media_type: str
    variables: Sequence[str]
    most_rows: int
    blank: str

    async def inline(self) -> str:
        """Its rows, as what follows the word VALUES. Who cancels this ends the process that reads it.

        Raises:
            ValueError: it holds no rows, or too many, or what is no term.
        """
        if self.media_type in JSON and len(self.payload) <= _SHORT:
            name = partial(blank_name, self.blank)
            return values_block(
                self.payload, self.variables, media_type=self.media_type, most_rows=self.most_rows, name=name
            )
        return await self._read_apart()

    async def _read_apart(self) -> str:
        asked = {
            "media_type": self.media_type,
            "variables": [*self.variables],
            "most_rows": self.most_rows,
            "blank": self.blank,
        }
        try:
            process = await asyncio.create_subprocess_exec(
                *_COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": code_path()},
            )
        except OSError as error:
            raise ValueError(f"no process can be started to read its answer: {error.strerror}") from error
        try:
            told, _ = await process.communicate(frame(asked, self.payload))
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        found = receive(BytesIO(told))
        if found is None:
            raise ValueError("its answer ends the process that reads it")
        header, payload = found
        if "rows" not in header:
            raise ValueError(payload.decode())
        return payload.decode()
