"""The imprint of a published graph: what it is called, who stands behind it, and what one may do with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from kg.model.errors import SettingsError

#: An identifier of the SPDX licence list, or an IRI (RFC 3987, section 2.2) of the licence's text.
_LICENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*|https?://[^\s<>\"{}|\\^`\x00-\x20]+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What people are told of a dataset before they open it.

    Attributes:
        publisher: an organisation's name.
        authors: persons as `Family, Given`, organisations and teams by their name.
        license: an identifier of the SPDX list, such as `CC-BY-4.0`, or the address of the licence's text.

    Raises:
        SettingsError: a text is empty or runs over lines, or the licence is neither.
    """

    title: str = "Policy-research reports as a graph"
    description: str = "Statements read from policy-research reports, each with the exact words that say it."
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    license: str | None = None

    def __post_init__(self) -> None:
        """Refuses what no catalogue could show."""
        for name in ("title", "description", "publisher"):
            _check(f"dataset.{name}", getattr(self, name))
        for author in self.authors:
            _check("dataset.authors", author)
        if self.license is not None and not _LICENCE.fullmatch(self.license):
            raise SettingsError(
                "dataset.license", self.license, "an identifier of the SPDX list such as CC-BY-4.0, or an address"
            )

    @property
    def license_iri(self) -> str | None:
        """The IRI of the licence; SPDX gives one to each licence of its list."""
        if self.license is None or "://" in self.license:
            return self.license
        return f"https://spdx.org/licenses/{self.license}"


def _check(name: str, text: str | None) -> None:
    if text is not None and (not text.strip() or _CONTROL.search(text)):
        raise SettingsError(name, text, "words on one line")
