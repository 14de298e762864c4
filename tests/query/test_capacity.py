"""How large a version may be that is answered from memory where nobody says."""

from __future__ import annotations

import os

from kg.query import usual_store_bytes

HELD = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def test_share_of_the_machine(tmp_path):
    """Without a limit of its own it is a fiftieth of the machine's memory."""
    (tmp_path / "limit").write_text("max\n")
    assert usual_store_bytes((str(tmp_path / "limit"), str(tmp_path / "none"))) == HELD // 50


def test_share_of_a_container(tmp_path):
    """What a container may use counts where that is less."""
    (tmp_path / "limit").write_text("52428800\n")
    assert usual_store_bytes((str(tmp_path / "limit"),)) == 1024**2
