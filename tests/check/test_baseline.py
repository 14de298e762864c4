"""A baseline knows findings by what they are, not where they stand."""

import pytest

from kg.check.baseline import Baseline, Entry, Judged, read_baseline
from kg.check.fingerprint import fingerprint
from kg.check.formats import unreadable_finding
from kg.model.errors import UsageError
from kg.model.evidence import Place
from kg.model.verdict import Finding, Severity


def finding(source="a.txt", line=1, **changes):
    """A finding at a line."""
    fields = {
        "shape": "https://w3id.org/policy-kg/shape/Report-issued",
        "focus": "urn:f",
        "path": "urn:p",
        "value": '"v"',
        "severity": Severity.VIOLATION,
        "message": "No.",
        "where": Place(source=source, line=line, column=1) if source else None,
    }
    return Finding(**{**fields, **changes})


def written(tmp_path, *findings):
    """A baseline of these findings, written and read again."""
    file = tmp_path / "b.jsonl"
    text = Baseline(file=str(file)).renewed(findings, Judged(sources=frozenset())).text
    file.write_text(text, encoding="utf-8")
    return read_baseline(file)


@pytest.mark.parametrize(
    "changes",
    [
        {"line": 9},
        {"source": "other.txt"},
        {"message": "Otherwise."},
        {"severity": Severity.INFO},
        {"path": "urn:p", "source": None},
    ],
)
def test_place_words_and_severity_are_no_part_of_a_fingerprint(changes):
    """A finding stays the same when its line moves, its message is written better or its severity is set."""
    assert fingerprint(finding(**changes)) == fingerprint(finding())


@pytest.mark.parametrize("part", ["shape", "focus", "path", "value"])
def test_shape_focus_path_and_value_are(part):
    """Anything else found is another finding."""
    assert fingerprint(finding(**{part: "urn:other"})) != fingerprint(finding())


def test_a_path_has_one_fingerprint_however_it_is_spaced():
    """Engines write paths with and without spaces."""
    one, other = (finding(path=path) for path in ("<urn:a> / <urn:b>", "<urn:a>/<urn:b>"))
    assert fingerprint(one) == fingerprint(other)


def test_a_baseline_is_read_as_it_was_written(tmp_path):
    """Every character of a value survives."""
    odd = finding(value='"a\u2028b\\"\t文"')
    known = written(tmp_path, odd, finding())
    assert known.unknown([odd, finding()]) == ()
    assert known.unknown([finding(focus="urn:new")]) == (finding(focus="urn:new"),)


def test_a_baseline_is_sorted_and_holds_each_entry_once(tmp_path):
    """A person can read what changed between two of them."""
    text = written(tmp_path, finding("b.txt"), finding("a.txt"), finding("a.txt", line=7)).text
    assert [line[:19] for line in text.splitlines()[1:]] == ['{"source": "a.txt",', '{"source": "b.txt",']


def test_an_entry_is_stale_where_its_page_was_checked_or_is_gone(tmp_path, monkeypatch):
    """Of a page that was left alone nothing is said; the line is that of the file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b.txt").touch()
    known = written(tmp_path, finding("a.txt"), finding("b.txt", focus="urn:b"), finding("gone.txt", focus="urn:g"))
    stale = known.stale([], Judged(sources={"a.txt"}))
    assert [each.line for each in stale] == [2, 4]
    assert known.stale([finding("moved.txt")], Judged(sources={"a.txt"}))[0].line == 4


def test_what_is_known_beforehand_is_judged_by_its_own_check(tmp_path):
    """Findings without a page are judged when the ontology is checked, and only then."""
    known = written(tmp_path, finding(None))
    assert known.stale([], Judged(sources={"a.txt"})) == ()
    assert len(known.stale([], Judged(sources=frozenset(), knowledge=True))) == 1


def test_what_could_not_be_read_is_never_known(tmp_path):
    """Nobody has looked at it; not even an entry written by hand hides it."""
    unreadable = unreadable_finding("a.txt", "no text")
    assert Baseline(file="b", entries=(Entry.of(unreadable),)).unknown([unreadable]) == (unreadable,)
    assert written(tmp_path, unreadable).unknown([unreadable]) == (unreadable,)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "b.jsonl:1: a baseline starts with"),
        ('{"policy-kg-baseline": 99}\n', "b.jsonl:1: a baseline starts with"),
        ('{"policy-kg-baseline": 1}\nno json\n', "b.jsonl:2: this is no entry of a baseline"),
        ('{"policy-kg-baseline": 1}\n{"source": "a.txt"}\n', "b.jsonl:2: this is no entry of a baseline"),
    ],
)
def test_what_is_no_baseline_is_refused(tmp_path, text, told):
    """A file of another kind or version never passes for an empty baseline."""
    file = tmp_path / "b.jsonl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=told):
        read_baseline(file)
