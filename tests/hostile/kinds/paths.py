"""Paths of properties that go far."""

from __future__ import annotations

from kinds.kind import ANSWERED, BOUNDED, STOPPED, TOO_BIG, kind, nested

PATHS = (
    kind("unbounded path, both ends free", "SELECT (COUNT(*) AS ?n) { ?a ex:next* ?b }", STOPPED | ANSWERED, "closure"),
    kind("unbounded path of any property", "SELECT (COUNT(*) AS ?n) { ?a !ex:none* ?b }", STOPPED, "the whole graph's"),
    kind("path over both directions", "SELECT (COUNT(*) AS ?n) { ?a (ex:link|^ex:link)* ?b }", BOUNDED, "no direction"),
    kind(
        "closure of a closure",
        "SELECT (COUNT(*) AS ?n) { ?a (((ex:next*)*)*/(ex:link*)*)* ?b }",
        BOUNDED,
        "stars nested",
    ),
    kind(
        "closures joined",
        "SELECT (COUNT(*) AS ?n) { ?a ex:link* ?b . ?b ex:next* ?c . ?c ex:link* ?d . ?d ex:next* ?e }",
        STOPPED,
        "each row of one asks the next",
    ),
    kind(
        "path of 500 steps",
        f"SELECT (COUNT(*) AS ?n) {{ ?a {'/'.join(['ex:link'] * 500)} ?b }}",
        STOPPED,
        "60 to the 500th",
    ),
    kind(
        "path of 500 alternatives",
        f"SELECT (COUNT(*) AS ?n) {{ ?a ({'|'.join(['ex:link'] * 500)})/({'|'.join(['ex:link'] * 500)}) ?b }}",
        STOPPED,
        "each link counts 500 times, twice",
    ),
    kind(
        "path of 500 optional steps",
        f"SELECT (COUNT(*) AS ?n) {{ ?a {'/'.join(['ex:link?'] * 500)} ?b }}",
        STOPPED,
        "as many ways as subsets",
    ),
    kind(
        "clique walked",
        "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?n{n} ex:link ?n{n + 1}" for n in range(12)) + " }",
        STOPPED,
        "60 to the 12th walks",
    ),
    kind(
        "triangles of everything",
        "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?b ?q ?c . ?c ?r ?d . ?d ?s ?a . ?x ?y ?a }",
        STOPPED,
        "cycles through the hub",
    ),
    kind(
        "star on the hub",
        "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"ex:hub ex:member ?m{n}" for n in range(5)) + " }",
        STOPPED,
        "2,000 to the 5th",
    ),
    kind(
        "path in NOT EXISTS",
        "SELECT (COUNT(*) AS ?n) { ?a ex:next ?x . ?b ex:next ?y FILTER NOT EXISTS { ?a ex:next+/ex:none ?b } }",
        STOPPED,
        "a closure a row, a million rows",
    ),
    kind(
        "brackets in a path",
        "ASK { ?a " + nested("(", 60, "ex:next", ")*") + " ?b . FILTER(?a = 1) }",
        BOUNDED | TOO_BIG,
        "sixty stars inside one another",
    ),
)
