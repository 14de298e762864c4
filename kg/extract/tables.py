"""The header of a record: its fields stand where its row says, and no line rule need look for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.extract.header import Field, Header
from kg.extract.layouts import Layout
from kg.extract.widths import narrow
from kg.model.errors import LayoutError
from kg.model.evidence import Span
from kg.model.mapping import Record
from kg.model.page import Text


def record_header(text: Text, record: Record, layouts: Sequence[Layout]) -> Header:
    """The fields of a row, read in the language and with the order of names of its mapping's layout.

    A row with a title or a number is a report.

    Raises:
        LayoutError: there is no layout of the name that the mapping gives.
    """
    named = {layout.name: layout for layout in layouts}
    mapping = record.mapping
    if mapping.layout not in named:
        raise LayoutError(mapping.layout, f"there is none, and records.{mapping.name} names it")
    layout = replace(
        named[mapping.layout],
        name=f"records/{mapping.name}",
        report_when=("number", "title"),
        lines=(),
        finds=(),
        expectations=(),
    )
    row = Span(0, len(text.content))
    found = [(each.name, Field(Span(each.start, each.end), each.name, row, each.value)) for each in record.fields]
    fields: dict[str, Field] = {}
    for name, place in found:
        fields.setdefault(name, place)
    more = tuple((name, place) for name, place in found if fields[name] is not place)
    body = fields["abstract"].span if "abstract" in fields else None
    plain = narrow(text.content)
    return Header(layout=layout, text=text, plain=plain, fields=fields, more=more, body=body, fit=0)
