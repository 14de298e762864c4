# ruff: noqa: RUF001 - typographic marks are what is tested
"""Which sentences are lessons, and where lessons end."""

import pytest

PAGE = """You Are Here: Home > Reports

Korea’s Coordination System (No.7, 2022)

2022-05-16

By Gao Ruolin, Research Team on “Councils”, Harbour Institute for Innovation Policy (HIIP)

Research Report, No.7, 2022 (Total 800) 2022-4-28

Abstract: {text}

Keywords: coordination
"""


@pytest.fixture
def lessons(reader, text_of):
    """The lessons of a prose, in their words."""
    return lambda prose: [each.evidence.quote for each in reader.read(text_of(PAGE.format(text=prose))).lessons]


@pytest.mark.parametrize(
    "opening",
    [
        "The lessons are as follows.",
        "Three lessons can be drawn from Korea.",
        "The implications for other countries are the following:",
        "What can others learn from Korea?",
        "Lessons",
        "Key lessons learned",
        "3. Lessons for China",
    ],
)
def test_sentences_behind_an_opening_are_lessons(opening, lessons):
    """An announcement, a question or a heading opens a section of lessons; each sentence is one."""
    assert lessons(f"Much is new.\n\n{opening}\n\nPlan first. Pay later.") == ["Plan first.", "Pay later."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Korea’s experience shows that a council needs a budget.",
        "The experience of Korea suggests that advice needs power.",
        "One lesson for small countries is that councils need staff.",
        "The main lesson from Korea is to plan first.",
        "Other countries should learn from Korea’s councils.",
    ],
)
def test_a_sentence_may_be_a_lesson_by_itself(sentence, lessons):
    """What a sentence says an experience shows is a lesson, wherever it stands."""
    assert lessons(f"Much is new. {sentence} The rest is old.") == [sentence]


def test_an_item_of_a_list_is_one_lesson(lessons):
    """An item may have several sentences; its mark is no part of it."""
    prose = "Lessons\n\n1. Plan first. Then pay.\n2. Set up a secretariat.\n- Evaluate\n* Begin again."
    assert lessons(prose) == ["Plan first. Then pay.", "Set up a secretariat.", "Evaluate", "Begin again."]


def test_lessons_end_with_their_section(lessons):
    """A heading such as “Conclusion” ends them."""
    assert lessons("Lessons\n\n- Plan first.\n\nConclusion\n\nMuch is new.") == ["Plan first."]


@pytest.mark.parametrize(
    "sentence",
    ["Teachers give lessons in schools.", "Much experience is needed.", "Students learn from books."],
)
def test_other_lessons_are_none(sentence, lessons):
    """A word for a lesson does not make one."""
    assert lessons(f"Much is new. {sentence}") == []
