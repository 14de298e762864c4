"""What is told of pages is kept apart from the ledger's lines, and found again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.accounts import Account, Entry
from kg.model.evidence import Place
from kg.model.verdict import Finding, Severity
from kg.told import AccountLines, Told

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9)


def account(source, message):
    """A page about which something was found."""
    where = Place(source=source, line=1, column=1, quote="")
    found = Finding(shape="s", focus="f", path=None, value=None, severity=Severity.INFO, message=message, where=where)
    return Account(source=source, mark="0" * 64, page="1" * 64, findings=(found,))


@given(st.lists(st.tuples(NAMES, NAMES), max_size=9))
def test_an_account_is_told_again_as_it_was(pages):
    """Whatever names and messages have in them, an account is what it was once it was kept apart."""
    accounts, lines = [account(*page) for page in pages], AccountLines()
    places = [lines.put(each.to_line()) for each in accounts]
    assert [lines.entry(at).account() for at in places] == accounts


def test_a_line_without_what_it_tells_is_short():
    """Findings leave a line, and nothing else does; a line that has none any more stays as it is."""
    whole, told = account("a.txt", "long " * 99).to_line(), Told()
    line = told.apart(whole)
    assert b"long" not in line
    assert Entry.of(line)._replace(told="") == Entry.of(whole)._replace(told="")
    assert told.apart(line) == line
    assert told.together(line) == told.together(whole) == whole


def test_what_was_told_twice_is_kept_twice():
    """Each page has its own."""
    told = Told()
    one, other = (told.apart(account("a.txt", "m").to_line()) for _ in range(2))
    assert one != other
    ((name, pieces),) = told.added().items()
    text = b"".join(pieces)
    assert name == f"told-0-{len(text)}.jsonl"
    assert text.count(b"\n") == 2


def test_nothing_told_needs_no_file():
    """A version without pages has no such file."""
    assert not Told().added()
    assert not Told().kept


@pytest.mark.parametrize("text", ["", "{}", "\t"])
def test_a_source_like_a_text_is_none(text):
    """What is kept apart is the last cell and no other."""
    whole, told = account(f"{text}.txt", "m").to_line(), Told()
    assert told.together(told.apart(whole)) == whole
