"""Example queries: files `*.rq` whose first comment is their title and whose further leading comments explain them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

_NUMBER: Final = re.compile(r"(\d+)[.):]?\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question people ask of the graph, as a query."""

    title: str
    explanation: str
    text: str
    number: int | None = None

    @property
    def fields(self) -> str:
        """The query as the fields of an address."""
        return urlencode({"query": self.text})


def read_questions(folder: Path) -> tuple[Question, ...]:
    """The questions in a folder, by their numbers, then by their files' names; none where there is no folder."""
    found = [_question(path) for path in sorted(folder.glob("*.rq"))]
    return tuple(sorted(found, key=lambda question: (question.number is None, question.number or 0)))


def _question(path: Path) -> Question:
    text = path.read_text(encoding="utf-8")
    comments = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        comments.append(line.lstrip("#").strip())
    title = comments[0] if comments else path.stem.replace("-", " ")
    number = _NUMBER.match(title)
    return Question(
        title=title[number.end() :] if number else title,
        explanation=" ".join(comment for comment in comments[1:] if comment),
        text=text,
        number=int(number.group(1)) if number else None,
    )
