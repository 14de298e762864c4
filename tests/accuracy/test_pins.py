"""How well pages are read does not sink: pins on pages written for this, and on the shared ones where they are there.

A pin is a floor for F1; raise it when the score rises. The pages and gold records beside this file imitate how
publishers print, and all that stands in them is invented. They stand for pages nobody has seen, so no rule is made for
them.
"""

from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1].parent / "shared" / "pages"

#: Kind of page → F1 of all header fields together, F1 of bodies.
OWN_PINS = {
    "drc-report": (1.000, 0.400),
    "drc-other": (1.000, 1.000),
    "other-institution": (1.000, 1.000),
    "all": (1.000, 0.923),
}
SHARED_PINS = {
    "drc-report": (1.000, 1.000),
    "drc-other": (1.000, 1.000),
    "other-institution": (1.000, 1.000),
    "all": (1.000, 1.000),
}
SPACED_PIN = 0.995
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared pages are not beside this checkout")


@pytest.fixture(scope="module")
def own(accuracy, reader):
    """The scores on the pages beside this file."""
    return accuracy.score(HERE / "pages", HERE / "gold", reader)


@pytest.fixture(scope="module")
def shared(accuracy, reader):
    """The scores on the shared pages."""
    return accuracy.score(SHARED / "text", SHARED / "gold", reader)


@pytest.mark.parametrize("kind", OWN_PINS)
def test_own_pages_are_read_as_well_as_before(kind, own, accuracy):
    """Neither the header's score nor that of bodies is below its pin, on any kind of page."""
    assert_pinned(own, kind, OWN_PINS[kind], accuracy)


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize("kind", SHARED_PINS)
def test_shared_pages_are_read_as_well_as_before(kind, shared, accuracy):
    """Neither the header's score nor that of bodies is below its pin, on any kind of page."""
    assert_pinned(shared, kind, SHARED_PINS[kind], accuracy)


def test_no_page_of_ours_gets_a_number_it_has_not(own):
    """A page that is no report is not read as one."""
    assert (own.read_as_reports, own.numbers_on_other_pages) == (0, 0)


@pytest.mark.shared
@needs_shared
def test_no_shared_page_gets_a_number_it_has_not(shared):
    """A page that is no report is not read as one."""
    assert (shared.read_as_reports, shared.numbers_on_other_pages) == (0, 0)


@pytest.mark.parametrize(
    "mutate",
    [
        pytest.param(lambda page: page.replace(" ", "  "), id="doubled spaces"),
        pytest.param(lambda page: page.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda page: "".join(f"\t {line}" for line in page.splitlines(keepends=True)), id="indented"),
        pytest.param(lambda page: page.replace("\n", "\n\n"), id="doubled lines"),
    ],
)
def test_own_pages_are_read_alike_however_they_are_spaced(mutate, accuracy, reader, tmp_path):
    """Space between words and lines says nothing: headers score as they do as written."""
    for page in (HERE / "pages").iterdir():
        (tmp_path / page.name).write_bytes(mutate(page.read_text(encoding="utf-8")).encode())
    scores = accuracy.score(tmp_path, HERE / "gold", reader)
    assert scores.tally("all", "header").f1 >= SPACED_PIN, "\n".join(accuracy.error_lines(scores))


def test_every_page_has_its_gold_record():
    """No page lies here unjudged."""
    assert {file.stem for file in (HERE / "pages").iterdir()} == {file.stem for file in (HERE / "gold").iterdir()}


def assert_pinned(scores, kind, pins, accuracy):
    """Fails with the disagreements of the kind where a score is below its pin."""
    reached = tuple(round(scores.tally(kind, row).f1, 3) for row in ("header", "bodies"))
    assert all(score >= pin for score, pin in zip(reached, pins, strict=True)), (
        f"{kind}: header and bodies reach {reached}, pinned at {pins}\n" + "\n".join(accuracy.error_lines(scores))
    )
