# ruff: noqa: RUF001 - typographic and full-width marks are what is tested
"""The reader's laws, on whole pages and on pages with lines and words lost, doubled and strewn in."""

import dataclasses
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model.errors import SourceError
from kg.model.evidence import Evidence

THEME = "Independent Science and Technology Capabilities: Path, System and Policy"
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PAGES = [file.read_text(encoding="utf-8") for file in sorted(EXAMPLES.glob("*.txt"))]
ODD = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "“",
            "”",
            '"',
            "(",
            ")",
            "（",
            "）",
            ",",
            ";",
            ":",
            "&",
            "and",
            "or the",
            "of",
            "No.",
            "not",
            "never",
            "(CSTI)",
        ]
    ),
    st.sampled_from(["Council", "Agency Committee", "CSTI", "UKRI", "Japan", "Korea’s", "reports to", "Abstract: "]),
    st.sampled_from(["Keywords: ", "By ", "Lessons", "coordination mechanism includes", "has the right to allocate"]),
)


@st.composite
def spoilt_pages(draw):
    """An example page whose lines and words were deleted, doubled, moved or mixed with odd ones."""
    text = draw(st.sampled_from(PAGES))
    separator = draw(st.sampled_from(["\n", " ", ", ", "and"]))
    pieces = text.split(separator)
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(pieces)))
        match draw(st.sampled_from(["delete", "double", "insert", "move"])):
            case "delete":
                del pieces[at : at + draw(st.integers(1, 3))]
            case "double":
                pieces[at:at] = pieces[at : at + 2]
            case "insert":
                pieces.insert(at, draw(ODD))
            case "move":
                pieces[at:at] = pieces[:1]
    return separator.join(pieces)


def evidence(value):
    """Every piece of evidence within a record."""
    if isinstance(value, Evidence):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from evidence(each)
    elif dataclasses.is_dataclass(value):
        for each in dataclasses.fields(value):
            yield from evidence(getattr(value, each.name))


def read_or_refuse(reader, text_of, content):
    """The text and what it tells, or None where the page is refused as no text."""
    try:
        text = text_of(content)
    except SourceError:
        return None
    return text, reader.read(text)


def test_every_value_of_a_page_has_its_exact_words(page_file, reader, text_of):
    """text[start:end] == quote, for each value of each example and case."""
    text = text_of(page_file.read_bytes())
    for each in evidence(reader.read(text)):
        assert text.verify(each), each


@settings(max_examples=60)
@given(spoilt_pages())
def test_every_value_of_a_spoilt_page_has_its_exact_words(reader, text_of, content):
    """No page that a publisher could spoil breaks the reader, and none loosens a quote from its place."""
    read = read_or_refuse(reader, text_of, content)
    if read:
        text, reading = read
        assert all(text.verify(each) for each in evidence(reading))


@given(st.text())
def test_any_text_is_read(reader, text_of, content):
    """Text of any characters is a report or another page, never an exception."""
    read_or_refuse(reader, text_of, content)


@given(st.binary())
def test_any_bytes_are_read_or_refused(reader, text_of, payload):
    """Bytes are a text or a SourceError."""
    read_or_refuse(reader, text_of, payload)


def test_reading_twice_gives_the_same(page_file, reader, text_of):
    """A reader keeps nothing of one page for the next."""
    text = text_of(page_file.read_bytes())
    assert reader.read(text) == reader.read(text)


def test_gaps_stand_in_the_order_of_the_page(page_file, reader, text_of):
    """Gaps are listed from the top of the page to its end, within the page."""
    text = text_of(page_file.read_bytes())
    places = [gap.at for gap in getattr(reader.read(text), "gaps", ())]
    assert places == sorted(places)
    assert all(0 <= place.start <= place.end <= len(text.content) for place in places)


def test_a_sentence_without_end_is_a_gap(reader, text_of):
    """A sentence of more than 4,000 characters is named and not read; what stands beside it is."""
    page = PAGES[0].replace("Abstract: ", f"Abstract: {'and so on ' * 500}. ")
    report = reader.read(text_of(page))
    assert [gap.field for gap in report.gaps] == ["sentence"]
    assert report.statements


def test_ten_thousand_joined_names_are_no_recursion(reader, text_of):
    """A run of names joined by "and" is read in a loop, whatever its length."""
    page = PAGES[0].replace(
        "Abstract: ", f"Abstract: {'Foo Council and ' * 10_000}. {'Foo Council and ' * 240}. {'Aa and ' * 500}. "
    )
    assert reader.read(text_of(page)).statements


def test_an_empty_theme_is_no_team(reader, text_of):
    """Quotation marks with nothing between them name no team, and the authors stay."""
    report = reader.read(
        text_of(PAGES[0].replace("Independent Science and Technology Capabilities: Path, System and Policy", ""))
    )
    assert report.team is None
    assert len(report.authors) == 2


def test_a_number_in_other_digits_still_makes_a_key(reader, text_of):
    """Full-width digits are plain ones in the key and in the number; the words stay as printed."""
    report = reader.read(text_of(PAGES[0].replace("No.267, 2021 (Total", "No.２６７, 2021 (Total")))
    assert (report.key, report.number.value, report.number.evidence.quote) == ("drc-2021-267", "267", "２６７")


def test_a_body_before_its_acronym_is_defined_is_unknown(reader, text_of):
    """An acronym stands for a body from the sentence on that defines it."""
    prose = "The RIA reports to the ZZA. The Zeta Agency (ZZA) stands alone."
    report = reader.read(text_of(f"Policy Brief 1/2020\n\nRuritania\n\nSummary\n\n{prose}\n"))
    assert report.statements == ()
