"""`kg build`, killed at any moment, leaves what was published as it was."""

from __future__ import annotations

import random
import subprocess
import time

from kg.store import VersionStore, content_digest

KILLS = 20


def test_a_killed_build_leaves_the_old_version_or_the_new_one(kg, seed):
    """After kill -9 the store opens at a whole version, and the next build needs no repair."""
    page = kg.page("pages/page.txt", seed)
    begun = time.perf_counter()
    assert kg("build", "pages").code == 0
    whole = time.perf_counter() - begun
    store = VersionStore(kg.folder / "kg-store")
    known = {store.current().manifest.digest}
    moments = random.Random(267)  # noqa: S311 - the same moments in each run
    for number in range(KILLS):
        page.write_text(seed.replace("(Total 6332)", f"(Total {7000 + number})"), encoding="utf-8")
        _kill_after(kg, moments.uniform(0.3, 1.0) * whole)
        version = store.current()
        assert version.fallback_from is None
        assert store.damaged() == ()
        if version.manifest.digest not in known:
            assert content_digest(version.open()) == version.manifest.digest
        known.add(version.manifest.digest)
    assert kg("build", "pages").code == 0
    assert store.current().manifest.counts.reports == 1
    assert not list((kg.folder / "kg-store").glob("staging-*"))
    assert len(store.versions()) >= len(known)


def _kill_after(kg, seconds):
    """Starts a build and kills it, unless it has ended by then."""
    build = subprocess.Popen(
        kg.command("build", "pages", "--quiet"), cwd=kg.folder, env=kg.environment(), stderr=subprocess.PIPE
    )
    try:
        _, errors = build.communicate(timeout=seconds)
        assert build.returncode == 0, errors
    except subprocess.TimeoutExpired:
        build.kill()
        build.communicate()
