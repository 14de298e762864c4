"""Queries that are deep or long to read."""

from __future__ import annotations

from kinds.kind import ANSWERED, BOUNDED, STOPPED, SYNTAX, TOO_BIG, kind, nested

NESTING = (
    kind(
        "1,000 nested FILTER EXISTS",
        "ASK " + nested("{ ?s ?p ?o FILTER EXISTS ", 1000, "{}"),
        TOO_BIG,
        "a stack frame each in the parser",
    ),
    kind(
        "60 nested FILTER EXISTS",
        "ASK " + nested("{ ?s ?p ?o FILTER EXISTS ", 60, "{ ?s ?p 1 . ?x ?y ?z }"),
        BOUNDED | TOO_BIG,
        "as deep as the gate lets through",
    ),
    kind(
        "60 nested NOT EXISTS of free patterns",
        "ASK " + "".join(f"{{ ?s{n} ?p{n} ?o{n} FILTER NOT EXISTS " for n in range(60)) + "{ ?s ?p 1 }" + "}" * 60,
        BOUNDED | TOO_BIG,
        "thousands to the 60th where each fails last",
    ),
    kind(
        "60 nested OPTIONAL",
        "SELECT * " + "".join(f"{{ ?s{n} ?p{n} ?o{n} OPTIONAL " for n in range(60)) + "{}" + "}" * 60,
        STOPPED,
        "products, nested",
    ),
    kind(
        "60 nested subqueries",
        "SELECT * " + nested("{ SELECT * ", 60, "{ ?s ?p ?o . ?a ?b ?c }"),
        STOPPED,
        "a plan each",
    ),
    kind(
        "10,000 UNIONs",
        "SELECT * { " + " UNION ".join(["{}"] * 10_000) + " }",
        TOO_BIG,
        "a branch for every six bytes",
    ),
    kind(
        "2,500 UNIONs of everything",
        "SELECT (COUNT(*) AS ?n) { " + "UNION".join(["{?s?p?o}"] * 2_500) + " ?a ?b ?c }",
        STOPPED | TOO_BIG,
        "the largest that the gate lets through",
    ),
    kind(
        "6,000 OPTIONALs",
        "SELECT * { " + "OPTIONAL{}" * 6_000 + " }",
        STOPPED | ANSWERED | TOO_BIG,
        "6,000 joins of nothing",
    ),
    kind("brackets in a filter", "ASK { FILTER(" + nested("(", 30_000, "1", ")") + ") }", TOO_BIG, "30,000 deep"),
    kind("a row of nots", "ASK { FILTER(" + "!" * 19_000 + "true) }", STOPPED, "deep without a bracket"),
    kind(
        "a row of minuses", "ASK { FILTER(" + "- " * 15_000 + "1 < 0) }", BOUNDED | SYNTAX, "as before, by arithmetic"
    ),
    kind(
        "a sum of 9,000",
        "ASK { FILTER(" + "+".join(["1"] * 9_000) + " = 9000) }",
        BOUNDED,
        "a tree that leans to one side",
    ),
    kind(
        "3,900 alternatives of a filter",
        "ASK { ?s ?p ?o FILTER(" + "||".join(["?s=1"] * 3_900) + ") }",
        BOUNDED,
        "each row tries all",
    ),
    kind(
        "inverse, inverse, inverse",
        "ASK { ?a " + "^" * 15_000 + "ex:next ?b }",
        BOUNDED | SYNTAX,
        "a chain of one-sign steps",
    ),
    kind("lists in lists", "ASK { ?s ?p " + nested("(", 30_000, "1", ")") + " }", TOO_BIG, "a node each"),
    kind(
        "blank nodes in blank nodes",
        "ASK { " + nested("[ ex:next ", 20_000, "1", "]") + " ?p ?o }",
        TOO_BIG,
        "as lists",
    ),
    kind("a list of 9,000", "ASK { ?s ?p (" + " 1" * 9_000 + ") }", BOUNDED, "18,000 patterns in one pair of brackets"),
    kind(
        "3,000 variables",
        "SELECT * { " + " ".join(f"BIND({n} AS ?v{n})" for n in range(3_000)) + " ?s ?p ?o }",
        BOUNDED,
        "rows of 3,000 columns",
    ),
    kind(
        "2,800 patterns",
        "SELECT * { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(2_800)) + " }",
        STOPPED,
        "an optimizer's nightmare: an order must be chosen",
    ),
    kind(
        "quoted triples nested",
        "ASK { " + nested("<< ", 10_000, "?s ?p ?o", " >>") + " ?p ?o }",
        TOO_BIG,
        "RDF-star's recursion",
    ),
    kind("a query of 100 kB", "ASK { ?s ?p '" + "x" * 100_000 + "' }", TOO_BIG, "longer than is read"),
    kind(
        "a string never closed", "ASK { ?s ?p '''" + "'' " * 10_000, SYNTAX, "a lexer might begin again at each quote"
    ),
    kind("quotes without an end", "ASK { ?s ?p " + '"\\' * 10_000, SYNTAX | TOO_BIG, "escapes to the end of the text"),
    kind("angles without an end", "ASK { ?s ?p " + "<a" * 9_000, SYNTAX | TOO_BIG, "each may open an IRI"),
    kind(
        "19,000 tokens that look like federation",
        "ASK { " + "?service load: " * 4_000 + "}",
        SYNTAX,
        "the words that the gate looks at twice",
    ),
    kind("a comment of 60 kB", "ASK {} #" + "<'\"" * 20_000, ANSWERED, "nothing, for a lexer that is linear"),
)
