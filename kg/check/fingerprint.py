"""What makes two findings the same finding."""

from __future__ import annotations

import hashlib

from kg.model.verdict import Finding

_LENGTH = 32  # hexadecimal digits: 128 bits, enough for more findings than there are pages


def fingerprint(finding: Finding) -> str:
    """32 hexadecimal digits made from shape, focus, path and value.

    Line, column and words play no part, so a finding stays the same when lines above it are added or taken away.
    """
    path = (finding.path or "").replace(" ", "")  # a path is the same however it is spaced
    parts = (finding.shape, finding.focus, path, finding.value or "")
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]
