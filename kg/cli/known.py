"""The findings that a check leaves out, since a baseline knows them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.cli.console import output, plural, say

if TYPE_CHECKING:
    from kg.check.baseline import Baseline, Judged
    from kg.model.verdict import Finding

#: Where a baseline is written when no file is named.
BASELINE: Final = Path(".kg-baseline")


def known_findings(file: Path | None, judged: Judged, renew: Sequence[Finding] | None) -> Baseline:
    """The baseline to check against: that of the file, one just written, or an empty one.

    Args:
        file: the baseline; where none is named, one is written to the default file, and none is read.
        judged: which entries this check can judge.
        renew: the findings to write into the baseline; None to leave it as it is.

    Raises:
        UsageError: the baseline cannot be read or written.
    """
    from kg.check.baseline import Baseline, read_baseline

    if renew is None:
        return read_baseline(file) if file else Baseline(file="")
    file = file or BASELINE
    before = read_baseline(file) if file.exists() else Baseline(file=str(file))
    after = before.renewed(renew, judged)
    with output(file) as stream:
        stream.write(after.text.encode("utf-8", "backslashreplace"))
    dropped = len(before.stale(renew, judged))
    say(f"{file}: {plural(len(after.entries), 'known finding')} written, {dropped:,} stale dropped")
    return after
