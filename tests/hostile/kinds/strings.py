"""Texts and numbers that grow."""

from __future__ import annotations

from kinds.kind import ANSWERED, BOUNDED, LONG, STOPPED, SYNTAX, doubled, kind

STRINGS = (
    kind("CONCAT doubled", f"SELECT ?t40 {{ BIND('x' AS ?t0) {doubled(40)} }}", STOPPED, "a terabyte from a letter"),
    kind(
        "REPLACE bomb",
        "SELECT ?t12 { BIND('xxxxxxxxxx' AS ?t0) " + doubled(12, "REPLACE(?t{n}, 'x', 'xxxxxxxxxx')") + " }",
        STOPPED,
        "ten times as long each time",
    ),
    kind(
        "REPLACE of nothing",
        f"SELECT ?t9 {{ BIND('{LONG}' AS ?t0) " + doubled(9, "REPLACE(?t{n}, '', ?t0)") + " }",
        STOPPED | ANSWERED,
        "the empty pattern matches everywhere; the standard makes it an error",
    ),
    kind(
        "REPLACE with groups",
        "SELECT ?t8 { BIND('xxxxxxxxxx' AS ?t0) "
        + doubled(8, "REPLACE(?t{n}, '(.)', '$1$1$1$1$1$1$1$1$1$1$1$1$1$1')")
        + " }",
        STOPPED,
        "what is put in repeats what was found",
    ),
    kind(
        "regex bomb, nested stars",
        "ASK { ?s ex:text ?t FILTER(REGEX(?t, '^(((a|x|word| |[0-9])*)*)*$!')) }",
        BOUNDED,
        "exponential where a matcher backtracks",
    ),
    kind(
        "regex bomb, counted",
        "ASK { ?s ex:text ?t FILTER(REGEX(?t, '((((.{1,60}){1,60}){1,60}){1,60}){1,60}')) }",
        BOUNDED | SYNTAX,
        "a program of 60 to the 5th states",
    ),
    kind(
        "regex bomb, Unicode classes",
        "ASK { ?s ex:text ?t FILTER(REGEX(?t, '^(\\\\w{1,200}\\\\W{1,200}){100}$')) }",
        BOUNDED,
        "large classes, repeated",
    ),
    kind(
        "a regex a row",
        "ASK { ?s ex:text ?t . ?u ex:text ?v FILTER(REGEX(?t, CONCAT('(', ?v, ')*.*x', STR(?u), '$'))) }",
        STOPPED,
        "each row compiles a pattern of its own",
    ),
    kind(
        "back reference",
        "ASK { ?s ex:text ?t FILTER(REGEX(?t, '(.*)\\\\1\\\\1\\\\1$')) }",
        BOUNDED,
        "no linear time for these",
    ),
    kind(
        "hash of a long string",
        f"SELECT (SHA512(?t24) AS ?h) {{ BIND('{LONG}' AS ?t0) {doubled(24)} }}",
        STOPPED,
        "one number from gigabytes",
    ),
    kind(
        "percent signs encoded",
        "SELECT ?t20 { BIND('%%%%%%%%%%' AS ?t0) " + doubled(20, "ENCODE_FOR_URI(?t{n})") + " }",
        BOUNDED,
        "each % becomes three characters, then more",
    ),
    kind(
        "long decimals",
        "SELECT ?t40 { BIND(1.0000000001 AS ?t0) " + doubled(40, "(?t{n} * ?t{n})") + " }",
        BOUNDED,
        "numbers that could grow without end",
    ),
    kind(
        "one row of 64 MB",
        f"SELECT ?t17 {{ BIND('{LONG}' AS ?t0) {doubled(17)} }}",
        STOPPED,
        "longer than the longest answer",
    ),
    kind(
        "a number of 50,000 digits",
        f"SELECT ?n {{ BIND({'9' * 50_000} AS ?n) }}",
        BOUNDED | SYNTAX,
        "as long as a query may be, in one number",
    ),
)
