"""The corpus: queries that are meant to hurt, each with the statuses that may answer it and why it hurts.

200 is an answer in time; 400 no SPARQL; 403 it would reach other machines; 413 too long, too deep or too many tokens;
422 its worker ended (memory, stack) or the answer passed a limit; 503 stopped at the deadline. A long answer that fails
after its beginning was sent is broken off, so that no client takes it for whole.
"""

from __future__ import annotations

from dataclasses import dataclass

EX = "http://example.org/"
#: A port of this machine where nobody listens; the engine refuses to call it.
NOWHERE = "http://127.0.0.1:9/"

#: In place of a status: 200, and then the end of the connection before that of the body.
BROKEN_OFF = 0
ANSWERED = frozenset({200})
SYNTAX = frozenset({400})
FEDERATION = frozenset({403})
TOO_BIG = frozenset({413})
#: Whether time or memory ends it first is the machine's to say.
STOPPED = frozenset({503, 422, BROKEN_OFF})
#: A fast machine answers it.
BOUNDED = ANSWERED | STOPPED


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One way to hurt a SPARQL endpoint."""

    name: str
    text: str
    statuses: frozenset[int]
    why: str


def _kind(name: str, text: str, statuses: frozenset[int], why: str) -> Kind:
    prefix = "" if text.lstrip().startswith(("PREFIX", "BASE")) else f"PREFIX ex: <{EX}> "
    return Kind(name=name, text=prefix + text, statuses=statuses, why=why)


def _crossed(count: int) -> str:
    return " . ".join(f"?s{n} ?p{n} ?o{n}" for n in range(count))


def _doubled(times: int, function: str = "CONCAT(?t{n}, ?t{n})") -> str:
    return " ".join(f"BIND({function.format(n=n)} AS ?t{n + 1})" for n in range(times))


def _nested(opening: str, times: int, inner: str, closing: str = "}") -> str:
    return opening * times + inner + closing * times


_LONG = "x" * 1000

_PRODUCTS = (
    _kind("cross product", f"SELECT * {{ {_crossed(3)} }}", STOPPED, "thousands cubed rows"),
    _kind("cross product, counted", f"SELECT (COUNT(*) AS ?n) {{ {_crossed(3)} }}", STOPPED, "no row is ever written"),
    _kind(
        "cross product, filtered away",
        f"SELECT * {{ {_crossed(3)} FILTER(STRLEN(CONCAT(STR(?o0), STR(?o1), STR(?o2))) < 0) }}",
        STOPPED,
        "all is made, nothing is kept",
    ),
    _kind(
        "cross product of nine",
        f"ASK {{ {_crossed(9)} FILTER(CONCAT(STR(?o1), STR(?o8)) = '-') }}",
        STOPPED,
        "thousands to the 9th",
    ),
    _kind("cross product, ordered", f"SELECT * {{ {_crossed(2)} }} ORDER BY ?o0 ?o1", STOPPED, "sorting holds it all"),
    _kind(
        "cross product, ordered, a row wanted",
        f"SELECT * {{ {_crossed(2)} }} ORDER BY DESC(STR(?o0)) LIMIT 1",
        STOPPED,
        "LIMIT does not shorten a sort",
    ),
    _kind(
        "cross product, ordered by chance",
        f"SELECT * {{ {_crossed(2)} }} ORDER BY RAND() LIMIT 1",
        STOPPED,
        "a key that nothing can index",
    ),
    _kind("cross product, distinct", f"SELECT DISTINCT ?s0 ?s1 ?s2 {{ {_crossed(3)} }}", STOPPED, "a set of them all"),
    _kind("far offset", f"SELECT * {{ {_crossed(2)} }} OFFSET 999999999 LIMIT 1", STOPPED, "rows made to be skipped"),
    _kind(
        "grouped cross product",
        f"SELECT ?s0 ?s1 (COUNT(*) AS ?n) {{ {_crossed(2)} }} GROUP BY ?s0 ?s1 ?o0 ?o1",
        STOPPED,
        "as many groups as rows",
    ),
    _kind(
        "GROUP_CONCAT of everything",
        f"SELECT (GROUP_CONCAT(CONCAT(STR(?s0), STR(?o0), STR(?o1))) AS ?t) {{ {_crossed(2)} }}",
        STOPPED,
        "one string without an end",
    ),
    _kind(
        "GROUP_CONCAT, distinct",
        f"SELECT (GROUP_CONCAT(DISTINCT CONCAT(STR(?s0), STR(?s1), STR(?o1))) AS ?t) {{ {_crossed(2)} }}",
        STOPPED,
        "the string and the set of its parts",
    ),
    _kind(
        "VALUES crossed",
        "SELECT (COUNT(*) AS ?n) { "
        + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(300)))} }}" for n in range(6))
        + " FILTER(?v0 + ?v1 + ?v2 + ?v3 + ?v4 + ?v5 < 0) }",
        STOPPED,
        "needs nothing of the graph",
    ),
    _kind(
        "OPTIONAL without a common variable",
        f"SELECT (COUNT(*) AS ?n) {{ {_crossed(1)} OPTIONAL {{ ?a ?b ?c OPTIONAL {{ ?d ?e ?f }} }} }}",
        STOPPED,
        "a left join that is a product",
    ),
    _kind(
        "MINUS over a product",
        f"SELECT (COUNT(*) AS ?n) {{ {_crossed(2)} MINUS {{ ?s0 ?p0 ?x . ?s1 ?p1 ?y . ?z ?z2 ?z3 }} }}",
        STOPPED,
        "both sides are held",
    ),
    _kind(
        "NOT EXISTS over a product",
        f"SELECT * {{ {_crossed(2)} FILTER NOT EXISTS {{ ?a ?b ?c . ?d ?e ?f FILTER(?c = ?s0 && ?f = ?s1) }} }}",
        STOPPED,
        "a product a row",
    ),
    _kind(
        "subqueries multiplied",
        "SELECT (COUNT(*) AS ?n) { "
        + " ".join(f"{{ SELECT ?s{n} ?o{n} {{ ?s{n} ?p ?o{n} }} }}" for n in range(4))
        + " }",
        STOPPED,
        "each is small, joined they are not",
    ),
    _kind(
        "comparison of all literals",
        "ASK { ?a ex:text ?s . ?b ex:text ?t . ?c ex:text ?u FILTER(CONTAINS(CONCAT(?s, ?t), CONCAT(?u, 'x'))) }",
        STOPPED,
        "strings made for each row",
    ),
)

_PATHS = (
    _kind(
        "unbounded path, both ends free", "SELECT (COUNT(*) AS ?n) { ?a ex:next* ?b }", STOPPED | ANSWERED, "closure"
    ),
    _kind(
        "unbounded path of any property", "SELECT (COUNT(*) AS ?n) { ?a !ex:none* ?b }", STOPPED, "the whole graph's"
    ),
    _kind(
        "path over both directions", "SELECT (COUNT(*) AS ?n) { ?a (ex:link|^ex:link)* ?b }", BOUNDED, "no direction"
    ),
    _kind(
        "closure of a closure",
        "SELECT (COUNT(*) AS ?n) { ?a (((ex:next*)*)*/(ex:link*)*)* ?b }",
        BOUNDED,
        "stars nested",
    ),
    _kind(
        "closures joined",
        "SELECT (COUNT(*) AS ?n) { ?a ex:link* ?b . ?b ex:next* ?c . ?c ex:link* ?d . ?d ex:next* ?e }",
        STOPPED,
        "each row of one asks the next",
    ),
    _kind(
        "path of 500 steps",
        f"SELECT (COUNT(*) AS ?n) {{ ?a {'/'.join(['ex:link'] * 500)} ?b }}",
        STOPPED,
        "60 to the 500th",
    ),
    _kind(
        "path of 500 alternatives",
        f"SELECT (COUNT(*) AS ?n) {{ ?a ({'|'.join(['ex:link'] * 500)})/({'|'.join(['ex:link'] * 500)}) ?b }}",
        STOPPED,
        "each link counts 500 times, twice",
    ),
    _kind(
        "path of 500 optional steps",
        f"SELECT (COUNT(*) AS ?n) {{ ?a {'/'.join(['ex:link?'] * 500)} ?b }}",
        STOPPED,
        "as many ways as subsets",
    ),
    _kind(
        "clique walked",
        "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?n{n} ex:link ?n{n + 1}" for n in range(12)) + " }",
        STOPPED,
        "60 to the 12th walks",
    ),
    _kind(
        "triangles of everything",
        "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?b ?q ?c . ?c ?r ?d . ?d ?s ?a . ?x ?y ?a }",
        STOPPED,
        "cycles through the hub",
    ),
    _kind(
        "star on the hub",
        "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"ex:hub ex:member ?m{n}" for n in range(5)) + " }",
        STOPPED,
        "2,000 to the 5th",
    ),
    _kind(
        "path in NOT EXISTS",
        "SELECT (COUNT(*) AS ?n) { ?a ex:next ?x . ?b ex:next ?y FILTER NOT EXISTS { ?a ex:next+/ex:none ?b } }",
        STOPPED,
        "a closure a row, a million rows",
    ),
    _kind(
        "brackets in a path",
        "ASK { ?a " + _nested("(", 60, "ex:next", ")*") + " ?b . FILTER(?a = 1) }",
        BOUNDED | TOO_BIG,
        "sixty stars inside one another",
    ),
)

_STRINGS = (
    _kind("CONCAT doubled", f"SELECT ?t40 {{ BIND('x' AS ?t0) {_doubled(40)} }}", STOPPED, "a terabyte from a letter"),
    _kind(
        "REPLACE bomb",
        "SELECT ?t12 { BIND('xxxxxxxxxx' AS ?t0) " + _doubled(12, "REPLACE(?t{n}, 'x', 'xxxxxxxxxx')") + " }",
        STOPPED,
        "ten times as long each time",
    ),
    _kind(
        "REPLACE of nothing",
        f"SELECT ?t9 {{ BIND('{_LONG}' AS ?t0) " + _doubled(9, "REPLACE(?t{n}, '', ?t0)") + " }",
        STOPPED | ANSWERED,
        "the empty pattern matches everywhere; the standard makes it an error",
    ),
    _kind(
        "REPLACE with groups",
        "SELECT ?t8 { BIND('xxxxxxxxxx' AS ?t0) "
        + _doubled(8, "REPLACE(?t{n}, '(.)', '$1$1$1$1$1$1$1$1$1$1$1$1$1$1')")
        + " }",
        STOPPED,
        "what is put in repeats what was found",
    ),
    _kind(
        "regex bomb, nested stars",
        "ASK { ?s ex:text ?t FILTER(REGEX(?t, '^(((a|x|word| |[0-9])*)*)*$!')) }",
        BOUNDED,
        "exponential where a matcher backtracks",
    ),
    _kind(
        "regex bomb, counted",
        "ASK { ?s ex:text ?t FILTER(REGEX(?t, '((((.{1,60}){1,60}){1,60}){1,60}){1,60}')) }",
        BOUNDED | SYNTAX,
        "a program of 60 to the 5th states",
    ),
    _kind(
        "regex bomb, Unicode classes",
        "ASK { ?s ex:text ?t FILTER(REGEX(?t, '^(\\\\w{1,200}\\\\W{1,200}){100}$')) }",
        BOUNDED,
        "large classes, repeated",
    ),
    _kind(
        "a regex a row",
        "ASK { ?s ex:text ?t . ?u ex:text ?v FILTER(REGEX(?t, CONCAT('(', ?v, ')*.*x', STR(?u), '$'))) }",
        STOPPED,
        "each row compiles a pattern of its own",
    ),
    _kind(
        "back reference",
        "ASK { ?s ex:text ?t FILTER(REGEX(?t, '(.*)\\\\1\\\\1\\\\1$')) }",
        BOUNDED,
        "no linear time for these",
    ),
    _kind(
        "hash of a long string",
        f"SELECT (SHA512(?t24) AS ?h) {{ BIND('{_LONG}' AS ?t0) {_doubled(24)} }}",
        STOPPED,
        "one number from gigabytes",
    ),
    _kind(
        "percent signs encoded",
        "SELECT ?t20 { BIND('%%%%%%%%%%' AS ?t0) " + _doubled(20, "ENCODE_FOR_URI(?t{n})") + " }",
        BOUNDED,
        "each % becomes three characters, then more",
    ),
    _kind(
        "long decimals",
        "SELECT ?t40 { BIND(1.0000000001 AS ?t0) " + _doubled(40, "(?t{n} * ?t{n})") + " }",
        BOUNDED,
        "numbers that could grow without end",
    ),
    _kind(
        "one row of 64 MB",
        f"SELECT ?t17 {{ BIND('{_LONG}' AS ?t0) {_doubled(17)} }}",
        STOPPED,
        "longer than the longest answer",
    ),
    _kind(
        "a number of 50,000 digits",
        f"SELECT ?n {{ BIND({'9' * 50_000} AS ?n) }}",
        BOUNDED | SYNTAX,
        "as long as a query may be, in one number",
    ),
)

_NESTING = (
    _kind(
        "1,000 nested FILTER EXISTS",
        "ASK " + _nested("{ ?s ?p ?o FILTER EXISTS ", 1000, "{}"),
        TOO_BIG,
        "a stack frame each in the parser",
    ),
    _kind(
        "60 nested FILTER EXISTS",
        "ASK " + _nested("{ ?s ?p ?o FILTER EXISTS ", 60, "{ ?s ?p 1 . ?x ?y ?z }"),
        BOUNDED | TOO_BIG,
        "as deep as the gate lets through",
    ),
    _kind(
        "60 nested NOT EXISTS of free patterns",
        "ASK " + "".join(f"{{ ?s{n} ?p{n} ?o{n} FILTER NOT EXISTS " for n in range(60)) + "{ ?s ?p 1 }" + "}" * 60,
        BOUNDED | TOO_BIG,
        "thousands to the 60th where each fails last",
    ),
    _kind(
        "60 nested OPTIONAL",
        "SELECT * " + "".join(f"{{ ?s{n} ?p{n} ?o{n} OPTIONAL " for n in range(60)) + "{}" + "}" * 60,
        STOPPED,
        "products, nested",
    ),
    _kind(
        "60 nested subqueries",
        "SELECT * " + _nested("{ SELECT * ", 60, "{ ?s ?p ?o . ?a ?b ?c }"),
        STOPPED,
        "a plan each",
    ),
    _kind(
        "10,000 UNIONs",
        "SELECT * { " + " UNION ".join(["{}"] * 10_000) + " }",
        TOO_BIG,
        "a branch for every six bytes",
    ),
    _kind(
        "2,500 UNIONs of everything",
        "SELECT (COUNT(*) AS ?n) { " + "UNION".join(["{?s?p?o}"] * 2_500) + " ?a ?b ?c }",
        STOPPED | TOO_BIG,
        "the largest that the gate lets through",
    ),
    _kind(
        "6,000 OPTIONALs",
        "SELECT * { " + "OPTIONAL{}" * 6_000 + " }",
        STOPPED | ANSWERED | TOO_BIG,
        "6,000 joins of nothing",
    ),
    _kind("brackets in a filter", "ASK { FILTER(" + _nested("(", 30_000, "1", ")") + ") }", TOO_BIG, "30,000 deep"),
    _kind("a row of nots", "ASK { FILTER(" + "!" * 19_000 + "true) }", STOPPED, "deep without a bracket"),
    _kind(
        "a row of minuses", "ASK { FILTER(" + "- " * 15_000 + "1 < 0) }", BOUNDED | SYNTAX, "as before, by arithmetic"
    ),
    _kind(
        "a sum of 9,000",
        "ASK { FILTER(" + "+".join(["1"] * 9_000) + " = 9000) }",
        BOUNDED,
        "a tree that leans to one side",
    ),
    _kind(
        "3,900 alternatives of a filter",
        "ASK { ?s ?p ?o FILTER(" + "||".join(["?s=1"] * 3_900) + ") }",
        BOUNDED,
        "each row tries all",
    ),
    _kind(
        "inverse, inverse, inverse",
        "ASK { ?a " + "^" * 15_000 + "ex:next ?b }",
        BOUNDED | SYNTAX,
        "a chain of one-sign steps",
    ),
    _kind("lists in lists", "ASK { ?s ?p " + _nested("(", 30_000, "1", ")") + " }", TOO_BIG, "a node each"),
    _kind(
        "blank nodes in blank nodes",
        "ASK { " + _nested("[ ex:next ", 20_000, "1", "]") + " ?p ?o }",
        TOO_BIG,
        "as lists",
    ),
    _kind(
        "a list of 9,000", "ASK { ?s ?p (" + " 1" * 9_000 + ") }", BOUNDED, "18,000 patterns in one pair of brackets"
    ),
    _kind(
        "3,000 variables",
        "SELECT * { " + " ".join(f"BIND({n} AS ?v{n})" for n in range(3_000)) + " ?s ?p ?o }",
        BOUNDED,
        "rows of 3,000 columns",
    ),
    _kind(
        "2,800 patterns",
        "SELECT * { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(2_800)) + " }",
        STOPPED,
        "an optimizer's nightmare: an order must be chosen",
    ),
    _kind(
        "quoted triples nested",
        "ASK { " + _nested("<< ", 10_000, "?s ?p ?o", " >>") + " ?p ?o }",
        TOO_BIG,
        "RDF-star's recursion",
    ),
    _kind("a query of 100 kB", "ASK { ?s ?p '" + "x" * 100_000 + "' }", TOO_BIG, "longer than is read"),
    _kind(
        "a string never closed", "ASK { ?s ?p '''" + "'' " * 10_000, SYNTAX, "a lexer might begin again at each quote"
    ),
    _kind("quotes without an end", "ASK { ?s ?p " + '"\\' * 10_000, SYNTAX | TOO_BIG, "escapes to the end of the text"),
    _kind("angles without an end", "ASK { ?s ?p " + "<a" * 9_000, SYNTAX | TOO_BIG, "each may open an IRI"),
    _kind(
        "19,000 tokens that look like federation",
        "ASK { " + "?service load: " * 4_000 + "}",
        SYNTAX,
        "the words that the gate looks at twice",
    ),
    _kind("a comment of 60 kB", "ASK {} #" + "<'\"" * 20_000, ANSWERED, "nothing, for a lexer that is linear"),
)

_GRAPHS = (
    _kind("DESCRIBE of a hub", "DESCRIBE ex:hub", BOUNDED, "2,000 statements and more"),
    _kind(
        "DESCRIBE of everything", "DESCRIBE ?s { ?s ?p ?o . ?a ?b ?c }", STOPPED | ANSWERED, "each thing, for each pair"
    ),
    _kind(
        "CONSTRUCT bomb",
        "CONSTRUCT { "
        + " . ".join(f"?s0 ex:p{n} ?s1 . ?s1 ex:q{n} ?s0" for n in range(50))
        + f" }} WHERE {{ {_crossed(2)} }}",
        STOPPED,
        "a hundred statements a row",
    ),
    _kind(
        "CONSTRUCT of blank nodes",
        "CONSTRUCT { [] ex:a [ ex:b [ ex:c ?s0 ] ] . _:x ex:d ?s1 } " + f"WHERE {{ {_crossed(2)} }}",
        STOPPED,
        "new nodes a row: no set makes them fewer",
    ),
    _kind(
        "CONSTRUCT of the product",
        f"CONSTRUCT {{ ?s0 ?p1 ?o1 }} WHERE {{ {_crossed(2)} }}",
        STOPPED,
        "far more than is stored",
    ),
    _kind(
        "every graph against every graph",
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } GRAPH ?i { ?j ?k ?l } ?x ?y ?z }",
        BOUNDED,
        "graphs multiplied",
    ),
    _kind(
        "4,000 FROM clauses",
        "SELECT * " + " ".join(f"FROM ex:g{n}" for n in range(4_000)) + " { ?s ?p ?o . ?a ?b ?c }",
        BOUNDED,
        "a dataset of many graphs",
    ),
)

_REACHING = (
    _kind("SERVICE", f"ASK {{ SERVICE <{NOWHERE}> {{ ?s ?p ?o }} }}", FEDERATION, "makes this server ask another"),
    _kind("SERVICE SILENT, mixed case", f"ASK {{ sErViCe SILENT <{NOWHERE}> {{}} }}", FEDERATION, "the same"),
    _kind("SERVICE with a variable", "ASK { ?s ?p ?x SERVICE?x{} }", FEDERATION, "the graph names the target"),
    _kind(
        "SERVICE joined to a name", f"PREFIX : <{NOWHERE}> ASK {{ SERVICE:x {{}} }}", FEDERATION, "no space is needed"
    ),
    _kind(
        "SERVICE as a prefix", f"PREFIX service: <{NOWHERE}> ASK {{ service: {{}} }}", FEDERATION, "read as two words"
    ),
    _kind(
        "SERVICE by code points",
        f"ASK {{ \\u0053ERVICE <{NOWHERE}> {{}} }}",
        FEDERATION | SYNTAX,
        "unescaped before parsing",
    ),
    _kind(
        "SERVICE behind a comment", f"ASK {{ # hidden \rSERVICE <{NOWHERE}> {{}} }}", FEDERATION, "CR ends a comment"
    ),
    _kind(
        "SERVICE behind a comparison",
        f"ASK {{ FILTER(1<2)SERVICE#>\n<{NOWHERE}>{{}} }}",
        FEDERATION,
        "looks like an IRI",
    ),
    _kind(
        "SERVICE behind true",
        f"PREFIX : <{NOWHERE}> ASK {{ ?s ex: trueSERVICE:x{{}} }}".replace("ex:", f"<{EX}>"),
        FEDERATION,
        "looks like a name",
    ),
    _kind(
        "SERVICE in EXISTS",
        f"ASK {{ ?s ?p ?o FILTER EXISTS {{ SERVICE <{NOWHERE}> {{}} }} }}",
        FEDERATION,
        "inside a filter",
    ),
    _kind(
        "SERVICE in a subquery",
        f"ASK {{ {{ SELECT * {{ SERVICE <{NOWHERE}> {{}} }} }} }}",
        FEDERATION,
        "inside a subquery",
    ),
    _kind(
        "SERVICE for local files", "ASK { SERVICE <file:///etc/passwd> { ?s ?p ?o } }", FEDERATION, "not HTTP at all"
    ),
    _kind(
        "SERVICE for the cloud's metadata",
        "ASK { SERVICE <http://169.254.169.254/latest/> { ?s ?p ?o } }",
        FEDERATION,
        "secrets of the host",
    ),
    _kind("LOAD", f"LOAD <{NOWHERE}>", FEDERATION, "an update that fetches"),
    _kind(
        "FROM another machine",
        f"ASK FROM <{NOWHERE}> {{ ?s ?p ?o }}",
        ANSWERED,
        "some engines fetch it; ours has no such graph",
    ),
    _kind("FROM a file", "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", ANSWERED, "as above"),
    _kind("GRAPH of another machine", f"SELECT * {{ GRAPH <{NOWHERE}> {{ ?s ?p ?o }} }}", ANSWERED, "as above"),
    _kind("update on the query route", "DELETE WHERE { ?s ?p ?o }", SYNTAX, "would empty the store"),
    _kind(
        "function of a foreign engine",
        "SELECT (<java:java.lang.System.exit>(1) AS ?x) {}",
        frozenset({422}),
        "Jena ran such",
    ),
    _kind(
        "a base that is a file",
        "BASE <file:///etc/> SELECT * FROM <passwd> { ?s ?p ?o }",
        ANSWERED,
        "relative to the machine",
    ),
)

KINDS: tuple[Kind, ...] = (*_PRODUCTS, *_PATHS, *_STRINGS, *_NESTING, *_GRAPHS, *_REACHING)
if len({kind.name for kind in KINDS}) != len(KINDS):
    raise ValueError("two kinds of one name")
