"""Canaries: for each node shape one example that must fail. A shape that lets its canary live sees nothing."""

from __future__ import annotations

from kg.check.engine import Engine
from kg.check.shapes import CANARIES, CANARY_BASE, SHAPE, ShapeSet, read_turtle
from kg.check.terms import text
from kg.model.errors import KnowledgeError


def run_canaries(shapes: ShapeSet, engine: Engine) -> int:
    """The number of canaries run, all of which failed as they should.

    Raises:
        KnowledgeError: a node shape has no canary, or does not find what is wrong with it.
    """
    for shape in shapes.members:
        _run_canary(shape, shapes, engine)
    return len(shapes.members)


def _run_canary(shape: str, shapes: ShapeSet, engine: Engine) -> None:
    file = str(shapes.folder / shapes.files[shape])
    canary = shapes.folder / CANARIES / f"{shape.removeprefix(SHAPE)}.ttl"
    if not canary.is_file():
        raise KnowledgeError(file, f"<{shape}> has no failing example; expected one in {canary}")
    quads = read_turtle(canary, base=CANARY_BASE)
    findings = engine.findings(quads, {text(quad.subject) for quad in quads})
    if not any(finding.shape in shapes.members[shape] for finding in findings):
        raise KnowledgeError(file, f"<{shape}> finds nothing wrong in its failing example {canary}")
