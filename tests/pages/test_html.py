"""Web pages to text: what stays, what goes, which lines it makes, and where each character stands in the source."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model.errors import SourceError
from kg.model.evidence import Span
from kg.model.page import Page
from kg.pages import read_page

ROOT = Path(__file__).resolve().parents[2]
DRC = Path(__file__).with_name("drc.html").read_text(encoding="utf-8")
SECONDS = 5


def text(html, media_type="text/html"):
    """The text of a web page."""
    payload = html if isinstance(html, bytes) else html.encode()
    return read_page(Page(source="a.html", media_type=media_type, payload=payload))


def lines(html, media_type="text/html"):
    """The lines of a web page's text, without the empty ones."""
    return [line for line in text(html, media_type).content.split("\n") if line]


def place_of(read, words):
    """Where some words of a text stand in its source, as (line, column)."""
    at = read.content.index(words)
    place = read.place(Span(at, at + len(words)))
    return place.line, place.column


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a<p>b", ["a", "b"]),
        ("<div>a<div>b</div>c</div>", ["a", "b", "c"]),
        ("<h1>a</h1>b<br>c<br/>d<hr>e", ["a", "b", "c", "d", "e"]),
        ("<ul><li>a<li>b</ul>", ["a", "b"]),
        ("<dl><dt>a<dd>b<dt>c</dl>", ["a", "b", "c"]),
        ("<table><tr><td>a<td>b<tr><th>c</th><td> d </td></table>", ["a\tb", "c\td"]),
        ("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", ["a", "b", "c"]),
        ("<p>a <b>b</b><i>c</i> <a href=x>d</a></p>", ["a bc d"]),
        ("<pre>a  b\n\n c</pre>", ["a  b", " c"]),
        ("a</p>b", ["a", "b"]),
    ],
)
def test_blocks_are_lines(html, expected):
    """Blocks, breaks and rows make lines; what stands within a line does not."""
    assert lines(html) == expected


def test_blocks_are_parted_by_empty_lines():
    """A sentence never runs from one block into the next, and goes on over a mere break."""
    assert text("<p>a<br>b</p><p>c</p><div><div>d</div></div>").content == "a\nb\n\nc\n\nd"


def test_white_space_is_collapsed_as_browsers_do():
    """Runs of spaces and line ends are one space, none at the ends; a space that does not break stays."""
    assert text("<p>\n  a\tb\r\n   c &#32; <b> d</b>\xa0 </p>\n").content == "a b c d\xa0"
    assert text("<p>a\xa0\xa0b").content == "a\xa0\xa0b"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("&amp;&lt;&eacute;&#8217;&#x2019;", "&<é\u2019\u2019"),
        ("R&D, AT&T; &nosuch; &ampere &copy2021 & ", "R&D, AT&T; &nosuch; &ere ©2021 &"),
        ("&#150;", "\u2013"),
        ("a&#10;b", "a b"),
    ],
)
def test_references_are_decoded(written, meant):
    """Character references mean what browsers take them to mean."""
    assert text(f"<p>{written}").content == meant


@pytest.mark.parametrize("written", ["&#0;", "&#xD800;", "&#99999999;", f"&#{'9' * 9999};"])
def test_references_to_no_character_are_faults(written):
    """A number that is no character leaves U+FFFD and a fault."""
    read = text(f"<p>a{written}b")
    assert read.content == "a\ufffdb"
    assert [fault.at for fault in read.faults] == [Span(1, 2)]


@pytest.mark.parametrize(
    "aside",
    [
        "<script>if (a < b) '<p>x</p>'</script>",
        "<style>p > a {}</style>",
        "<noscript>x</noscript><template><p>x</template>",
        "<!-- <p>x</p> -->",
        "<nav><a href=x>x</a></nav>",
        "<footer><p>x</footer>",
        "<aside>x</aside>",
        "<form><label>x <input></label><button>x</button></form>",
        "<select><option>x</select><textarea><p>x</textarea>",
        "<p hidden>x</p><p style='color: red; DISPLAY:none'>x</p><p aria-hidden=true>x</p>",
        "<div class='page-share right'>x</div><div id=socialLinks>x</div><div class='cookie_notice'>x</div>",
        "<div role=navigation>x</div><div role='contentinfo'>x</div>",
        "<svg><title>x</title><text>x</text></svg>",
        "<ul><li><a href=1>x</a><li><a href=2>x</a><li><a href=3>x</a><li><a href=4>x</a></ul>",
        "<div><a href=1>x</a> | <a href=2>x</a> | <a href=3>x</a></div>",
        "<iframe><p>x</iframe><object>x</object><audio>x</audio>",
    ],
)
def test_what_is_not_the_pages_text_is_left_out(aside):
    """Code, navigation, forms, hidden parts, sharing, notices and lists of links are no text."""
    assert lines(f"<p>before</p>{aside}<p>after, at some length</p>") == ["before", "after, at some length"]


@pytest.mark.parametrize(
    "part",
    [
        "<nav><h1>x</h1></nav>",
        "<form><main>x</main></form>",
        "<div class=share><article>x</article></div>",
        "<div class='no-share with-sidebar'>x</div>",
        "<div class=shared-history>x</div>",
        "<header>x</header>",
        "<div class=keywords><a href=1>x</a></div>",
        "<details><summary>x</summary></details>",
        "<center>x</center><font color=red></font>",
    ],
)
def test_what_only_looks_beside_the_text_stays(part):
    """A part that holds the main heading or the article, or is not named for sharing and the like, is text."""
    assert "x" in lines(f"<p>before</p>{part}<p>after, at some length</p>")


@pytest.mark.parametrize("part", ["form id=aspnetForm", "nav", "div class=sidebar"])
def test_a_part_that_holds_nearly_all_is_the_page(part):
    """A page within one form, or after a tag that was never closed, is not lost."""
    assert lines(f"<{part}><p>By A, B</p><p>Abstract: c</p>") == ["By A, B", "Abstract: c"]


@pytest.mark.parametrize(
    "crumbs",
    [
        "<nav aria-label=Breadcrumb>You Are Here: <a href=1>Home</a> &gt; <a href=2>Reports</a></nav>",
        "<nav><div class=crumbs>You Are Here: <a href=1>Home</a><br> &gt; <a href=2>Reports</a></div></nav>",
        "<ol id=breadcrumb><li>You Are Here:</li><li><a href=1>Home</a><li>&gt;<li><a href=2>Reports</a></ol>",
        "<div>You Are Here: <a href=1>Home</a> &gt; <a href=2>Reports</a></div>",
    ],
)
def test_the_path_to_the_page_is_one_line(crumbs):
    """However the path is marked up, it stays, on one line."""
    assert lines(f"{crumbs}<h1>a</h1>")[0] == "You Are Here: Home > Reports"


def test_links_above_the_main_heading_lead_elsewhere():
    """A logo or a choice of language is no title; below the heading a link may be."""
    page = "<div><a href=/><img>Centre</a></div><h1>Title</h1><div><a href=/x>A, B</a></div>"
    assert lines(page) == ["Title", "A, B"]


@pytest.mark.parametrize(
    ("head", "body", "first"),
    [
        ("<title>t</title>", "<h1>h</h1>", "h"),
        ("<title>t</title>", "<h3>h</h3>", "h"),
        ("<title>t &amp; u</title><meta property=og:title content=m>", "", "t & u"),
        ("<meta name=citation_title content='m &amp; n'>", "", "m & n"),
        ("<title>t</title>", "<footer><h3>h</h3></footer>", "t"),
        ("<title>t</title>", "<svg><title>s</title></svg>", "t"),
    ],
)
def test_a_title_stands_in_for_a_heading(head, body, first):
    """The document's title is text only where no heading is, one for machines only where no title is."""
    assert lines(f"<html><head>{head}</head><body>{body}<p>text of the page") == [first, "text of the page"]


def test_places_are_those_of_the_source():
    """Line and column of any words are those of the file, across tags, references, and white space."""
    read = text("<html>\r\n<p>\r\n   one  two &amp; <b>th</b>ree\r\n<pre>\r\n  four")
    assert place_of(read, "one") == (3, 4)
    assert place_of(read, "two") == (3, 9)
    assert place_of(read, "&") == (3, 13)
    assert place_of(read, "th") == (3, 22)
    assert place_of(read, "ree") == (3, 28)
    assert place_of(read, "four") == (5, 3)


def test_places_between_lines_are_in_order():
    """What stands between two blocks is placed between them in the source."""
    read = text("<p>a</p>\n\n\n<p>b</p>")
    where = [(place.line, place.column) for place in map(read.place, (Span(at, at) for at in range(len(read.content))))]
    assert where == sorted(where)
    assert (where[0], where[-1]) == ((1, 4), (4, 4))


def test_a_title_for_machines_has_its_place():
    """A title taken from an attribute is placed in the attribute."""
    assert place_of(text('<meta name="dc.title"\n content="Title">x'), "Title") == (2, 11)


def test_evidence_holds():
    """A quote from a web page verifies against its text."""
    read = text("<p>one &amp; two")
    assert read.verify(read.quote(4, 9))


def test_a_web_page_reads_like_its_text(reader):
    """The seed report as a web page gives the same report, without a gap, each value placed in the source."""
    read = text(DRC)
    seed = (ROOT / "examples" / "drc-2021-267.txt").read_bytes()
    plain = reader.read(read_page(Page(source="a.txt", media_type="text/plain", payload=seed)))
    report = reader.read(read)
    assert (report.key, report.gaps, report.number.value) == (plain.key, (), "267")
    assert [each.value for each in report.keywords] == [each.value for each in plain.keywords]
    assert [each.value.name for each in report.authors] == [each.value.name for each in plain.authors]
    assert [each.value for each in report.jurisdictions] == ["JP"]
    assert len(report.statements) == len(plain.statements)
    source = DRC.split("\n")
    for found in (report.title, report.issued, *report.authors, *report.keywords):
        place = read.place(found.evidence.span)
        assert source[place.line - 1][place.column - 1 :].startswith(place.quote[:10])


def test_xhtml_closes_its_own_elements():
    """In XHTML an element may end itself, and CDATA is literal text."""
    page = "<?xml version='1.0'?><html><script src='x'/><div class='share'/><p>a<![CDATA[ <&amp;> ]]>b</p></html>"
    assert lines(page, "application/xhtml+xml") == ["a <&amp;> b"]


def test_control_characters_are_left_out_and_named():
    """A character that no text holds is a fault at its place."""
    read = text("<p>a\x00b</p><p>c\x07")
    assert read.content == "ab\n\nc"
    assert [(fault.at.start, fault.reason) for fault in read.faults] == [
        (1, "the control character U+0000 was left out here"),
        (5, "the control character U+0007 was left out here"),
    ]


@pytest.mark.parametrize("rest", ["<a href='x>b", "<!-- b", "<script>b", "<title>b", "<p b"])
def test_what_is_never_closed_is_named(rest):
    """The end of a page that a tag or comment swallows is not lost silently."""
    (fault,) = text(f"<p>a\n{rest}").faults
    assert fault.reason == "a tag or comment that begins in line 2 is never closed, and what follows it is not read"


@pytest.mark.parametrize("html", ["", "<p>", "<nav>a</nav><script>b</script>" * 3 + "<p hidden>c", "&nbsp;", "\x00"])
def test_a_page_without_text_is_an_error(html):
    """A page of tags, hidden parts or white space alone is no page."""
    with pytest.raises(SourceError, match=r"a\.html: the page (is empty|holds no text of its own)"):
        text(html.replace("<nav>a</nav>", ""))


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "x",
        "<b>" * 100_000 + "x" + "</b>" * 100_000,
        "<b><div>" + "<span>" * 100_000 + "</b>" * 100_000 + "x",
        "<table><tr><td>" * 60_000 + "x",
        "<nav><ul>" * 100_000 + "x",
        "<" * 10_000_000,
        "</" * 5_000_000,
        "<!--" * 2_500_000,
        "<![CDATA[" * 1_000_000,
        "&" * 10_000_000,
        "&#" + "9" * 10_000_000,
        "<a " + "b=c " * 2_000_000 + ">x",
        "<a " + "b='" * 2_000_000 + ">x",
        "<a b=" + "'\"" * 4_000_000,
        '<div class="' + "share-a " * 1_000_000 + '">x',
        "a  " * 3_000_000,
        "&amp;" * 2_000_000,
        "<script>" * 1_000_000,
        "a\x01" * 3_000_000,
    ],
    ids=lambda html: html[:12],
)
def test_hostile_pages_end_soon(html):
    """Depth, unclosed tags, bombs of attributes and references: a text or an error within seconds, and no crash."""
    begun = time.process_time()
    try:
        read = text(html)
    except SourceError:
        pass
    else:
        assert read.place(Span(len(read.content) - 1, len(read.content))).line == 1
    assert time.process_time() - begun < SECONDS


_PIECES = [
    "<p>",
    "</p>",
    "<div class=share>",
    "</div>",
    "<b",
    ">",
    "a",
    "'",
    '"',
    "=",
    "&amp;",
    "&",
    "<!--",
    "-->",
    " ",
    "\n",
]


@given(
    st.lists(st.sampled_from([*_PIECES, "<td>", "<table>", "</table>", "<li>", "</ul>", "<h1>", "<nav>", "é", "\0"]))
)
def test_any_markup_is_text_or_refused(pieces):
    """Whatever the markup, each character of the text is placed within the source, in order."""
    source = "".join(pieces)
    try:
        read = text(source)
    except SourceError:
        return
    assert read.content.strip()
    places = [read.place(Span(at, at)) for at in range(len(read.content))]
    where = [(place.line, place.column) for place in places]
    assert where == sorted(where)
    rows = source.split("\n")
    for character, (line, column) in zip(read.content, where, strict=True):
        if character in "aé":
            assert rows[line - 1][column - 1] == character
