"""`kg token add`, `kg token list` and `kg token revoke`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.console import say
from kg.cli.options import StoreFolder
from kg.model.access import Scope, Token
from kg.model.errors import UsageError
from kg.settings import read_settings

app = typer.Typer(
    name="token",
    help="Give, list and take back the tokens that writing over HTTP asks for.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
TokensFile = Annotated[
    Path | None, typer.Option("--tokens", help="File of the tokens. Default: tokens.json in the store's folder.")
]

_AFTER = re.compile(r"([1-9]\d{0,3})d")


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What to call it, such as who will have it.", show_default=False)],
    *,
    scope: Annotated[Scope, typer.Option("--scope", help="What it is good for; each has what those before it have.")],
    expires: Annotated[
        str | None, typer.Option("--expires", help="A day such as 2027-01-31 (until its end, UTC), or 90d for 90 days.")
    ] = None,
    tokens: TokensFile = None,
    store: StoreFolder = None,
) -> None:
    """Make a token and print its secret, this once: what is kept is a digest.

    A running server takes it at once. With `read` a token may read where the setting `readers` is `tokens`; with
    `curate` it may also write; with `admin` it may also see health and metrics where reading asks for a token.

    \b
    Examples:
      kg token add ada --scope curate --expires 90d
      kg token add monitor --scope admin
    """
    from kg.tokens import add_token

    issued = add_token(_file(tokens, store), name, scope, None if expires is None else _end(expires))
    typer.echo(issued.secret)
    say(f"The secret of the token {name} ({_told(issued.token)}); it is shown this once.")


@app.command("list")
def list_(*, tokens: TokensFile = None, store: StoreFolder = None) -> None:
    """List the tokens: name, scope, when each was made, when it expires, on which day it was last used; never a secret.

    \b
    Example:
      kg token list
    """
    from kg.token_use import read_uses
    from kg.tokens import read_tokens

    file = _file(tokens, store)
    found, uses = read_tokens(file), read_uses(file)
    for token in found:
        day = uses.get(token.digest)
        used = "never used" if day is None else f"last used on {day}"
        typer.echo(f"{token.name}  {_told(token)}, made on {token.created.date()}, {used}")
    if not found:
        say(f"no tokens in {file}")


@app.command("revoke")
def revoke(
    name: Annotated[str, typer.Argument(help="The name of the token.", show_default=False)],
    *,
    tokens: TokensFile = None,
    store: StoreFolder = None,
) -> None:
    """Take a token back: a running server refuses it from the next request on.

    \b
    Example:
      kg token revoke ada
    """
    from kg.tokens import revoke_token

    gone = revoke_token(_file(tokens, store), name)
    typer.echo(f"revoked {gone.name}")


def tokens_file(tokens: Path | None, store: Path) -> Path:
    """Where the tokens of a store are kept."""
    return store / "tokens.json" if tokens is None else tokens


def _file(tokens: Path | None, store: Path | None) -> Path:
    settings = read_settings()
    return tokens_file(tokens or settings.tokens, store or settings.store)


def _told(token: Token) -> str:
    if token.expires is None:
        return f"{token.scope.value}, without an end"
    word = "expired" if token.is_expired(datetime.now(UTC)) else "expires"
    return f"{token.scope.value}, {word} at {token.expires:%Y-%m-%d %H:%M} UTC"


def _end(written: str) -> datetime:
    """The moment that is meant.

    Raises:
        UsageError: none is.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    days = _AFTER.fullmatch(written)
    if days:
        return now + timedelta(days=int(days[1]))
    try:
        end = datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=UTC) + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--expires is {written!r}; expected a day such as 2027-01-31, or 90d") from error
    if end <= now:
        raise UsageError(f"--expires is {written}, which is over")
    return end
