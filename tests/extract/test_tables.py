"""Records: rows whose columns tell the fields."""

import pytest

from kg.model.errors import LayoutError
from kg.model.mapping import RecordMapping, TableFormat
from kg.pages import read_page
from kg.sources.records import records

ROWS = """Title,No,Year,Authors,Summary,Keys
"Korea's ""double"" system",12,2022,Clara Nyberg; P. de Witt,"The mechanism includes the Delta Agency (DA).",Korea; aid
"""
COLUMNS = (
    ("title", "Title"),
    ("number", "No"),
    ("series_year", "Year"),
    ("byline", "Authors"),
    ("abstract", "Summary"),
    ("keywords", "Keys"),
)


@pytest.fixture
def row(tmp_path):
    """The text of the one row of a table, by a mapping of this layout."""

    def text(layout="generic"):
        file = tmp_path / "index.csv"
        file.write_text(ROWS)
        mapping = RecordMapping(name="index", file="*.csv", format=TableFormat.CSV, columns=COLUMNS, layout=layout)
        (record,) = records(file, "index.csv", mapping)
        return read_page(record)

    return text


def test_a_row_is_a_report_with_the_words_of_its_cells(reader, row):
    """Every field is what the column says, and its evidence is the row as it is written."""
    text = row()
    report = reader.read(text)
    assert report.title.value == 'Korea\'s "double" system'
    assert report.title.evidence.quote == 'Korea\'s ""double"" system'
    assert (report.number.value, report.series_year.value, report.key) == ("12", 2022, "page-2022-12")
    assert [author.value.name for author in report.authors] == ["Clara Nyberg", "P. de Witt"]
    assert [keyword.value for keyword in report.keywords] == ["Korea", "aid"]
    assert [body.value.name for body in report.bodies] == ["Delta Agency"]
    assert text.verify(report.title.evidence)
    assert report.title.method == "records/index/title"


def test_the_prose_of_a_row_is_read_as_any_other(reader, row):
    """The abstract's sentences state what they state on a page."""
    (statement,) = reader.read(row()).statements
    assert statement.value.object.value.name == "Delta Agency"


def test_a_mapping_that_names_no_layout_is_refused(reader, row):
    """The error names the mapping and the layout."""
    with pytest.raises(LayoutError, match=r"layout nowhere: there is none, and records\.index names it"):
        reader.read(row("nowhere"))
