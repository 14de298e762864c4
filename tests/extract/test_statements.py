# ruff: noqa: RUF001 - typographic marks are what is tested
"""What sentences state, and what they only seem to state: one table of each."""

import pytest

from kg.model.evidence import Polarity
from kg.model.records import Named

PAGE = """You Are Here: Home > Reports

{title} (No.7, 2022)

2022-05-16

By Gao Ruolin, Research Team on “Councils”, Harbour Institute for Innovation Policy (HIIP)

Research Report, No.7, 2022 (Total 800) 2022-4-28

Abstract: {text}

Keywords: coordination
"""


def told(value):
    """A value in short: a name, a date, or a concept's local name."""
    return value.name if isinstance(value, Named) else getattr(value, "iso", None) or value.rpartition("/")[2]


@pytest.fixture
def stated(reader, text_of):
    """What the prose of a page states, a line a statement: subject | relation | object, "not" before what is denied."""

    def lines(prose, title="Japan’s Coordination System for Science"):
        report = reader.read(text_of(PAGE.format(title=title, text=prose)))
        for found in report.statements:
            statement = found.value
            subject = statement.subject.value.name if statement.subject else "mechanism"
            denied = "not " if found.polarity is Polarity.DENIED else ""
            yield f"{denied}{subject} | {statement.relation.value} | {told(statement.object.value)}"

    return lambda prose: sorted(lines(prose))


ACCEPTED = [
    # components of the mechanism
    (
        "Key coordinating bodies are the Space Policy Board and the Ocean Council.",
        "mechanism | hasComponent | Ocean Council",
        "mechanism | hasComponent | Space Policy Board",
    ),
    (
        "The Space Policy Board, the Ocean Council and the Cabinet Office are part of the coordination mechanism.",
        "mechanism | hasComponent | Cabinet Office",
        "mechanism | hasComponent | Ocean Council",
        "mechanism | hasComponent | Space Policy Board",
    ),
    (
        "The Space Policy Board and the Ocean Council belong to the coordination system.",
        "mechanism | hasComponent | Ocean Council",
        "mechanism | hasComponent | Space Policy Board",
    ),
    (
        "The Space Policy Board and the Ocean Council together make up the country's coordination system.",
        "mechanism | hasComponent | Ocean Council",
        "mechanism | hasComponent | Space Policy Board",
    ),
    (
        "The Space Policy Board stands at the heart of the coordination machinery.",
        "mechanism | hasComponent | Space Policy Board",
    ),
    (
        "Under the coordination mechanism, the Space Policy Board has the last word.",
        "mechanism | hasComponent | Space Policy Board",
    ),
    (
        "The coordination system does not include the Ocean Council.",
        "not mechanism | hasComponent | Ocean Council",
    ),
    # who coordinates what
    (
        "The Space Policy Board coordinates the Moonshot Program.",
        "Space Policy Board | coordinates | Moonshot Program",
    ),
    (
        "The Space Policy Board steers and oversees the Deep Sea Programme and the Moonshot Program.",
        "Space Policy Board | coordinates | Deep Sea Programme",
        "Space Policy Board | coordinates | Moonshot Program",
    ),
    (
        "The Moonshot Program is managed by the Space Policy Board.",
        "Moonshot Program | coordinatedBy | Space Policy Board",
    ),
    (
        "The Innovation Strategy, jointly overseen by the Space Policy Board and the Ocean Council, ends soon.",
        "Innovation Strategy | coordinatedBy | Ocean Council",
        "Innovation Strategy | coordinatedBy | Space Policy Board",
    ),
    # reporting
    ("The Space Policy Board reports to the Cabinet Office.", "Space Policy Board | reportsTo | Cabinet Office"),
    (
        "The Space Policy Board and the Ocean Council report to the Cabinet Office.",
        "Ocean Council | reportsTo | Cabinet Office",
        "Space Policy Board | reportsTo | Cabinet Office",
    ),
    ("The Space Policy Board is accountable to the Diet Office.", "Space Policy Board | reportsTo | Diet Office"),
    (
        "The Space Policy Board does not report to the Cabinet Office.",
        "not Space Policy Board | reportsTo | Cabinet Office",
    ),
    (
        "The Space Policy Board no longer reports to the Cabinet Office.",
        "not Space Policy Board | reportsTo | Cabinet Office",
    ),
    (
        "The Space Policy Board reports directly to the Prime Minister.",
        "Space Policy Board | hasFeature | reports-to-head-of-government",
    ),
    (
        "The Space Policy Board, a young body, meets often, and reports to the Cabinet Office.",
        "Space Policy Board | reportsTo | Cabinet Office",
    ),
    (
        "The Ocean Council works with the Space Policy Board, which reports to the Cabinet Office.",
        "Space Policy Board | reportsTo | Cabinet Office",
    ),
    (
        "The Space Policy Board, which succeeded the Orbit Council, reports to the Cabinet Office.",
        "Space Policy Board | predecessor | Orbit Council",
        "Space Policy Board | reportsTo | Cabinet Office",
    ),
    # standing within another body
    (
        "The Space Policy Board, under the Cabinet Office, has two floors.",
        "Space Policy Board | subOrganizationOf | Cabinet Office",
    ),
    (
        "The Space Policy Board is subordinate to the Cabinet Office.",
        "Space Policy Board | subOrganizationOf | Cabinet Office",
    ),
    (
        "The Space Policy Board sits within the Cabinet Office.",
        "Space Policy Board | subOrganizationOf | Cabinet Office",
    ),
    (
        "The Space Policy Board is a committee of the Cabinet Office.",
        "Space Policy Board | subOrganizationOf | Cabinet Office",
    ),
    (
        "The subordinate bodies of the Cabinet Office such as the Space Policy Board and the Ocean Council meet here.",
        "Ocean Council | subOrganizationOf | Cabinet Office",
        "Space Policy Board | subOrganizationOf | Cabinet Office",
    ),
    # functions
    ("The Space Policy Board allocates the grants.", "Space Policy Board | performs | allocating-resources"),
    (
        "The Space Policy Board sets priorities, reviews the budget request and advises the Prime Minister.",
        "Space Policy Board | performs | advising",
        "Space Policy Board | performs | deliberating",
        "Space Policy Board | performs | setting-priorities",
    ),
    (
        "The Space Policy Board sets priorities, and the Ocean Council allocates the grants.",
        "Ocean Council | performs | allocating-resources",
        "Space Policy Board | performs | setting-priorities",
    ),
    (
        "The Space Policy Board does not allocate grants.",
        "not Space Policy Board | performs | allocating-resources",
    ),
    (
        "The functions of the Space Policy Board include setting priorities and advising the government.",
        "Space Policy Board | performs | advising",
        "Space Policy Board | performs | setting-priorities",
    ),
    (
        "The Space Policy Board is small. Its main task is to set priorities.",
        "Space Policy Board | performs | setting-priorities",
    ),
    (
        "The Space Policy Board was created to advise the government.",
        "Space Policy Board | performs | advising",
    ),
    (
        "The coordination mechanism is new. It is responsible for setting priorities.",
        "mechanism | performs | setting-priorities",
    ),
    # features
    (
        "The Space Policy Board, chaired by the Prime Minister, has a statutory basis.",
        "Space Policy Board | hasFeature | chaired-by-head-of-government",
        "Space Policy Board | hasFeature | statutory-basis",
    ),
    (
        "The Space Policy Board has 12 members from industry and academia and a permanent secretariat.",
        "Space Policy Board | hasFeature | members-from-academia",
        "Space Policy Board | hasFeature | members-from-industry",
        "Space Policy Board | hasFeature | own-secretariat",
    ),
    (
        "Neither the Space Policy Board nor the Ocean Council has the right to allocate funds.",
        "not Ocean Council | hasFeature | right-to-allocate-funds",
        "not Space Policy Board | hasFeature | right-to-allocate-funds",
    ),
    (
        "The Space Policy Board is purely advisory, while the Ocean Council has the right to allocate funds.",
        "Ocean Council | hasFeature | right-to-allocate-funds",
        "Space Policy Board | hasFeature | advisory-only",
    ),
    (
        "Chaired by the Prime Minister, the Space Policy Board is young.",
        "Space Policy Board | hasFeature | chaired-by-head-of-government",
    ),
    (
        "The Ocean Council is old. The Space Policy Board advises the President; it has no secretariat of its own.",
        "Space Policy Board | performs | advising",
        "not Space Policy Board | hasFeature | own-secretariat",
    ),
    (
        "The Space Policy Board, a Cabinet committee chaired by the Prime Minister, sets priorities.",
        "Space Policy Board | hasFeature | chaired-by-head-of-government",
        "Space Policy Board | performs | setting-priorities",
    ),
    # sectors, plans and programmes of the mechanism
    (
        "The coordination system brings together government, universities and business.",
        "mechanism | integrates | academia",
        "mechanism | integrates | government",
        "mechanism | integrates | industry",
    ),
    (
        "The coordination mechanism works through the Innovation Strategy and the Moonshot Program.",
        "mechanism | operatesThrough | Innovation Strategy",
        "mechanism | operatesThrough | Moonshot Program",
    ),
    # beginnings, ends and successions
    (
        "The Space Policy Board was established in 2014 by the Cabinet Office.",
        "Space Policy Board | startDate | 2014",
    ),
    ("Established in May 2014, the Space Policy Board is young.", "Space Policy Board | startDate | 2014-05"),
    ("On 3 May 2014 the Space Policy Board was set up.", "Space Policy Board | startDate | 2014-05-03"),
    ("The government founded the Space Policy Board in 2007.", "Space Policy Board | startDate | 2007"),
    ("The Space Policy Board was not established in 2014.", "not Space Policy Board | startDate | 2014"),
    ("The Space Policy Board was abolished in 2018.", "Space Policy Board | endDate | 2018"),
    (
        "The Space Policy Board was merged into the Ocean Council in 2018.",
        "Space Policy Board | endDate | 2018",
        "Space Policy Board | successor | Ocean Council",
    ),
    (
        "The Orbit Council was renamed the Space Policy Board in 2011.",
        "Orbit Council | successor | Space Policy Board",
    ),
    ("The Space Policy Board replaced the Orbit Council.", "Space Policy Board | predecessor | Orbit Council"),
    (
        "The Space Policy Board, formerly the Orbit Council, is old.",
        "Space Policy Board | predecessor | Orbit Council",
    ),
    (
        "The Space Policy Board was set up as a temporary body in 1989 and became permanent in 1991.",
        "Space Policy Board | startDate | 1989",
    ),
    (
        "The Space Policy Board is old. In 2018 it absorbed the Orbit Council, which nobody missed.",
        "Space Policy Board | predecessor | Orbit Council",
    ),
    (
        "The Space Policy Board was reorganised from the Orbit Council in 2022.",
        "Space Policy Board | predecessor | Orbit Council",
    ),
    # how long a plan holds
    (
        "The Harbour Strategy (2021-2025) is new.",
        "Harbour Strategy | endDate | 2025",
        "Harbour Strategy | startDate | 2021",
    ),
    (
        "The Harbour Strategy for the period 2021-2025 is new.",
        "Harbour Strategy | endDate | 2025",
        "Harbour Strategy | startDate | 2021",
    ),
    (
        "The Harbour Strategy 2021-2025 is new.",
        "Harbour Strategy | endDate | 2025",
        "Harbour Strategy | startDate | 2021",
    ),
    # passives and perfect tenses
    ("Priorities are set by the Space Policy Board.", "Space Policy Board | performs | setting-priorities"),
    (
        "Research budgets have been allocated by the Space Policy Board and the Ocean Council.",
        "Ocean Council | performs | allocating-resources",
        "Space Policy Board | performs | allocating-resources",
    ),
    (
        "Plans are reviewed by the Space Policy Board and approved by the Ocean Council.",
        "Ocean Council | performs | deliberating",
        "Space Policy Board | performs | deliberating",
    ),
    (
        "Grants are not allocated by the Space Policy Board.",
        "not Space Policy Board | performs | allocating-resources",
    ),
    ("No grants are allocated by the Space Policy Board.", "not Space Policy Board | performs | allocating-resources"),
    (
        "The Ministry of Ports, Ships and Seas is advised by the Space Policy Board.",
        "Space Policy Board | performs | advising",
    ),
    (
        "Plans have been drawn up by the Ocean Council and the Space Policy Board.",
        "Ocean Council | performs | overall-planning",
        "Space Policy Board | performs | overall-planning",
    ),
    (
        "Grants are allocated neither by the Space Policy Board nor by ministers.",
        "not Space Policy Board | performs | allocating-resources",
    ),
    ("The Space Policy Board has long advised the President.", "Space Policy Board | performs | advising"),
    ("The Space Policy Board has never set priorities.", "not Space Policy Board | performs | setting-priorities"),
    ("The Space Policy Board may allocate grants.", "Space Policy Board | performs | allocating-resources"),
    (
        "The Space Policy Board has coordinated the Moonshot Program since 2015.",
        "Space Policy Board | coordinates | Moonshot Program",
    ),
    (
        "The Space Policy Board has always reported to the Cabinet Office.",
        "Space Policy Board | reportsTo | Cabinet Office",
    ),
    ("The Space Policy Board has been established in 2014.", "Space Policy Board | startDate | 2014"),
    # members, and clauses that begin anew
    (
        "Members of the Space Policy Board come from academia and industry.",
        "Space Policy Board | hasFeature | members-from-academia",
        "Space Policy Board | hasFeature | members-from-industry",
    ),
    (
        "The Space Policy Board advises the Cabinet Office, and the Ocean Council sets priorities.",
        "Ocean Council | performs | setting-priorities",
        "Space Policy Board | performs | advising",
    ),
    (
        "The Space Policy Board was set up in 2014, and it advises the President.",
        "Space Policy Board | performs | advising",
        "Space Policy Board | startDate | 2014",
    ),
    (
        "The Deep Sea, the Programme for Seas (2021-2025), is run by the Ocean Council.",
        "Programme for Seas | coordinatedBy | Ocean Council",
        "Programme for Seas | endDate | 2025",
        "Programme for Seas | startDate | 2021",
    ),
]

REFUSED = [
    "Does the Space Policy Board report to the Cabinet Office?",
    "If the Space Policy Board reports to the Cabinet Office, nothing changes.",
    "The Space Policy Board should report to the Cabinet Office.",
    "It is recommended that the Space Policy Board report to the Cabinet Office.",
    "The paper asks whether the Space Policy Board reports to the Cabinet Office.",
    "The Space Policy Board used to report to the Cabinet Office.",
    "The secretariat of the Space Policy Board reports to the Cabinet Office.",
    "The Space Policy Board meets often, but its secretariat reports to the Cabinet Office.",
    "The Space Policy Board’s reports to the Cabinet Office are published.",
    "The Prime Minister chairs the Space Policy Board and reports to the Diet Office.",
    "The Space Policy Board told the Cabinet Office that the ministry allocates grants.",
    "According to the Space Policy Board, the ministry allocates grants.",
    "Funds of the Space Policy Board are allocated by ministers.",
    "The Space Policy Board wants the right to allocate funds.",
    "The Space Policy Board lost the right to allocate funds.",
    "The Space Policy Board would have the right to allocate funds.",
    "The Space Policy Board supports the Ocean Council, a purely advisory body.",
    "The Space Policy Board is chaired by the Vice President.",
    "The Space Policy Board is chaired by the President of the Ocean Council.",
    "The Space Policy Board brings together scientists and business.",
    "The school system consists of the Teaching Council and the Exam Board.",
    "The main institutions are the Trade Council and the Harbour Office.",
    "The Space Policy Board leads to the Innovation Strategy.",
    "The Space Policy Board runs parallel to the Moonshot Program.",
    "The Space Policy Board published a plan in 2016.",
    "The Space Policy Board replaced its chair in 2016.",
    "In 2014 the Cabinet Office established a fund.",
    "The Innovation Strategy was adopted in 2021.",
    "The Space Policy Board is part of the Cabinet Office’s new programme.",
    "The chair of the Space Policy Board, who reports to the Prime Minister, is old.",
    "The Ocean Council may be replaced one day.",
    "The Orbit Council is old. The Space Policy Board is young. The bureau sets priorities.",
    "Priorities should be set by the Space Policy Board.",
    "Priorities set by the Space Policy Board are new.",
    "Priorities are set by the chair of the Space Policy Board.",
    "The Moonshot Program is launched by the minister.",
    "Programmes were evaluated by the Space Policy Board in 2019.",
    "The Space Policy Board’s budgets are approved by ministers.",
    "The Ocean Council is old. The council’s Governing Board is chaired by the President.",
]


@pytest.mark.parametrize(("prose", "expected"), [(prose, expected) for prose, *expected in ACCEPTED])
def test_what_is_said_is_stated(prose, expected, stated):
    """A sentence states what it says of bodies, plans and the mechanism, and nothing else."""
    assert stated(prose) == expected


@pytest.mark.parametrize("prose", REFUSED)
def test_what_only_looks_like_it_is_not(prose, stated):
    """A question, a wish, a supposition, or words said of something else state nothing."""
    assert stated(prose) == []


@pytest.mark.parametrize(
    ("prose", "words"),
    [
        ("The Space Policy Board was established in FY2021.", "FY2021"),
        ("The Space Policy Board was set up in the fiscal year 2021.", "fiscal year 2021"),
        ("The Harbour Strategy covers FY2021 to FY2025.", " covers FY2021 to FY2025"),
        ("The Harbour Strategy (FY2021-2025) is new.", " (FY2021-2025)"),
    ],
)
def test_a_fiscal_year_is_no_calendar_year(prose, words, reader, text_of):
    """Nothing is stated of when it begins or ends, and a gap points to the words."""
    report = reader.read(text_of(PAGE.format(title="Japan", text=prose)))
    (gap,) = [gap for gap in report.gaps if gap.field == "startDate"]
    assert text_of(PAGE.format(title="Japan", text=prose)).content[gap.at.start : gap.at.end] == words
    assert not report.statements


def test_what_may_be_done_is_hedged(reader, text_of):
    """A hedge before the verb, or between what is done and by whom, lowers the confidence."""
    for prose in (
        "The Space Policy Board may allocate grants.",
        "Grants may be allocated by the Space Policy Board.",
        "It has been argued that the Space Policy Board allocates grants.",
    ):
        (found,) = reader.read(text_of(PAGE.format(title="Japan", text=prose))).statements
        assert str(found.confidence) == "0.6"


def test_a_statement_names_its_rule_and_quotes_its_sentence(reader, text_of):
    """The method is the rule's name, and the evidence the sentence."""
    sentence = "The Space Policy Board reports to the Cabinet Office."
    (found,) = reader.read(text_of(PAGE.format(title="Japan", text=f"Much is new. {sentence}"))).statements
    assert (found.method, found.evidence.quote) == ("statement/reports-to", sentence)


def test_the_years_of_an_edition_are_not_those_of_its_series(stated):
    """A series of plans has no years of its own; an edition has."""
    assert stated("The Science and Technology Basic Plan (2021-2025) is new.") == []
    assert len(stated("The 6th Science and Technology Basic Plan (2021-2025) is new.")) == 2


def test_a_body_is_not_part_of_itself(stated):
    """Two names of one thing make no statement about it."""
    assert stated("The Council for Science, Technology and Innovation (CSTI) replaced CSTI.") == []
