"""PDFs to text: pages, places, and PDFs that are corrupt, encrypted, scanned or made to do harm."""

import subprocess
import sys
import time
import zlib

import pytest

from kg.model.errors import SourceError
from kg.model.evidence import Span
from kg.model.page import Page
from kg.pages import read_page
from kg.pages.pdf import read_pdf

SECONDS = 20
SEED = [
    "You Are Here: Home > Reports",
    "Japan's Macro Coordination Mechanism on Science and Technology: Enlightenment (No.267, 2021)",
    "Nov 11,2021",
    "By Shen Hengchao & Sun Jie, Research Team on Policy, DRC",
    "Research Report, No.267, 2021 (Total 6332) 2021-9-15",
    "Abstract: Japan's macro science and technology coordination mechanism plays a role.",
]


def of(payload):
    """A PDF as a page."""
    return Page(source="a.pdf", media_type="application/pdf", payload=payload)


def refused(payload, **options):
    """Why a PDF is not read, said soon enough."""
    begun = time.monotonic()
    with pytest.raises(SourceError) as caught:
        read_pdf(of(payload), **options)
    assert time.monotonic() - begun < SECONDS + 2
    assert caught.value.source == "a.pdf"
    return caught.value.reason


def test_pages_are_parted_by_an_empty_line(pdf):
    """Lines end where they end on the page, and words stay hyphenated as they are printed."""
    read = read_page(of(pdf(["Policy coor-", "dination (in brief)"], ["Page two"])))
    assert read.content == "Policy coor-\ndination (in brief)\n\nPage two"
    assert read.faults == ()


def test_a_place_names_page_line_and_column(pdf):
    """The source of a place is the file with the page as RFC 8118 writes it."""
    read = read_page(of(pdf(["one", "two"], [], ["three", "four five"])))
    at = read.content.index("five")
    place = read.place(Span(at, at + 4))
    assert (str(place), place.quote) == ("a.pdf#page=3:2:6", "five")
    assert str(read.place(Span(0, 3))) == "a.pdf#page=1:1:1"


def test_a_report_is_read_from_a_pdf(pdf, reader):
    """The seed's header as a PDF is the same report."""
    read = read_page(of(pdf(SEED)))
    report = reader.read(read)
    assert (report.key, report.issued.value.iso) == ("drc-2021-267", "2021-09-15")
    assert str(read.place(report.title.evidence.span)) == "a.pdf#page=1:2:1"


def test_control_characters_are_left_out_and_named(pdf):
    """What no text holds is a fault at its place."""
    read = read_page(of(pdf(["first"], ["a\x01b\x02c"])))
    assert read.content == "first\n\nabc"
    assert [(fault.at.start, fault.reason) for fault in read.faults] == [
        (8, "the control character U+0001 was left out here"),
        (9, "the control character U+0002 was left out here"),
    ]


def test_a_pdf_without_text_is_an_error(pdf):
    """Pages of pictures alone are most likely scanned."""
    assert refused(pdf("q 100 0 0 100 0 0 cm Q", "")) == "the PDF holds no text; it may be scanned"


@pytest.mark.parametrize("payload", [b"", b"%PDF-1.7", b"%PDF-1.7\n" + b"junk " * 1000, b"no PDF at all", bytes(9999)])
def test_a_corrupt_pdf_is_an_error(payload):
    """What is no PDF is said to be none."""
    assert refused(payload).startswith("the PDF cannot be read: it is no sound PDF")


def test_a_pdf_that_was_cut_is_an_error(pdf):
    """Half a file is no PDF, or holds no text."""
    whole = pdf(["one"] * 40)
    assert refused(whole[: len(whole) // 2]).startswith("the PDF ")


AES = (
    "/V 5 /R 6 /CF << /StdCF << /CFM /AESV3 >> >> /StmF /StdCF /StrF /StdCF "
    f"/O ({'a' * 48}) /U ({'b' * 48}) /OE ({'c' * 32}) /UE ({'d' * 32}) /Perms ({'e' * 16})"
)


@pytest.mark.parametrize(
    "encryption",
    [
        "/V 1 /R 2 /O (0123456789abcdef0123456789abcdef) /U (0123456789abcdef0123456789abcdef)",
        AES,
    ],
)
def test_an_encrypted_pdf_is_an_error(pdf, encryption):
    """A PDF behind a password is said to be so."""
    expected = "the PDF cannot be read: it is encrypted; save it without its password first"
    assert refused(pdf(["secret"], encrypted=f"<< /Filter /Standard /P -4 {encryption} >>")) == expected


def test_a_compressed_bomb_is_an_error(make_pdf):
    """A stream that unpacks to gigabytes costs neither memory nor time beyond the bounds."""
    made = make_pdf()
    font = made.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(b"(aaaaaaaa) Tj " * 100_000) for _ in range(700)) + packer.flush()
    content = made.stream(bomb, entries="/Filter /FlateDecode")
    resources = f"/Resources << /Font << /F1 {font} 0 R >> >>"
    sheet = made.add(f"<< /Type /Page /Parent 4 0 R /MediaBox [0 0 9 9] /Contents {content} 0 R {resources} >>")
    tree = made.add(f"<< /Type /Pages /Count 1 /Kids [{sheet} 0 R] >>")
    root = made.add(f"<< /Type /Catalog /Pages {tree} 0 R >>")
    assert refused(made.payload(root)).startswith("the PDF ")


def test_deep_nesting_is_an_error(make_pdf):
    """Neither arrays nor page trees nested without end bring the reader down unnoticed."""
    nested = make_pdf()
    nested.add("[" * 100_000 + "]" * 100_000)
    root = nested.add("<< /Type /Catalog /Pages 1 0 R >>")
    assert refused(nested.payload(root)) == "the PDF cannot be read: its parts are nested too deeply"
    tree = make_pdf()
    for number in range(2, 3000):
        tree.add(f"<< /Type /Pages /Count 1 /Kids [{number} 0 R] >>")
    tree.add("<< /Type /Page >>")
    root = tree.add("<< /Type /Catalog /Pages 1 0 R >>")
    assert refused(tree.payload(root)).startswith("the PDF cannot be read: ")


def test_a_page_tree_that_holds_itself_is_an_error(make_pdf):
    """A cycle is found, not followed."""
    made = make_pdf()
    made.add("<< /Type /Pages /Count 1 /Kids [1 0 R] >>")
    root = made.add("<< /Type /Catalog /Pages 1 0 R >>")
    assert refused(made.payload(root)).startswith("the PDF cannot be read: it is no sound PDF")


def test_a_slow_pdf_is_stopped_at_the_deadline(pdf):
    """Ten thousand pages do not hold up a run beyond the deadline."""
    assert refused(pdf(*[["a"] for _ in range(10_000)]), deadline=1.0) == "the PDF was not read within 1 s"


def test_a_pdf_that_needs_too_much_memory_is_an_error(pdf):
    """A reader without memory ends with an error of the page."""
    content = "BT /F1 10 Tf " + "(abc) Tj " * 1_000_000 + " ET"
    assert refused(pdf(content), memory=160 * 1024**2).startswith("the PDF ")


def test_the_reader_opens_no_connections():
    """What a PDF might make its reader do beyond reading is refused by the interpreter."""
    code = "import resource, socket; from kg.pages.pdf_worker import _confine; _confine(2**31, 9); socket.socket()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    assert "PermissionError: a PDF's reader does not do this: socket.__new__" in done.stderr
