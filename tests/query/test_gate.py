"""The gate lets queries pass, and stops what the engine would run as federation or an update."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, Store

from kg.model.errors import KgError, QueryRefused, QuerySyntaxError, Refusal
from kg.model.reach import Hosts, Reach
from kg.query import Federation, Query
from kg.query.clauses import read_clauses
from kg.query.gate import DEEPEST, LONGEST, MOST_TOKENS, check_query
from kg.query.values import NOTHING
from kg.query.woven import Patch, Woven, inset

# The engine refuses to call port 9, and says so: it has then read a query as federation, and nothing has left.
NOWHERE = "http://127.0.0.1:9/"
PROLOGUE = "".join(f"PREFIX {prefix}: <{NOWHERE}> " for prefix in ("", "x", "service", "SERVICE", "trueservice"))

PASSING = {
    "variable": "SELECT ?service WHERE { ?service ?load $SERVICE }",
    "prefixed name": "PREFIX ex: <http://x/> ASK { ex:SERVICE ex:load ex:a.service }",
    "prefix": "PREFIX service: <http://x/> ASK { service:x service:LOAD service: }",
    "prefix of a graph": "PREFIX service: <http://x/> SELECT * FROM service:g { GRAPH service:g { ?s ?p ?o } }",
    "strings": """ASK { ?s ?p "SERVICE <x> {}", 'LOAD <x>', "INSERT \\" SERVICE" }""",
    "long strings": """ASK { ?s ?p \"\"\"SERVICE "<x>" {}\"\"\", '''it's
        LOAD''' }""",
    "IRI": "ASK { <http://x/SERVICE> <http://x/service#LOAD> <SERVICE> }",
    "comment": '# SERVICE <x> {}\nASK { ?s ?p ?o } # LOAD <x> " unclosed',
    "language": 'ASK { ?s ?p "x"@en-service }',
    "blank node": "ASK { _:service ?p _:load.service }",
    "escape in a string": 'ASK { ?s ?p "\\u0053ERVICE" }',
    "escape in an IRI": "ASK { <http://x/\\u0053ERVICE> ?p ?o }",
    "comparison": "SELECT * { ?s ?p ?o FILTER(?o<5&&?o>3||?o>=4) }",
    "update words inside": "PREFIX insert: <http://x/> SELECT ?delete { ?delete insert:with ?clear }",
    "empty strings": """ASK { ?s ?p "", '', "a" }""",
    "prologue": "BASE <http://x/> PREFIX load: <http://y/> VERSION '1.2' ASK {}",
    "deepest": "ASK " + "{" * DEEPEST + "}" * DEEPEST,
}

FEDERATING = {
    "plain": "ASK { SERVICE <http://x/> { ?s ?p ?o } }",
    "mixed case": "ASK { sErViCe SILENT <http://x/> { ?s ?p ?o } }",
    "comments between": "ASK { # a\nSERVICE # <\n SILENT #\n<http://x/> {} }",
    "carriage return ends a comment": "ASK { # hidden \rSERVICE <http://x/> {} }",
    "code point": "ASK { \\u0053ERVICE <http://x/> {} }",
    "long code point": "ASK { S\\U00000045RVICE <http://x/> {} }",
    "code points all through": "ASK { " + "".join(f"\\u{ord(c):04x}" for c in "service") + " <http://x/> {} }",
    "string closed by a code point": 'ASK { ?s ?p "\\u0022 . SERVICE <http://x/> {} }#"',
    "after an escaped quote": r'ASK { ?s ?p "\"" . SERVICE <http://x/> {} }',
    "after a quote in a long string": 'ASK { ?s ?p """ "" """ . SERVICE <http://x/> {} }',
    "after a hash in an IRI": "ASK { <http://x/#> ?p ?o . SERVICE <http://x/> {} }",
    "after a hash in a string": "ASK { ?s ?p '#' . SERVICE <http://x/> {} }",
    "after an escaped hash": "PREFIX x: <http://x/> ASK { ?s ?p x:a\\#b . SERVICE <http://x/> {} }",
    "after an empty local name": "PREFIX x: <http://x/> ASK { ?s ?p x:.SERVICE <http://x/> {} }",
    "variable as endpoint": "ASK { SERVICE?x{} }",
    "in a subquery": "ASK { { SELECT * { SERVICE <http://x/> {} } } }",
    "load": "ASK { LOAD <http://x/> }",
    "load at the start": "PREFIX x: <http://x/> LOAD <http://x/>",
}

# All of these the engine runs as federation, though a lexer by the book sees no keyword in them.
DISGUISED = {
    "joined to a name": "ASK { SERVICE:x {} }",
    "joined to an empty name": "ASK { service: {} }",
    "joined to a prefix": "ASK { SERVICEx:x {} }",
    "joined to silent": "SELECT * { SERVICE<" + NOWHERE + ">{} }",
    "behind a comparison": "ASK { FILTER(1<2)SERVICE#>\n:x{} }",
    "behind a comparison, with an IRI": f"ASK {{ FILTER(1<2)SERVICE#>\n<{NOWHERE}>{{}} }}",
    "behind true": "ASK { ?s x: trueSERVICE:x{} }",
    "behind a decimal": f"ASK {{ ?s x: 1.SERVICE <{NOWHERE}>{{}} }}",
}

PIECES = [
    *("SERVICE", "service", "SERVICE:x{}", "{", "}", "{}", "(", ")", "?s", "?p", "?o", "?", ".", ";", ",", "|", "/"),
    *("!", "<", ">", "<=", "=", "1", "1.", "true", "a", "x:", "x:x", ":", ":x", "x:a.b", "\\-", "\\#", "%41", "#"),
    *("#>\n", "\n", " ", f"<{NOWHERE}>", "<x>", '"x"', '""', '"""', '"', "'", "'''", "@en", "-", "FILTER(", "FILTER"),
    *("BIND(", "AS", "OPTIONAL{", "{SELECT*{", "}}", "GRAPH", "UNION", "MINUS", "LATERAL{", "VALUES", "_:b.", "[", "]"),
    *("<<", ">>", "\\u0053ERVICE", "é", "·", "&&", "^^", "?s x: ", "?1", "(1", "1)", "FROM", "NAMED", "+", "*", "~"),
]
OPENINGS = ["ASK{", "SELECT*{", "ASK{?s x: ", "ASK{FILTER(1<", "ASK{?s x: ?o.", "ASK FROM ", "ASK{BIND(1<", "DESCRIBE "]
ENDINGS = [":x{}}", f"<{NOWHERE}>{{}}}}", "x:{}}", "{}}", "}", "?o{}}"]


@pytest.fixture(scope="module")
def engine():
    """Whether the engine reads a query as federation."""
    store = Store()
    for value in ("true", "1", "1.0", f"<{NOWHERE}>", f"<{NOWHERE}x>"):
        store.update(f"INSERT DATA {{ <{NOWHERE}> <{NOWHERE}> {value} }}")
    store.add(Quad(NamedNode(NOWHERE), NamedNode(NOWHERE + "x"), NamedNode(NOWHERE)))

    def federates(query):
        try:
            found = store.query(query)
            for _ in found if hasattr(found, "__iter__") else ():
                pass
        except (OSError, RuntimeError) as error:
            return "port 9" in str(error) or "service" in str(error)
        except SyntaxError:
            return False
        return False

    return federates


@pytest.mark.parametrize("query", PASSING.values(), ids=PASSING)
def test_passes(query):
    """A name, string, IRI or comment may hold the words of federation and of updates."""
    check_query(query)


@pytest.mark.parametrize("query", FEDERATING.values(), ids=FEDERATING)
def test_refuses_federation(query):
    """SERVICE and LOAD are refused in any spelling that SPARQL allows."""
    with pytest.raises(QueryRefused) as refused:
        check_query(query)
    assert refused.value.kind is Refusal.FEDERATION


@pytest.mark.parametrize("query", DISGUISED.values(), ids=DISGUISED)
def test_refuses_what_the_engine_reads_as_federation(query, engine):
    """The gate reads a query as the engine does, not as the book says."""
    assert engine(PROLOGUE + query)
    with pytest.raises(QueryRefused):
        check_query(PROLOGUE + query)


@settings(derandomize=True, max_examples=1000, deadline=None)
@given(st.sampled_from(OPENINGS), st.lists(st.sampled_from(PIECES), max_size=7), st.sampled_from(ENDINGS))
def test_nothing_that_passes_federates(engine, opening, pieces, ending):
    """No mixture of pieces passes the gate and is federation to the engine."""
    query = PROLOGUE + opening + "".join(pieces) + ending
    try:
        check_query(query)
    except KgError:
        return
    assert not engine(query)


def left(text, start, end, clauses):
    """A part of a query with inline data in place of its clauses."""
    patches = [Patch(start=each.start - start, end=each.end - start, rows=NOTHING) for each in clauses]
    woven = Woven(text=text[start:end], patches=tuple(patches))
    return inset(woven.bare, woven.insets)


def sent(text, clauses):
    """The queries that services are sent for these clauses."""
    for each in clauses:
        yield f"{PROLOGUE}SELECT * WHERE {left(text, each.opened, each.end, each.inner)}"
        yield from sent(text, each.inner)


CLAUSES = [f"SERVICE <{NOWHERE}>{{", "} SERVICE SILENT x:x { ?s ?p ?o }", f"SERVICE <{NOWHERE}>{{ ?s ?p ?o }} ."]


@settings(derandomize=True, max_examples=1000, deadline=None)
@given(
    st.sampled_from(OPENINGS),
    st.lists(st.sampled_from(PIECES) | st.sampled_from(CLAUSES), max_size=7),
    st.sampled_from(ENDINGS) | st.sampled_from(["}}", "}}}"]),
)
def test_nothing_left_of_clauses_federates(engine, opening, pieces, ending):
    """Where services may be asked, what a worker gets and what a service is sent is no federation to the engine."""
    query = PROLOGUE + opening + "".join(pieces) + ending
    try:
        clauses = read_clauses(query).outer
    except KgError:
        return
    for text in (left(query, 0, len(query), clauses), *sent(query, clauses)):
        assert not engine(text)


@pytest.mark.parametrize("query", [*FEDERATING.values(), *DISGUISED.values()], ids=[*FEDERATING, *DISGUISED])
def test_a_list_lets_no_other_service_pass(query):
    """Where another service may be asked, none of these is, in any spelling; in silence it is nothing."""

    async def asked():
        federation = Federation(Reach(services=frozenset(["http://x.example/"]), hosts=Hosts.ANY))
        async with federation.answered(Query(text=PROLOGUE + query), NOWHERE, 1.0) as federated:
            return federated.query

    if "SILENT" in query:
        assert [rows for _, rows in asyncio.run(asked()).insets] == [NOTHING]
    else:
        with pytest.raises(QueryRefused):
            asyncio.run(asked())


@pytest.mark.parametrize("keyword", ["INSERT", "delete", "Clear", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"])
def test_refuses_updates(keyword):
    """An update is refused as one, behind any prologue."""
    with pytest.raises(QueryRefused, match=keyword.upper()) as refused:
        check_query(f"BASE <http://x/> PREFIX a: <b> # SELECT\n{keyword} DATA {{}}")
    assert refused.value.kind is Refusal.UPDATE


@pytest.mark.parametrize(
    "query",
    [
        "ASK {} #" + "é" * (LONGEST // 2),
        "ASK " + "{" * (DEEPEST + 1),
        "ASK { FILTER" + "(" * 20_000 + "1" + ")" * 20_000 + "}",
        "ASK {" + "[" * 40 + "(" * 40,
        "ASK {" + "<<" * (DEEPEST + 1),
        "ASK {" + " 1" * MOST_TOKENS + "}",
    ],
    ids=["bytes", "braces", "brackets", "mixed", "quoted triples", "tokens"],
)
def test_refuses_too_much(query):
    """A query too long, too deep or of too many tokens is refused for its size."""
    with pytest.raises(QueryRefused) as refused:
        check_query(query)
    assert refused.value.kind is Refusal.SIZE


def test_size_counts_bytes():
    """A query of exactly the longest size passes."""
    check_query("ASK {} #".ljust(LONGEST, "x"))


def test_unclosed_string():
    """A string that is never closed is a syntax error, with its place."""
    with pytest.raises(QuerySyntaxError, match="never closed") as error:
        check_query('ASK {\n  ?s ?p "it }')
    assert (error.value.line, error.value.column) == (2, 9)


def test_lone_surrogate():
    """Text that is no Unicode is a syntax error."""
    with pytest.raises(QuerySyntaxError, match="Unicode"):
        check_query("ASK { ?s ?p '\ud800' }")


@pytest.mark.parametrize("piece", ["'\\", "'''\n\\", "<a", "a.", "?a ", ":", '"""\\"', "\\u0027", "<a)service", "@a"])
def test_hostile_repetition_ends(piece):
    """Text made to be read again and again is read once: these would take minutes in quadratic time."""
    with suppress(KgError):
        check_query(piece * (LONGEST // len(piece)))
