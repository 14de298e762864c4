# ruff: noqa: RUF001 - names in other scripts and forms are what is tested
"""Minting: deterministic, injective, and made of plain segments."""

import re
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.rdf.iris import Minter, identity_key, marked_segment, segment

SEGMENT = re.compile(r"[a-z0-9]+(?:-{1,2}[a-z0-9]+)*")
NAMES = st.text(min_size=1, max_size=40).filter(identity_key)
ALIKE = st.text(alphabet=st.sampled_from("aA1- 　’'é.ß"), min_size=1, max_size=8).filter(identity_key)


@given(NAMES)
def test_a_segment_is_plain(name):
    """Only small letters, digits and hyphens, whatever the name is written in."""
    assert SEGMENT.fullmatch(segment(name))
    assert SEGMENT.fullmatch(marked_segment(name))


@given(ALIKE, ALIKE)
@example("Shen Hengchao", "Shen-Hengchao")
@example("a b", "a  B")
@example("Straße", "Strasse")
@example("é", "e")
@example("ＤＲＣ", "drc")
@example("x" * 80, "x" * 81)
def test_names_share_a_segment_if_they_are_the_same_name(first, second):
    """Segments are equal exactly where the identity keys are."""
    assert (segment(first) == segment(second)) == (identity_key(first) == identity_key(second))
    assert (marked_segment(first) == marked_segment(second)) == (identity_key(first) == identity_key(second))


@given(NAMES, NAMES)
def test_a_marked_segment_is_no_plain_name(first, second):
    """What always carries the digest never equals a name that is spelt without one."""
    plain = segment(second)
    assert marked_segment(first) != plain or "--" in plain
    assert "--" in marked_segment(first)


@given(NAMES)
def test_a_name_written_another_way_is_the_same_name(name):
    """Letter case, white space at the ends and doubled spaces make no other name."""
    assert segment(f"  {name}\t") == segment(name)


@pytest.mark.parametrize("blank", ["", " ", "\u3000\n"])
def test_a_blank_name_is_nobodys(blank):
    """There is no IRI for nothing."""
    with pytest.raises(ValueError, match="blank"):
        segment(blank)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Shen Hengchao", "shen-hengchao"),
        ("Shen-Hengchao", "shen-hengchao--eb09940b4eecf698"),
        ("  SHEN  hengchao", "shen-hengchao"),
        ("研究", "yan"),
        ("…", "x--"),
    ],
)
def test_segments_are_readable(name, expected):
    """The name can be recognised in its IRI, whatever it is written in."""
    assert segment(name).startswith(expected)


def test_segments_do_not_depend_on_the_run():
    """Another process, with another hash seed, mints the same."""
    code = "from kg.rdf.iris import segment; print(segment('Zoë & Søn'), segment('Ana Lee'))"
    told = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert told == {f"{segment('Zoë & Søn')} ana-lee\n"}


def test_every_iri_lies_under_the_base():
    """Things, graphs and passages; a thing's key is read back, another deployment's is not."""
    minter = Minter("https://kg.example.org/")
    report = minter.thing("report", "drc-2021-267")
    assert report == "https://kg.example.org/id/report/drc-2021-267"
    assert minter.graph("report", "drc-2021-267") == "https://kg.example.org/graph/report/drc-2021-267"
    assert minter.passage(report, 163, 533) == f"{report}#char=163,533"
    assert minter.key(report) == "report/drc-2021-267"
    assert minter.key("https://elsewhere.example/id/report/drc-2021-267") is None
