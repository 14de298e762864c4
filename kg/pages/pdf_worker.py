"""A process that reads one PDF: `python -m kg.pages.pdf_worker MEMORY SECONDS < FILE`, JSON Lines of page texts out.

A PDF can make its reader compute or allocate without end, so the reader is a process that may be ended at any moment,
has a bound on memory, time and output, and opens no connection, writes no file and starts no process.
"""

from __future__ import annotations

import ctypes
import json
import logging
import os
import resource
import signal
import sys
from io import BytesIO
from typing import Final, TextIO

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, PyPdfError

#: The most characters a PDF may hold; a report has some ten thousands.
MOST_CHARACTERS: Final = 16 * 1024 * 1024
_MOST_OUTPUT: Final = 8 * MOST_CHARACTERS
_NICER: Final = 5
_NEVER: Final = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "shutil.", "ctypes.")
_SET_PARENT_DEATH_SIGNAL: Final = 1


def main() -> None:
    """Reads the PDF on standard input and writes a line for each of its pages, then one that says how it ended."""
    memory, seconds = map(int, sys.argv[1:3])
    warnings = _Warnings()
    payload = sys.stdin.buffer.read()
    _confine(memory, seconds)
    try:
        reason = _read(payload, sys.stdout)
        end = {"error": reason} if reason else {"end": warnings.first}
    except DependencyError:
        end = {"error": _ENCRYPTED}
    except PyPdfError as error:
        end = {"error": f"it is no sound PDF: {error}"}
    except MemoryError:
        end = {"error": "it needs more memory than a page may"}
    except RecursionError:
        end = {"error": "its parts are nested too deeply"}
    _write(end, sys.stdout)


class _Warnings(logging.Handler):
    """Keeps the first thing that pypdf found odd about the PDF."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.first = ""
        logger = logging.getLogger("pypdf")
        logger.propagate = False
        logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.first = self.first or record.getMessage()


_ENCRYPTED: Final = "it is encrypted; save it without its password first"


def _read(payload: bytes, output: TextIO) -> str | None:
    """Writes the pages' texts; says why not, where that is no error of the PDF's form."""
    reader = PdfReader(BytesIO(payload))
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        return _ENCRYPTED
    left = MOST_CHARACTERS
    for page in reader.pages:
        text = page.extract_text()
        left -= len(text)
        if left < 0:
            return f"it holds more than {MOST_CHARACTERS:,} characters"
        _write({"text": text}, output)
    return None


def _write(line: dict[str, str], output: TextIO) -> None:
    output.write(f"{json.dumps(line)}\n")
    output.flush()


def _confine(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_OUTPUT, _MOST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(_NICER)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Stops what reading a PDF never needs."""
    flags = arguments[2] if event == "open" and isinstance(arguments[2], int) else os.O_RDONLY
    if event.startswith(_NEVER) or flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        raise PermissionError(f"a PDF's reader does not do this: {event}")


if __name__ == "__main__":
    main()
