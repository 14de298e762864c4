"""The prose is read by the cues of its layout's language."""

from dataclasses import replace

import pytest

from kg import assets
from kg.extract import Reader, read_layouts
from kg.extract.untold import cue_trials, lesson_cues
from kg.model.records import Relation

PAGE = """Ports and Their Research (No.7, 2022)

By Gao Ruolin, Research Team on “Ports”, Harbour Institute for Innovation Policy (HIIP)

Research Report, No.7, 2022 (Total 800) 2022-4-28

Abstract: The Space Policy Board reports to the Cabinet Office.
"""


@pytest.fixture
def read_in(knowledge, text_of):
    """The page, read by layouts of a language."""

    def read(language):
        layouts = [replace(layout, language=language) for layout in read_layouts(assets.layouts())]
        return Reader(layouts, knowledge).read(text_of(PAGE))

    return read


@pytest.mark.parametrize("language", ["en", "en-GB", "EN"])
def test_a_tag_chooses_the_cues_by_its_primary_part(language, read_in):
    """British English is read by the cues of English."""
    report = read_in(language)
    assert [found.value.name for found in report.bodies] == ["Space Policy Board", "Cabinet Office"]
    assert len(report.statements) == 1


def test_a_language_without_cues_is_a_gap(read_in, text_of):
    """The header is read, the prose is not, and a gap at the prose says so."""
    report = read_in("fr")
    assert report.number
    assert (report.bodies, report.documents, report.statements, report.lessons) == ((), (), (), ())
    (gap,) = [gap for gap in report.gaps if gap.field == "language"]
    assert gap.reason == "the prose is not read: there are no cues for language 'fr', only for en"
    assert text_of(PAGE).content[gap.at.start :].startswith("The Space Policy Board")


def test_no_rule_is_tried_in_a_language_without_cues(read_in, text_of):
    """Nothing is said of how far rules got that were never tried."""
    report = read_in("fr")
    assert cue_trials(text_of(PAGE), report, Relation.REPORTS_TO) == []
    assert lesson_cues(text_of(PAGE), report) == {}
