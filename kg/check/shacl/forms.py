"""Nodes of one form: the same types and the same properties in the same order, as templates fill them.

What a plan demands of a form is compiled into one function that goes through all its nodes: it takes the values apart
without looking up properties, and holds the quick conditions of all constraints in one expression. A node that has
several values of a property, or does not meet a condition, is judged by the plan itself, which alone decides.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from kg.check.shacl.compiler import Member, Plan
from kg.check.shacl.graph import Graph
from kg.check.shacl.inlined import Names
from kg.check.shacl.results import Accepts, AtMost, ClassTest, EachTest, NodeTest, Result, SetCheck, Together, ValueTest

#: Types, and predicates in the order in which a node has them.
Form = tuple[tuple[str, ...], tuple[str, ...]]
#: Judges nodes of one form, adds what is found, and gives back those that the plan of their types must judge.
FormJudge = Callable[[Graph, Collection[Member], list[Result]], list[Member]]

#: Compiling a judge takes 0.3 ms, which is won back with about so many nodes.
OFTEN: Final = 128
#: So many forms are known.
_FORMS: Final = 4096

_SOURCE = """
def judge(graph, members, found):
    nodes, left = graph.nodes, []
    for focus, node in members:
        try:
            {columns} = node.values()
        except ValueError:
            pass
        else:
            if {accepted}:
                {rest}
                continue
        left.append((focus, node))
    return left
"""
_IN_GRAPH, _NOTHING_ASKED, _ALWAYS_BROKEN = "{known}(graph, {value})", Accepts("True"), Accepts("False")


class FormJudges:
    """The judges of forms, each compiled when so many nodes of it came that it pays.

    Args:
        often: how many nodes that is.
    """

    def __init__(self, often: int = OFTEN) -> None:
        self._often = often
        self._met: dict[Form, int] = {}
        self._judges: dict[Form, FormJudge] = {}

    def judge(self, form: Form, plan: Plan, count: int) -> FormJudge | None:
        """What judges nodes of the form by the plan, which is that of its types; None where it is not worth it.

        Args:
            form: the form.
            plan: what its types demand.
            count: how many nodes are to be judged now.
        """
        known = self._judges.get(form)
        if known is not None or not plan.required.issubset(form[1]):  # where one is missing, none would be accepted
            return known
        met = self._met.get(form, 0) + count
        if met >= self._often:
            source = _Source(plan, form[1])
            known = self._judges[form] = source.names.function(source.text(), "judge")
        elif form in self._met or len(self._met) < _FORMS:
            self._met[form] = met
        return known


class _Source:
    """The source of a form's judge, and what it refers to."""

    def __init__(self, plan: Plan, predicates: Sequence[str]) -> None:
        self._plan = plan
        self._columns = {predicate: f"value{number}" for number, predicate in enumerate(predicates)}
        self.names = Names()

    def text(self) -> str:
        """The source."""
        conditions = [source for each in self._columns for source in self._conditions(each)]
        rest = [call for each in self._columns for call in self._calls(each)]
        rest += [f"{self.names.name(each)}(graph, focus, found)" for each in self._plan.others]
        return _SOURCE.format(
            columns=" ".join(f"({name},)," for name in self._columns.values()),
            accepted=" and ".join(each for each in conditions if each != "True") or "True",
            rest="; ".join(rest) or "pass",
        )

    def _conditions(self, predicate: str) -> Iterator[str]:
        demands = self._plan.demands.get(predicate, ())
        tests = [each for each in demands if isinstance(each, (ValueTest, ClassTest))]
        value = self._columns[predicate]
        if tests:
            yield self.names.accepted(tests, value)
        for each in demands:
            accepts = _accepts(each)
            if accepts is not None and (accepts.beside is None or accepts.beside in self._columns):
                yield self.names.condition(accepts, value, self._columns.get(accepts.beside or "", ""))

    def _calls(self, predicate: str) -> Iterator[str]:
        """The checks that have no quick condition."""
        for each in self._plan.demands.get(predicate, ()):
            if isinstance(each, SetCheck) and _accepts(each) is None:
                yield f"{self.names.name(each.check)}(graph, focus, ({self._columns[predicate]},), found)"


def _accepts(demand: EachTest | Together) -> Accepts | None:
    """The quick condition of a constraint that is no test of a value by itself; None where there is none."""
    if isinstance(demand, AtMost):
        return _NOTHING_ASKED if demand.most else _ALWAYS_BROKEN
    if isinstance(demand, NodeTest):
        return Accepts(_IN_GRAPH, demand.test)
    if isinstance(demand, SetCheck):
        return _NOTHING_ASKED if demand.content else demand.single
    return None
