"""The audit: what it makes of pip-audit's findings, and the bill of materials."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def audit():
    """The script."""
    spec = importlib.util.spec_from_file_location("audit", ROOT / "supply" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["audit"] = module
    spec.loader.exec_module(module)
    return module


def told(*packages):
    """What pip-audit tells of some packages."""
    return {"dependencies": list(packages)}


SOUND = {"name": "a", "version": "1", "vulns": []}
UNKNOWN = {"name": "b", "skip_reason": "Dependency not found on PyPI and could not be audited: b (1)"}
WEAK = {"name": "c", "version": "1", "vulns": [{"id": "CVE-2026-1", "fix_versions": ["2"], "description": ""}]}


@pytest.mark.parametrize(
    ("packages", "outcome"),
    [
        ((SOUND,), "SOUND"),
        ((), "NOT_AUDITED"),
        ((UNKNOWN,), "NOT_AUDITED"),
        ((SOUND, UNKNOWN), "NOT_AUDITED"),
        ((SOUND, WEAK), "WEAK"),
        ((WEAK, UNKNOWN), "WEAK"),
    ],
)
def test_outcomes(audit, packages, outcome):
    """That no weakness is known counts only where every package was looked up."""
    assert audit.read_findings(told(*packages)).outcome.name == outcome
    assert [each.value for each in audit.Outcome] == [0, 1, 3]


def test_second_source_is_asked(audit):
    """Where the first source could not look, the second one's word counts."""
    silent, sound = audit.read_findings(told(UNKNOWN)), audit.read_findings(told(SOUND))
    assert audit.best(iter([silent, sound])) is sound
    assert audit.best(iter([sound, silent])) is sound
    assert audit.best(iter([silent, silent])).outcome.name == "NOT_AUDITED"


@pytest.mark.parametrize(
    ("arguments", "packages", "ends"),
    [
        ([], UNKNOWN, (3, False)),
        (["--may-skip"], UNKNOWN, (0, True)),
        (["--may-skip"], WEAK, (1, False)),
        ([], SOUND, (0, False)),
    ],
)
def test_nothing_audited_fails(audit, monkeypatch, capsys, arguments, packages, ends):  # noqa: PLR0913, PLR0917 - fixtures
    """A run that could look nothing up fails, or passes where that is allowed and says SKIPPED; no weakness passes."""
    monkeypatch.setattr(sys, "argv", ["audit.py", *arguments])
    monkeypatch.setattr(audit, "audited", lambda _: audit.read_findings(told(packages)))
    monkeypatch.setattr(audit, "bill_of_materials", lambda _: '{"components": []}')
    assert (audit.main(), "SKIPPED" in capsys.readouterr().out) == ends


def test_every_locked_package_is_a_component(audit):
    """Name, version and at least one hash of each package that the lock file names."""
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    components = list(audit.components(lock))
    assert len(components) == len(re.findall(r"(?m)^[a-z0-9].*==", lock))
    assert all(hashes for _, _, hashes in components)
    assert "pyoxigraph" in {name for name, _, _ in components}
