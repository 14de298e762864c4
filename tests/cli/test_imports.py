"""What a command loads before it can answer: a quick start is a matter of imports, which can be counted."""

import subprocess
import sys

import pytest

HEAVY = {
    "rdflib", "pyshacl", "fastapi", "uvicorn", "jinja2", "starlette", "pydantic", "pypdf", "rich", "zstandard",
    "pyarrow", "asyncio", "multiprocessing", "concurrent", "ssl", "socket", "email", "http", "sqlite3", "unittest",
}  # fmt: skip
COUNT = """
import sys
from kg.cli import main
sys.argv = ["kg", *sys.argv[1:]]
try:
    main()
except SystemExit as left:
    assert not left.code, left
print(*sys.modules, file=sys.stderr)
"""


@pytest.fixture
def loaded(kg):
    """The modules that a command loads."""

    def names(*arguments):
        done = subprocess.run(
            [sys.executable, "-c", COUNT, *arguments],
            cwd=kg.folder,
            env=kg.environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stderr.splitlines()[-1].split()

    return names


def test_help_loads_the_command_line_alone(loaded):
    """No reader, no graph, no server; 208 modules when this was written."""
    modules = loaded("--help")
    light = {name.partition(".")[0] for name in modules}
    assert not light & {*HEAVY, "pyoxigraph", "rapidfuzz", "ahocorasick_rs", "anyascii"}
    assert len(modules) < 225


def test_checking_a_page_loads_no_validator_of_others_and_no_server(kg, loaded, seed):
    """Compiled shapes need neither rdflib nor pySHACL; 400 modules when this was written, half of them ours."""
    kg.page("page.txt", seed)
    modules = loaded("check", "page.txt")
    assert not {name.partition(".")[0] for name in modules} & HEAVY
    assert len(modules) < 420
