"""A layout tried on a page: the same fields as the reader's, and an account of every line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg import assets
from kg.extract.explain import page_lines, try_layout, winner
from kg.extract.header import read_header
from kg.extract.layouts import read_layouts

LAYOUTS = read_layouts(assets.layouts())


@pytest.fixture
def drc():
    """The layout of DRC's pages."""
    return next(layout for layout in LAYOUTS if layout.name == "drc")


def test_a_trial_has_the_fields_that_the_reader_has(text_of, page_file):
    """What the winning layout's trial caught is the header the page is read by."""
    text = text_of(page_file.read_bytes())
    header = read_header(text, LAYOUTS)
    if header:
        trial = try_layout(text, header.layout)
        assert trial.header.fields == header.fields
        assert trial.fit == header.fit


def test_the_winner_is_the_readers_choice(text_of, page_file):
    """Among trials of all layouts the one wins that the reader takes."""
    text = text_of(page_file.read_bytes())
    header = read_header(text, LAYOUTS)
    chosen = winner([try_layout(text, layout) for layout in LAYOUTS])
    assert (chosen.name if chosen else None) == (header.layout.name if header else None)


def test_every_line_is_accounted_for(text_of, page_file):
    """A line is caught, prose, or unclaimed."""
    text = text_of(page_file.read_bytes())
    for layout in LAYOUTS:
        trial = try_layout(text, layout)
        told = {catch.line.start for catch in trial.catches} | {line.start for line in trial.unclaimed}
        body = trial.body
        for line in page_lines(text):
            assert line.start in told or (body and line.start < body.end and body.start < line.end)


def test_weights_of_the_rules_that_caught_lines_are_the_fit(text_of, drc):
    """On a page where each rule catches something of its own, the catches' weights add up to the fit."""
    text = text_of((assets.layouts().parent / "examples" / "drc-2021-267.txt").read_bytes())
    trial = try_layout(text, drc)
    assert trial.fit == sum(rule.weight for rule in drc.lines if trial.caught(rule.name))


def test_a_layout_that_asks_for_more_does_not_fit(text_of, drc):
    """Whether it fits is told by its own demand."""
    text = text_of("Nov 11,2021\n")
    assert not try_layout(text, drc).fits
    assert try_layout(text, replace(drc, fits_from=1)).fits
    assert try_layout(text, drc).layout is drc


def test_a_page_of_prose_alone_meets_nothing_but_the_prose(text_of, drc):
    """There is nothing to catch and nothing left over."""
    trial = try_layout(text_of("it rains."), replace(drc, lines=tuple(line for line in drc.lines if not line.free)))
    assert (trial.catches, trial.unclaimed) == ((), ())
    assert [expectation.field for expectation in trial.met] == ["abstract"]


def test_without_trials_nothing_wins():
    """No layout, no winner."""
    assert winner([]) is None
