"""`kg token`: a secret is printed once, and never again."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from kg.token_use import TokenUse, use_file
from kg.tokens import read_tokens


def test_add_prints_the_secret_alone(kg):
    """Standard output is the secret; what it is for goes to standard error."""
    ran = kg("token", "add", "ada", "--scope", "curate")
    assert ran.code == 0
    assert re.fullmatch(r"kgt_[\w-]{43}\n", ran.text)
    assert "token ada (curate, without an end); it is shown this once" in ran.err
    assert (kg.folder / "kg-store/tokens.json").stat().st_mode & 0o777 == 0o600


def test_list_tells_all_but_secrets(kg):
    """Name, scope and dates of each token."""
    secret = kg("token", "add", "ada", "--scope", "curate", "--expires", "2999-01-31").text.strip()
    kg("token", "add", "mon", "--scope", "admin")
    ran = kg("token", "list")
    first, second = ran.text.splitlines()
    assert re.fullmatch(r"ada  curate, expires at 2999-02-01 00:00 UTC, made on \d{4}-\d\d-\d\d, never used", first)
    assert second.startswith("mon  admin, without an end")
    assert secret not in ran.text + ran.err


def test_list_tells_the_day_of_the_last_use(kg):
    """A token that was used says when; what cannot be read of that is named, with what to do."""
    kg("token", "add", "ada", "--scope", "read")
    file = kg.folder / "kg-store/tokens.json"
    use = TokenUse(file)
    use.note(read_tokens(file)[0], datetime(2026, 11, 22, 23, tzinfo=UTC))
    use.close()
    assert kg("token", "list").text.endswith(", last used on 2026-11-22\n")
    use_file(file).write_text("[]")
    ran = kg("token", "list")
    assert (ran.code, "it may be deleted" in ran.err) == (2, True)


def test_revoke(kg):
    """A token that was taken back is in no list."""
    kg("token", "add", "ada", "--scope", "read")
    assert kg("token", "revoke", "ada").text == "revoked ada\n"
    ran = kg("token", "list")
    assert (ran.text, ran.err) == ("", "no tokens in kg-store/tokens.json\n")
    assert kg("token", "revoke", "ada").code == 2


def test_the_file_is_where_the_setting_or_the_option_says(kg):
    """The option goes before the setting, the setting before the store's folder."""
    kg("token", "add", "ada", "--scope", "read", KG_TOKENS="a.json")
    kg("token", "add", "bob", "--scope", "read", "--tokens", "b.json", KG_TOKENS="a.json")
    kg("token", "add", "eve", "--scope", "read", "--store", "other")
    assert [(kg.folder / name).is_file() for name in ("a.json", "b.json", "other/tokens.json")] == [True] * 3
    assert not (kg.folder / "kg-store").exists()


@pytest.mark.parametrize("written", ["soon", "2020-01-01", "0d", "2027-02-30", "1w", "9999-12-31"])
def test_an_end_of_no_use_is_refused(kg, written):
    """A token that would be over at once, or whose end is no day, is not made."""
    ran = kg("token", "add", "ada", "--scope", "read", "--expires", written)
    assert (ran.code, ran.out) == (2, b"")
    assert "--expires is" in ran.err
