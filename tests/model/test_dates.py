"""Dates as precise as their source."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model.dates import PartialDate


@st.composite
def partial_dates(draw):
    """A day, its month alone, or its year alone."""
    day = draw(st.dates())
    parts = (day.year, day.month, day.day)
    return PartialDate(*parts[: draw(st.integers(1, 3))])


@given(partial_dates())
def test_iso_is_read_back(value):
    """parse(iso) is the same date, as precise."""
    assert PartialDate.parse(value.iso) == value


@given(partial_dates())
def test_it_means_days_from_first_to_last(value):
    """The first day is not after the last, and both lie within what is known."""
    assert value.first_day <= value.last_day
    for day in (value.first_day, value.last_day):
        assert day.isoformat().startswith(value.iso)


@given(st.dates())
def test_a_day_means_that_day_alone(day):
    """A full date's first and last day are itself."""
    value = PartialDate(day.year, day.month, day.day)
    assert value.first_day == value.last_day == day


@given(partial_dates())
def test_nothing_is_completed_from_today(value):
    """What a date means does not depend on the clock."""
    today = datetime.now(UTC).date()
    if value.month is None:
        assert (value.first_day, value.last_day) == (date(value.year, 1, 1), date(value.year, 12, 31))
    elif value.day is None:
        assert value.first_day.day == 1
        assert value.last_day.month == value.month
    assert PartialDate(today.year).iso == f"{today.year:04d}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "21",
        "2021-9",
        "2021-09-15-01",
        "2021-13",
        "2021-02-30",
        "20_21",
        " 2021",
        "+2021",
        "٢٠٢١",
        "0000",
        "2021-09-",
    ],
)
def test_other_texts_are_no_dates(text):
    """Only 2021, 2021-09 and 2021-09-15 are dates, and only where the calendar has them."""
    with pytest.raises(ValueError, match=r"."):
        PartialDate.parse(text)


def test_a_day_needs_its_month():
    """A day without a month is no date."""
    with pytest.raises(ValueError, match="without a month"):
        PartialDate(2021, None, 5)
