"""Our reader yields Oxigraph's triples, and each term's place."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, parse, serialize

from kg.check.rdf_files.tokens import tokens
from kg.check.rdf_files.turtle import UnknownGrammarError, placed_quads
from kg.rdf.formats import GraphFormat

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "w3c"
BASE = "http://base.example/folder/file?query"
SUFFIXES = {
    ".ttl": GraphFormat.TURTLE,
    ".trig": GraphFormat.TRIG,
    ".nt": GraphFormat.NTRIPLES,
    ".nq": GraphFormat.NQUADS,
}


def judged(text, form, base=BASE):
    """Oxigraph's quads, or None where it refuses the document."""
    try:
        return list(parse(input=text, format=form.rdf, base_iri=base))
    except SyntaxError:
        return None


def assert_same(text, form, base=BASE):
    """Both readers give the same quads in the same order, blank nodes paired one to one."""
    theirs = judged(text, form, base)
    assert theirs is not None, "Oxigraph refuses it"
    ours = [each.quad for each in placed_quads(text, form, base)]
    pairs, back = {}, {}
    assert len(theirs) == len(ours)
    for mine, other in zip(ours, theirs, strict=True):
        for one, two in zip((*mine.triple, mine.graph_name), (*other.triple, other.graph_name), strict=True):
            if isinstance(one, BlankNode):
                assert pairs.setdefault(one, two) == two
                assert back.setdefault(two, one) == one
            else:
                assert one == two


def corpus():
    """Every file of the family in the repository, and in the W3C's tests where they are there."""
    found = [path for folder in ("ontology", "shapes", "tests", "examples") for path in (ROOT / folder).rglob("*")]
    return sorted(path for path in found if path.suffix in SUFFIXES)


def test_every_file_of_the_repository_is_read_as_oxigraph_reads_it():
    """Hundreds of files give the same triples."""
    files = corpus()
    assert len(files) > 100
    for path in files:
        assert_same(path.read_text(encoding="utf-8"), SUFFIXES[path.suffix])


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the W3C's tests are not beside this checkout")
def test_the_w3c_files_are_read_as_oxigraph_reads_them():
    """So do the W3C's manifests, shapes and data."""
    files = [path for path in SHARED.rglob("*") if path.suffix in SUFFIXES]
    assert len(files) > 400
    for path in files:
        text = path.read_bytes().decode()
        if judged(text, SUFFIXES[path.suffix]) is not None:
            assert_same(text, SUFFIXES[path.suffix])


# Documents made up at random. What is between terms is drawn too: blanks, line ends and comments.

PREFIXES = "@prefix : <http://e.example/> .\nPREFIX ex: <ns#>\n@prefix é.x: <../up/> .\n"
GAPS = st.sampled_from([" ", "\n", "\t", " # a comment with <marks> \"'[](){}.;,\n", "\r\n", "  \n  "])
_NAMES = r":a :b ex:c ex: : é.x:d :a.b :a:b :%41 :a\-b :x\. :1 ex:é :_y-z"
_IRIS = (
    r"<http://x.example/y> <> <#f> <?q> <../../..> <./a/./../b/..> <//h/p> </abs/./x> <a;p=1/../y> <http://x.example/\u00e9>"
    r" <http://x.example/a/../b/.> <urn:a:b> <g?y/./x> <.> <..> <http://é.example>"
)
NAMES, IRIS = st.sampled_from(_NAMES.split()), st.sampled_from(_IRIS.split())
LABELS = st.sampled_from(["_:a", "_:b.c", "_:1", "_:é", "_:a1", "_:a-b"])
ONE_LINE = st.text(st.characters(codec="utf-8", exclude_characters="\"'\\\n\r"), max_size=6)
LONG = st.text(st.characters(codec="utf-8", exclude_characters="\"'\\\r"), max_size=6)
ESCAPES = st.sampled_from(["", r"\n", r"\"", r"\'", r"\\", r"\u0041", r"\U0001F600", r"\t", r"\b\r\f"])
STRINGS = st.one_of(
    st.tuples(st.just('"'), ONE_LINE, ESCAPES, st.just('"')),
    st.tuples(st.just("'"), ESCAPES, ONE_LINE, st.just("'")),
    st.tuples(
        st.just('"""'), LONG, ESCAPES, st.sampled_from(["", '"x', '""\n', "'", "''''"]), ESCAPES, LONG, st.just('z"""')
    ),
    st.tuples(
        st.just("'''"), LONG, ESCAPES, st.sampled_from(["", "'x", "''\n", '"', '""""']), ESCAPES, LONG, st.just("z'''")
    ),
).map("".join)
LITERALS = st.one_of(
    STRINGS,
    st.tuples(STRINGS, st.sampled_from(["@en", "@en-GB", "@zh-Hant-TW", " @de"])).map("".join),
    st.tuples(STRINGS, st.sampled_from(["^^", " ^^ ", "^^\n"]), st.one_of(NAMES, IRIS)).map("".join),
    st.sampled_from(["1", "-2", "+3", "4.5", "-.5", "1e3", "1.E-2", ".5e+1", "007", "true ", "false "]),
)
TERMS = st.one_of(NAMES, IRIS, LABELS)


def joined(parts):
    """Parts one after the other with gaps between."""
    return st.lists(GAPS, min_size=len(parts) + 1, max_size=len(parts) + 1).map(
        lambda gaps: "".join(itertools.chain.from_iterable(zip(gaps, [*parts, ""], strict=True)))
    )


@st.composite
def objects(draw, depth):
    """A term, a list or a blank node with properties."""
    kind = draw(st.integers(0, 5 if depth else 3))
    if kind < 2:
        return draw(TERMS)
    if kind == 2:
        return draw(LITERALS)
    if kind == 3:
        return draw(st.sampled_from(["[]", "[ ]", "()", "( )", "[\n]"]))
    if kind == 4:
        return "(" + draw(joined(draw(st.lists(objects(depth - 1), min_size=1, max_size=3)))) + ")"
    return "[" + draw(properties(depth - 1)) + "]"


@st.composite
def properties(draw, depth):
    """A predicate-object list, now and then with more semicolons than it needs."""
    lists = []
    for _ in range(draw(st.integers(1, 2))):
        values = draw(st.lists(objects(depth), min_size=1, max_size=2))
        lists.append(draw(joined([draw(st.one_of(st.just("a"), NAMES, IRIS)), draw(joined([" , ".join(values)]))])))
    return draw(st.sampled_from([" ; ", " ; ; ", ";\n"])).join(lists) + draw(st.sampled_from(["", " ; ", " ;;"]))


@st.composite
def triples(draw):
    """One statement without its full stop."""
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return "[" + draw(properties(2)) + "]"
    subject = draw(TERMS) if kind == 1 else "(" + draw(joined([draw(objects(1))])) + ")"
    if kind == 3:
        subject = draw(st.sampled_from(["[]", "[ :p 1 ]", "()"]))
    return draw(joined([subject, draw(properties(2))]))


DIRECTIVES = st.sampled_from(
    ["@base <http://other.example/x/> .", "BASE <deeper/>", "@prefix : <changed/> .", "prefix ex: <http://n.example/>"]
)
TURTLE = st.lists(st.one_of(triples().map(lambda each: each + " ."), DIRECTIVES), max_size=4).map(
    lambda parts: PREFIXES + "\n".join(parts)
)


@st.composite
def graphs(draw):
    """A graph of TriG, named or not."""
    body = " .\n".join(draw(st.lists(triples(), max_size=2))) + draw(st.sampled_from(["", " ."]))
    if body.strip() == ".":
        body = ""
    name = draw(st.sampled_from(["", ":g ", "_:g ", "[] ", "GRAPH :g ", "graph <g> ", "GRAPH [] "]))
    return f"{name}{{ {body} }}"


TRIG = st.lists(st.one_of(triples().map(lambda each: each + " ."), graphs(), DIRECTIVES), max_size=4).map(
    lambda parts: PREFIXES + "\n".join(parts)
)


@given(TURTLE)
@example(PREFIXES + '( "a" ( [ ex:p "x" , "y"@en ] ) 1 ) :p ("a" ((("b")))) .')
@example(PREFIXES + "[ :p [ :q (1 [ :r 'x' ] 'y') ] , 'z' ] :s [ :p 'x' ] .")
def test_turtle_is_read_as_oxigraph_reads_it(text):
    """Any document has the same triples in both readers."""
    assert_same(text, GraphFormat.TURTLE)


@given(TRIG)
def test_trig_is_read_as_oxigraph_reads_it(text):
    """Any document has the same quads in both readers."""
    assert_same(text, GraphFormat.TRIG)


@given(TRIG, st.sampled_from([GraphFormat.NTRIPLES, GraphFormat.NQUADS]))
def test_lines_are_read_as_oxigraph_reads_them(text, form):
    """So does what Oxigraph writes of it in N-Triples or N-Quads."""
    quads = judged(text, GraphFormat.TRIG)
    kept = quads if form is GraphFormat.NQUADS else [quad.triple for quad in quads]
    assert_same(serialize(kept, format=form.rdf).decode(), form)


def test_terms_stand_where_their_words_do():
    """The offsets of a quad are those of its subject, predicate and object."""
    text = '@prefix : <http://e/> .\n:a :p "x"@en ,\n  [ :q ( :b 2 ) ] ; a :C .'
    told = {
        (str(each.quad.predicate), str(each.quad.object)): tuple(
            text[at:].split(maxsplit=1)[0] for at in (each.subject_at, each.predicate_at, each.object_at)
        )
        for each in placed_quads(text, GraphFormat.TURTLE, "")
    }
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    assert told["<http://e/p>", '"x"@en'] == (":a", ":p", '"x"@en')
    assert told[f"<{rdf}type>", "<http://e/C>"] == (":a", "a", ":C")
    assert told[f"<{rdf}first>", "<http://e/b>"] == ("(", ":b", ":b")
    assert told[f"<{rdf}first>", f'"2"^^<{integer}>'] == ("2", "2", "2")
    assert told[f"<{rdf}rest>", f"<{rdf}nil>"] == ("2", ")", ")")
    assert told["<http://e/p>", "_:a1"] == (":a", ":p", "[")


@pytest.mark.parametrize(("opened", "closed"), [("[ :p ", "]"), ("( ", ")")])
def test_a_hundred_thousand_open_brackets_are_read(opened, closed):
    """Nesting is no deeper for the reader than one bracket."""
    text = f"@prefix : <http://e/> . :s :p {opened * 100_000} 1 {closed * 100_000} ."
    assert_same(text, GraphFormat.TURTLE)


def test_a_grammar_of_tomorrow_is_told_apart():
    """What RDF 1.2 adds is no silent mistake: the reader says that it does not know it."""
    with pytest.raises(UnknownGrammarError):
        list(placed_quads("<http://e/a> <http://e/b> <http://e/c> ~ <http://e/r> .", GraphFormat.TURTLE, ""))


@given(st.text(alphabet="<>\"'[](){}.;,@^_:#a1 \n\\", max_size=60))
def test_tokens_lose_nothing(text):
    """Between tokens there is white space alone, whatever the text."""
    end = 0
    for token in tokens(text):
        assert not text[end : token.at].strip(" \t\r\n")
        assert text.startswith(token.words, token.at)
        end = token.at + len(token.words)
    assert not text[end:].strip(" \t\r\n")
