"""What this project is made of, and whether any of it has a known weakness.

    python supply/audit.py [--may-skip]

Writes build/sbom.cdx.json (CycloneDX 1.6): every package that requirements.txt locks, with its hashes. Then pip-audit
asks PyPI, and where that knows nothing OSV, for each package that any lock file names. It fails when a package has a
known weakness, and when any was not audited: that nothing was found means nothing where nobody looked. With --may-skip
a run that could reach no source of advisories says so, loudly, and passes.
Runs in an environment of its own (requirements-audit.txt); `make audit` sets that up.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-audit.txt")
#: How pip-audit is told whom to ask, one source after the other.
SOURCES = (("--vulnerability-service", "pypi"), ("--vulnerability-service", "osv"))
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class Outcome(Enum):
    """What an audit comes to; the value is the exit code."""

    SOUND = 0
    WEAK = 1
    NOT_AUDITED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """What pip-audit found: names and versions that were looked up, that were not, and known weaknesses."""

    looked_up: frozenset[str]
    passed_over: frozenset[str]
    weak: tuple[str, ...]

    @property
    def outcome(self) -> Outcome:
        """Nothing may be passed over."""
        if self.weak:
            return Outcome.WEAK
        return Outcome.SOUND if self.looked_up and not self.passed_over else Outcome.NOT_AUDITED


def main() -> int:
    """Writes the SBOM, audits, and says what was found; the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--may-skip", action="store_true")
    may_skip = parser.parse_args().may_skip
    sbom = ROOT / "build" / "sbom.cdx.json"
    sbom.parent.mkdir(exist_ok=True)
    sbom.write_text(bill_of_materials((ROOT / "requirements.txt").read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{sbom.relative_to(ROOT)}: {len(json.loads(sbom.read_text(encoding='utf-8'))['components'])} components")
    found = best(map(audited, SOURCES))
    for weakness in found.weak:
        print(f"  {weakness}")
    looked_up, passed_over = len(found.looked_up), len(found.passed_over)
    print(f"{looked_up} packages audited, {len(found.weak)} known weaknesses, {passed_over} not audited")
    if found.outcome is Outcome.NOT_AUDITED:
        print("supply: NOT AUDITED: no source of advisories could be reached for the packages above", file=sys.stderr)
        if may_skip and not found.looked_up:
            print("supply: SKIPPED, as --may-skip allows; run `make audit` where PyPI or OSV can be asked")
            return 0
    return found.outcome.value


def best(findings: Iterator[Audited]) -> Audited:
    """The first finding that passes nothing over, else the last."""
    found = Audited(looked_up=frozenset(), passed_over=frozenset(), weak=())
    for found in findings:
        if found.outcome is not Outcome.NOT_AUDITED:
            break
    return found


def audited(source: tuple[str, ...]) -> Audited:
    """What a source of advisories knows of all that is locked."""
    locks = [argument for lock in LOCKS for argument in ("--requirement", str(ROOT / lock))]
    command = [
        *(sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--format", "json"),
        *("--progress-spinner", "off", "--timeout", "20", *source, *locks),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return read_findings(json.loads(done.stdout))
    except json.JSONDecodeError:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1][:200]
        print(f"supply: {source[1]} cannot be asked: {reason}", file=sys.stderr)
        return Audited(looked_up=frozenset(), passed_over=frozenset(pinned(LOCKS)), weak=())


def read_findings(told: dict[str, Any]) -> Audited:
    """What pip-audit tells in JSON."""
    packages = told["dependencies"]
    return Audited(
        looked_up=frozenset(f"{each['name']} {each['version']}" for each in packages if "skip_reason" not in each),
        passed_over=frozenset(each["name"] for each in packages if "skip_reason" in each),
        weak=tuple(
            f"{each['name']} {each['version']}: {weakness['id']}, mended in {weakness['fix_versions'] or 'no version'}"
            for each in packages
            for weakness in each.get("vulns", ())
        ),
    )


def pinned(locks: tuple[str, ...]) -> Iterator[str]:
    """Names and versions that lock files name."""
    for lock in locks:
        for name, version in _PINNED.findall((ROOT / lock).read_text(encoding="utf-8")):
            yield f"{name} {version}"


def bill_of_materials(lock: str) -> str:
    """The packages of a lock file as CycloneDX 1.6, without a clock or a random number: equal files, equal bytes."""
    from cyclonedx.model import HashAlgorithm, HashType  # noqa: PLC0415 - the tests of the rest run without it
    from cyclonedx.model.bom import Bom  # noqa: PLC0415
    from cyclonedx.model.component import Component, ComponentType  # noqa: PLC0415
    from cyclonedx.output.json import JsonV1Dot6  # noqa: PLC0415
    from packageurl import PackageURL  # noqa: PLC0415

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bom = Bom()
    bom.metadata.component = Component(
        name=project["name"], version=project["version"], type=ComponentType.APPLICATION, bom_ref=project["name"]
    )
    for name, version, hashes in components(lock):
        bom.components.add(
            Component(
                name=name,
                version=version,
                type=ComponentType.LIBRARY,
                bom_ref=f"{name}@{version}",
                purl=PackageURL("pypi", name=name, version=version),
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in hashes],
            )
        )
    bom.register_dependency(bom.metadata.component, bom.components)
    written = json.loads(JsonV1Dot6(bom).output_as_string())
    del written["serialNumber"], written["metadata"]["timestamp"]
    return json.dumps(written, indent=1, sort_keys=True) + "\n"


def components(lock: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Name, version and hashes of each package in a lock file."""
    found = list(_PINNED.finditer(lock))
    for match, following in zip(found, [*found[1:], None], strict=True):
        block = lock[match.end() : following.start() if following else len(lock)]
        yield match[1], match[2], tuple(_HASH.findall(block))


if __name__ == "__main__":
    sys.exit(main())
