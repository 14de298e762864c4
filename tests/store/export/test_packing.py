"""Packed exports: the same bytes each time, and back again."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from kg.store.export.packing import Packing, packed, unpacked

CONTENT = b'<http://example.org/a> <http://example.org/b> "c" .\n' * 5000


def as_packed(packing):
    """The content, packed."""
    out = io.BytesIO()
    with packed(out, packing) as stream:
        stream.write(CONTENT)
    return out.getvalue()


@pytest.mark.parametrize("packing", Packing)
def test_what_was_packed_comes_back(tmp_path, packing):
    """A file whose name tells its packing gives the content that went in."""
    file = tmp_path / f"graph.nq{packing.value}"
    file.write_bytes(as_packed(packing))
    with unpacked(file) as stream:
        assert stream.read() == CONTENT


@pytest.mark.parametrize("packing", [Packing.GZIP, Packing.ZSTD])
def test_packing_twice_gives_the_same_smaller_bytes(packing):
    """No time and no name stand in the head."""
    assert as_packed(packing) == as_packed(packing)
    assert len(as_packed(packing)) < len(CONTENT) / 10


@pytest.mark.parametrize(
    ("name", "packing"),
    [("a.nq", Packing.NONE), ("a.nq.gz", Packing.GZIP), ("a.nq.zst", Packing.ZSTD), ("gz", Packing.NONE)],
)
def test_a_files_name_tells_its_packing(name, packing):
    """The ending alone counts."""
    assert Packing.of(Path(name)) is packing
