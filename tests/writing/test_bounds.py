"""What the text of an update may be."""

from __future__ import annotations

import pytest

from kg.model.writes import WriteOutcome
from kg.writing.bounds import DEEPEST, LONGEST, MOST_TOKENS, check_text
from kg.writing.declined import Declined


def declined(text):
    """Why an update does not pass."""
    with pytest.raises(Declined) as found:
        check_text(text)
    return found.value


@pytest.mark.parametrize("text", ["LOAD <x>", "INSERT { } WHERE { SERVICE <x> { } }", "INSERT{}WHERE{ SERVICE?s{} }"])
def test_nothing_reaches_other_machines(text):
    """LOAD and SERVICE are refused before the engine sees them."""
    assert declined(text).outcome is WriteOutcome.FORBIDDEN


@pytest.mark.parametrize(
    "text",
    ["#" * LONGEST, "{" * DEEPEST + "}" * DEEPEST, "{}" * (DEEPEST + 1), "x " * MOST_TOKENS],
    ids=["bytes", "depth", "closed brackets", "tokens"],
)
def test_what_is_at_a_bound_passes(text):
    """The bound itself is allowed, and brackets that are closed again count no more."""
    check_text(text)


@pytest.mark.parametrize(
    "text",
    ["é" * (LONGEST // 2) + "#", "{" * (DEEPEST + 1), "x " * (MOST_TOKENS + 1)],
    ids=["bytes", "depth", "tokens"],
)
def test_what_is_past_a_bound_is_declined(text):
    """As too large, whatever else would be wrong with it."""
    assert declined(text).outcome is WriteOutcome.TOO_LARGE
