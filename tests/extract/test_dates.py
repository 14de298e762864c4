"""Dates as pages print them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.dates import parse_date


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("Nov 11,2021", "2021-11-11"),
        ("Nov. 11, 2021", "2021-11-11"),
        ("November 1st 2021", "2021-11-01"),
        ("11 November 2021", "2021-11-11"),
        ("3rd Sept. 2021", "2021-09-03"),
        ("2021-9-15", "2021-09-15"),
        ("2021/09/15", "2021-09-15"),
        ("2021.9.15", "2021-09-15"),
        ("2021年9月15日", "2021-09-15"),
        ("2021 年 9 月", "2021-09"),
        ("May 2021", "2021-05"),
        ("Jun. /2024", "2024-06"),
        ("2021-09", "2021-09"),
        (" 2021-9-15 ", "2021-09-15"),
        ("29 February 2020", "2020-02-29"),
    ],
)
def test_dates_are_read_as_printed(printed, iso):
    """As precise as the words: a month alone stays a month."""
    assert parse_date(printed).iso == iso


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "2021",
        "today",
        "31 February 2020",
        "29 February 2021",
        "2021-13-01",
        "Nov 2021 11",
        "09/11/2021",
        "11-9-2021",
        "2021-9",
        "Nov 11",
        "Novem 11, 2021",
        "0000-01-01",
    ],
)
def test_what_has_no_one_meaning_is_no_date(printed):
    """Impossible days, days without a year, and orders that could mean two days are no dates."""
    assert parse_date(printed) is None


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_is_read_back(day):
    """A day written in any of three ways is that day."""
    for printed in (day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day:%d %B %Y}"):
        assert parse_date(printed).first_day == day
