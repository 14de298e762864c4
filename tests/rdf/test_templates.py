"""Statements written by templates are those that terms and quads would be."""

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.model.dates import PartialDate
from kg.model.errors import KnowledgeError, SourceError
from kg.model.evidence import Found, Polarity, Span
from kg.model.page import Page, Text
from kg.model.records import (
    Author,
    Candidate,
    Gap,
    Lesson,
    Mechanism,
    Named,
    OtherPage,
    Relation,
    Report,
    Resolution,
    Series,
    Statement,
    ThingKind,
)
from kg.pages import read_page
from kg.rdf import literals
from kg.rdf.mapping import page_quads
from kg.rdf.reserved import refuse_evidence
from kg.rdf.templates import Template, groups, nodes, single
from kg.sources import find_pages

sys.path.insert(0, str(Path(__file__).parent))

from by_terms import reference_quads

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    file
    for folder in ("examples", "tests/cases", "tests/accuracy/pages")
    for file in sorted((ROOT / folder).rglob("*.*"))
    if file.suffix in (".txt", ".html", ".pdf")
]
HOSTILE = (
    'a "quoted" word',
    "back\\slash \\u0041",
    "two\nlines\r\n\ttabs",
    "\x00\x01\x1f\x7f\x85",
    "\u200f\u202e \u05e9\u05dc\u05d5\u05dd",
    "\U0001f1ef\U0001f1f5 \U0001f469\u200d\U0001f52c",
    "\ufffe\uffff\ufeff",
    " .\n<urn:s> <urn:p> <urn:o> .\n",
    "{node} {{}} %s {0}",
    "'''\"\"\"",
    "<http://a b>",
    "@en",
    '"^^<http://www.w3.org/2001/XMLSchema#integer>',
    "日本語\u3000全角",
    "_:b0",
    "# comment",
)
WORDS = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
NAMES = WORDS.filter(str.strip)


def lines_of(quads):
    """Quads as canonical lines, sorted; each must be there once."""
    found = sorted(map(str, quads))
    assert len(set(found)) == len(found)
    return found


def the_same(text, report, minter):
    """Compares what the templates write, read by a strict parser, with the reference."""
    stated, evidence = reference_quads(text, report, minter)
    quads = page_quads(text, report, minter)
    own = b"".join([quads.flat, *quads.groups])
    told = list(parse(own, RdfFormat.N_QUADS))
    merged = [Quad(quad.subject, quad.predicate, quad.object) for quad in stated]
    assert lines_of(told) == lines_of([*stated, *evidence])
    assert lines_of(parse(quads.merged, RdfFormat.N_QUADS)) == lines_of(merged)
    assert sorted((own + quads.merged).decode().split(" .\n")[:-1]) == sorted(map(str, [*told, *merged]))
    assert list(quads) == [*quads.stated, *quads.evidence]
    assert set(quads.stated) == set(stated)
    in_order(quads)
    are_the_pages_own(quads, minter)
    return quads


def in_order(quads):
    """The graph is one text and each node another, with lines that are sorted by their bytes."""
    for text in (quads.flat, quads.merged, *quads.groups):
        lines = text.splitlines(keepends=True)
        assert lines == sorted(set(lines))
    subjects = [{line.split(b" ", 1)[0] for line in text.splitlines()} for text in quads.groups]
    assert all(len(each) == 1 for each in subjects)
    assert len(set().union(*subjects)) == len(subjects)


def are_the_pages_own(quads, minter):
    """What is said outside the graph is what no kept file may say, statement by statement."""
    for quad in quads.evidence:
        with pytest.raises(KnowledgeError, match="which is evidence"):
            refuse_evidence([quad.triple], "facts.ttl", minter)
    refuse_evidence([quad.triple for quad in quads.stated], "facts.ttl", minter)


@pytest.mark.parametrize("file", PAGES, ids=lambda file: "/".join(file.parts[-2:]))
def test_pages_say_what_terms_and_quads_would(file, reader, minter):
    """Every page of the repository: its lines parse, and mean the very quads that are made one by one."""
    try:
        text = read_page(next(find_pages([file], most_bytes=10_000_000)))
    except SourceError:
        pytest.skip("no page")
    report = reader.read(text)
    if not isinstance(report, OtherPage):
        the_same(text, report, minter)


def test_no_two_pages_describe_one_node(reader, minter):
    """What stands outside named graphs has one page for each subject, among all pages of the repository."""
    told = Counter()
    graphs = set()
    for page in {each.id: each for each in find_pages(PAGES, most_bytes=10_000_000) if isinstance(each, Page)}.values():
        try:
            text = read_page(page)
        except SourceError:
            continue
        quads = page_quads(text, reader.read(text), minter)
        if quads.graph not in graphs:  # of two pages that are one report, one is published
            graphs.add(quads.graph)
            told.update(group.split(b" ", 1)[0] for group in quads.groups)
    assert len(graphs) > 50
    assert not [subject for subject, times in told.items() if times > 1]


@st.composite
def reports(draw):
    """A text of hostile words, and a report that is made of it."""
    content = "".join(draw(st.lists(WORDS, min_size=1, max_size=6)))
    text = Text(page=Page(source=draw(WORDS), media_type="text/plain", payload=content.encode()), content=content)

    def found(values):
        start = draw(st.integers(0, len(content) - 1))
        return Found(
            value=draw(values),
            evidence=text.evidence(Span(start, draw(st.integers(start + 1, len(content))))),
            method=draw(WORDS),
            confidence=draw(st.decimals(0, 1, places=3)),
            polarity=draw(st.sampled_from(Polarity)),
        )

    def some(values):
        return found(values) if draw(st.booleans()) else None

    def several(values):
        return tuple(found(values) for _ in range(draw(st.integers(0, 2))))

    days = st.sampled_from([PartialDate(987), PartialDate(2021, 9), PartialDate(2021, 9, 15)])
    candidates = st.builds(Candidate, iri=st.just("http://127.0.0.1:8000/id/body/x"), score=st.decimals(0, 1, places=2))
    linked = st.sampled_from(["http://127.0.0.1:8000/id/body/jp-csti", "https://例え.jp/%E4/x?y=1#z"])
    resolutions = st.one_of(
        st.builds(Resolution, candidates=st.lists(candidates, max_size=2).map(tuple)),
        st.builds(Resolution, linked=linked, preferred=WORDS),
    )
    bodies = st.builds(
        Named,
        kind=st.sampled_from(ThingKind),
        name=NAMES,
        body_type=st.sampled_from([None, "https://w3id.org/policy-kg/concept/council"]),
        jurisdiction=st.sampled_from([None, "JP"]),
        resolution=resolutions,
    )

    def body():
        named = draw(bodies)
        return replace(named, acronym=some(WORDS), parent=some(bodies))

    concept = st.just("https://w3id.org/policy-kg/concept/funds")
    objects = [found(st.just(body())), found(concept), found(days)]
    statements = st.builds(
        Statement,
        subject=st.just(found(st.just(body()))),
        relation=st.sampled_from(Relation),
        object=st.sampled_from(objects),
    )
    authors = st.builds(
        Author,
        position=st.integers(1, 9),
        name=NAMES,
        family=WORDS,
        given=WORDS,
        affiliation=st.just(some(WORDS)),
        spellings=st.lists(NAMES, max_size=2).map(tuple),
    )
    span = Span(0, 1)
    return text, Report(
        key=draw(st.sampled_from(["drc-2021-267", "x-1"])),
        publisher_key="drc",
        type=replace(found(WORDS), polarity=Polarity.ASSERTED),
        language=draw(st.sampled_from(["en", "zh-Hans", "AR"])),
        layout=draw(WORDS),
        title=some(WORDS),
        series=some(st.builds(Series, name=NAMES)),
        number=some(WORDS),
        series_year=some(st.integers(1, 9999)),
        cumulative_number=some(st.integers(0, 10**30)),
        issued=some(days),
        available=some(days),
        authors=several(authors),
        team=some(NAMES),
        departments=several(NAMES),
        institution=some(st.just(body())),
        abstract=some(WORDS),
        keywords=several(WORDS),
        jurisdictions=several(st.just("JP")),
        about=some(st.just("JP")),
        mechanism=draw(st.sampled_from([None, Mechanism(labels=(found(WORDS),), jurisdiction=some(st.just("JP")))])),
        bodies=tuple(found(st.just(body())) for _ in range(draw(st.integers(0, 2)))),
        statements=several(statements),
        lessons=several(st.builds(Lesson, concerns=st.just((found(concept),)))),
        gaps=draw(
            st.lists(
                st.builds(Gap, field=st.sampled_from(["title", "issued"]), reason=WORDS, at=st.just(span)), max_size=2
            ).map(tuple)
        ),
    )


@settings(max_examples=150, deadline=None)
@given(reports())
def test_hostile_texts_say_what_terms_and_quads_would(minter, made):
    """Quotes, line ends, control characters, emoji, writing from the right, and what looks like N-Quads, anywhere."""
    text, report = made
    the_same(text, report, minter)


def test_a_node_is_described_as_its_lines_say(reader, text_of, minter):
    """What a check looks at is what is written."""
    quads = page_quads(text := text_of(PAGES[0].read_bytes()), reader.read(text), minter)
    rows = {
        (subject, predicate, value)
        for subject, node in quads.nodes.items()
        for predicate, values in node.items()
        for value in values
    }
    assert rows == {(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads.evidence}


def test_a_template_fills_its_slots():
    """A line a slot and one for the class, sorted by their bytes; what is said twice of a node is there once."""
    template = Template("<urn:C>", "<urn:p>", "<urn:q>")
    filled = [
        (template, [("<urn:n>", '"1"', '"2"')]),
        (single("<urn:p>"), [("<urn:n>", '"3"'), ("<urn:n>", '"1"')]),
    ]
    assert groups(filled)["<urn:n>"].decode().splitlines() == [
        "<urn:n> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:C> .",
        '<urn:n> <urn:p> "1" .',
        '<urn:n> <urn:p> "3" .',
        '<urn:n> <urn:q> "2" .',
    ]
    found, tables = nodes(filled)
    (node,) = found.values()
    assert node["<urn:p>"] == ('"1"', '"3"')
    assert [table.nodes for table in tables] == [{}]  # it is not as its template made it


def test_nodes_of_a_class_stand_in_tables():
    """Those that nothing else was said of are found again with their template; others never were alike."""
    template, fillings = Template("<urn:C>", "<urn:p>"), [("<urn:n>", '"1"'), ("<urn:m>", '"2"')]
    found, (table,) = nodes([(template, fillings), (single("<urn:q>"), [("<urn:m>", '"3"'), ("<urn:k>", '"4"')])])
    assert (table.template, table.nodes) == (template, {"<urn:n>": found["<urn:n>"]})
    assert (template.types, template.predicates) == (("<urn:C>",), tuple(found["<urn:n>"]))
    assert found.keys() == {"<urn:n>", "<urn:m>", "<urn:k>"}


def test_a_slot_for_numbers_makes_integers():
    """A number goes in, and the same literal stands in the line and in what a check looks at."""
    template = Template("", "<urn:p>", "<urn:q>", numbers=("<urn:q>",))
    told, seven = [("<urn:a>", '"1"', 7), ("<urn:b>", '"2"', 8)], literals.integer(7)
    assert {node: text.decode() for node, text in template.groups(told).items()} == {
        "<urn:a>": f'<urn:a> <urn:p> "1" .\n<urn:a> <urn:q> {seven} .\n',
        "<urn:b>": f'<urn:b> <urn:p> "2" .\n<urn:b> <urn:q> {literals.integer(8)} .\n',
    }
    assert nodes([(template, told)])[0]["<urn:a>"] == {"<urn:p>": ('"1"',), "<urn:q>": (seven,)}


@pytest.mark.parametrize("block", range(0, sys.maxunicode + 1, 0x10000))
def test_every_character_is_written_as_pyoxigraph_does(block):
    """Alone and among others; surrogates are refused."""
    for code in range(block, block + 0x10000):
        character = chr(code)
        if 0xD800 <= code < 0xE000:
            with pytest.raises(ValueError, match=f"U\\+{code:04X}"):
                literals.plain(f"a{character}")
        else:
            assert literals.plain(character) == str(Literal(character))
            assert literals.text(f"x{character}y", "en") == str(Literal(f"x{character}y", language="en"))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8000/id/report/drc-2021-267", "http://a/#char=1,2", "https://例え.jp/x", "urn:x:y", "HTTP://A/%41",
        "http://a/?q=1#f", "http://[::1]/x", "mailto:a@b", "http://a:65535/", "http://user@a/x",
    ],
)  # fmt: skip
def test_iris_are_written_as_pyoxigraph_does(address):
    """What is an IRI is written as it is."""
    assert literals.iri(address) == str(NamedNode(address))


@pytest.mark.parametrize(
    "address",
    [
        *("", "x", "http://a b/", "http://a/<b>", 'http://a/"', "http://a/\\", "http://a/{x}", "http://a/%zz"),
        *("http://a/#b#c", "http://a/\n", "http://a/\ud800", "http://a:b/", "http://a/x\n"),
    ],
)
def test_no_other_text_becomes_an_iri(address):
    """What pyoxigraph refuses is refused."""
    with pytest.raises(ValueError):  # noqa: PT011 - pyoxigraph's message
        literals.iri(address)


@settings(max_examples=500)
@given(
    st.text(st.sampled_from("ahtp:/#?%41.-_~[]@!$&'()*+,;= \"<>\\^`{}|\n\u00e9\U0001f600"), max_size=14).map(
        "http://a".__add__
    )
)
def test_iris_are_taken_and_refused_as_pyoxigraph_does(address):
    """For any mixture of the characters that matter."""
    try:
        expected = str(NamedNode(address))
    except ValueError:
        expected = None
    try:
        told = literals.iri(address)
    except ValueError:
        told = None
    assert told == expected


@pytest.mark.parametrize("field", ["key", "publisher_key"])
@pytest.mark.parametrize("key", ["a b", "a>b", 'a"', "a\nb", "<", "a#b#c", "{", "\ud800"])
def test_no_invalid_iri_gets_out(reader, text_of, minter, field, key):
    """A key that makes no IRI is an error, wherever it goes in."""
    text = text_of(PAGES[0].read_bytes())
    report = replace(reader.read(text), **{field: key})
    with pytest.raises(ValueError):  # noqa: PT011 - pyoxigraph's message
        page_quads(text, report, minter)
