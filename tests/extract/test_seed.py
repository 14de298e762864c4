# ruff: noqa: RUF001 - the page is printed with typographic marks
"""The first real page: each fact it tells stands in the record, with its words, and nothing else does."""

import json
from pathlib import Path

import pytest

from kg.model.evidence import Polarity
from kg.model.records import Relation, ThingKind
from kg.rdf.mapping import page_quads

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "seeds"
GOLD = SHARED / "drc-2021-267.gold.json"
TEAM = "Independent Science and Technology Capabilities: Path, System and Policy"
CONFERENCE = "Comprehensive Science and Technology Innovation Conference"


@pytest.fixture(scope="module")
def text(text_of):
    """The page's text."""
    return text_of((ROOT / "examples" / "drc-2021-267.txt").read_bytes(), source="examples/drc-2021-267.txt")


@pytest.fixture(scope="module")
def report(reader, text):
    """The report."""
    return reader.read(text)


def objects(report, relation):
    """The objects of a relation that are asserted, in order."""
    return [
        found.value.object
        for found in report.statements
        if found.value.relation is relation and found.polarity is Polarity.ASSERTED
    ]


def concepts(found):
    """The local names of concepts."""
    return [each.value.rpartition("/")[2] for each in found]


def local(named):
    """The linked entry's key, or None."""
    linked = named.value.resolution.linked
    return linked and linked.rpartition("/")[2]


def test_the_imprint_is_read(report):
    """Title, series, number, year and total stand in the record as printed."""
    assert report.title.value == "Japan’s Macro Coordination Mechanism on Science and Technology: Enlightenment"
    assert report.series.value.name == "Research Report"
    assert (report.number.value, report.series_year.value, report.cumulative_number.value) == ("267", 2021, 6332)


def test_the_day_of_posting_is_not_the_day_of_the_report(report):
    """The report is of 15 September 2021; its page was posted on 11 November."""
    assert (report.issued.value.iso, report.available.value.iso) == ("2021-09-15", "2021-11-11")


def test_keywords_and_country_are_read(report):
    """Three keywords, and the title's country."""
    assert [each.value for each in report.keywords] == [
        "science and technology coordination",
        "enlightenment",
        "Japan",
    ]
    assert [each.value for each in report.jurisdictions] == ["JP"]


def test_the_authors_stand_in_their_order(report):
    """Shen Hengchao first, Sun Jie second, family names first."""
    authors = [(each.value.position, each.value.name, each.value.family) for each in report.authors]
    assert authors == [(1, "Shen Hengchao", "Shen"), (2, "Sun Jie", "Sun")]


def test_team_and_institution_are_told_apart(report):
    """The team is named by its theme; DRC is the institution that the authority knows."""
    assert report.team.value == TEAM
    assert (report.institution.value.name, local(report.institution)) == ("DRC", "cn-drc")


def test_the_mechanism_is_japans(report):
    """The mechanism bears the phrase that names it and belongs to Japan."""
    assert [each.value for each in report.mechanism.labels] == [
        "Japan’s macro science and technology coordination mechanism"
    ]
    assert report.mechanism.jurisdiction.value == "JP"


def test_four_sectors_are_integrated(report):
    """Government, industry, academia and research institutes, in the page's order."""
    sectors = concepts(objects(report, Relation.INTEGRATES))
    assert sectors == ["government", "industry", "academia", "research-institutes"]


def test_five_components_are_resolved(report):
    """Four bodies, each linked to the entry that bears the same foreign name, and a group that is none."""
    found = [(each.value.name, local(each)) for each in objects(report, Relation.HAS_COMPONENT)]
    assert found == [
        (CONFERENCE, "jp-csti"),
        ("Science and Technology Innovation Budget Strategy Conference", "jp-sti-budget-strategy-committee"),
        (
            "Bureau of Science and Technology Innovation Promotion Affairs of Cabinet Office",
            "jp-sti-secretariat",
        ),
        (
            "Cabinet Comprehensive Innovation Strategy Promotion Conference",
            "jp-integrated-innovation-strategy-council",
        ),
        ("related agencies of the National Diet of Japan", None),
    ]


def test_components_keep_acronym_and_owner(report):
    """CSTI is the first one's acronym alone; Cabinet Office, Cabinet and Diet own the last three."""
    found = objects(report, Relation.HAS_COMPONENT)
    assert [each.value.acronym and each.value.acronym.value for each in found] == ["CSTI", None, None, None, None]
    owners = [each.value.parent and each.value.parent.value.name for each in found]
    assert owners == [None, None, "Cabinet Office", "Cabinet", "National Diet of Japan"]
    assert [each.value.kind for each in found] == [ThingKind.BODY] * 4 + [ThingKind.BODY_GROUP]


def test_plans_and_programmes_carry_the_mechanism(report):
    """Two plans and an unnamed group of programmes."""
    found = [(each.value.kind, each.value.name) for each in objects(report, Relation.OPERATES_THROUGH)]
    assert found == [
        (ThingKind.PLAN, "Science and Technology Basic Plan"),
        (ThingKind.PLAN, "Integrated Innovation Strategy"),
        (
            ThingKind.PROGRAMME_GROUP,
            "large-scale science and technology programs directly coordinated by CSTI",
        ),
    ]


def test_the_programmes_are_coordinated_by_the_council_behind_the_acronym(report):
    """CSTI in "directly coordinated by CSTI" is the conference that the page defined it as."""
    (coordinator,) = objects(report, Relation.COORDINATED_BY)
    assert (coordinator.value.name, coordinator.evidence.quote, local(coordinator)) == (CONFERENCE, "CSTI", "jp-csti")


def test_three_functions_are_performed(report):
    """The three roles, by the vocabulary's terms and the page's words."""
    found = objects(report, Relation.PERFORMS)
    assert concepts(found) == ["setting-priorities", "coordinating-implementation", "allocating-resources"]
    assert [each.evidence.quote for each in found] == [
        "condensing strategic tasks",
        "coordinating task implementation",
        "distributing science and technology resources",
    ]


def test_three_lessons_are_drawn(report):
    """Each lesson is a sentence, with the functions and features it concerns."""
    found = [concepts(each.value.concerns) for each in report.lessons]
    assert found == [
        ["overall-planning", "coordinating-implementation", "balancing-budgets"],
        ["overall-planning", "direct-participation"],
        [
            "overall-planning",
            "comprehensive",
            "high-level",
            "right-to-allocate-funds",
            "subordinate-professional-bodies",
        ],
    ]


def test_nothing_is_lacking_or_denied(report):
    """The page has no gap, and denies nothing."""
    assert report.gaps == ()
    assert {each.polarity for each in report.statements} == {Polarity.ASSERTED}


@pytest.mark.parametrize("word", ["SIP", "PRISM", "ImPACT", "Moonshot", "State Council"])
def test_what_the_page_does_not_say_is_nowhere(word, text, report, minter):
    """Programmes and bodies that a reader may think of and the page does not name are in no quad."""
    assert not [quad for quad in page_quads(text, report, minter) if word in str(quad.object)]


def test_no_acronym_is_made_up(text, report, minter):
    """CSTI and DRC are the only acronyms."""
    acronyms = {
        quad.object.value for quad in page_quads(text, report, minter).stated if "acronym" in str(quad.predicate)
    }
    assert acronyms == {"CSTI", "DRC"}


@pytest.mark.shared
@pytest.mark.skipif(not GOLD.exists(), reason="the shared seeds are not beside this checkout")
def test_the_record_agrees_with_the_shared_gold(report):
    """What the gold file says in its own words stands in the record."""
    gold = json.loads(GOLD.read_text(encoding="utf-8"))
    told = gold["report"]
    assert (report.title.value, int(report.number.value)) == (told["title"], told["number"])
    assert (report.issued.value.iso, report.available.value.iso) == (told["issued"], gold["page"]["posted"])
    assert [each.value for each in report.keywords] == told["keywords"]
    assert [each.value.name for each in report.authors] == gold["authors"]
    assert report.team.value == gold["team"]
    components = [each.value.name for each in objects(report, Relation.HAS_COMPONENT)]
    assert components == [each["name"] for each in gold["mechanism"]["components"]]
    plans = [each.value.name for each in objects(report, Relation.OPERATES_THROUGH)]
    assert plans == [each["name"] for each in gold["mechanism"]["operates_through"]]
    functions = [each.evidence.quote for each in objects(report, Relation.PERFORMS)]
    assert functions == gold["mechanism"]["functions"]
    assert len(report.lessons) == len(gold["lessons"])
    quotes = {concept.evidence.quote for lesson in report.lessons for concept in lesson.value.concerns}
    assert quotes >= set(gold["lessons"][2]["features"])
