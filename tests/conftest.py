"""What tests of several folders share: a reader, pages to read, PDFs, and records as JSON for golden files."""

import dataclasses
import json
import os
import sys
import zlib
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from kg import assets
from kg.extract import Reader, read_layouts
from kg.model.dates import PartialDate
from kg.model.evidence import CERTAIN, Found, Polarity, Span
from kg.model.page import Page
from kg.pages import read_text
from kg.rdf.iris import Minter
from kg.rdf.knowledge import read_knowledge

sys.path.insert(0, str(Path(__file__).parent))
import services

ROOT = Path(__file__).resolve().parent.parent
BASE = "http://127.0.0.1:8000/"
CONCEPTS = "https://w3id.org/policy-kg/concept/"
_LONGEST_QUOTE = 60

settings.register_profile(
    "kg",
    derandomize=bool(os.environ.get("CI")),
    deadline=timedelta(seconds=5),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("kg")


def pytest_addoption(parser):
    """`--rewrite-cases` writes tests/cases/*/report.json anew; read what changed, row by row, before you commit it."""
    parser.addoption("--rewrite-cases", action="store_true", help="write the golden files of tests/cases anew")


@pytest.fixture(scope="session")
def minter():
    """Mints under the default base."""
    return Minter(BASE)


@pytest.fixture(scope="session")
def knowledge(minter):
    """What the ontology's own files know."""
    return read_knowledge(assets.ontology(), minter)


@pytest.fixture(scope="session")
def reader(knowledge):
    """Reads by the layouts that come with Policy KG."""
    return Reader(read_layouts(assets.layouts()), knowledge)


@pytest.fixture(scope="session")
def text_of():
    """The text of some bytes or words, as a page named page.txt."""

    def text(content, source="page.txt"):
        payload = content if isinstance(content, bytes) else content.encode()
        return read_text(Page(source=source, media_type="text/plain", payload=payload))

    return text


@pytest.fixture(scope="session")
def rows():
    """Writes a record as golden files hold it: JSON, a field a line, with short words and IRIs without their base."""
    return lambda record: json_rows(as_json(record))


def as_json(value):
    """A record as JSON values."""
    for kind, written in WRITERS.items():
        if isinstance(value, kind):
            return written(value)
    if dataclasses.is_dataclass(value):
        parts = {each.name: as_json(getattr(value, each.name)) for each in dataclasses.fields(value)}
        return {name: part for name, part in parts.items() if part not in (None, [], {}, "")}
    return value


def _found(value):
    words, place = _short(value.evidence.quote), as_json(value.evidence.span)
    told = {"value": as_json(value.value), "words": words, "at": place, "method": value.method}
    if value.confidence != CERTAIN:
        told["confidence"] = str(value.confidence)
    if value.polarity is not Polarity.ASSERTED:
        told["polarity"] = value.polarity.value
    return told


def _string(value):
    return _short(value.replace(f"{BASE}id/", "id:").replace(CONCEPTS, "concept:"))


def _short(words):
    """Long words with their middle left out."""
    words = words.replace("\n", "⏎")
    return words if len(words) <= _LONGEST_QUOTE else f"{words[:35]} … {words[-20:]}"


def json_rows(value):
    """JSON for reading: a field a line, an item of a list a line."""
    lines = []
    for name, part in value.items():
        if isinstance(part, list):
            items = ",\n".join(f"  {json.dumps(item, ensure_ascii=False)}" for item in part)
            lines.append(f" {json.dumps(name)}: [\n{items}\n ]")
        else:
            lines.append(f" {json.dumps(name)}: {json.dumps(part, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


WRITERS = {
    Found: _found,
    Span: lambda span: f"{span.start}-{span.end}",
    PartialDate: lambda date: date.iso,
    Enum: lambda member: member.value,
    Decimal: str,
    tuple: lambda items: [as_json(each) for each in items],
    str: _string,
}


def case_folders():
    """The folders of tests/cases, by name."""
    return sorted(path.parent for path in (ROOT / "tests" / "cases").glob("*/case.toml"))


def pytest_generate_tests(metafunc):
    """A test that asks for `case` runs for each folder of tests/cases; one that asks for `page_file`, for each page."""
    folders = case_folders()
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("case", folders, ids=[folder.name for folder in folders])
    if "page_file" in metafunc.fixturenames:
        files = [*sorted((ROOT / "examples").glob("*.txt")), *(folder / "page.txt" for folder in folders)]
        files = [file for file in files if file.exists()]
        names = [file.stem if file.stem != "page" else file.parent.name for file in files]
        metafunc.parametrize("page_file", files, ids=names)


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


@pytest.fixture
def fuseki(tmp_path):
    """The address of an empty dataset of Apache Jena Fuseki; skips where that is not installed."""
    with services.fuseki(tmp_path) as address:
        yield address


@pytest.fixture(scope="session")
def make_pdf():
    """A PDF to be made of objects of one's own."""
    return Pdf
