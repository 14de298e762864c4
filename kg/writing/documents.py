"""Documents that an update loads, as statements; they were fetched before the write came to the gate."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from kg.model.writes import Write
from kg.writing.declined import Declined

#: The statements of a body that is about one graph, in N-Triples, with its base. Raises Declined.
Statements = Callable[[Write, str], Iterable[str]]


def documents_of(write: Write, statements: Statements) -> Callable[[str], str | None]:
    """Gives the statements of each document of a write, by its IRI; None for one that it does not have."""
    loaded = {each.iri: each for each in write.loads}

    def read(iri: str) -> str | None:
        document = loaded.get(iri)
        if document is None:
            return None
        body = replace(write, body=document.payload, media_type=document.media_type, loads=())
        try:
            return "".join(statements(body, iri))
        except Declined as declined:
            # The place in its words is one of the document; in the answer it would be taken for one of the update.
            place = f", line {declined.line}" if declined.line else ""
            raise Declined(declined.outcome, f"<{iri}>{place} cannot be loaded: {declined.reason}") from declined

    return read
