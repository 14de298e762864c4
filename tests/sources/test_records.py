"""Records in CSV and JSON Lines: each a page whose fields are places in its own text, whatever stands in the file."""

import csv
import gzip
import io
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.layouts import FIELDS
from kg.model.errors import SettingsError
from kg.model.mapping import RECORD_FIELDS, Record, RecordMapping, TableFormat, record_mappings
from kg.pages import read_page
from kg.sources import PassedOver, Unreadable, count_pages, find_pages
from kg.sources.records import records

COLUMNS = (("title", "Title"), ("byline", "Authors"), ("number", "No."))
HEAD = "Title,Authors,No.\n"


def mapping(file="*.csv", form=TableFormat.CSV, columns=COLUMNS, **more):
    """A mapping named index."""
    return RecordMapping(name="index", file=file, format=form, columns=columns, **more)


def table(form):
    """Writes a file and gives what is taken from it."""

    def make(tmp_path):
        def taken(content, most_bytes=10_000, name=f"index.{form.value}", **more):
            file = tmp_path / name
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
            return list(records(file, name, mapping(form=form, **more), most_bytes))

        return taken

    return make


@pytest.fixture
def read_csv(tmp_path):
    """What is taken from a CSV file with this content."""
    return table(TableFormat.CSV)(tmp_path)


@pytest.fixture
def read_json(tmp_path):
    """What is taken from a JSON Lines file with these lines."""
    taken = table(TableFormat.JSON_LINES)(tmp_path)

    def lines(*rows, **more):
        joined = b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)
        return taken(joined, **more)

    return lines


def told(record):
    """Each field's value and words, the words taken from the page's text as it is read."""
    content = read_page(record).content
    return [(field.name, field.value, content[field.start : field.end]) for field in record.fields]


def values(record):
    """Each field's value."""
    return {field.name: field.value for field in record.fields}


def test_a_csv_row_is_a_page_with_its_fields(read_csv):
    """The page is the row as it stands there, named by its line."""
    (record,) = read_csv(HEAD + "On Ports,Lin Bo, 7 \n")
    assert (record.source, record.media_type, record.payload) == (
        "index.csv#line=2",
        "text/plain",
        b"On Ports,Lin Bo, 7 ",
    )
    assert told(record) == [("title", "On Ports", "On Ports"), ("byline", "Lin Bo", "Lin Bo"), ("number", "7", "7")]


def test_quoted_cells_keep_their_raw_words(read_csv):
    """Doubled quotes are two characters on the page and one in the value; commas and line ends belong to the cell."""
    (record, after) = read_csv(HEAD + '"A ""new"" port, at last","Lin Bo\r\nSun Jie",7\r\nB,C,8\r\n')
    assert told(record) == [
        ("title", 'A "new" port, at last', 'A ""new"" port, at last'),
        ("byline", "Lin Bo\nSun Jie", "Lin Bo\nSun Jie"),
        ("number", "7", "7"),
    ]
    assert after.source == "index.csv#line=4"


def test_empty_cells_say_nothing(read_csv):
    """A cell without words is no field, and an empty line no row."""
    assert [told(record) for record in read_csv(HEAD + '\nA,"",  \n\r\n')] == [[("title", "A", "A")]]


def test_a_quote_within_a_bare_cell_is_itself(read_csv):
    """Inches do not open a cell."""
    (record,) = read_csv(HEAD + '5" pipes,Lin Bo,7\n')
    assert values(record)["title"] == '5" pipes'


@pytest.mark.parametrize("delimiter", [";", "\t", "|", "^", "]"])
def test_another_delimiter_is_a_setting(delimiter, read_csv):
    """Semicolons, tabs and any other character may part cells; commas are then words."""
    (record,) = read_csv(
        delimiter.join(("Title", "Authors", "No.")) + f'\na, b{delimiter}"x{delimiter}y"{delimiter}7',
        delimiter=delimiter,
    )
    assert values(record) == {"title": "a, b", "byline": f"x{delimiter}y", "number": "7"}


def test_a_byte_order_mark_is_no_part_of_the_first_column(read_csv):
    """Excel writes one."""
    (record,) = read_csv(("\N{ZERO WIDTH NO-BREAK SPACE}" + HEAD + "A,B,7").encode())
    assert values(record)["title"] == "A"


def test_gzipped_files_are_read(read_csv):
    """A name that ends in .gz says so."""
    (record,) = read_csv(gzip.compress((HEAD + "A,B,7").encode()), name="index.csv.gz")
    assert record.source == "index.csv.gz#line=2"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"A,B", "the row has 2 cells; the first row names 3 columns"),
        (b"A,B,7,", "the row has 4 cells; the first row names 3 columns"),
        (b'"A" b,B,7', "words stand behind the closing quote of cell 1"),
        (b"\xff,B,7", "no UTF-8: byte 0xff at offset 0 of the row"),
        (b"A,B," + b"7" * 10_000, "the row is too long; a page may have 10,000 (setting most_page_bytes)"),
        (
            b'A,"' + b"b\n" * 6_000 + b'",7',
            "the row is too long; a page may have 10,000 (setting most_page_bytes); lines 3 to 6003 are not read",
        ),
        (b'"A\nB" C,D,7', "words stand behind the closing quote of cell 1; lines 3 to 4 are not read"),
        (b",,", "the row says nothing in Title, Authors, No."),
    ],
)
def test_a_bad_row_is_named_with_its_line(row, reason, read_csv):
    """File, line and reason; the rows before and after are read."""
    first, bad, last = read_csv(HEAD.encode() + b"A,B,1\n" + row + b"\nC,D,2\n")
    assert bad == Unreadable(source="index.csv:3", reason=reason)
    assert (values(first)["number"], values(last)["number"]) == ("1", "2")


def test_a_quote_that_is_never_closed_says_what_it_costs(read_csv):
    """The lines that it swallows are told."""
    good, bad = read_csv(HEAD + 'A,B,1\n"C,D,2\nE,F,3\n')
    assert values(good)["number"] == "1"
    reason = "a quote is opened and never closed; lines 3 to 4 are not read"
    assert bad == Unreadable(source="index.csv:3", reason=reason)


@pytest.mark.parametrize(
    ("content", "source", "reason"),
    [
        (b"", "index.csv", "the file holds no record"),
        (HEAD.encode(), "index.csv", "the file holds no record"),
        (b"\xff\n", "index.csv:1", "no row of column names: no UTF-8: byte 0xff at offset 0 of the row"),
        (b'"a', "index.csv:1", "no row of column names: a quote is opened and never closed"),
    ],
)
def test_a_file_without_records_is_named(content, source, reason, read_csv):
    """Silence is not success."""
    assert read_csv(content) == [Unreadable(source=source, reason=reason)]


def test_a_damaged_archive_is_named(read_csv):
    """What was read before the damage counts."""
    whole = gzip.compress((HEAD + "A,B,7\n").encode())
    (bad,) = read_csv(whole[:20], name="index.csv.gz")
    assert bad.reason.startswith("the records cannot be read on: ")


def test_a_csv_column_that_is_not_there_is_refused(read_csv):
    """The error names the setting, the file and the columns that exist."""
    with pytest.raises(SettingsError) as raised:
        read_csv("Titel,Authors,No.\nA,B,7\n")
    wanted = "setting records.index.columns.title is 'Title'; expected a column of index.csv: Titel, Authors, No."
    assert str(raised.value) == wanted


def test_a_json_line_is_a_page_with_its_fields(read_json):
    """Texts without their quotes, numbers as printed, and lists item by item; null says nothing."""
    line = b' {"Title" : "On Ports", "x": {"Title": ["no"]}, "Authors":[ "Lin Bo" ,"Sun Jie"], "No.":7.50}\r'
    first, second = read_json(line, {"Title": "B", "Authors": None})
    assert (first.source, first.payload) == ("index.json-lines#line=1", line[:-1])
    assert told(first) == [
        ("title", "On Ports", "On Ports"),
        ("byline", "Lin Bo", "Lin Bo"),
        ("byline", "Sun Jie", "Sun Jie"),
        ("number", "7.50", "7.50"),
    ]
    assert values(second) == {"title": "B"}


def test_escapes_keep_their_raw_words(read_json):
    """The value is what is meant, the words what stands there."""
    (record,) = read_json(rb'{"Title": "\u00c9tude \"A\"\n\ud83d\ude00", "Authors": [" B "], "No.": ""}')
    assert told(record) == [
        ("title", 'Étude "A"\n\N{GRINNING FACE}', r"\u00c9tude \"A\"\n\ud83d\ude00"),
        ("byline", "B", "B"),
    ]


def test_a_byte_order_mark_is_no_part_of_a_line(read_json):
    """Offsets count from the brace."""
    (record,) = read_json(b'\xef\xbb\xbf{"Title": "A", "Authors": "B", "No.": 1}')
    assert told(record)[0] == ("title", "A", "A")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"Title": }', "no JSON: Expecting value at column 11"),
        (b'["Title"]', "no JSON object; a record is an object"),
        (b"\xff", "no UTF-8: byte 0xff at offset 0 of the row"),
        (b"[" * 9_000, "no JSON that is read: it is nested too deeply"),
        (b'{"x": ' + b"[" * 9_000, "no JSON that is read: it is nested too deeply"),
        (b'{"Title": NaN}', "no JSON: NaN is no number in it"),
        (b'{"Title": true}', "Title holds true; a field is a text, a number or a list of those"),
        (b'{"Title": [["a"]]}', 'Title holds ["a"]; a field is a text, a number or a list of those'),
        (b'{"Title": {"a": 1}}', 'Title holds {"a": 1}; a field is a text, a number or a list of those'),
        (b'{"Title": "\\ud800"}', "Title holds half a character"),
        (b'{"x": 1}', "the row says nothing in Title, Authors, No."),
        (
            b'{"Title": "' + b"a" * 10_000 + b'"}',
            "the row is too long; a page may have 10,000 (setting most_page_bytes)",
        ),
    ],
)
def test_a_bad_line_is_named(line, reason, read_json):
    """File, line and reason; the lines before and after are read."""
    good = {"Title": "A", "Authors": "B", "No.": "7"}
    first, bad, last = read_json(good, line, good)
    assert bad == Unreadable(source="index.json-lines:2", reason=reason)
    assert values(first) == values(last)


def test_a_key_may_be_rare(read_json):
    """A key that only the last line has is a key of the file."""
    *_, last = read_json({"Title": "A"}, {"Authors": "B"}, {"No.": "7"})
    assert values(last) == {"number": "7"}


def test_a_key_that_no_line_has_is_refused(read_json):
    """The error lists the keys that exist, before any record is taken."""
    with pytest.raises(SettingsError, match=r"columns\.number is 'No\.'; expected a column of .*: Title, Authors, Nr$"):
        read_json({"Title": "A"}, b"{", {"Authors": "B", "Nr": "7"})


def test_lines_of_which_none_is_json_are_bad_lines(read_json):
    """A file of another kind says so line by line."""
    assert [bad.reason[:7] for bad in read_json(b"a", b"b")] == ["no JSON", "no JSON"]


CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('",\n'), max_size=8)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5))
def test_what_the_standard_library_writes_is_read_back(tmp_path_factory, rows):
    """Any cells, written as CSV and as JSON Lines, come back as values, and as the words at their places."""
    folder = tmp_path_factory.mktemp("rows")
    written = io.StringIO(newline="")
    csv.writer(written).writerows([("Title", "Authors", "No."), *rows])
    lines = "".join(json.dumps(dict(zip(("Title", "Authors", "No."), row, strict=True))) + "\n" for row in rows)
    expected = [dict(zip(("title", "byline", "number"), map(str.strip, row), strict=True)) for row in rows]
    expected = [{name: value for name, value in row.items() if value} for row in expected]
    for form, content in ((TableFormat.CSV, written.getvalue()), (TableFormat.JSON_LINES, lines)):
        file = folder / form.value
        file.write_bytes(content.encode())
        taken = [row for row in records(file, "t", mapping(form=form)) if isinstance(row, Record)]
        assert [values(record) for record in taken] == [row for row in expected if row]
        for record in taken:
            for _, value, words in told(record):
                decoded = words.replace('""', '"') if form is TableFormat.CSV else json.loads(f'"{words}"')
                assert value == decoded.strip()


def test_memory_holds_one_row(tmp_path):
    """However many rows there are."""
    file = tmp_path / "index.csv"
    file.write_text(HEAD + "".join(f'"Title {n}","A\nB",{n}\n' for n in range(20_000)))
    tracemalloc.start()
    try:
        count = sum(1 for _ in records(file, "t", mapping()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 20_000
    assert peak < 2_000_000


@pytest.mark.parametrize("filling", ['"', '""', ",", 'a"', '",', "\n"])
def test_hostile_rows_cost_no_more_than_their_length(filling, read_csv):
    """A megabyte of quotes, commas or line ends is read, or refused, at once; a backtracking pattern would not end."""
    assert read_csv(HEAD + filling * (1_000_000 // len(filling)), most_bytes=2_000_000)


def test_a_file_that_a_mapping_is_for_gives_records_wherever_it_is_found(tmp_path, monkeypatch):
    """In a folder, by name or by a pattern; the mapping goes before what the name's end says."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text(HEAD + "A,B,1\n")
    (tmp_path / "data" / "b.jsonl").write_text('{"Title": "A"}\n')
    (tmp_path / "data" / "c.csv").mkdir()
    rules = [mapping("data/*.csv"), mapping("data/b.jsonl", TableFormat.JSON_LINES, (("title", "Title"),))]
    for path in ("data", "data/*.*"):
        sources = [each.source for each in find_pages([tmp_path / path], mappings=rules)]
        assert sources == ["data/a.csv#line=2", "data/b.jsonl#line=1"]
    assert [type(each) for each in find_pages([tmp_path / "data/a.csv"], mappings=rules)] == [Record]
    assert count_pages([tmp_path / "data"], rules) == 2
    assert [type(each) for each in find_pages([tmp_path / "data"])] == [PassedOver, Unreadable]


def test_a_column_may_tell_two_fields_and_a_record_is_a_page(read_csv):
    """A record's digest is that of its row."""
    (record,) = read_csv("Title\nA\n", columns=(("title", "Title"), ("abstract", "Title")))
    assert values(record) == {"title": "A", "abstract": "A"}
    assert len(record.id) == 64


def test_fields_of_records_are_fields_of_layouts():
    """A column tells what a layout could read."""
    assert set(RECORD_FIELDS) <= FIELDS


def test_mappings_are_read_from_tables_or_toml():
    """kg.toml has tables; a variable has the same inline."""
    index = {"file": "*.tsv", "format": "csv", "delimiter": "\t", "layout": "drc", "columns": {"title": "Title"}}
    toml = '{index = {file = "*.tsv", format = "csv", delimiter = "\\t", layout = "drc", columns = {title = "Title"}}}'
    expected = mapping("*.tsv", columns=(("title", "Title"),), delimiter="\t", layout="drc")
    assert record_mappings({"index": index}) == record_mappings(toml) == (expected,)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"file": ""}, r"records\.index\.file is ''; expected a text"),
        ({"file": None}, r"records\.index\.file is None; expected a text"),
        ({"format": "xml"}, r"records\.index\.format is 'xml'; expected csv or json-lines"),
        ({"columns": {}}, r"records\.index\.columns is {}; expected a table of columns"),
        ({"columns": {"titel": "T"}}, r"columns\.titel is 'T'; expected one of the fields title, "),
        ({"columns": {"title": 7}}, r"columns\.title is 7; expected the name of a column"),
        ({"delimiter": '"'}, r"records\.index\.delimiter is '\"'; expected one character"),
        ({"delimiter": ";;"}, r"records\.index\.delimiter is ';;'; expected one character"),
        ({"colums": {}}, r"records\.index\.colums is {}; expected one of the keys file, "),
    ],
)
def test_a_mapping_of_no_use_is_refused(change, message):
    """The error names the key and what was expected."""
    table = {"file": "*.csv", "format": "csv", "columns": {"title": "Title"}, **change}
    with pytest.raises(SettingsError, match=message):
        record_mappings({"index": table})


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (7, r"records is 7; expected tables such as \[records\.index\]"),
        ({"index": 7}, r"records\.index is 7; expected a table with file, format, columns"),
        ({"index": {"file": "*.csv"}}, r"records\.index is .*; expected a table with format, columns too"),
        ("{", r"records is '{'; expected an inline table of TOML"),
        ("7", r"records is 7; expected tables"),
    ],
)
def test_what_is_no_mapping_is_refused(tables, message):
    """Neither a table nor TOML."""
    with pytest.raises(SettingsError, match=message):
        record_mappings(tables)
