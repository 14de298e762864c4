"""The dataset that a request names beside its update."""

from __future__ import annotations

import pytest

from kg.model.writes import Write, WriteKind, WriteOutcome
from kg.writing.dataset import with_dataset
from kg.writing.declined import Declined
from kg.writing.update import taken_apart


def texts(text, **graphs):
    """The operations of an update with this dataset, as text without needless space."""
    write = Write(kind=WriteKind.UPDATE, author="ada", **graphs)
    return [" ".join(part.text.split()) for part in with_dataset(taken_apart(text), write).operations]


def test_operations_with_a_pattern_get_the_clauses():
    """Before WHERE; data has no pattern, and the short form of DELETE is written out."""
    update = "INSERT DATA { <s> <p> 1 } ; INSERT { <s> <p> 1 } WHERE { <s> <p> 2 } ; DELETE WHERE { <s> <p> 3 }"
    assert texts(update, using_graphs=("x:a",), using_named_graphs=("x:b",)) == [
        "INSERT DATA { <s> <p> 1 }",
        "INSERT { <s> <p> 1 } USING <x:a> USING NAMED <x:b> WHERE { <s> <p> 2 }",
        "DELETE { <s> <p> 3 } USING <x:a> USING NAMED <x:b> WHERE { <s> <p> 3 }",
    ]


def test_without_a_dataset_nothing_is_added():
    """The update stays as it was written."""
    assert texts("INSERT { <s> <p> 1 } WHERE { }") == ["INSERT { <s> <p> 1 } WHERE { }"]


@pytest.mark.parametrize(
    ("text", "graph"),
    [
        ("WITH <g> DELETE { } WHERE { }", "x:a"),
        ("DELETE { } USING <g> WHERE { }", "x:a"),
        ("DELETE { } USING NAMED <g> WHERE { }", "x:a"),
        ("DELETE { } WHERE { }", "no IRI"),
    ],
)
def test_what_the_protocol_rules_out_is_malformed(text, graph):
    """A dataset of the update's own beside that of the request (section 2.2.3), and what is no IRI."""
    with pytest.raises(Declined) as declined:
        texts(text, using_graphs=(graph,))
    assert declined.value.outcome is WriteOutcome.MALFORMED
