"""What a dataset says of itself."""

from __future__ import annotations

import pytest

from kg.model.errors import SettingsError
from kg.model.imprint import Imprint


@pytest.mark.parametrize(
    ("given", "iri"),
    [
        (None, None),
        ("CC-BY-4.0", "https://spdx.org/licenses/CC-BY-4.0"),
        ("GPL-2.0+", "https://spdx.org/licenses/GPL-2.0+"),
        ("https://example.org/licence", "https://example.org/licence"),
    ],
)
def test_a_licence_has_an_iri(given, iri):
    """An identifier of the SPDX list has that of the list; an address is its own."""
    assert Imprint(license=given).license_iri == iri


@pytest.mark.parametrize(
    "given",
    [
        {"title": ""},
        {"title": "  "},
        {"description": "two\nlines"},
        {"publisher": "\x1b[31m"},
        {"authors": ("Doe, Jane", "")},
        {"license": "CC BY 4.0"},
        {"license": "https://a b/"},
        {"license": "ftp://example.org/licence"},
        {"license": ""},
    ],
)
def test_what_no_catalogue_could_show_is_refused(given):
    """Empty words, words over several lines, and licences that are none; the error names the setting."""
    with pytest.raises(SettingsError, match=f"dataset.{next(iter(given))}"):
        Imprint(**given)
