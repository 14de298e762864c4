"""Literals in the forms that XML Schema calls canonical."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model.dates import PartialDate
from kg.rdf import literals
from kg.rdf.vocab import XSD


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("1", "1"),
        ("1.0", "1"),
        ("0.90", "0.9"),
        ("0", "0"),
        ("1E+2", "100"),
        ("1E-7", "0.0000001"),
        ("-0.5", "-0.5"),
    ],
)
def test_decimals_are_canonical(number, written):
    """No zero too many, and a point only before digits."""
    assert literals.decimal(Decimal(number)).value == written


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_decimals_keep_their_value(number):
    """What is written is the same number, of the type xsd:decimal."""
    literal = literals.decimal(number)
    assert Decimal(literal.value) == number
    assert literal.datatype == XSD("decimal")


@pytest.mark.parametrize(
    ("parts", "written", "kind"),
    [((2021,), "2021", "gYear"), ((2021, 9), "2021-09", "gYearMonth"), ((2021, 9, 5), "2021-09-05", "date")],
)
def test_dates_are_as_precise_as_their_source(parts, written, kind):
    """A year is an xsd:gYear, a month an xsd:gYearMonth, a day an xsd:date."""
    literal = literals.date(PartialDate(*parts))
    assert (literal.value, literal.datatype) == (written, XSD(kind))


def test_numbers_years_and_words():
    """Integers and years carry their types, words their language."""
    assert literals.integer(7).datatype == XSD("integer")
    assert (literals.year(987).value, literals.year(987).datatype) == ("0987", XSD("gYear"))
    assert literals.text("Rat", "de").language == "de"
    assert literals.plain("Rat").datatype == XSD("string")
