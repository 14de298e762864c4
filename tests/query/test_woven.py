"""Texts with parts replaced, and the way back from a place in the whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.query import Query
from kg.query.messages import LENGTHS, unpacked_header
from kg.query.woven import WORD, Patch, Woven, inset

PIECES = st.text("ab\n", max_size=12)


@given(st.lists(st.tuples(PIECES, PIECES, st.text("xy", min_size=1, max_size=9)), max_size=4), PIECES)
def test_every_place_leads_back(parts, ending):
    """Each character of the whole leads to its place in the text as it was, or to the rows that it is in."""
    text, patches, expected = "", [], []
    for kept, replaced, rows in parts:
        expected += [(len(text) + at, None) for at in range(len(kept))]
        text += kept
        patch = Patch(start=len(text), end=len(text) + len(replaced), rows=rows)
        expected += [(patch.start, patch)] * len(WORD + rows)
        patches.append(patch)
        text += replaced
    expected += [(len(text) + at, None) for at in range(len(ending))]
    woven = Woven(text=text + ending, patches=tuple(patches))
    whole = inset(woven.bare, woven.insets)
    places = [(whole.count("\n", 0, at) + 1, at - whole.rfind("\n", 0, at)) for at in range(len(whole))]
    assert [woven.origin(*place) for place in places] == expected


def test_a_worker_reads_the_whole():
    """What is put into a query stands in the frame that its worker reads."""
    frame = Query(text="ASK { VALUES  }", insets=((13, "(?x) { }"),)).frame()
    header, payload = LENGTHS.unpack(frame[: LENGTHS.size])
    rest = frame[LENGTHS.size :]
    assert (
        Query.unframe(unpacked_header(rest[:header]), rest[header : header + payload]).text == "ASK { VALUES (?x) { } }"
    )
