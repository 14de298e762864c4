"""Findings as people read them."""

from kg.check.formats import COLOURED, findings_text
from kg.check.formats.human import human
from kg.model.evidence import Place
from kg.model.excerpt import line_excerpt
from kg.model.verdict import Severity


def lines_of(line, words, finding, width=100):
    """The line shown and the marks below it, for words on a line."""
    column = line.index(words) + 1
    found = finding(column=column, quote=words)
    shown = findings_text([found], {found.where: line_excerpt(line, column, words)}).splitlines()[1:3]
    assert all(len(each) <= width + 10 for each in shown)
    return [each.partition("| ")[2] for each in shown]


def test_a_finding_shows_place_line_words_and_what_to_do(checked, finding):
    """As good compilers write: place and message, the line with its words marked, the node, the way to learn more."""
    assert human(checked(finding())) == (
        "pages/a.txt:2:5: violation: A report has one date. [Report-issued]\n"
        "     2 | the wrong year\n"
        "       |     ^^^^^\n"
        '       = <http://127.0.0.1:8000/id/report/x> <http://purl.org/dc/terms/issued> "x"\n'
        "       = help: kg check --explain Report-issued\n"
        "pages/a.txt: 1 finding (1 violation)\n"
    )


def test_findings_of_a_source_stand_together_with_their_tally(finding):
    """One block a source, parted by a blank line."""
    found = [finding(), finding(severity=Severity.WARNING), finding(source="pages/b.txt")]
    blocks = findings_text(found).split("\n\n")
    assert [block.splitlines()[-1] for block in blocks] == [
        "pages/a.txt: 2 findings (1 violation, 1 warning)",
        "pages/b.txt: 1 finding (1 violation)",
    ]


def test_a_finding_without_a_place_names_its_node(finding):
    """What was not read from a page is known by its IRI."""
    text = findings_text([finding(line=None)])
    assert text.startswith("<http://127.0.0.1:8000/id/report/x>: violation: A report has one date.")
    assert text.endswith("not read from a page: 1 finding (1 violation)\n")


def test_no_findings_are_no_text():
    """Silence is an empty string."""
    assert findings_text([]) == ""


def test_marks_stand_below_wide_characters(finding):
    """A Chinese character takes two columns."""
    assert lines_of("国务院 发布 2021年", "发布", finding) == ["国务院 发布 2021年", "       ^^^^"]


def test_marks_stand_below_words_with_combining_marks(finding):
    """An accent written by itself takes no column."""
    assert lines_of("cafe\u0301 bar", "bar", finding)[1] == "     ^^^"


def test_marks_stand_below_words_behind_tabs(finding):
    """A tab is shown as four spaces."""
    assert lines_of("a\tb", "b", finding) == ["a    b", "     ^"]


def test_hidden_characters_are_shown(finding):
    """Nothing turns the reading direction or moves the cursor, and marks still stand below their words."""
    assert lines_of("a\u202eb\x1b[2Jc end", "end", finding) == ["a<U+202E>b<U+001B>[2Jc end", " " * 23 + "^^^"]


def test_a_very_long_line_is_cut_around_the_words(finding):
    """A page without line ends does not flood the screen."""
    shown, marks = lines_of("x" * 5000 + " here " + "y" * 5000, "here", finding)
    assert shown.startswith("…x")
    assert shown.endswith("y…")
    assert shown[marks.index("^") : marks.rindex("^") + 1] == "here"


def test_very_long_words_are_cut_themselves(finding):
    """The marks end where the line does."""
    shown, marks = lines_of("see " + "x" * 5000, "x" * 5000, finding)
    assert shown.endswith("x…")
    assert marks.rindex("^") < len(shown)


def test_hostile_words_do_nothing(assault):
    """Each finding keeps its lines, and no control character is left."""
    text = human(assault)
    assert not any(character < " " and character != "\n" for character in text)
    assert [line[:7] for line in text.splitlines()].count("::error") == 0


def test_colour_is_put_around_words_and_changes_none(checked, finding):
    """Without its escapes, a coloured text is the plain one."""
    plain = checked(finding(), finding(severity=Severity.INFO))
    coloured = findings_text(plain.findings, plain.excerpts, COLOURED)
    assert "\x1b[1;31mviolation:\x1b[0m" in coloured
    for code in ("1;31", "1;33", "1;36", "34", "1", "0"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == human(plain)


def test_an_excerpt_at_a_place_without_words_is_marked_once(finding):
    """Where something is missing, one mark stands."""
    found = finding(column=1, quote="")
    shown = findings_text([found], {found.where: line_excerpt("text", 1, "")}).splitlines()
    assert shown[1:3] == ["     2 | text", "       | ^"]


def test_a_place_elsewhere_has_no_line(finding):
    """Without an excerpt, the place alone is told."""
    found = finding(where=Place(source="https://example.org/", line=1, column=1))
    assert "|" not in findings_text([found])
