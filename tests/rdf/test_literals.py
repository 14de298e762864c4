"""Literals in the forms that XML Schema calls canonical."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, RdfFormat, parse

from kg.model.dates import PartialDate
from kg.rdf import literals
from kg.rdf.draft import date
from kg.rdf.vocab import XSD


def read(term):
    """The literal that a term in N-Triples is."""
    (quad,) = parse(f"<urn:s> <urn:p> {term} .", RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, Literal)
    return quad.object


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
    assert read(literals.decimal(Decimal(number))).value == written


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_decimals_keep_their_value(number):
    """What is written is the same number, of the type xsd:decimal."""
    literal = read(literals.decimal(number))
    assert Decimal(literal.value) == number
    assert literal.datatype == XSD("decimal")


@pytest.mark.parametrize(
    ("parts", "written", "kind"),
    [((2021,), "2021", "gYear"), ((2021, 9), "2021-09", "gYearMonth"), ((2021, 9, 5), "2021-09-05", "date")],
)
def test_dates_are_as_precise_as_their_source(parts, written, kind):
    """A year is an xsd:gYear, a month an xsd:gYearMonth, a day an xsd:date; a drafted fact's value is the same."""
    literal = read(literals.date(PartialDate(*parts)))
    assert (literal.value, literal.datatype) == (written, XSD(kind))
    assert date(PartialDate(*parts)) == literal


def test_numbers_years_and_words():
    """Integers and years carry their types, words their language."""
    assert read(literals.integer(7)).datatype == XSD("integer")
    assert (read(literals.year(987)).value, read(literals.year(987)).datatype) == ("0987", XSD("gYear"))
    assert read(literals.text("Rat", "de")).language == "de"
    assert read(literals.plain("Rat")).datatype == XSD("string")


@pytest.mark.parametrize("language", ["", "e n", "1", "en-", "en>"])
def test_what_is_no_language_is_refused(language):
    """A tag that BCP 47 does not know is an error."""
    with pytest.raises(ValueError, match="subtag"):
        literals.text("Rat", language)
