"""Queries that reach for other machines or files."""

from __future__ import annotations

from kinds.kind import ANSWERED, EX, FEDERATION, NOWHERE, SYNTAX, kind

REACHING = (
    kind("SERVICE", f"ASK {{ SERVICE <{NOWHERE}> {{ ?s ?p ?o }} }}", FEDERATION, "makes this server ask another"),
    kind("SERVICE SILENT, mixed case", f"ASK {{ sErViCe SILENT <{NOWHERE}> {{}} }}", FEDERATION, "the same"),
    kind("SERVICE with a variable", "ASK { ?s ?p ?x SERVICE?x{} }", FEDERATION, "the graph names the target"),
    kind(
        "SERVICE joined to a name", f"PREFIX : <{NOWHERE}> ASK {{ SERVICE:x {{}} }}", FEDERATION, "no space is needed"
    ),
    kind(
        "SERVICE as a prefix", f"PREFIX service: <{NOWHERE}> ASK {{ service: {{}} }}", FEDERATION, "read as two words"
    ),
    kind(
        "SERVICE by code points",
        f"ASK {{ \\u0053ERVICE <{NOWHERE}> {{}} }}",
        FEDERATION | SYNTAX,
        "unescaped before parsing",
    ),
    kind("SERVICE behind a comment", f"ASK {{ # hidden \rSERVICE <{NOWHERE}> {{}} }}", FEDERATION, "CR ends a comment"),
    kind(
        "SERVICE behind a comparison",
        f"ASK {{ FILTER(1<2)SERVICE#>\n<{NOWHERE}>{{}} }}",
        FEDERATION,
        "looks like an IRI",
    ),
    kind(
        "SERVICE behind true",
        f"PREFIX : <{NOWHERE}> ASK {{ ?s ex: trueSERVICE:x{{}} }}".replace("ex:", f"<{EX}>"),
        FEDERATION,
        "looks like a name",
    ),
    kind(
        "SERVICE in EXISTS",
        f"ASK {{ ?s ?p ?o FILTER EXISTS {{ SERVICE <{NOWHERE}> {{}} }} }}",
        FEDERATION,
        "inside a filter",
    ),
    kind(
        "SERVICE in a subquery",
        f"ASK {{ {{ SELECT * {{ SERVICE <{NOWHERE}> {{}} }} }} }}",
        FEDERATION,
        "inside a subquery",
    ),
    kind("SERVICE for local files", "ASK { SERVICE <file:///etc/passwd> { ?s ?p ?o } }", FEDERATION, "not HTTP at all"),
    kind(
        "SERVICE for the cloud's metadata",
        "ASK { SERVICE <http://169.254.169.254/latest/> { ?s ?p ?o } }",
        FEDERATION,
        "secrets of the host",
    ),
    kind("LOAD", f"LOAD <{NOWHERE}>", FEDERATION, "an update that fetches"),
    kind(
        "FROM another machine",
        f"ASK FROM <{NOWHERE}> {{ ?s ?p ?o }}",
        ANSWERED,
        "some engines fetch it; ours has no such graph",
    ),
    kind("FROM a file", "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", ANSWERED, "as above"),
    kind("GRAPH of another machine", f"SELECT * {{ GRAPH <{NOWHERE}> {{ ?s ?p ?o }} }}", ANSWERED, "as above"),
    kind("update on the query route", "DELETE WHERE { ?s ?p ?o }", SYNTAX, "would empty the store"),
    kind(
        "function of a foreign engine",
        "SELECT (<java:java.lang.System.exit>(1) AS ?x) {}",
        frozenset({422}),
        "Jena ran such",
    ),
    kind(
        "a base that is a file",
        "BASE <file:///etc/> SELECT * FROM <passwd> { ?s ?p ?o }",
        ANSWERED,
        "relative to the machine",
    ),
)
