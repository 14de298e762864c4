"""Pages in memory, and PDFs written byte by byte."""

import zlib

import pytest

from kg.model.page import Page


@pytest.fixture(scope="session")
def page():
    """A page with this payload."""

    def make(payload, media_type="text/html", source="page.html"):
        content = payload if isinstance(payload, bytes) else payload.encode()
        return Page(source=source, media_type=media_type, payload=content)

    return make


class Pdf:
    """A PDF in the making: objects by number, from 1."""

    def __init__(self):
        self.objects = []

    def add(self, content):
        """Adds an object and gives its number."""
        self.objects.append(content if isinstance(content, bytes) else content.encode("latin-1"))
        return len(self.objects)

    def stream(self, data, *, entries="", compress=False):
        """Adds a stream and gives its number."""
        raw = data if isinstance(data, bytes) else data.encode("latin-1")
        if compress:
            raw, entries = zlib.compress(raw), f"{entries} /Filter /FlateDecode"
        return self.add(f"<< /Length {len(raw)} {entries} >>\nstream\n".encode() + raw + b"\nendstream")

    def payload(self, root, *, trailer=""):
        """The file, with its cross-reference table."""
        out, places = bytearray(b"%PDF-1.7\n"), []
        for number, content in enumerate(self.objects, start=1):
            places.append(len(out))
            out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
        table = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += (
            f"trailer\n<< /Size {len(places) + 1} /Root {root} 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n".encode()
        )
        return bytes(out)


def shown(lines):
    """The content of a page that shows these lines from the top, 14 points apart."""
    escaped = (line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines)
    return "BT /F1 10 Tf 14 TL 40 800 Td " + " ".join(f"({line}) Tj T*" for line in escaped) + " ET"


@pytest.fixture(scope="session")
def pdf():
    """A PDF whose pages show these lines; `contents` may give a page's content stream instead."""

    def make(*sheets, trailer="", encrypted=None):
        made = Pdf()
        font = made.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
        parent = len(sheets) * 2 + 2
        kids = []
        for sheet in sheets:
            content = made.stream(sheet if isinstance(sheet, (bytes, str)) else shown(sheet))
            kids.append(
                made.add(
                    f"<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R "
                    f"/Resources << /Font << /F1 {font} 0 R >> >> >>"
                )
            )
        tree = made.add(f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>")
        root = made.add(f"<< /Type /Catalog /Pages {tree} 0 R >>")
        if encrypted:
            trailer += f" /Encrypt {made.add(encrypted)} 0 R /ID [<00> <00>]"
        return made.payload(root, trailer=trailer)

    return make


@pytest.fixture(scope="session")
def make_pdf():
    """A PDF to be made of objects of one's own."""
    return Pdf
