"""What a user installs works without the checkout; what a contributor installs works from it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ("ontology", "shapes", "layouts")
WHERE = "import kg, kg.assets as a; print(kg.__file__, a.ontology(), a.shapes(), a.layouts(), sep='\\n')"


def files_of(folder):
    """The files below a folder, by their paths from it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_wheel_holds_the_program_its_data_and_nothing_else(wheel):
    """Code, ontology, shapes with their examples, layouts, templates and cues; no test, no note of a developer's."""
    names = {name for name in zipfile.ZipFile(wheel).namelist() if not name.endswith("/")}
    for folder in DATA:
        inside = {name.removeprefix(f"kg/_data/{folder}/") for name in names if name.startswith(f"kg/_data/{folder}/")}
        assert inside == files_of(ROOT / folder)
    examples = {
        name for name in files_of(ROOT / "tests/shapes") if name.endswith((".ttl", ".expected")) and "/" in name
    }
    inside = "kg/_data/shape-examples/"
    assert {name.removeprefix(inside) for name in names if name.startswith(inside)} == examples
    code = {name for name in files_of(ROOT / "kg") if "__pycache__" not in name}
    assert {name.removeprefix("kg/") for name in names if name.startswith("kg/") and "/_data/" not in name} == code
    assert {name.partition("/")[0] for name in names if not name.startswith("kg/")} == {"policy_kg-0.1.0.dist-info"}


def test_the_wheel_does_the_main_job_from_an_empty_folder(wheel, environment, tmp_path):
    """With the locked dependencies and the wheel alone: check, build, query, export and serve, far from a checkout."""
    environment.install("--require-hashes", "-r", str(ROOT / "requirements.txt"))
    environment.install("--no-deps", "--no-index", str(wheel))
    desk = tmp_path / "desk"
    desk.mkdir()
    shutil.copy(ROOT / "examples/drc-2021-267.txt", desk / "page.txt")

    found = environment.run("python", "-c", WHERE, cwd=desk).stdout.split()
    assert all(Path(place).is_relative_to(environment.folder) for place in found), found
    assert [Path(place).name for place in found] == ["__init__.py", *DATA]

    checked = environment.run("kg", "check", "--knowledge", cwd=desk)
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stderr
    explained = environment.run("kg", "check", "--explain", "Report-issued-period", cwd=desk)
    assert 'dcterms:issued "1821-09-15"^^xsd:date' in explained.stdout, explained.stderr
    built = environment.run("kg", "build", "page.txt", cwd=desk)
    assert built.returncode == 0, built.stderr
    assert "1 page read, 1 report" in built.stderr
    query = "SELECT ?words WHERE { ?claim rdf:predicate coord:hasComponent ; coord:evidence/oa:exact ?words } LIMIT 1"
    asked = environment.run("kg", "query", query, "--format", "csv", cwd=desk)
    assert "Coordinating bodies include the Comprehensive Science" in asked.stdout, asked.stderr
    exported = environment.run("kg", "export", cwd=desk)
    assert exported.stdout.count("\n") > 10_000, exported.stderr
    assert str(ROOT) not in exported.stdout
    with served(environment, desk) as address, urllib.request.urlopen(address, timeout=20) as home:  # noqa: S310 - our own address
        assert b"Macro Coordination Mechanism" in home.read()


def test_an_editable_install_finds_the_data_in_the_checkout(environment, tmp_path):
    """A contributor's change to a shape or a layout is in force without a new install."""
    script = f"import hatchling.build as b; print(b.build_editable({str(tmp_path)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, encoding="utf-8", check=True, timeout=60
    )
    environment.install("--no-deps", "--no-index", str(tmp_path / done.stdout.split()[-1]))
    found = environment.run("python", "-c", WHERE, cwd=tmp_path)
    assert found.stdout.split() == [str(ROOT / name) for name in ("kg/__init__.py", *DATA)], found.stderr


@contextmanager
def served(environment, desk):
    """The address of `kg serve`, which is ended afterwards."""
    command = [str(environment.folder / "bin/kg"), "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=desk, env=environment.variables, stderr=subprocess.PIPE) as server:
        try:
            first = os.fsdecode(server.stderr.readline())
            yield re.search(r"http://\S+", first)[0]
        finally:
            server.terminate()
