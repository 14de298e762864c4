"""How much memory there is for versions: a share of what this machine, or its container, has."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

#: A version takes two to three times its bytes on disk, and each of seven workers up to half of that beside it: its
#: engine counts who holds a statement where the statement is, and so copies what it scans.
_SHARE: Final = 50
_LIMITS: Final = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def usual_store_bytes(limits: tuple[str, ...] = _LIMITS) -> int:
    """Bytes on disk up to which versions are answered from memory where nobody says otherwise; 0 where it is unknown.

    Args:
        limits: files in which the system says what a container may use.
    """
    try:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0
    for limit in limits:
        with suppress(OSError, ValueError):  # there is none, or it is `max`
            memory = min(memory, int(Path(limit).read_text("ascii")))
    return max(0, memory) // _SHARE
