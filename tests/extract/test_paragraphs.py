"""Invented paragraphs about eight countries: what a person found in each, and nothing else."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from kg.model.evidence import Polarity
from kg.model.records import Named

FILE = Path(__file__).with_name("paragraphs.toml")
PARAGRAPHS = tomllib.loads(FILE.read_text(encoding="utf-8"))["paragraph"]
PAGE = """You Are Here: Home > Reports

{title} (No.7, 2022)

2022-05-16

By Gao Ruolin, Research Team on “Councils”, Harbour Institute for Innovation Policy (HIIP)

Research Report, No.7, 2022 (Total 800) 2022-4-28

Abstract: {text}

Keywords: coordination
"""
LEAST_SURE = Decimal("0.9")


@pytest.fixture(params=PARAGRAPHS, ids=[each["name"] for each in PARAGRAPHS])
def paragraph(request):
    """One paragraph with what a person found in it."""
    return request.param


@pytest.fixture
def report(paragraph, reader, text_of):
    """The page that holds the paragraph, read."""
    return reader.read(text_of(PAGE.format(title=paragraph["title"], text=" ".join(paragraph["text"].split()))))


def test_bodies_are_those_that_a_person_found(paragraph, report):
    """No body is missed, and none is made up of what only looks like one."""
    assert sorted(found.value.name for found in report.bodies) == sorted(paragraph["bodies"])


def test_documents_are_those_that_a_person_found(paragraph, report):
    """No plan, programme or law is missed, and none is made up."""
    assert sorted(found.value.name for found in report.documents) == sorted(paragraph["documents"])


def test_statements_are_those_that_a_person_read(paragraph, report):
    """Who, which relation, and what; denied or hedged as the words say."""
    assert sorted(map(line, report.statements)) == sorted(paragraph["statements"])


def line(found):
    """A statement in short."""
    statement, value = found.value, found.value.object.value
    subject = statement.subject.value.name if statement.subject else "mechanism"
    told = value.name if isinstance(value, Named) else getattr(value, "iso", None) or value.rpartition("/")[2]
    sure = "" if found.confidence >= LEAST_SURE else "perhaps "
    return f"{sure}{'not ' if found.polarity is Polarity.DENIED else ''}{subject} | {statement.relation.value} | {told}"
