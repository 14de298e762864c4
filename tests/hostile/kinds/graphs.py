"""Answers that are graphs."""

from __future__ import annotations

from kinds.kind import ANSWERED, BOUNDED, STOPPED, crossed, kind

GRAPHS = (
    kind("DESCRIBE of a hub", "DESCRIBE ex:hub", BOUNDED, "2,000 statements and more"),
    kind(
        "DESCRIBE of everything", "DESCRIBE ?s { ?s ?p ?o . ?a ?b ?c }", STOPPED | ANSWERED, "each thing, for each pair"
    ),
    kind(
        "CONSTRUCT bomb",
        "CONSTRUCT { "
        + " . ".join(f"?s0 ex:p{n} ?s1 . ?s1 ex:q{n} ?s0" for n in range(50))
        + f" }} WHERE {{ {crossed(2)} }}",
        STOPPED,
        "a hundred statements a row",
    ),
    kind(
        "CONSTRUCT of blank nodes",
        "CONSTRUCT { [] ex:a [ ex:b [ ex:c ?s0 ] ] . _:x ex:d ?s1 } " + f"WHERE {{ {crossed(2)} }}",
        STOPPED,
        "new nodes a row: no set makes them fewer",
    ),
    kind(
        "CONSTRUCT of the product",
        f"CONSTRUCT {{ ?s0 ?p1 ?o1 }} WHERE {{ {crossed(2)} }}",
        STOPPED,
        "far more than is stored",
    ),
    kind(
        "every graph against every graph",
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } GRAPH ?i { ?j ?k ?l } ?x ?y ?z }",
        BOUNDED,
        "graphs multiplied",
    ),
    kind(
        "4,000 FROM clauses",
        "SELECT * " + " ".join(f"FROM ex:g{n}" for n in range(4_000)) + " { ?s ?p ?o . ?a ?b ?c }",
        BOUNDED,
        "a dataset of many graphs",
    ),
)
