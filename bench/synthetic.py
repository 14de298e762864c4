"""Descriptions of reports that never were, and shapes for them: what the checking of shapes is measured with.

A report has about 95 statements. One in a hundred has a fault. There are 13 node shapes with some 145 parameters of
constraints, and six SPARQL constraints more when asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

EX: Final = "http://example.org/"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_PERSONS: Final = 3
_BODIES: Final = 2
_FAULTS: Final = (
    "no title", "two numbers", "year", "class", "date", "kind",
    "language", "pattern", "count", "range", "order", "closed",
)  # fmt: skip


def report(number: int) -> list[str]:
    """The triples of one report, in N-Triples without the final stops; every hundredth has a fault."""
    fault = _FAULTS[number // 100 % len(_FAULTS)] if number % 100 == 7 else ""  # noqa: PLR2004 - somewhere in each hundred
    lines = [
        f"<{EX}{subject}{number}{part}> {TYPE if name == 'a' else f'<{EX}{name}>'} {value}"
        for subject, part, name, value in _statements(number, fault)
    ]
    return list(dict.fromkeys(lines))


def _statements(number: int, fault: str) -> Iterator[tuple[str, str, str, str]]:
    chance = Random(number)  # noqa: S311 - invented data, no secret
    year = chance.randrange(1990, 2030)
    yield from _report(number, year, fault, chance)
    for place in range(1, _PERSONS + 1):
        yield from _author(number, place, fault, chance)
    for place in range(1, _BODIES + 1):
        yield from _body(number, place, year, fault)
    for kind, statements in _OTHERS.items():
        yield kind, "", "a", f"<{EX}{kind.title()}>"
        for name, value in statements:
            yield kind, "", name, value.format(number=number, year=year, ex=EX, xsd=XSD, after=year + 5)


def _report(number: int, year: int, fault: str, chance: Random) -> Iterator[tuple[str, str, str, str]]:
    def say(name: str, value: str) -> tuple[str, str, str, str]:
        return "report", "", name, value

    yield say("a", f"<{EX}Report>")
    if fault != "no title":
        yield say("title", f'"On the coordination of science, part {number}"@en')
        yield say("title", f'"关于科学的协调 {number}"@zh')
    if fault == "language":
        yield say("title", '"A second title"@en')
    yield say("number", f'"{number % 400}"')
    if fault == "two numbers":
        yield say("number", '"401"')
    yield say("seriesYear", f'"{"19x" if fault == "year" else year}"^^<{XSD}gYear>')
    day = f'"{year}-03-{chance.randrange(10, 28)}"^^<{XSD}date>'
    yield say("issued", '"in spring"' if fault == "date" else day)
    yield say("available", f'"{year if fault != "order" else year - 1}-04-11"^^<{XSD}date>')
    yield say("isPartOf", f"<{EX}series{number}>")
    yield say(
        "publisher", f"<{EX}{'person' if fault == 'class' else 'institution'}{number}{'/1' * (fault == 'class')}>"
    )
    yield say("abstract", '"' + "Many bodies take part in coordination. " * chance.randrange(3, 9) + '"@en')
    for word in ("coordination", "science", "funds", f"topic {number % 50}"):
        yield say("keyword", '"   "@en' if fault == "pattern" and word == "funds" else f'"{word}"@en')
    yield say("spatial", f"<{EX}jurisdiction{number}>")
    yield say("team", f"<{EX}team{number}>")
    yield say("department", '"a department"' if fault == "kind" else f"<{EX}department{number}>")
    yield say("describes", f"<{EX}mechanism{number}>")
    yield say("readFrom", f"<{EX}page{number}>")
    yield say("pages", f'"{-3 if fault == "range" else chance.randrange(5, 80)}"^^<{XSD}integer>')
    if fault == "closed":
        yield say("colour", '"red"')


def _author(number: int, place: int, fault: str, chance: Random) -> Iterator[tuple[str, str, str, str]]:
    part = f"/{place}"
    yield "report", "", "creator", f"<{EX}person{number}{part}>"
    yield "report", "", "authorship", f"<{EX}authorship{number}{part}>"
    yield "person", part, "a", f"<{EX}Person>"
    yield "person", part, "name", f'"Shen {number} Heng{place}"'
    yield "person", part, "familyName", '"Shen"'
    yield "person", part, "givenName", f'"Heng{place}"'
    yield "person", part, "orcid", f'"0000-0002-{number % 10000:04}-{chance.randrange(1000, 9999)}"'
    yield "authorship", part, "a", f"<{EX}Authorship>"
    if not (fault == "count" and place == 1):
        yield "authorship", part, "position", f'"{place}"^^<{XSD}integer>'
    yield "authorship", part, "author", f"<{EX}person{number}{part}>"
    yield "authorship", part, "affiliation", '"Institute of Coordination"'


def _body(number: int, place: int, year: int, fault: str) -> Iterator[tuple[str, str, str, str]]:
    part = f"/{place}"
    yield "body", part, "a", f"<{EX}Body>"
    yield "body", part, "label", f'"Council {place} of the {number}th kind"@en'
    yield "body", part, "acronym", f'"C{place}K"'
    start = year + 9 if fault == "order" else year - 20
    yield "body", part, "start", f'"{start}"^^<{XSD}gYear>'
    yield "body", part, "end", f'"{year}"^^<{XSD}gYear>'
    yield "body", part, "jurisdiction", f"<{EX}jurisdiction{number}>"
    yield "body", part, "level", '"national"'


_OTHERS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "series": (("label", '"Series {number}"@en'), ("publisher", "<{ex}institution{number}>"), ("issn", '"1234-567X"')),
    "institution": (
        ("label", '"Institute {number}"@en'), ("acronym", '"IN{number}"'), ("homepage", "<http://example.net/{number}>"),
    ),
    "team": (("label", '"Team {number}"@en'), ("theme", '"funds"@en'), ("institution", "<{ex}institution{number}>")),
    "department": (("label", '"Department {number}"@en'), ("institution", "<{ex}institution{number}>")),
    "mechanism": (
        ("label", '"Mechanism {number}"@en'), ("jurisdiction", "<{ex}jurisdiction{number}>"),
        ("component", "<{ex}body{number}/1>"), ("component", "<{ex}body{number}/2>"), ("function", '"advising"'),
    ),
    "jurisdiction": (("label", '"Land {number}"@en'), ("code", '"JP"')),
    "page": (
        ("source", '"page{number}.txt"'), ("format", '"text/plain"'), ("digest", '"{number:064x}"'),
        ("read", '"2026-11-22T12:00:00Z"^^<{xsd}dateTime>'),
    ),
    "plan": (
        ("label", '"Plan {number}"@en'), ("start", '"{year}"^^<{xsd}gYear>'), ("end", '"{after}"^^<{xsd}gYear>'),
    ),
}  # fmt: skip

_HEAD: Final = f"""
@prefix ex: <{EX}> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <{XSD}> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""
_TEXT: Final = 'sh:datatype rdf:langString ; sh:pattern "\\\\S" ;'
_WORD: Final = 'sh:datatype xsd:string ; sh:pattern "\\\\S" ;'
_ONE: Final = "sh:minCount 1 ; sh:maxCount 1 ;"
_LABEL: Final = f"label {_TEXT} {_ONE}"
_PROPERTIES: Final[dict[str, tuple[str, ...]]] = {
    "Report": (
        f'title {_TEXT} sh:languageIn ( "en" "zh" ) ; sh:minCount 1 ; sh:uniqueLang true ; sh:maxLength 300 ;',
        f'number sh:datatype xsd:string ; sh:pattern "^\\\\S+$" ; {_ONE}',
        f'seriesYear sh:datatype xsd:gYear ; sh:pattern "^(19|20|21)[0-9][0-9]$" ; {_ONE}',
        f"issued sh:or ([ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ]) ; {_ONE} sh:lessThanOrEquals ex:available;",
        "available sh:datatype xsd:date ; sh:maxCount 1 ;",
        f"isPartOf sh:class ex:Series ; {_ONE}",
        f"publisher sh:class ex:Institution ; {_ONE}",
        f"abstract {_TEXT} sh:maxCount 1 ; sh:minLength 10 ;",
        f"keyword {_TEXT} sh:minCount 1 ; sh:disjoint ex:title ;",
        "spatial sh:class ex:Jurisdiction ; sh:minCount 1 ;",
        "creator sh:class ex:Person ; sh:minCount 1 ; sh:nodeKind sh:IRI ;",
        "authorship sh:class ex:Authorship ; sh:minCount 1 ;",
        "team sh:class ex:Team ; sh:maxCount 1 ;",
        "department sh:nodeKind sh:IRI ; sh:class ex:Department ;",
        "describes sh:class ex:Mechanism ;",
        f"readFrom sh:class ex:Page ; {_ONE}",
        "pages sh:datatype xsd:integer ; sh:minInclusive 1 ; sh:maxExclusive 10000 ; sh:maxCount 1 ;",
    ),
    "Person": (
        f"name {_WORD} {_ONE}", f"familyName {_WORD} sh:maxCount 1 ;", f"givenName {_WORD} sh:maxCount 1 ;",
        'orcid sh:pattern "^(\\\\d{4}-){3}\\\\d{3}[\\\\dX]$" ; sh:maxCount 1 ;',
    ),
    "Authorship": (
        f"position sh:datatype xsd:integer ; sh:minInclusive 1 ; {_ONE}",
        f"author sh:class ex:Person ; {_ONE}", f"affiliation {_WORD}",
    ),
    "Series": (_LABEL, f"publisher sh:class ex:Institution ; {_ONE}", 'issn sh:pattern "^[0-9]{4}-[0-9]{3}[0-9X]$" ;'),
    "Institution": (
        _LABEL, f"acronym {_WORD} sh:maxCount 1 ;", "homepage sh:nodeKind sh:IRI ;",
    ),
    "Team": (_LABEL, f"theme {_TEXT}", f"institution sh:class ex:Institution ; {_ONE}"),
    "Department": (_LABEL, f"institution sh:class ex:Institution ; {_ONE}"),
    "Mechanism": (
        _LABEL, f"jurisdiction sh:class ex:Jurisdiction ; {_ONE}", "component sh:class ex:Body ; sh:minCount 1 ;",
        'function sh:in ( "advising" "deciding" "balancing" ) ;',
    ),
    "Body": (
        _LABEL, f"acronym {_WORD}", "start sh:datatype xsd:gYear ; sh:maxCount 1 ;", "end sh:datatype xsd:gYear ;",
        "jurisdiction sh:class ex:Jurisdiction ;", 'level sh:in ( "national" "regional" ) ; sh:maxCount 1 ;',
    ),
    "Jurisdiction": (_LABEL, f'code sh:datatype xsd:string ; sh:pattern "^[A-Z]{{2}}$" ; {_ONE}'),
    "Page": (
        f"source {_WORD} {_ONE}", 'format sh:in ( "text/plain" "text/html" "application/pdf" ) ; sh:minCount 1 ;',
        f'digest sh:pattern "^[0-9a-f]{{64}}$" ; {_ONE}', "read sh:datatype xsd:dateTime ; sh:maxCount 1 ;",
    ),
    "Plan": (_LABEL, "start sh:datatype xsd:gYear ;", "end sh:datatype xsd:gYear ;"),
}  # fmt: skip
_QUERIES: Final[dict[str, tuple[str, ...]]] = {
    "Report": (
        """SELECT $this ?value WHERE { $this ex:authorship ?a . ?a ex:position ?value .
            OPTIONAL { $this ex:authorship ?b . ?b ex:position ?p . FILTER (?p = ?value - 1) }
            FILTER (?value > 1 && !BOUND(?b)) }""",
        """SELECT $this ?value WHERE { $this ex:creator ?value .
            FILTER NOT EXISTS { $this ex:authorship ?a . ?a ex:author ?value } }""",
        """SELECT $this ?value WHERE { $this ex:issued ?day ; ex:seriesYear ?value .
            FILTER (SUBSTR(STR(?day), 1, 4) != STR(?value)) }""",
    ),
    "Body": (
        """SELECT $this ?value WHERE { $this ex:start ?start ; ex:end ?value . FILTER (STR(?start) > STR(?value)) }""",
        """SELECT $this ?value WHERE { $this ex:acronym ?value ; ex:label ?label .
            FILTER (STRLEN(?value) >= STRLEN(STR(?label))) }""",
    ),
    "Plan": ("""SELECT $this ?value WHERE { $this ex:start ?s ; ex:end ?value . FILTER (STR(?s) > STR(?value)) }""",),
}


def shapes(*, sparql: bool) -> str:
    """The shapes in Turtle."""
    parts = [_HEAD, f'ex: sh:declare [ sh:prefix "ex" ; sh:namespace "{EX}"^^xsd:anyURI ] .\n']
    for kind, properties in _PROPERTIES.items():
        closed = ""
        if kind == "Report":
            closed = "sh:closed true ; sh:ignoredProperties ( rdf:type ) ;"
        constraints = "".join(
            f'sh:sparql [ sh:prefixes ex: ; sh:select """{query}""" ] ;\n' for query in _QUERIES.get(kind, ()) if sparql
        )
        parts.append(
            f"ex:{kind}Shape a sh:NodeShape ; sh:targetClass ex:{kind} ; {closed}\n{constraints}"
            + "".join(f"  sh:property ex:{kind}Shape-{each.split()[0]} ;\n" for each in properties)
            + ".\n"
        )
        parts += [
            f"ex:{kind}Shape-{each.split()[0]} a sh:PropertyShape ; sh:path ex:{each.split()[0]} ;\n  "
            f'{each.partition(" ")[2]}\n  sh:message "This breaks the rule for {each.split()[0]}."@en .\n'
            for each in properties
        ]
    parts.append("ex:NamedShape a sh:NodeShape ; sh:targetSubjectsOf ex:label ; sh:nodeKind sh:IRI .\n")
    return "".join(parts)
