"""What the competency questions answer over the example pages, and how they are written."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, Store

from kg import assets
from kg.query.gate import check_query
from kg.web.questions import read_questions

ROOT = Path(__file__).parents[2]
GOLDENS = Path(__file__).parent
FOLDER = assets.ontology() / "questions"
#: The questions whose every row must carry a quote, by the list in the design of the ontology.
EVIDENT = {"01", "02", "05", "06", "14", "16", "25", "25b"}
WORDS = {"quote", "file", "line", "column", "start", "end"}
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {f"{_XSD}integer", f"{_XSD}decimal"}
_PARAMETER = re.compile(r"VALUES (\?\w+|\([^)]*\)) \{(?:[^{}]*)\}")

Row = dict[str, Literal | NamedNode | None]


@dataclass(frozen=True)
class Question:
    """A competency question as it lies in its file."""

    path: Path

    @property
    def number(self) -> str:
        """The number with which the file's name begins."""
        return self.path.stem.partition("-")[0]

    @cached_property
    def text(self) -> str:
        """The whole file."""
        return self.path.read_text(encoding="utf-8")

    @property
    def header(self) -> str:
        """The comments before the query."""
        return self.text.partition("\n\n")[0]

    @property
    def code(self) -> str:
        """The query behind the header."""
        return self.text.partition("\n\n")[2]

    @property
    def golden(self) -> Path:
        """The file with the answer over the example pages."""
        return GOLDENS / f"{self.path.stem}.tsv"

    def asking(self, parameter: str) -> str:
        """The query with this VALUES block in the place of its own of the same variables."""
        match = _PARAMETER.fullmatch(parameter)
        assert match, parameter
        for block in _PARAMETER.finditer(self.code):
            if block[1] == match[1]:
                return self.code.replace(block[0], parameter)
        pytest.fail(f"{self.path.name} has no parameter {match[1]}")


QUESTIONS = {path.stem: Question(path) for path in sorted(FOLDER.glob("*.rq"))}
every_question = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
by_country = pytest.mark.parametrize(
    "question", [each for each in QUESTIONS.values() if "?asked_code" in each.code], ids=lambda each: each.path.stem
)


def solutions(store: Store, query: str) -> QuerySolutions:
    """What a SELECT query answers."""
    answer = store.query(query)
    assert isinstance(answer, QuerySolutions)
    return answer


def rows(store: Store, query: str) -> list[Row]:
    """The answer, each row by the names of its columns; an unbound column is None."""
    answer = solutions(store, query)
    names = [variable.value for variable in answer.variables]
    return [dict(zip(names, solution, strict=True)) for solution in answer]


def text_of(term: Literal | NamedNode | None) -> str | None:
    """A cell as a reader of a table sees it."""
    return term.value if term is not None else None


@every_question
def test_the_answer_is_the_golden_one(question: Question, store: Store, *, rewriting: bool) -> None:
    """Over the example pages a question answers its golden file, row by row and in its order."""
    answer = solutions(store, question.text).serialize(format=QueryResultsFormat.TSV)
    assert answer is not None
    if rewriting:
        question.golden.write_bytes(answer)
    assert answer.decode().splitlines() == question.golden.read_text(encoding="utf-8").splitlines()


@every_question
def test_every_question_finds_something(question: Question, store: Store) -> None:
    """As it stands in its file, a question has at least one answer in the example pages."""
    assert rows(store, question.text)


@every_question
def test_each_row_comes_once(question: Question, store: Store) -> None:
    """No row of an answer is repeated."""
    found = Counter(tuple(row.items()) for row in rows(store, question.text))
    assert [row for row, times in found.items() if times > 1] == []


@every_question
def test_a_quote_is_what_the_file_says_there(question: Question, store: Store) -> None:
    """A quote equals the file's text from start to end, and line and column point at its first character."""
    for row in rows(store, question.text):
        if row.get("file") is None:
            continue
        text = (ROOT / str(text_of(row["file"]))).read_text(encoding="utf-8")
        start, end, line, column = (int(str(text_of(row[name]))) for name in ("start", "end", "line", "column"))
        before = text[:start]
        assert (line, column) == (before.count("\n") + 1, start - (before.rfind("\n") + 1) + 1)
        assert text[start:end] == text_of(row["quote"] if "quote" in row else row["name"])


@every_question
def test_evidence_is_whole_or_absent(question: Question, store: Store) -> None:
    """A row has its words and their whole place, or nothing of them; each row of a question for evidence has them."""
    for row in rows(store, question.text):
        there = {name for name in WORDS & row.keys() if row[name] is not None}
        assert there in (WORDS & row.keys(), set())
        assert there == WORDS or question.number not in EVIDENT


@every_question
def test_rdflib_answers_the_same(question: Question, store: Store, rdflib_graph: rdflib.Graph) -> None:
    """Another engine finds the same rows: a question needs nothing beyond SPARQL 1.1."""
    here = Counter(tuple(_plain(term) for term in row.values()) for row in rows(store, question.text))
    there = Counter(tuple(_plain(term) for term in row) for row in rdflib_graph.query(question.text))
    assert here == there


@every_question
def test_the_gate_lets_it_pass(question: Question) -> None:
    """A question is a query that the public endpoint runs."""
    check_query(question.text)


@every_question
def test_a_question_is_written_for_every_engine(question: Question) -> None:
    """A question is a SELECT of named columns in a whole order, without blank nodes, federation or a graph's name."""
    code = re.sub(r'"[^"]*"|<[^<>]*>', "", question.code)
    assert not re.search(r"[\[\]]|_:|\b(?:DESCRIBE|CONSTRUCT|SERVICE|FROM|GRAPH)\b|SELECT(?: DISTINCT)? \*", code)
    head, _, _ = code.partition("WHERE")
    columns = set(re.findall(r"\?\w+", head))
    _, _, order = code.rpartition("ORDER BY")
    assert set(re.findall(r"\?\w+", order)) - columns <= {"?length"}
    assert re.search(r"\?(?:claim|mention|statement|name_iri)\b", order)


@every_question
def test_the_header_says_what_and_how(question: Question) -> None:
    """The header gives the number and the question, explains its columns, and shows how to change it."""
    shown = {each.text: each for each in read_questions(FOLDER)}[question.text]
    assert shown.number == int(question.number.rstrip("b"))
    assert shown.title.endswith("?")
    assert "One row for each" in shown.explanation
    assert "VALUES" in shown.explanation
    assert max(map(len, question.text.splitlines())) <= 120


@every_question
def test_the_examples_in_a_header_are_queries(question: Question, store: Store) -> None:
    """Each VALUES block that a header shows can stand in the place of the query's own."""
    shown = [match[0] for match in _PARAMETER.finditer(question.header)]
    assert shown
    for parameter in shown:
        rows(store, question.asking(parameter))


@by_country
def test_a_country_narrows_the_answer(question: Question, store: Store) -> None:
    """Asked about one country, a question answers that country's rows of the answer about all."""
    everything = rows(store, question.text)
    british = rows(store, question.asking('VALUES ?asked_code { "GB" }'))
    assert british == [row for row in everything if text_of(row["country"]) == "United Kingdom"]
    assert british


@by_country
def test_countries_can_be_added(question: Question, store: Store) -> None:
    """Asked about several countries, or about one and all, a question repeats no row."""
    everything = rows(store, question.text)
    two = rows(store, question.asking('VALUES ?asked_code { "GB" "KR" }'))
    assert two == [row for row in everything if text_of(row["country"]) in {"South Korea", "United Kingdom"}]
    assert rows(store, question.asking('VALUES ?asked_code { "GB" UNDEF }')) == everything


def test_a_denied_right_is_no_right(store: Store) -> None:
    """A right that a report denies is shown as denied, and never as asserted."""
    found = {(text_of(row["body"]), text_of(row["polarity"])) for row in rows(store, QUESTIONS[_ALLOCATE].text)}
    assert found == {
        ("UK Research and Innovation", "asserted"),
        ("Council for Science and Technology", "denied"),
        ("Presidential Advisory Council on Science and Technology", "denied"),
    }


def test_a_report_narrows_the_answer(store: Store) -> None:
    """Asked about one report's number, question 2 answers with that report alone."""
    found = rows(store, QUESTIONS["02-bodies-of-a-mechanism"].asking('VALUES ?asked_number { "267" }'))
    assert {text_of(row["file"]) for row in found} == {"examples/drc-2021-267.txt"}


def test_an_acronym_may_have_several_bearers(store: Store) -> None:
    """Asked for NSTC, question 12 answers with every body of that acronym."""
    found = rows(store, QUESTIONS["12-names-of-a-body"].asking('VALUES ?known_as { "NSTC" }'))
    assert len({text_of(row["body"]) for row in found}) > 1


def test_a_sentence_and_its_statements_agree(store: Store) -> None:
    """Where one question 25 finds a statement in a passage, the other finds that statement for that passage's words."""
    forth = rows(store, QUESTIONS["25-where-a-statement-was-read"].text)
    for row in forth:
        parameter = f"VALUES (?file ?words) {{ ({row['file']} {row['quote']}) }}"
        back = rows(store, QUESTIONS["25b-what-a-sentence-states"].asking(parameter))
        assert row["claim"] in [each["claim"] for each in back]


def test_there_is_a_golden_file_for_each_question_and_no_other() -> None:
    """Every question has a golden file, and every golden file a question."""
    assert {path.stem for path in GOLDENS.glob("*.tsv")} == set(QUESTIONS)


def test_the_reference_lists_every_question_with_its_columns() -> None:
    """docs/reference/questions.md lists every file, with the columns of its answer in their order."""
    page = (ROOT / "docs/reference/questions.md").read_text(encoding="utf-8")
    listed = re.findall(r"^## .*?`([\w-]+)\.rq`\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert [stem for stem, _ in listed] == list(QUESTIONS)
    for stem, section in listed:
        head, _, _ = QUESTIONS[stem].code.partition("WHERE")
        named = re.search(r"^Columns: (.*?)\n$", section, re.MULTILINE | re.DOTALL)
        assert named
        assert re.findall(r"`(\w+)`", named[1]) == re.findall(r"\?(\w+)", head)


_ALLOCATE = "01-bodies-that-allocate-funds"


def _plain(term: object) -> tuple[str, ...] | None:
    """A term of either engine, such that equal terms are equal; numbers by their value."""
    if term is None:
        return None
    if isinstance(term, NamedNode | rdflib.URIRef):
        return ("iri", term.value if isinstance(term, NamedNode) else str(term))
    if isinstance(term, rdflib.Literal):
        datatype = str(term.datatype) if term.datatype else f"{_XSD}string"
        return _plain_literal(str(term), term.language, datatype)
    assert isinstance(term, Literal)
    return _plain_literal(term.value, term.language, term.datatype.value)


def _plain_literal(value: str, language: str | None, datatype: str) -> tuple[str, ...]:
    if language:
        return ("text", value, language)
    return ("literal", str(float(value)), "number") if datatype in _NUMBERS else ("literal", value, datatype)
