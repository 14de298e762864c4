"""Clients by wrk, where it is in PATH: they take a tenth of the processor time that clients in Python take.

A server that answers within microseconds is measured by them alone: on two cores Python clients are slower than it is.
At its end wrk gives up what is under way, which would cost a server whose answers take long; and it runs for whole
seconds. So it asks only where answers come within `BRISK` seconds.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from pathlib import Path
from typing import Final

from serving_load import Load, Mode, Seen

#: Seconds of an answer for which clients of wrk make a difference.
BRISK: Final = 0.02
PROGRAM: Final = shutil.which("wrk")
_SCRIPT: Final = Path(__file__).with_name("serving.lua")
_PATIENCE: Final = 30  # seconds for an answer, above which wrk counts an error


def run_wrk(load: Load) -> Seen:
    """What so many clients see, on one thread and in a whole number of seconds.

    Raises:
        RuntimeError: wrk failed, or no answer came.
    """
    first = "repeated" if Mode(load.mode) is Mode.REPEATED else str(load.first)
    command = [PROGRAM or "wrk", "--threads", "1", "--connections", str(load.clients)]
    command += ["--duration", f"{math.ceil(load.seconds)}s", "--timeout", f"{_PATIENCE}s", "--script", str(_SCRIPT)]
    command += ["--header", f"Accept: {load.accept}", f"http://127.0.0.1:{load.port}", "--", load.target, first]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"wrk failed: {done.stderr[-500:]} {done.stdout[-500:]}")
    seen = Seen(**json.loads(done.stdout.splitlines()[-1]))
    if not seen.answers:
        raise RuntimeError(f"no answer came to wrk: {done.stdout[-500:]}")
    return seen
