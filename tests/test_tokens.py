"""Tokens: secrets shown once, digests kept where only their owner reads them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from kg.model.access import Scope
from kg.model.errors import UsageError
from kg.tokens import add_token, find_token, read_tokens, revoke_token

END = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def file(tmp_path):
    """Where tokens will be kept."""
    return tmp_path / "store/tokens.json"


def test_a_secret_finds_its_token_and_no_other(file):
    """What was issued is found by its secret; anything else finds nothing."""
    ada, bob = (add_token(file, name, Scope.CURATE) for name in ("ada", "bob"))
    tokens = read_tokens(file)
    assert [find_token(tokens, each.secret).name for each in (ada, bob)] == ["ada", "bob"]
    for other in ("", ada.secret[:-1], f"{ada.secret} ", ada.token.digest, "ada", "\udce9"):
        assert find_token(tokens, other) is None


def test_no_secret_is_kept(file):
    """The file holds digests, and only its owner reads it, also after a change."""
    secrets = [add_token(file, name, Scope.READ).secret for name in ("ada", "bob")]
    assert file.stat().st_mode & 0o777 == 0o600
    for kept in file.parent.iterdir():
        assert not any(secret in kept.read_text() for secret in secrets)


def test_secrets_are_long_and_differ(file):
    """256 bits behind a beginning by which leaked ones are found."""
    secrets = {add_token(file, f"t{n}", Scope.READ).secret for n in range(5)}
    assert len(secrets) == 5
    assert all(secret.startswith("kgt_") and len(secret) == 47 for secret in secrets)


def test_a_token_is_kept_as_it_was_made(file):
    """Scope and end are read back."""
    issued = add_token(file, "ada@example.org", Scope.ADMIN, END)
    assert read_tokens(file) == (issued.token,)
    assert (issued.token.scope, issued.token.expires) == (Scope.ADMIN, END)


def test_a_revoked_token_is_gone(file):
    """Its secret finds nothing, and the others stay."""
    ada, bob = (add_token(file, name, Scope.CURATE) for name in ("ada", "bob"))
    assert revoke_token(file, "ada") == ada.token
    assert find_token(read_tokens(file), ada.secret) is None
    assert find_token(read_tokens(file), bob.secret) == bob.token


def test_it_expires_at_its_end():
    """Until then it is good, from then on not; without an end always."""
    token = _token(END)
    assert not token.is_expired(END - timedelta(seconds=1))
    assert token.is_expired(END)
    assert not _token(None).is_expired(END)


def _token(expires):
    from kg.model.access import Token  # noqa: PLC0415 - used here alone

    return Token(name="a", scope=Scope.READ, digest="0" * 64, created=END, expires=expires)


@pytest.mark.parametrize(("scope", "covered"), [("read", 1), ("curate", 2), ("admin", 3)])
def test_scopes_hold_those_before_them(scope, covered):
    """Who may curate may read, who may administer may do both."""
    assert [Scope(scope).covers(other) for other in Scope] == [n < covered for n in range(3)]


@pytest.mark.parametrize("name", ["", " ", "a b", "-a", "a\n", "é", "a" * 65, "a/b"])
def test_names_are_plain(file, name):
    """A name that could confuse a log is refused, and nothing is kept."""
    with pytest.raises(UsageError, match="names no token"):
        add_token(file, name, Scope.READ)
    assert not file.exists()


def test_a_name_is_given_once(file):
    """A second token of the name is refused; the first one stays good."""
    first = add_token(file, "ada", Scope.READ)
    with pytest.raises(UsageError, match="revoke it first"):
        add_token(file, "ada", Scope.ADMIN)
    assert read_tokens(file) == (first.token,)


def test_revoking_what_is_not_there_names_what_is(file):
    """The error lists the names."""
    add_token(file, "ada", Scope.READ)
    with pytest.raises(UsageError, match=r"no token bob in .*; there are: ada"):
        revoke_token(file, "bob")


def test_without_a_file_there_are_no_tokens(file):
    """Nothing was added yet."""
    assert read_tokens(file) == ()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"tokens": 7}', '{"tokens": [{}]}', '{"tokens": [7]}', '{"tokens": [{"name": "a"}]}'],
)
def test_a_file_of_something_else_is_refused(file, text):
    """Nobody gets in by a damaged file."""
    _write(file, text)
    with pytest.raises(UsageError, match="holds no tokens"):
        read_tokens(file)


@pytest.mark.parametrize(
    ("key", "value"),
    [("scope", "root"), ("sha256", "00"), ("expires", "2030-01-01T00:00"), ("name", "a\nb"), ("created", 7)],
)
def test_a_damaged_token_is_refused(file, key, value):
    """Each part is checked."""
    add_token(file, "ada", Scope.READ, END)
    record = json.loads(file.read_text())["tokens"][0]
    _write(file, json.dumps({"tokens": [{**record, key: value}]}))
    with pytest.raises(UsageError, match="holds no tokens"):
        read_tokens(file)


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_file_that_others_may_write_is_refused(file, mode):
    """Else whoever may write it could let themselves in."""
    add_token(file, "ada", Scope.READ)
    file.chmod(mode)
    with pytest.raises(UsageError, match="chmod 600"):
        read_tokens(file)


def _write(file, text):
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    file.chmod(0o600)
