"""How schemathesis writes bodies that it has no writer for: text as it is. Named by the variable SCHEMATHESIS_HOOKS."""

import schemathesis


@schemathesis.serializer(
    "application/sparql-query",
    "application/sparql-update",
    "application/n-triples",
    "application/ld+json",
    "application/rdf+xml",
    "application/pdf",
    "application/xhtml+xml",
    "text/turtle",
    "text/html",
)
def written(_context, value):
    """The bytes of a body."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
