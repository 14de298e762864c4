"""The authority is what its files promise: every fact and name with its source, and nothing that was unsure."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from pyoxigraph import BlankNode, NamedNode

from kg.model.dates import PartialDate
from kg.model.knowledge import EntryKind, NameKind
from kg.rdf.vocab import CONCEPT, COORD, DCTERMS, FOAF, LABEL, ORG, OWL, RDF, SKOS, SKOSXL, TYPE, XSD

BASE = "https://kg.example/"
GENERAL = NamedNode(f"{BASE}id/source/general-knowledge")
LABELS = {SKOS("prefLabel"), SKOS("altLabel"), COORD("acronym")}
BODY = COORD("CoordinatingBody")
KINDS = {COORD(kind.value) for kind in EntryKind if kind is not EntryKind.JURISDICTION} | {DCTERMS("Jurisdiction")}
DATES = (COORD("startDate"), COORD("endDate"), COORD("decidedOn"))
DATATYPES = {4: XSD("gYear"), 7: XSD("gYearMonth"), 10: XSD("date")}

NO_OFFICIAL_ENGLISH_NAME = {"jp-sti-budget-strategy-committee"}
NO_JURISDICTION = {"imf", "un", "unesco", "who", "wipo", "world-bank", "wto"}


def thing(key: str) -> NamedNode:
    """The node of `body/jp-csti` and the like."""
    return NamedNode(f"{BASE}id/{key}")


@pytest.fixture(scope="module")
def entries(described):
    """What is said of each entry."""
    return {node: said for node, said in described.items() if KINDS & set(said[TYPE])}


@pytest.fixture(scope="module")
def names(described):
    """What is said of each name."""
    return {node: said for node, said in described.items() if COORD("Name") in said[TYPE]}


@pytest.fixture(scope="module")
def facts(described):
    """What is said of each fact."""
    return {node: said for node, said in described.items() if COORD("SourcedFact") in said[TYPE]}


@pytest.fixture(scope="module")
def fact_of(facts):
    """A fact by the triple it is about."""
    return {tuple(said[RDF(part)][0] for part in ("subject", "predicate", "object")): said for said in facts.values()}


def by_acronym(knowledge, acronym):
    """The entries that bear or bore an acronym."""
    wanted = (acronym, NameKind.ACRONYM)
    return [entry for entry in knowledge.entries if wanted in {(name.text, name.kind) for name in entry.names}]


def test_every_flat_fact_has_one_sourced_fact(entries, facts, fact_of):
    """Whatever is said of an entry, save its class and labels, is a sourced fact, and the reverse."""
    stated = {
        (node, predicate, value)
        for node, said in entries.items()
        for predicate, values in said.items()
        for value in values
        if predicate != TYPE and predicate not in LABELS
    }
    assert set(fact_of) == stated
    assert len(facts) == len(fact_of)


def test_every_fact_and_name_has_a_source_and_one_verification(described, facts, names):
    """Facts and names point to sources of the authority and say whether they were verified."""
    for node, said in {**facts, **names}.items():
        assert said[DCTERMS("source")], node
        assert all(COORD("Source") in described[source][TYPE] for source in said[DCTERMS("source")]), node
        assert len(said[COORD("verification")]) == 1, node


def test_what_rests_on_general_knowledge_is_unverified(facts, names):
    """Unverified is what has general knowledge among its sources, and nothing else."""
    for node, said in {**facts, **names}.items():
        rests = GENERAL in said[DCTERMS("source")]
        assert said[COORD("verification")] == [COORD("Unverified") if rests else COORD("Verified")], node


@pytest.mark.parametrize(
    ("key", "predicate", "value"),
    [
        ("body/jp-sti-secretariat", "startDate", "2021-04-01"),
        ("body/jp-integrated-innovation-strategy-council", "chairedBy", "Chief Cabinet Secretary"),
        ("body/jp-cst", "startDate", "1959"),
        ("body/us-nstc", "startDate", "1993-11-23"),
        ("body/gb-osts", "endDate", "2023-02"),
        ("body/de-gwk", "startDate", "2008-01-01"),
        ("body/tw-nstc", "startDate", "2022-07-27"),
        ("plan/jp-basic-plan-1", "decidedOn", "1996-07-02"),
        ("plan/jp-basic-plan-6", "decidedOn", "2021-03-26"),
        ("plan/jp-integrated-innovation-strategy-2021", "decidedOn", "2021-06-18"),
    ],
)
def test_facts_that_no_one_looked_up_are_unverified(fact_of, key, predicate, value):
    """Well-known facts that were not looked up are flagged."""
    said = next(
        said
        for (subject, stated, found), said in fact_of.items()
        if (subject, stated, found.value) == (thing(key), COORD(predicate), value)
    )
    assert said[COORD("verification")] == [COORD("Unverified")]


@pytest.mark.parametrize(
    ("key", "predicate", "value", "sources"),
    [
        ("body/jp-csti", "startDate", "2001-01-06", {"s1", "s3", "s5"}),
        ("body/jp-csti", "chairedBy", "Prime Minister", {"s1", "s2", "s3", "s4"}),
        ("plan/jp-basic-plan-5", "decidedOn", "2016-01-22", {"s11", "s24"}),
        ("plan/jp-basic-plan-1", "endDate", "2001-03-31", {"s24"}),
        ("body/in-pm-stiac", "startDate", "2018-08-28", {"s54", "s55", "s56"}),
    ],
)
def test_facts_that_were_looked_up_name_their_sources(fact_of, key, predicate, value, sources):
    """A verified fact points to the pages that were read."""
    said = next(
        said
        for (subject, stated, found), said in fact_of.items()
        if (subject, stated, found.value) == (thing(key), COORD(predicate), value)
    )
    assert {source.value.rpartition("/")[2] for source in said[DCTERMS("source")]} == sources


@pytest.mark.parametrize(
    ("key", "predicate"),
    [
        ("body/jp-headquarters-for-healthcare-policy", "startDate"),
        ("body/jp-hr-special-committee-sti", "endDate"),
        ("body/gb-go-science", "startDate"),
        ("body/ca-stic", "endDate"),
        ("body/be-vrwi", "endDate"),
        ("body/oecd-cstp", "startDate"),
    ],
)
def test_what_was_unsure_is_left_out(entries, key, predicate):
    """A date of which no one is sure is not given."""
    assert COORD(predicate) not in entries[thing(key)]


@pytest.mark.parametrize(
    "key",
    ["plan/jp-basic-plan-7", "plan/jp-integrated-innovation-strategy-2025", "body/il-molmop", "body/ru-council"],
)
def test_entries_of_which_all_is_unsure_are_left_out(entries, key):
    """A row that was unsure as a whole gives no entry."""
    assert thing(key) not in entries


def test_no_body_has_a_wikidata_id(graphs, entries):
    """Identifiers stand on jurisdictions and institutions alone: none of a body could be verified."""
    bearers = {
        triple.subject
        for triple in graphs["authority"]
        if isinstance(triple.object, NamedNode) and "wikidata.org/entity" in triple.object.value
        if triple.predicate != RDF("object")
    }
    assert len(bearers) == 21
    assert not [bearer for bearer in bearers if BODY in entries[bearer][TYPE]]


def test_the_identifier_of_japan_was_seen_and_others_are_general_knowledge(facts):
    """Two identifiers were seen in a source."""
    same = [said for said in facts.values() if said[RDF("predicate")] == [OWL("sameAs")]]
    seen = {said[RDF("subject")][0] for said in same if said[COORD("verification")] == [COORD("Verified")]}
    assert seen == {thing("jurisdiction/jp"), thing("institution/jp-jst")}


@pytest.mark.parametrize(
    ("acronym", "jurisdictions"),
    [
        ("NSTC", {"US", "GB", "AU", "TW", "KR"}),
        ("CST", {"GB", "JP"}),
        ("CSTP", {"JP", "OECD"}),
        ("MOST", {"CN", "TW"}),
    ],
)
def test_clashing_acronyms_live_side_by_side(knowledge, acronym, jurisdictions):
    """One acronym may be borne in several jurisdictions, by an entry of each."""
    assert {entry.jurisdiction for entry in by_acronym(knowledge, acronym)} == jurisdictions


def test_one_english_name_may_belong_to_three_bodies(knowledge):
    """The Council for Science and Technology is Japan's until 2001, that of MEXT, and the United Kingdom's."""
    bearers = {entry.key for entry in knowledge.entries if entry.label == "Council for Science and Technology"}
    assert bearers == {"jp-cst", "jp-mext-cst", "gb-cst"}


def test_cstp_and_csti_are_one_body_under_dated_names(knowledge):
    """The rename of 2014-05-19 changes the name, not the body."""
    body = knowledge.by_iri[f"{BASE}id/body/jp-csti"]
    dated = {name.text: (name.start, name.end) for name in body.names}
    former = (PartialDate(2001, 1, 6), PartialDate(2014, 5, 18))
    present = (PartialDate(2014, 5, 19), None)
    assert dated["CSTP"] == dated["Council for Science and Technology Policy"] == dated["総合科学技術会議"] == former
    assert dated["CSTI"] == dated["Council for Science, Technology and Innovation"] == present
    assert dated["総合科学技術・イノベーション会議"] == present
    assert body.label == "Council for Science, Technology and Innovation"
    assert body.start == PartialDate(2001, 1, 6)


def test_the_basic_plan_bears_both_names(knowledge):
    """The series was renamed with its sixth edition."""
    series = knowledge.by_iri[f"{BASE}id/plan/jp-basic-plan"]
    english = {name.text: (name.kind, name.start, name.end) for name in series.names if name.language == "en"}
    assert english == {
        "Science, Technology and Innovation Basic Plan": (NameKind.OFFICIAL, PartialDate(2021, 4, 1), None),
        "Science and Technology Basic Plan": (NameKind.FORMER, PartialDate(1996, 4, 1), PartialDate(2021, 3, 31)),
    }


def test_editions_follow_one_another_without_a_gap(knowledge):
    """Each Basic Plan begins the day after the one before it ends, and belongs to the series."""
    series = f"{BASE}id/plan/jp-basic-plan"
    plans = [knowledge.by_iri[f"{series}-{number}"] for number in range(1, 7)]
    assert {plan.parents for plan in plans} == {(series,)}
    for earlier, later in pairwise(plans):
        assert (later.start.first_day - earlier.end.last_day).days == 1


def test_every_entry_has_an_official_english_name(knowledge):
    """Only entries whose official English name no one knows for certain go without."""
    official = (NameKind.OFFICIAL, "en")
    without = {entry.key for entry in knowledge.entries if official not in {(n.kind, n.language) for n in entry.names}}
    assert without == NO_OFFICIAL_ENGLISH_NAME


def test_every_entry_has_one_jurisdiction(knowledge):
    """Only the World Bank belongs to no country and no union."""
    assert {entry.key for entry in knowledge.entries if entry.jurisdiction is None} == NO_JURISDICTION


def test_keys_are_unique_and_made_of_plain_segments(knowledge):
    """A key says whose it is, and no two entries share one, whatever their kinds."""
    keys = [entry.key for entry in knowledge.entries]
    assert len(set(keys)) == len(keys)
    for entry in knowledge.entries:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.key)
        assert entry.jurisdiction is None or entry.key.split("-")[0] == entry.jurisdiction.lower()


def test_labels_are_the_names(entries, names):
    """Every label and acronym has its coord:Name, and every name its label; jurisdictions have labels alone."""
    spelt = {}
    for said in names.values():
        spelt.setdefault(said[COORD("nameOf")][0], set()).add(said[SKOSXL("literalForm")][0])
    for node, said in entries.items():
        labels = {*said[SKOS("prefLabel")], *said.get(SKOS("altLabel"), ())}
        acronyms = {acronym.value for acronym in said.get(COORD("acronym"), ())}
        if DCTERMS("Jurisdiction") in said[TYPE]:
            assert node not in spelt
            continue
        assert labels <= spelt[node], node
        assert {form.value for form in spelt[node] - labels} == acronyms - {label.value for label in labels}, node


def test_labels_keep_the_rules_of_skos(entries):
    """An entry has one preferred label a language, one of them English, and no alternative label repeats it."""
    for node, said in entries.items():
        preferred = said[SKOS("prefLabel")]
        languages = [label.language for label in preferred]
        assert "en" in languages, node
        assert len(set(languages)) == len(languages), node
        assert not set(preferred) & set(said.get(SKOS("altLabel"), ())), node


def test_names_carry_the_language_of_their_country(knowledge):
    """A native name is in a language of its country, Taiwan's in traditional characters (tags are in lower case)."""
    languages = {}
    for entry in knowledge.entries:
        for name in entry.names:
            if name.kind is NameKind.NATIVE:
                languages.setdefault(entry.jurisdiction, set()).add(name.language)
    assert languages == {
        "JP": {"ja"},
        "KR": {"ko"},
        "CN": {"zh"},
        "TW": {"zh-hant"},
        "DE": {"de"},
        "CH": {"de"},
        "FR": {"fr"},
        "CA": {"fr"},
        "FI": {"fi"},
        "SE": {"sv"},
        "DK": {"da"},
        "NL": {"nl"},
        "BE": {"nl"},
        "IL": {"he"},
    }


@pytest.mark.parametrize(
    "wording",
    [
        "Comprehensive Science and Technology Innovation Conference",
        "Science and Technology Innovation Budget Strategy Conference",
        "Bureau of Science and Technology Innovation Promotion Affairs",
        "Cabinet Comprehensive Innovation Strategy Promotion Conference",
    ],
)
def test_the_wordings_of_a_report_are_no_names(knowledge, wording):
    """Renderings that a report made up are resolved by reading, never by having been put here."""
    assert not [entry.key for entry in knowledge.entries for name in entry.names if wording in name.text]


def test_every_reference_resolves(graphs, described):
    """Nodes under the base are described in the authority; terms and concepts are in the ontology."""
    known = {triple.subject for triple in graphs["ontology"]}
    for triple in graphs["authority"]:
        for node in (triple.predicate, triple.object):
            if not isinstance(node, NamedNode):
                continue
            if node.value.startswith(BASE):
                assert node in described, triple
            if node.value.startswith((COORD.iri, CONCEPT.iri)):
                assert node in known, triple


def test_classifications_are_body_types(graphs, described):
    """org:classification points to a concept of the closed scheme."""
    types = {triple.subject for triple in graphs["ontology"] if triple.object == COORD("BodyType")}
    found = {kind for said in described.values() for kind in said.get(ORG("classification"), ())}
    assert found <= types


def test_every_source_is_described_and_used_pages_are_valid(described):
    """A source has a label, and its pages are http or https addresses in ASCII."""
    sources = {node: said for node, said in described.items() if COORD("Source") in said[TYPE]}
    assert len(sources) == 71
    for node, said in sources.items():
        assert len(said[LABEL]) == 1, node
        for page in said.get(FOAF("page"), ()):
            assert re.fullmatch(r"https?://[\x21-\x7e]+", page.value), page


def test_predecessors_and_successors_mirror_each_other(graphs):
    """Whoever looks from either side finds the same change."""
    before = {(t.subject, t.object) for t in graphs["authority"] if t.predicate == COORD("predecessor")}
    after = {(t.object, t.subject) for t in graphs["authority"] if t.predicate == COORD("successor")}
    assert before == after
    assert before


def test_both_sides_of_a_change_are_sourced_alike(facts):
    """Succession has the same verification seen from either side."""
    sides = {}
    for said in facts.values():
        subject, predicate, value = (said[RDF(part)][0] for part in ("subject", "predicate", "object"))
        pair = (value, subject) if predicate == COORD("successor") else (subject, value)
        if predicate in {COORD("predecessor"), COORD("successor")}:
            sides.setdefault(pair, []).append(said[COORD("verification")][0])
    for pair, found in sides.items():
        assert len(found) == 2, pair
        assert len(set(found)) == 1, pair


def test_nothing_ends_before_it_begins(described):
    """Where start and end are known, they are in order, for entries and for names."""
    for node, said in described.items():
        starts, ends = said.get(COORD("startDate"), ()), said.get(COORD("endDate"), ())
        for start, end in zip(starts, ends, strict=False):
            assert PartialDate.parse(start.value).first_day <= PartialDate.parse(end.value).last_day, node


def test_dates_have_the_datatype_of_their_precision(described):
    """A year is a gYear, a month a gYearMonth, a day a date."""
    for node, said in described.items():
        for predicate in DATES:
            for value in said.get(predicate, ()):
                assert value.datatype == DATATYPES[len(value.value)], node


def test_there_is_no_blank_node(graphs):
    """Every node has an IRI of its own."""
    for triple in graphs["authority"]:
        assert not isinstance(triple.subject, BlankNode)
        assert not isinstance(triple.object, BlankNode)


def test_texts_for_people_have_a_language(described):
    """Notes and labels say which language they are in."""
    for node, said in described.items():
        for predicate in (COORD("note"), SKOS("prefLabel"), SKOS("altLabel"), SKOSXL("literalForm")):
            assert all(value.language for value in said.get(predicate, ())), node
