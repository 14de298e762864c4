"""The Dockerfile's steps, done one by one in a folder, since an image needs a daemon and its base.

Paths of the image lie in that folder, and packages of lock files are those of the running environment. All else happens
as it stands: what is copied, each command of the build, what the last stage takes over, entry point and health check.
"""

from __future__ import annotations

import fnmatch
import json
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import services

ROOT = Path(__file__).resolve().parents[2]
#: What the image has that is ours; longer names first.
OURS = ("/opt/policy-kg", "/wheels", "/tools", "/data", "/src")
_OPTIONS = re.compile(r"--\S+\s+")
_LOCKED = re.compile(r"(\S+)/bin/pip install [^&]*--require-hashes [^&]*-r (\S+)")


def instructions():
    """The stages: of each its instructions as name and rest, continued lines joined."""
    text = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^#.*\n", "", text)).splitlines()
    stages = []
    for name, rest in (line.split(maxsplit=1) for line in lines if line):
        if name == "FROM":
            stages.append([])
        stages[-1].append((name, rest))
    return stages


class Image:
    """A folder in place of an image."""

    def __init__(self, folder):
        self.folder, self.place, self.command = folder, folder, {}
        self.variables = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8"}

    def here(self, text):
        """A text with the image's own paths, which lie in the folder."""
        return re.sub(
            rf"(?<![\w.])(?:{'|'.join(OURS)})(?=[/\s\"',:]|$)", lambda found: f"{self.folder}{found[0]}", text
        )

    def do(self, name, rest):
        """One instruction."""
        match name:
            case "WORKDIR":
                self.place = Path(self.here(rest))
                self.place.mkdir(exist_ok=True)
            case "COPY" if "--from" not in rest:
                *sources, target = _OPTIONS.sub("", rest).split()
                self.copy(sources, self.place / target)
            case "ENV":
                for pair in shlex.split(self.here(rest)):
                    key, value = pair.split("=", 1)
                    self.variables[key] = value.replace("$PATH", self.variables["PATH"])
            case "RUN" if "useradd" not in rest:  # that needs privileges, and this machine shall not change
                self.run(rest)
            case "ENTRYPOINT" | "CMD":
                self.command[name] = json.loads(rest)
            case "HEALTHCHECK":
                self.command[name] = json.loads(rest.partition(" CMD ")[2])

    def copy(self, sources, target):
        """Copies as Docker does: of a folder what is in it, without what .dockerignore names."""
        ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
        for source in (ROOT / each for each in sources):
            if source.is_file():
                shutil.copy(source, target)
            else:
                shutil.copytree(
                    source, target, dirs_exist_ok=True, ignore=lambda at, names: left_out(at, names, ignored)
                )

    def run(self, command):
        """Runs a command by the shell, as `RUN` does; packages that are locked come from the running environment."""
        for _, locked in _LOCKED.findall(command):
            assert (self.place / locked).is_file(), f"{locked} was not copied"
        lent = _LOCKED.sub(lambda found: f"{sys.executable} -c {shlex.quote(_lent(self.here(found[1])))}", command)
        given = self.here(lent).replace("python -m venv", f"{sys.executable} -m venv")
        done = subprocess.run(
            ["/bin/sh", "-ec", given],
            cwd=self.place,
            env={**self.variables, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def left_out(folder, names, ignored):
    """Which of these names in a folder of the checkout .dockerignore leaves out."""
    at = Path(folder).relative_to(ROOT)
    paths = {name: (at / name).as_posix() for name in names}
    return {
        name
        for name, path in paths.items()
        for each in ignored
        if fnmatch.fnmatchcase(path, each) or (each.startswith("**/") and fnmatch.fnmatchcase(name, each[3:]))
    }


def _lent(environment):
    """The program that lends an environment the packages of the running one."""
    packages = sysconfig.get_paths()["purelib"]
    return (
        "import pathlib; "
        f"next(pathlib.Path('{environment}').glob('lib/python*/site-packages')).joinpath('lent.pth')"
        f".write_text({packages!r})"
    )


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """What the steps leave, those of the last stage done last."""
    image = Image(tmp_path_factory.mktemp("image"))
    building, serving = instructions()
    for name, rest in building:
        image.do(name, rest)
    (image.folder / "data").mkdir()
    for name, rest in serving:
        image.do(name, rest)
    shutil.rmtree(image.folder / "src")
    shutil.rmtree(image.folder / "tools")
    return image


def test_last_stage_takes_what_was_built(image):
    """The last stage takes over one folder, which holds the program compiled and lies first on the path."""
    copied = [rest.split() for name, rest in instructions()[1] if name == "COPY"]
    assert copied == [["--from=build", "/opt/policy-kg", "/opt/policy-kg"]]
    assert image.variables["PATH"].split(":")[0] == f"{image.folder}/opt/policy-kg/bin"
    assert list(image.folder.glob("opt/policy-kg/lib/python*/site-packages/kg/__pycache__/*.pyc"))


def test_image_builds_and_serves(image):
    """The entry point builds a graph of pages and serves it as the image's command says, and is found well."""
    kg = [shutil.which(image.command["ENTRYPOINT"][0], path=image.variables["PATH"])]
    assert kg[0].startswith(str(image.folder))
    pages = image.folder / "pages"
    shutil.copytree(ROOT / "examples", pages)
    built = subprocess.run(
        [*kg, "build", str(pages)], cwd=image.place, env=image.variables, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    assert (image.folder / "data/store/CURRENT").exists()
    port = services.free_port()
    command = [each.replace("8000", str(port)).replace("0.0.0.0", "127.0.0.1") for each in image.command["CMD"]]  # noqa: S104 - it is not listened on
    with (
        (image.folder / "log").open("w") as log,
        subprocess.Popen([*kg, *command], cwd=image.place, env=image.variables, stdout=log, stderr=log) as process,
    ):
        try:
            services.until_it_listens(process, port, image.folder / "log")
            check = [each.replace("8000", str(port)) for each in image.command["HEALTHCHECK"]]
            found = shutil.which(check[0], path=image.variables["PATH"])
            done = subprocess.run([found, *check[1:]], env=image.variables, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
        finally:
            process.terminate()
        assert process.wait(60) == 0


def test_nothing_that_is_not_published_is_copied():
    """What an image has no use for stays out: the history, environments, stores, caches."""
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    names = [".git", ".venv", "build", "dist", "kg-store", ".mypy_cache", "kg", "pyproject.toml", "requirements.txt"]
    assert left_out(ROOT, names, ignored) == set(names[:6])
    assert left_out(ROOT / "kg" / "web", ["__pycache__", "app.py"], ignored) == {"__pycache__"}
