"""Many pages in one file: each is judged by itself, however the file is cut."""

import pytest
from pyoxigraph import RdfFormat, parse

from kg.check.shacl.batch import blocks, file_results

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:S> a sh:NodeShape ; sh:targetClass <urn:C> ; sh:property [ sh:path <urn:p> ; sh:minCount 1 ; sh:maxCount 1 ] .
"""
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


@pytest.fixture
def file(tmp_path):
    """Three hundred pages about one node; each third page says too little, each fifth too much."""
    path = tmp_path / "pages.nq"
    with path.open("w") as out:
        for number in range(300):
            lines = [f"<urn:x> {TYPE} <urn:C>"]
            lines += [f'<urn:x> <urn:p> "a \\u00E9 {number}"'] * (number % 3 > 0)
            lines += ['<urn:x> <urn:p> "b"@en'] * (number % 5 == 0)
            out.writelines(f"{line} <urn:g{number}> .\n" for line in lines)
    return path


@pytest.mark.parametrize("processes", [1, 2])
def test_each_page_is_judged_by_itself(file, processes):
    """A node that two pages describe has on each page what that page says, and pages keep their order."""
    shapes = tuple(parse(SHAPES, format=RdfFormat.TURTLE))
    wrong = [number for number in range(300) if (number % 3 > 0) + (number % 5 == 0) != 1]
    found = list(file_results(file, shapes, processes=processes))
    assert [name for name, _ in found] == [f"<urn:g{number}>" for number in wrong]


@pytest.mark.parametrize("size", [10, 100, 777, 100_000])
def test_no_page_is_cut_in_two(file, size):
    """Wherever the pieces end, each page is whole in one of them."""
    pieces = list(blocks(file, size))
    assert b"".join(pieces) == file.read_bytes()
    graphs = [{line.rsplit(b" ", 2)[1] for line in piece.splitlines()} for piece in pieces]
    assert sum(map(len, graphs)) == len(set.union(*graphs)) == 300
