# ruff: noqa: RUF001 - the patterns are of typographic marks
"""The fragments that layout patterns are made of; full-width punctuation is ASCII where they are matched."""

from __future__ import annotations

from typing import Final

from kg.extract.dates import DATE, MONTH_OF_YEAR

PARTICLE: Final = r"(?:van|von|de|der|den|del|della|di|da|dos|du|la|le|bin|al|ter)"
NAME_WORD: Final = r"(?:[^\W\d_a-z][^\W\d_]?\.|[^\W\d_a-z][^\W\d_]*(?:[-'’][^\W\d_]+)*)"
PERSON: Final = rf"(?:{NAME_WORD}(?:\s+(?:{PARTICLE}\s+)*{NAME_WORD}){{1,4}})"
#: A name as catalogues print it: "van Pottelsberghe, Bruno".
INVERTED_PERSON: Final = (
    rf"(?:(?:{PARTICLE}\s+)*{NAME_WORD}(?:\s+{NAME_WORD})?,\s+{NAME_WORD}(?:\s+{NAME_WORD}){{0,2}})"
)
_TEAM: Final = r"(?:Research|Project|Study|Task|Subject)\s+(?:Team|Group|Force)"
_NO: Final = r"(?:(?:Issue\s*)?(?:(?:No|NO|no|Nr|№|N[º°])s?(?:\s*[.:])?|Number|#)|Issue(?=\s*\d))"
_CENTRE: Final = r"Development\s+Research\s+Cent(?:er|re)\s+of\s+the\s+State\s+Council"
_PINYIN: Final = r"[A-Z][a-z]{1,5}\s+[A-Z][a-z]{1,5}(?:['’-]?[a-z]{1,6})?"

FRAGMENTS: Final = {
    "person": PERSON,
    "inverted_person": INVERTED_PERSON,
    "team": rf"(?:(?:[Tt]he\s+)?(?:DRC\s+)?{_TEAM}\b)",
    "two_word_names": rf"(?:{_PINYIN}(?:\s*(?:,\s*and\b|,|&|;|\band\b)\s*{_PINYIN})*)",
    # A sentence is no line of a header: it has a finite verb and ends as sentences do.
    "no_sentence": (
        r"(?!(?=[^\n]*\b(?:is|are|was|were|has|have|had|will|would|can|could|may|must|should|do|does|did|took|take)\b)"
        r"[^\n]*[.!?]['\"”’)]?[ \t]*$)"
    ),
    "byline_label": (
        r"(?:(?:[Ww]ritten\s+by|WRITTEN\s+BY|[Bb]y|BY|[Aa]uthors?|AUTHORS?)(?:\s*:\s*|\s+)"
        r"(?:(?:Dr|Prof|Mr|Ms|Mrs)\.?\s+|Professor\s+)*)"
    ),
    "drc": rf"(?:{_CENTRE}(?:\s*(?&open)DRC(?&close))?|DRC)",
    "abstract_label": (
        r"(?:[\[<]\s*(?i:abstract|summary)\s*[\]>]\s*:?|(?i:abstract|summary|executive\s+summary)\s*:"
        r"|(?i:abstract)\s*(?:[-–—]{1,2}|\.)\s|(?i:abstract)(?=\s*$))"
    ),
    "keywords_label": r"(?:[\[<]\s*(?i:key[\s-]*words?)\s*[\]>]\s*:?|(?i:key[\s-]*words?)\s*(?::|[-–—]{1,2}\s))",
    "posted_label": (
        r"(?i:(?:last\s+)?(?:posted|published|updated|released?|publication|publish|posting|post|web|online|issued)"
        r"(?:\s+(?:time|date))?(?:\s+(?:on|online|at))?|date|time)"
    ),
    "clock": r"(?:\s+\d{1,2}:\d{2}(?::\d{2})?)",
    "bullet": r"[-–•*·▪]",
    "date": DATE,
    "year": r"(?:19|20)\d{2}",
    "no": _NO,
    # What numbers a report within its series: "No.16, 2020", "Special Issue, No. 12, 2015", "No 7 (2013)".
    "numbering": (
        rf"(?:(?:Special\s+Issue|Issue)\b\s*,?)?\s*{_NO}\s*\d+\s*(?:[,.;/]|\bof\b|\bin\b)?\s*[(\[]?\s*(?:19|20)\d{{2}}\b\s*[)\]]?"
    ),
    # Of all reports of all series: "Total 4760", "Total. 5193", "Total NO 4877", "General No.1234".
    "total": (
        rf"(?i:(?:grand\s+)?total|general|cumulative|overall|serial|sum)(?:\s+(?i:issues?|reports?|numbers?))?"
        rf"\s*(?:{_NO})?\s*[.:,]*"
    ),
    "series_name": (
        r"(?i:(?:[A-Z][\w&.-]*\s+){0,4}(?:policy|research|working|discussion|issue|technical|occasional|special|staff|"
        r"briefing|background|economic|analytical|strategic|position)\s+"
        r"(?:reports?|briefs?|briefing|notes?|papers?|stud(?:y|ies)|analys[ei]s|letters?|contributions?|insights?|"
        r"memos?|memorandum|series)(?:\s+series)?)"
    ),
    "series_number": r"(?:[A-Z]{1,6}[-/ ]?)?\d+(?:[-/.](?:[A-Z]{1,3}\b|\d+))*",
    "month": rf"(?:{MONTH_OF_YEAR})",
    "organisation_name": (
        r"(?=[^\n]*\b(?i:institut(?:e|ion)|cent(?:er|re)|university|foundation|council|academy|agency|observatory|forum|"
        r"association|ministry|commission|department|bank|bureau|society|think\s+tank)\b)"
        r"[A-Z][\w’'&.-]*(?:,?\s+(?:[A-Z][\w’'&.-]*|of|for|and|the|on|in|&)){0,11}(?:\s*\([A-Z]{2,10}\))?"
    ),
    "open": r"[(\[]",
    "close": r"[)\]]",
}

#: What parts the items of a list of keywords.
KEYWORD_SEPARATORS: Final = ",;，；、"
