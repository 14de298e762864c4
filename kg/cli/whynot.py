"""`kg why-not`: which rules were tried for a field that a page seems to lack, and how far each got."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kg.cli.console import output, printable
from kg.cli.layouts import fit_text
from kg.cli.options import Output
from kg.cli.stations import OnePage, one_text, set_up
from kg.model.errors import UsageError
from kg.model.records import OtherPage, Reading, Relation, Report
from kg.settings import read_settings

if TYPE_CHECKING:
    from kg.extract.explain import Trial
    from kg.extract.layouts import LineRule
    from kg.model.evidence import Found, Span
    from kg.model.page import Text

_SHOWN: Final = 80
_BYLINE: Final = ("byline", "institution")
#: Fields of a record that are read from other fields of the header.
_READ_FROM: Final = {
    "authors": _BYLINE, "team": _BYLINE, "departments": _BYLINE, "institution": ("institution", "byline"),
    "jurisdiction": ("title", "keywords"), "jurisdictions": ("title", "keywords"), "about": ("title", "keywords"),
    "key": ("number", "series_year"), "publisher_key": _BYLINE,
}  # fmt: skip
_RELATIONS: Final = {
    "components": Relation.HAS_COMPONENT, "functions": Relation.PERFORMS, "features": Relation.HAS_FEATURE,
    "sectors": Relation.INTEGRATES, "plans": Relation.OPERATES_THROUGH, "programmes": Relation.OPERATES_THROUGH,
    **{relation.value: relation for relation in Relation},
}  # fmt: skip
_OF_PROSE: Final = frozenset({"lessons", "mechanism", "bodies", "documents", "statements"})
_NO_FIELDS: Final = frozenset({"gaps", "language", "layout"})


@dataclass(frozen=True, kw_only=True)
class _Case:
    """A field asked for, on a page that was read."""

    field: str
    text: Text
    reading: Reading
    trials: Sequence[Trial]

    @property
    def report(self) -> Report | None:
        """What the page tells, report or not."""
        return self.reading.told if isinstance(self.reading, OtherPage) else self.reading

    def place(self, span: Span) -> str:
        """`page.txt:5:1`."""
        return str(self.text.place(span))

    def line(self, span: Span) -> int:
        """The line on which a span begins."""
        return self.text.place(span).line

    def words(self, span: Span) -> str:
        """The words of a span, shortened."""
        words = " ".join(self.text.content[span.start : span.end].split())
        return f"“{words if len(words) <= _SHOWN else words[: _SHOWN - 2] + ' …'}”"


def why_not(
    page: OnePage,
    field: Annotated[
        str, typer.Argument(help="A field of the record (title, authors, lessons, …) or a relation (performs, …).")
    ],
    *,
    out: Output = None,
) -> None:
    """Show which rules were tried for a field of a page, and how far each got.

    For a field of the header: the layouts with their weights, and each rule of the layout taken that reads the field,
    with the line that comes closest. For what is told in prose: each rule's cue, the sentences it stands in, and what
    was lacking there. What was read is told as well.

    \b
    Examples:
      kg why-not examples/mcrp-2023-2.txt team
      kg why-not page.txt cumulative_number
      kg why-not page.txt functions
    """
    from kg.extract.explain import try_layout

    settings = read_settings()
    wanted = _field(field)
    text = one_text(page, settings)
    builder = set_up(settings)
    trials = [try_layout(text, layout) for layout in builder.layouts]
    case = _Case(field=wanted, text=text, reading=builder.reader.read(text), trials=trials)
    with output(out) as stream:
        for line in _lines(case):
            stream.write(f"{printable(line)}\n".encode())


def _field(name: str) -> str:
    """The field as records spell it.

    Raises:
        UsageError: there is no such field.
    """
    from kg.extract.layouts import FIELDS

    record = {each.name for each in dataclasses.fields(Report)} - _NO_FIELDS
    known = {*FIELDS, *record, *_RELATIONS, "jurisdiction"}
    plain = {each.replace("_", "").casefold(): each for each in sorted(known)}
    found = plain.get(name.replace("-", "").replace("_", "").casefold())
    if found is None:
        raise UsageError(f"there is no field {name!r}; the fields are {', '.join(sorted(known))}")
    return found


def _lines(case: _Case) -> Iterator[str]:
    yield from _outcome(case)
    if case.report is None:
        yield from _layouts(case)
    elif case.field in _RELATIONS:
        yield from _cues(case, case.report, _RELATIONS[case.field])
    elif case.field == "statements":
        for relation in Relation:
            yield from _cues(case, case.report, relation)
    elif case.field == "lessons":
        yield from _lessons(case, case.report)
    elif case.field in _OF_PROSE:
        yield "\nit is read from names and phrases in the prose"
        yield from _prose(case, case.report)
    else:
        yield from _layouts(case)
        yield from _rules(case)


def _outcome(case: _Case) -> Iterator[str]:
    """What was read for the field, and the gaps that it left."""
    from kg.cli.values import value_text

    if isinstance(case.reading, OtherPage):
        yield f"{case.text.page.source}: no report: {case.reading.reason}"
    values = list(_values(case))
    for value in values:
        yield f"{case.field}: {value_text(value.value)}, at {case.place(value.evidence.span)}, read by {value.method}"
    if not values:
        yield f"{case.field}: nothing was read"
    about = {case.field, *_READ_FROM.get(case.field, ())}
    relation = _RELATIONS.get(case.field)
    for gap in case.report.gaps if case.report else ():
        if gap.field in about or (relation and gap.field == relation.value):
            yield f"gap {gap.field}, at {case.place(gap.at)}: {gap.reason}"


def _values(case: _Case) -> Iterator[Found[object]]:
    from kg.cli.record import entries

    relation = _RELATIONS.get(case.field)
    if case.report is None:
        return
    if relation:
        yield from (each for each in case.report.statements if each.value.relation is relation)
        return
    fields = {case.field, "jurisdictions" if case.field == "jurisdiction" else case.field}
    found = [each for each in entries(case.report) if each.field.partition(".")[0] in fields]
    yield from (each.found for each in found)
    trial = _taken(case)
    printed = trial.header.found(case.field) if trial and not found else None
    if printed:
        yield printed


def _taken(case: _Case) -> Trial | None:
    return next((each for each in case.trials if each.layout.name == case.reading.layout), None)


def _layouts(case: _Case) -> Iterator[str]:
    yield "\nlayouts tried"
    for trial in case.trials:
        taken = "; taken" if trial.layout.name == case.reading.layout else ""
        yield f"  {trial.layout.name}: {fit_text(trial)}{taken}"


def _rules(case: _Case) -> Iterator[str]:
    trial = _taken(case)
    if trial is None:
        return
    for name in _READ_FROM.get(case.field, (case.field,)):
        rules = [rule for rule in (*trial.layout.lines, *trial.layout.finds) if name in rule.fields]
        yield f"\nrules of {trial.layout.name} that read {name}{'' if rules else ': none'}"
        for rule in rules:
            yield f"  {rule.name}: {_reached(case, trial, rule, name)}"


def _reached(case: _Case, trial: Trial, rule: LineRule, name: str) -> str:
    """How far a rule got for a field."""
    caught = trial.caught(rule.name)
    full = next((each for each in caught if name in dict(each.fields)), None)
    if full:
        return f"catches line {case.line(full.line)}, with {name} {case.words(dict(full.fields)[name])}"
    if caught:
        line = caught[0].line
        return f"catches line {case.line(line)}, where the part for {name} is not: {case.words(line)}"
    if rule in trial.layout.finds:
        return "what it looks for stands nowhere on the page"
    return _uncaught(case, trial, rule)


def _uncaught(case: _Case, trial: Trial, rule: LineRule) -> str:
    from kg.extract.closest import closest
    from kg.extract.explain import page_lines
    from kg.extract.widths import narrow

    lines, plain = page_lines(case.text), narrow(case.text.content)
    for line in lines:
        if rule.pattern.fullmatch(plain, line.start, line.end):
            claimed = next((each.rule for each in trial.catches if each.line.start == line.start), None)
            why = (
                f"the rule {claimed} claims it" if claimed else "it is prose, or stands below what it must stand above"
            )
            return f"line {case.line(line)} matches, but {why}: {case.words(line)}"
    near = closest(plain, rule.pattern, lines)
    if near is None:
        return "no line matches, and none begins like it"
    wants = near.wants if len(near.wants) <= _SHOWN else near.wants[: _SHOWN - 2] + " …"
    go_on = f"; then it would have to go on like {wants}" if wants else "; then it would have to end"
    return f"no line matches; line {case.line(near.line)} comes closest, up to {case.words(near.matched)}{go_on}"


def _cues(case: _Case, report: Report, relation: Relation) -> Iterator[str]:
    from kg.extract.untold import cue_trials

    trials = cue_trials(case.text, report, relation)
    yield f"\nrules that read {relation.value} in the prose{'' if trials else ': none with a cue of its own'}"
    for trial in trials:
        yield f"  {trial.rule}: {'its cue stands in' if trial.hits else 'its cue stands in no sentence'}"
        for hit in trial.hits:
            yield f"    {case.place(hit.sentence)}, with {case.words(hit.objects)} for its objects: {hit.outcome}"
    if relation is Relation.HAS_FEATURE:
        yield "  features: the vocabulary's words, in any clause that speaks of a body"
    yield from _prose(case, report)


def _lessons(case: _Case, report: Report) -> Iterator[str]:
    from kg.extract.untold import lesson_cues

    yield "\ncues for lessons in the prose"
    for name, spans in lesson_cues(case.text, report).items():
        yield f"  {name}: {', '.join(map(case.place, spans)) or 'in no sentence'}"
    yield from _prose(case, report)


def _prose(case: _Case, report: Report) -> Iterator[str]:
    if report.abstract is None:
        yield "  there is no prose: the layout found none on the page"
        return
    yield from (f"  {gap.reason}" for gap in report.gaps if gap.field == "language")
    yield f"  the prose begins at {case.place(report.abstract.evidence.span)}"
