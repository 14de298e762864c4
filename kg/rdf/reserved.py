"""What is said outside named graphs, and by one page or file alone: no file that people keep may say it as well.

A named graph that stated what is evidence would have it stand in the graph when the page goes, and the digest of a
version could no more be summed up from what each page contributes.
"""

from __future__ import annotations

from collections.abc import Iterable

from kg.model.errors import KnowledgeError
from kg.rdf.iris import Minter
from kg.rdf.syntax import Statement
from kg.rdf.vocab import COORD

_READ_FROM = COORD("readFrom")


def refuse_evidence(statements: Iterable[Statement], name: str, minter: Minter) -> None:
    """Looks for a statement about a claim, passage, mention, gap, page or curated fact of this deployment.

    Raises:
        KnowledgeError: there is one, in the file of that name.
    """
    for subject, predicate, _ in statements:
        if predicate == _READ_FROM or minter.is_evidence(subject.value):
            raise KnowledgeError(
                name,
                f"states {predicate} of {subject}, which is evidence and comes with its page or file; "
                "leave it out, and state what is so of things",
            )
