"""`kg check --explain`: what shapes ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Final

from kg import assets
from kg.cli.console import output
from kg.model.errors import UsageError
from kg.model.severities import Level
from kg.model.verdict import Severity
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.check.examples import Example
    from kg.check.explain import Explanation
    from kg.check.rules import Rule

_BESIDE: Final = "beside the shapes, in Policy KG itself"
_MEANINGS: Final = {
    Severity.VIOLATION: "violation: a page that breaks it is left out of the graph",
    Severity.WARNING: "warning: the page is published all the same",
    Severity.INFO: "info: about style; the page is published all the same",
}
_LIGHTER: Final = """\
  To see it otherwise:
      in kg.toml, under [severities]:  {name} = "{level}"
      in Turtle, at its line:          # kg-ignore: {name} the reason why
      what is known already:           kg check PAGES --baseline .kg-baseline --write-baseline
"""


def explain_shapes(names: list[str], out: Path | None, settings: Settings) -> None:
    """Explains the shapes named; without any, lists them all.

    Raises:
        UsageError: there is no shape of that name; the message names those that are most like it.
    """
    from kg.check.rules import rules_of
    from kg.check.shapes import read_all_shapes

    shapes = read_all_shapes(assets.shapes())
    rules = rules_of(shapes)
    if not names:
        text = "\n".join(_listed(rules))
    else:
        from kg.check.examples import example
        from kg.check.explain import Explainer

        explainer, levels, parts = Explainer(shapes, rules), dict(settings.severities), []
        for name in names:
            explanation = explainer.explain(_iri(name, rules))
            rule = explanation.rule
            shown = example(shapes.folder, assets.shape_examples(), rule.iri)
            parts.append("".join(_explained(explanation, levels.get(rule.name), shown)))
        text = "\n".join(parts)
    with output(out) as stream:
        stream.write(f"{text}\n".encode())


def _iri(name: str, rules: Mapping[str, Rule]) -> str:
    from kg.check.rules import nearest

    for iri, rule in rules.items():
        if name in (rule.name, iri):
            return iri
    near = nearest(name, rules)
    hint = f"did you mean {' or '.join(near)}?" if near else "list them with: kg check --explain"
    raise UsageError(f"there is no shape {name}; {hint}")


def _listed(rules: Mapping[str, Rule]) -> Iterator[str]:
    """Every rule with severity and title, by file."""
    width = max(len(rule.name) for rule in rules.values())
    ordered = sorted(rules.values(), key=lambda rule: (rule.file is None, rule.file or Path(), rule.name))
    for file, group in groupby(ordered, key=lambda rule: rule.file):
        yield file.name if file else _BESIDE
        yield from (f"  {rule.name:{width}}  {rule.severity.value.lower():9}  {rule.title}" for rule in group)


def _explained(explanation: Explanation, level: Level | None, shown: Example | None) -> Iterator[str]:
    rule = explanation.rule
    yield f"{rule.name}: {rule.title}\n  {rule.message}\n\n"
    yield f"  severity    {_MEANINGS[rule.severity]}\n"
    if level:
        yield f"              shown as {level.value} by kg.toml\n"
    at = f"{explanation.path} of " if explanation.path else ""
    for target in explanation.targets:
        yield f"  looks at    {at}{target}\n"
    for constraint in explanation.constraints:
        yield f"  asks that   {indent(constraint, ' ' * 14).lstrip()}\n"
    yield f"  defined in  {_shown(explanation.place)}\n\n"
    if shown and shown.passing:
        yield f"  This passes:\n\n{indent(shown.passing, ' ' * 6)}\n\n"
    if shown:
        yield f"  This does not pass:\n\n{indent(shown.failing, ' ' * 6)}\n\n"
    yield _LIGHTER.format(name=rule.name, level="warning" if rule.severity is Severity.VIOLATION else "off")


def _shown(place: str | None) -> str:
    """The place from the working folder, where it lies there."""
    if place is None:
        return _BESIDE
    here = f"{Path.cwd()}/"
    return place.removeprefix(here)
