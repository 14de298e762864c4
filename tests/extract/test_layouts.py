"""Layout files: what they may say, and a clear refusal of what they may not."""

import re

import pytest

from kg import assets
from kg.extract import Patterns, read_layouts
from kg.extract.layouts import NameOrder, read_layout
from kg.model.errors import LayoutError

MINIMAL = """
name = "memo"
title = "Memos"
language = "en"
name_order = "given-first"
key = "memo"
fits_from = 1
report_when = ["number"]

[[line]]
name = "series-line"
weight = 1
pattern = '''Memo (?P<number>\\d+)'''

[[expect]]
field = "title"
after = []
say = "a title stands first"
"""


@pytest.fixture
def refused(tmp_path):
    """Why a layout file is refused; the error names the file."""

    def reason(content):
        file = tmp_path / "memo.toml"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(LayoutError, match=r"layout memo\.toml: ") as caught:
            read_layout(file)
        return caught.value.reason

    return reason


def test_the_layouts_that_come_along_are_read():
    """A layout for each publisher we know, and one for all others."""
    layouts = read_layouts(assets.layouts())
    assert [layout.name for layout in layouts if not layout.fallback] == [
        "bruegel-aei", "casted", "cciee", "drc", "jst-crds", "policy-brief", "rand", "rieti", "world-bank-okr",
    ]  # fmt: skip
    assert [layout.name for layout in layouts if layout.fallback] == ["generic"]


def test_a_small_layout_is_enough(tmp_path):
    """A few keys and one line make a layout."""
    (tmp_path / "memo.toml").write_text(MINIMAL)
    (layout,) = read_layouts(tmp_path)
    assert (layout.name, layout.name_order, layout.jurisdiction) == ("memo", NameOrder.GIVEN_FIRST, None)
    assert layout.lines[0].pattern.fullmatch("Memo 12")["number"] == "12"


@pytest.mark.parametrize("folder", ["", "none"])
def test_a_folder_without_layouts_is_refused(folder, tmp_path):
    """An empty folder, or none, is most likely the wrong one."""
    with pytest.raises(LayoutError, match="holds no layout"):
        read_layouts(tmp_path / folder)


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    """A file that is not there is named."""
    with pytest.raises(LayoutError, match=r"none\.toml: .*No such file"):
        read_layout(tmp_path / "none.toml")


@pytest.mark.parametrize("content", [b"name = ", b"name = '\xff'", b"\x00"])
def test_what_is_no_toml_is_refused(content, refused):
    """The parser's reason is given."""
    assert refused(content)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('key = "memo"\n', "", "the layout lacks key"),
        ('name = "memo"\n', 'name = "memo"\nkind = 1\n', "the layout has unknown keys kind"),
        ("fits_from = 1", 'fits_from = "1"', "fits_from is '1'; expected a whole number"),
        ("fits_from = 1", "fits_from = true", "fits_from is True; expected a whole number"),
        ('title = "Memos"', "title = 1", "title is 1; expected a string"),
        ('report_when = ["number"]', 'report_when = "number"', "report_when is 'number'; expected a list of strings"),
        ('report_when = ["number"]', "report_when = [1]", "report_when is [1]; expected a list of strings"),
        ('report_when = ["number"]', 'report_when = ["nmber"]', "report_when has nmber; the fields are abstract"),
        ('language = "en"', 'language = "plain English"', "expected a BCP 47 tag"),
        ('key = "memo"', 'key = "Memo 1"', "expected small letters, digits and hyphens"),
        ("given-first", "surname", "name_order is 'surname'; expected family-first or given-first"),
        ("weight = 1\n", "wieght = 1\n", "a line rule has unknown keys wieght"),
        ("weight = 1\n", 'weight = "1"\n', "a line rule: weight is '1'; expected a whole number"),
        ("weight = 1\n", "free = 1\n", "a line rule: free is 1; expected true or false"),
        ("weight = 1\n", 'above = "byline"\n', "above is 'byline'; expected a list of strings"),
        ('name = "series-line"\n', "", "a line rule lacks name"),
        ("(?P<number>", "(?P<nmber>", "line rule 'series-line' reads nmber; the fields are"),
        ("(?P<number>", "(?&nmber)(?P<number>", "uses (?&nmber); the fragments are abstract_label, bullet"),
        ("(?P<number>", "((?P<number>", "line rule 'series-line' is no regular expression"),
        ("weight = 1\n", "opens_body = true\n", "opens the body and has no group named abstract"),
        ('field = "title"', 'field = "titel"', "an expectation is of 'titel'; the fields are"),
        ("after = []\n", "", "an expectation lacks after"),
        ("[[expect]]", "[[line]]\nname = 'series-line'\npattern = 'x'\n[[expect]]", "two line rules are named"),
    ],
)
def test_what_a_layout_cannot_say_is_refused(old, new, reason, refused):
    """Each mistake is told apart, with what was expected."""
    assert old in MINIMAL
    assert reason in refused(MINIMAL.replace(old, new, 1))


def test_lines_must_be_tables(refused):
    """A list of words is no list of line rules."""
    head = MINIMAL.partition("[[line]]")[0]
    assert "a line rule is 'x'; expected a table" in refused(f"{head}line = ['x']\n")


def test_no_fragment_is_left_open():
    """Every reference of the layouts that come along was filled in."""
    for layout in read_layouts(assets.layouts()):
        for line in layout.lines:
            assert not re.search(r"\(\?&", line.pattern.pattern)


@pytest.mark.parametrize(
    "filling", ["Shen Hengchao, ", "Sapir, Andre and ", "A and A ", "No.1, ", "(", " ", "is so. ", "of DRC, ", "A. B? "]
)
def test_no_line_takes_a_layout_long(filling):
    """A header line of two thousand characters is matched, or not, without trying every way to part it."""
    line = "By Sun Li, " + filling * (2000 // len(filling)) + "(No.1, 2011)"
    for layout in read_layouts(assets.layouts()):
        layout.any_line.fullmatch(line)
        layout.any_line.fullmatch(line, len("By "))


def test_a_layout_without_a_language_is_english(tmp_path):
    """The language is a property of the layout, and English where it says none."""
    file = tmp_path / "memo.toml"
    file.write_text(MINIMAL.replace('language = "en"\n', ""), encoding="utf-8")
    assert read_layout(file).language == "en"


def test_patterns_of_sound_layouts_wait_for_their_use():
    """A page needs the patterns of one layout; all of them take longer to compile than it takes to read."""
    layout, *_ = read_layouts(assets.layouts(), Patterns.AT_USE)
    assert not any("pattern" in vars(rule) for rule in layout.lines)
    assert all(rule.fields == rule.pattern.groupindex.keys() for rule in layout.lines)
