"""Queries whose solutions multiply."""

from __future__ import annotations

from kinds.kind import STOPPED, crossed, kind

PRODUCTS = (
    kind("cross product", f"SELECT * {{ {crossed(3)} }}", STOPPED, "thousands cubed rows"),
    kind("cross product, counted", f"SELECT (COUNT(*) AS ?n) {{ {crossed(3)} }}", STOPPED, "no row is ever written"),
    kind(
        "cross product, filtered away",
        f"SELECT * {{ {crossed(3)} FILTER(STRLEN(CONCAT(STR(?o0), STR(?o1), STR(?o2))) < 0) }}",
        STOPPED,
        "all is made, nothing is kept",
    ),
    kind(
        "cross product of nine",
        f"ASK {{ {crossed(9)} FILTER(CONCAT(STR(?o1), STR(?o8)) = '-') }}",
        STOPPED,
        "thousands to the 9th",
    ),
    kind("cross product, ordered", f"SELECT * {{ {crossed(2)} }} ORDER BY ?o0 ?o1", STOPPED, "sorting holds it all"),
    kind(
        "cross product, ordered, a row wanted",
        f"SELECT * {{ {crossed(2)} }} ORDER BY DESC(STR(?o0)) LIMIT 1",
        STOPPED,
        "LIMIT does not shorten a sort",
    ),
    kind(
        "cross product, ordered by chance",
        f"SELECT * {{ {crossed(2)} }} ORDER BY RAND() LIMIT 1",
        STOPPED,
        "a key that nothing can index",
    ),
    kind("cross product, distinct", f"SELECT DISTINCT ?s0 ?s1 ?s2 {{ {crossed(3)} }}", STOPPED, "a set of them all"),
    kind("far offset", f"SELECT * {{ {crossed(2)} }} OFFSET 999999999 LIMIT 1", STOPPED, "rows made to be skipped"),
    kind(
        "grouped cross product",
        f"SELECT ?s0 ?s1 (COUNT(*) AS ?n) {{ {crossed(2)} }} GROUP BY ?s0 ?s1 ?o0 ?o1",
        STOPPED,
        "as many groups as rows",
    ),
    kind(
        "GROUP_CONCAT of everything",
        f"SELECT (GROUP_CONCAT(CONCAT(STR(?s0), STR(?o0), STR(?o1))) AS ?t) {{ {crossed(2)} }}",
        STOPPED,
        "one string without an end",
    ),
    kind(
        "GROUP_CONCAT, distinct",
        f"SELECT (GROUP_CONCAT(DISTINCT CONCAT(STR(?s0), STR(?s1), STR(?o1))) AS ?t) {{ {crossed(2)} }}",
        STOPPED,
        "the string and the set of its parts",
    ),
    kind(
        "VALUES crossed",
        "SELECT (COUNT(*) AS ?n) { "
        + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(300)))} }}" for n in range(6))
        + " FILTER(?v0 + ?v1 + ?v2 + ?v3 + ?v4 + ?v5 < 0) }",
        STOPPED,
        "needs nothing of the graph",
    ),
    kind(
        "OPTIONAL without a common variable",
        f"SELECT (COUNT(*) AS ?n) {{ {crossed(1)} OPTIONAL {{ ?a ?b ?c OPTIONAL {{ ?d ?e ?f }} }} }}",
        STOPPED,
        "a left join that is a product",
    ),
    kind(
        "MINUS over a product",
        f"SELECT (COUNT(*) AS ?n) {{ {crossed(2)} MINUS {{ ?s0 ?p0 ?x . ?s1 ?p1 ?y . ?z ?z2 ?z3 }} }}",
        STOPPED,
        "both sides are held",
    ),
    kind(
        "NOT EXISTS over a product",
        f"SELECT * {{ {crossed(2)} FILTER NOT EXISTS {{ ?a ?b ?c . ?d ?e ?f FILTER(?c = ?s0 && ?f = ?s1) }} }}",
        STOPPED,
        "a product a row",
    ),
    kind(
        "subqueries multiplied",
        "SELECT (COUNT(*) AS ?n) { "
        + " ".join(f"{{ SELECT ?s{n} ?o{n} {{ ?s{n} ?p ?o{n} }} }}" for n in range(4))
        + " }",
        STOPPED,
        "each is small, joined they are not",
    ),
    kind(
        "comparison of all literals",
        "ASK { ?a ex:text ?s . ?b ex:text ?t . ?c ex:text ?u FILTER(CONTAINS(CONCAT(?s, ?t), CONCAT(?u, 'x'))) }",
        STOPPED,
        "strings made for each row",
    ),
)
