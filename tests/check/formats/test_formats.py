"""What holds for every format."""

import pytest

from kg.check.formats import Checked, FindingsFormat, unreadable_finding, written


@pytest.mark.parametrize("form", FindingsFormat, ids=lambda form: form.value)
def test_the_same_check_gives_the_same_bytes(form, checked, finding):
    """Nothing of the time, the machine or the run gets in."""
    one, other = (written(checked(finding(), finding(line=None)), form) for _ in range(2))
    assert one == other
    assert one.endswith("\n")


@pytest.mark.parametrize("form", FindingsFormat, ids=lambda form: form.value)
def test_what_could_not_be_read_is_in_every_format(form, checked):
    """Silence is never success: the file and the reason stand there."""
    text = written(checked(unreadable_finding("pages/b.txt", "bytes of no encoding")), form)
    assert "pages/b.txt" in text
    assert "bytes of no encoding" in text


@pytest.mark.parametrize("form", FindingsFormat, ids=lambda form: form.value)
def test_hostile_words_can_be_written(form, assault):
    """No format fails on what a page may hold, and none writes a control character as such."""
    text = written(assault, form)
    assert not {"\x1b", "\x00"} & set(text)


@pytest.mark.parametrize("form", FindingsFormat, ids=lambda form: form.value)
def test_a_check_without_findings_can_be_written(form):
    """An empty check is a whole document in each format that has such."""
    assert isinstance(written(Checked(findings=(), sources=("a.txt",)), form), str)
