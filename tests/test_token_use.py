"""Uses of tokens: noted once a day, beside the tokens, in no request's time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from threading import Event

import pytest

from kg import token_use
from kg.model.access import Scope
from kg.model.errors import UsageError
from kg.store.lock import locked
from kg.token_use import TokenUse, read_uses, use_file
from kg.tokens import add_token, revoke_token

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def file(tmp_path):
    """A file of tokens."""
    return tmp_path / "tokens.json"


@pytest.fixture
def ada(file):
    """A token."""
    return add_token(file, "ada", Scope.CURATE).token


@pytest.fixture
def written(monkeypatch):
    """What is written, each time."""
    found, replace = [], token_use.replace_text

    def noted(path, text, *, temporary):
        found.append(text)
        replace(path, text, temporary=temporary)

    monkeypatch.setattr(token_use, "replace_text", noted)
    return found


def noted(file, *uses, clock=lambda: 0.0):
    """What is told after these uses by one server."""
    use = TokenUse(file, clock)
    for token, at in uses:
        use.note(token, at)
    use.close()
    return read_uses(file)


def test_nothing_is_known_before_the_first_use(file, ada):
    """A token that nobody has used has no day."""
    assert read_uses(file) == {}
    assert ada.digest not in read_uses(file)


def test_the_day_of_the_last_use(file, ada):
    """The last day counts, in UTC, for each token by itself, and for all servers together."""
    bob = add_token(file, "bob", Scope.READ).token
    late = datetime(2026, 11, 24, 1, tzinfo=timezone(timedelta(hours=8)))
    noted(file, (ada, NOON), (bob, NOON))
    assert noted(file, (ada, late)) == {ada.digest: date(2026, 11, 23), bob.digest: date(2026, 11, 22)}


def test_a_day_is_written_once(file, ada, written):
    """A thousand uses on a day are one write, and so is the next day's."""
    noted(file, *[(ada, NOON)] * 1000, *[(ada, NOON + DAY)] * 1000)
    assert len(written) == 2


def test_nobody_waits_for_it(file, ada, monkeypatch):
    """A use is noted while the disk still keeps the one before it waiting."""
    disk, keep = Event(), token_use.replace_text

    def slow(path, text, *, temporary):
        disk.wait()
        keep(path, text, temporary=temporary)

    monkeypatch.setattr(token_use, "replace_text", slow)
    use = TokenUse(file)
    use.note(ada, NOON)
    use.note(ada, NOON + DAY)  # would never return
    disk.set()
    use.close()
    assert read_uses(file)[ada.digest] == (NOON + DAY).date()


def test_only_the_owner_reads_it(file, ada):
    """The file is for its owner, and holds no secret's way around: digests alone."""
    noted(file, (ada, NOON))
    assert use_file(file).stat().st_mode & 0o777 == 0o600


def test_a_revoked_token_is_forgotten(file, ada):
    """Of a token that was taken back nothing is kept, and one of the same name begins anew."""
    noted(file, (ada, NOON))
    revoke_token(file, "ada")
    again = add_token(file, "ada", Scope.CURATE).token
    bob = add_token(file, "bob", Scope.READ).token
    assert again.digest not in read_uses(file)
    assert list(noted(file, (bob, NOON))) == [bob.digest]


def test_a_write_that_breaks_off_leaves_the_one_before(file, ada, monkeypatch):
    """Where the new file cannot take its place the old one stands, and a later use is noted again."""
    noted(file, (ada, NOON))
    keep, now = token_use.replace_text, [0.0]

    def broken(*_, **__):
        raise OSError(28, "No space left on device")

    use = TokenUse(file, lambda: now[0])
    monkeypatch.setattr(token_use, "replace_text", broken)
    use.note(ada, NOON + DAY)
    use.close()
    assert read_uses(file)[ada.digest] == NOON.date()
    monkeypatch.setattr(token_use, "replace_text", keep)
    again = TokenUse(file, lambda: now[0])
    again.note(ada, NOON + DAY)
    again.close()
    assert read_uses(file)[ada.digest] == (NOON + DAY).date()


def test_what_fails_is_tried_again_later(file, ada, caplog):
    """While another one holds the lock nothing is noted; a minute later it is, and the log tells once."""
    now, done = [0.0], Event()
    use = TokenUse(file, lambda: now[0])

    def settled():
        """Waits until the thread has done all that it was given."""
        use._thread.submit(done.set)  # noqa: SLF001 - nobody else needs to know
        done.wait()
        done.clear()

    with locked(file.with_name("tokens.json.used.lock"), "another"):
        for now[0] in (0.0, 1.0, 61.0):
            use.note(ada, NOON)
            settled()
    use.note(ada, NOON)
    settled()
    assert read_uses(file) == {}
    now[0] = 122.0
    use.note(ada, NOON)
    use.close()
    assert read_uses(file) == {ada.digest: NOON.date()}
    assert [record.getMessage().count("another") for record in caplog.records] == [1]


def test_what_cannot_be_read(file, ada):
    """A file that says something else is named to people, and replaced by the server."""
    for text in ("[]", "{", '{"a": 7}', '{"a": "soon"}'):
        use_file(file).write_text(text)
        with pytest.raises(UsageError, match="may be deleted"):
            read_uses(file)
    assert noted(file, (ada, NOON)) == {ada.digest: NOON.date()}
