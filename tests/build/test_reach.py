"""What a change of pages reaches is judged again, and the answer is that of a judgement of everything."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from kg.build.candidate import Changed
from kg.build.fresh import Fresh
from kg.build.stations import Stations
from kg.check.reach import Facts
from kg.check.shapes import SHAPE
from kg.check.witnesses import Witnesses
from kg.rdf.quads import PageQuads
from kg.rdf.vocab import COORD, DCTERMS, OA, ORG, RDF, TYPE

BASE = "http://127.0.0.1:8000"
THINGS = [NamedNode(f"{BASE}/id/body/{name}") for name in "abcd"]
SERIES = [NamedNode(f"{BASE}/id/series/{name}") for name in "xy"]
#: Of three reports, of which two bear one.
NUMBERS = {"p": "1", "q": "01", "r": "2"}
DATES = [Literal(date) for date in ("2001", "2001-05", "2003")]


def between_things(*properties):
    """A statement of one thing about another."""
    return st.tuples(st.sampled_from(THINGS), st.sampled_from(properties), st.sampled_from(THINGS))


OF_REPORT = st.one_of(
    st.tuples(st.just(COORD("number")), st.sampled_from([Literal("1"), Literal("01"), Literal("2")])),
    st.tuples(st.just(COORD("seriesYear")), st.sampled_from([Literal(2020), Literal(2021)])),
    st.tuples(st.just(COORD("cumulativeNumber")), st.sampled_from([Literal(number) for number in (8, 9, 10)])),
    st.tuples(st.just(DCTERMS("isPartOf")), st.sampled_from(SERIES)),
    st.tuples(st.just(DCTERMS("title")), st.sampled_from([Literal("One"), Literal("Other")])),
    st.tuples(st.just(DCTERMS("publisher")), st.sampled_from(THINGS[:2])),
    st.tuples(st.just(DCTERMS("issued")), st.just(Literal("2020-01-01"))),
)
#: What pages say of things, one matter at a time, so that they contradict each other.
MATTERS = {
    "dates": st.tuples(
        st.sampled_from(THINGS), st.sampled_from([COORD("startDate"), COORD("endDate")]), st.sampled_from(DATES)
    ),
    "parents": between_things(ORG("subOrganizationOf")),
    "order": between_things(COORD("predecessor"), COORD("successor")),
    "what there is once": between_things(ORG("unitOf"), COORD("partOf")),
}


def pages_that_say(of_report, of_things):
    """Pages, and changes of some of them; a page says something of its report and of things, from a line on.

    A change is no page, another one, or the line from which it says the same; with line 0 it states without a claim.
    """
    page = st.tuples(of_report, of_things, st.integers(0, 3))
    pages = st.dictionaries(st.sampled_from("pqrstu"), page, min_size=2, max_size=6)
    return st.tuples(
        pages, st.dictionaries(st.sampled_from("pqrstu"), st.none() | page | st.integers(0, 9), min_size=1, max_size=2)
    )


@cache
def stations():
    """Ours, with our constraints."""
    return Stations(base=f"{BASE}/")


def constraints():
    """Our constraints."""
    return stations().constraints.members


def graph(name):
    """The graph of a page."""
    return f"{BASE}/graph/report/{name}"


def lines(name, page):
    """What a page writes: flat statements in its graph and the merged one, each with a claim that has its words."""
    return "".join(f"{quad} .\n" for quad in quads_of(name, page)).encode()


def asked(name, page):
    """Of what a page states, what constraints ask for."""
    stated = [quad for quad in quads_of(name, page) if quad.graph_name == NamedNode(graph(name))]
    return PageQuads.of(name, NamedNode(graph(name)), stated, ()).merged_of(stations().asked)


def quads_of(name, page):
    """All that a page says."""
    of_report, of_things, first = page
    report, source = NamedNode(f"{BASE}/id/report/{name}"), NamedNode(f"{BASE}/id/page/{name}")
    said = [Triple(report, TYPE, COORD("Report")), *(Triple(report, *each) for each in of_report)]
    said += [Triple(*each) for each in of_things]
    quads = [Quad(report, COORD("readFrom"), source), Quad(source, COORD("sourcePath"), Literal(f"{name}.txt"))]
    for at, triple in enumerate(dict.fromkeys(said)):
        claim, passage = NamedNode(f"{BASE}/id/claim/{name}/{at}"), NamedNode(f"{report.value}#char={at}")
        quads += [Quad(*triple), Quad(*triple, NamedNode(graph(name)))]
        if not first:
            continue
        quads += [Quad(claim, RDF("subject"), triple.subject), Quad(claim, RDF("predicate"), triple.predicate)]
        quads += [Quad(claim, RDF("object"), triple.object), Quad(claim, COORD("statedIn"), report)]
        quads += [Quad(claim, COORD("evidence"), passage), Quad(passage, DCTERMS("isPartOf"), source)]
        quads += [Quad(passage, COORD("line"), Literal(first + at)), Quad(passage, COORD("column"), Literal(1))]
        quads += [Quad(passage, OA("exact"), Literal("words"))]
    return quads


def filled(pages):
    """A store of these pages, and a fact of the authority."""
    return made(pages).store


def made(pages):
    """A candidate of these pages, and a fact of the authority."""
    fresh = Fresh(Store())
    fact = NamedNode(f"{BASE}/id/fact/1")
    known = [Quad(fact, TYPE, COORD("SourcedFact")), Quad(fact, RDF("subject"), THINGS[0])]
    known += [Quad(fact, RDF("predicate"), COORD("startDate"))]
    fresh.add(*["".join(f"{quad} .\n" for quad in known).encode()] * 2)
    for name, page in pages.items():
        fresh.put(graph(name), lines(name, page), asked(name, page))
    fresh.finish()
    return fresh


OFTEN = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


@OFTEN
@given(pages_that_say(st.lists(OF_REPORT, max_size=8), st.lists(st.one_of(*MATTERS.values()), max_size=3)))
def test_what_is_kept_apart_is_all_that_constraints_ask_for(drawn):
    """Each of them finds there what it finds in the whole store; also after pages were taken out of it."""
    pages, changes = drawn
    candidate = made(pages)
    finds_apart_what_is_in_the_whole(candidate)
    candidate.retract([graph(name) for name in changes])
    finds_apart_what_is_in_the_whole(candidate)


def finds_apart_what_is_in_the_whole(candidate):
    """The rows are those of the whole store."""
    for each in constraints():
        told = each.told(each.rows(candidate.flat), Witnesses(candidate.store))
        assert told == each.clashes(candidate.store), each.shape


@OFTEN
@given(pages_that_say(st.lists(OF_REPORT, max_size=8), st.just([])))
def test_reports_that_hang_together_are_judged_again(drawn):
    """After pages came, changed and went, each constraint finds what it finds in the whole store."""
    is_as_in_the_whole_store(*drawn)


@pytest.mark.parametrize("matter", MATTERS)
@OFTEN
@given(st.data())
def test_things_that_hang_together_are_judged_again(matter, data):
    """The same for what pages say of things that many speak of."""
    drawn = data.draw(pages_that_say(st.just([]), st.lists(MATTERS[matter], max_size=3)))
    is_as_in_the_whole_store(*drawn)


def test_bodies_below_a_change_are_judged_again():
    """A body has two parents; whether they contradict each other depends on what is said of the parents alone."""
    a, b, c, _ = THINGS
    below = ORG("subOrganizationOf")
    pages = {"p": ([], [(a, below, b)], 1), "q": ([], [(a, below, c)], 1)}
    link = {"r": ([], [(b, below, c)], 1)}
    is_as_in_the_whole_store(pages, link)
    is_as_in_the_whole_store({**pages, **link}, {"r": None})


@pytest.mark.parametrize(("line", "later"), [(1, 9), (1, 0), (0, 1)])
@pytest.mark.parametrize("name", "pqr")
def test_a_clash_that_stands_is_told_with_the_words_of_now(name, line, later):
    """Of three reports two bear one number; one of the three is read again, with other words, or claims, behind it."""
    of = [(DCTERMS("isPartOf"), SERIES[0]), (COORD("seriesYear"), Literal(2020))]
    pages = {each: ([*of, (COORD("number"), Literal(number))], [], 1) for each, number in NUMBERS.items()}
    is_as_in_the_whole_store({**pages, name: (*pages[name][:2], line)}, {name: later})


def test_a_report_of_two_years_is_judged_with_those_of_both():
    """It clashes with one of its second year, also when another one of its first year changed."""
    years = {"p": [2020], "q": [2021], "r": [2020, 2021]}
    numbers = {"p": "7", "q": "01", "r": "1"}
    pages = {
        name: (
            [
                (DCTERMS("isPartOf"), SERIES[0]),
                (COORD("number"), Literal(numbers[name])),
                *((COORD("seriesYear"), Literal(year)) for year in said),
            ],
            [],
            1,
        )
        for name, said in years.items()
    }
    another = ([(DCTERMS("isPartOf"), SERIES[0]), (COORD("number"), Literal("8")), pages["p"][0][2]], [], 1)
    is_as_in_the_whole_store(pages, {"p": another})


def test_a_clash_is_judged_again_only_when_what_it_rests_on_is_read_again():
    """A report that has nothing to do with it is printed anew: no other report is looked at."""
    said = [(DCTERMS("isPartOf"), SERIES[0]), (COORD("seriesYear"), Literal(2020))]
    pages = {name: ([*said, (COORD("number"), Literal(number))], [], 1) for name, number in NUMBERS.items()}
    store = filled(pages)
    number = next(each for each in constraints() if each.shape == f"{SHAPE}AcrossReports-number")
    before = number.clashes(store)
    assert before
    for name, is_looked_at in {"r": False, "p": True}.items():
        candidate = Changed(store, 0)
        candidate.put(graph(name), lines(name, (*pages[name][:2], 5)))
        candidate.finish()
        facts = Facts(store)
        number.clashes_after(before, candidate.moves, facts)
        assert bool(facts.known) == is_looked_at, name


def is_as_in_the_whole_store(pages, changes):
    """What is told from what was found before is what a look at everything finds."""
    store = filled(pages)
    before = {each.shape: each.clashes(store) for each in constraints()}
    candidate = Changed(store, 0)
    for name, change in changes.items():
        page = (*pages.get(name, ([], []))[:2], change) if isinstance(change, int) else change
        candidate.retract([graph(name)]) if page is None else candidate.put(graph(name), lines(name, page))
    candidate.finish()
    for each in constraints():
        assert each.clashes_after(before[each.shape], candidate.moves, Facts(store)) == each.clashes(store), each.shape
        if not before[each.shape] and not candidate.may_have_changed(each.names):
            assert each.clashes(store) == (), each.shape


def test_reports_of_other_years_are_left_alone():
    """A report with another number has those of its year judged again, and not the others."""
    of = {name: [(COORD("number"), Literal(name)), (DCTERMS("isPartOf"), SERIES[0])] for name in "pqr"}
    years = {"p": 2020, "q": 2020, "r": 2021}
    pages = {name: ([*of[name], (COORD("seriesYear"), Literal(years[name]))], [], 1) for name in "pqr"}
    candidate = Changed(filled(pages), 0)
    candidate.put(graph("p"), lines("p", ([(COORD("number"), Literal("7")), *pages["p"][0][1:]], [], 1)))
    candidate.finish()
    number = next(each for each in constraints() if each.shape == f"{SHAPE}AcrossReports-number")
    judged = number.reach.part(candidate.moves.passed, Facts(candidate.store)).judged
    assert judged == {f"{BASE}/id/report/p", f"{BASE}/id/report/q"}
