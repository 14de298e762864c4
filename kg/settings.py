"""Settings: `kg.toml` in the working folder, overridden by KG_ variables. The only reader of the environment."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from kg.model.access import Readers
from kg.model.errors import SettingsError, UsageError
from kg.model.imprint import Imprint
from kg.model.mapping import RecordMapping, record_mappings
from kg.model.reach import Hosts, has_host, is_plain_iri
from kg.model.severities import Level

FILE = "kg.toml"

#: No query, no fragment, and none of the characters that no IRI holds (RFC 3987, section 2.2).
_BASE = re.compile(r"https?://[^\s<>\"{}|\\^`?#\x00-\x20]+/")

_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[1-9][0-9]{0,4})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a deployment may set; each name is a key of kg.toml, and with KG_ in capitals an environment variable.

    Attributes:
        base_iri: public base of every IRI, with a slash at its end.
        store: folder of the store.
        sources: files and folders that `kg build` and `kg check` read when none is named.
        layouts: folder with layouts of your own, read beside those that come with Policy KG.
        authority: folder with authority entries of your own, read beside those that come with Policy KG.
        curated: files and folders of facts that are stated by hand, in Turtle or JSON-LD.
        records: which files hold records in CSV or JSON Lines, and which column tells which field.
        most_page_bytes: the largest page that is read.
        jobs: worker processes of `kg build`; 0 for one for each processor.
        page_deadline: seconds a page may take to be read and checked.
        deadline: seconds a query may take.
        graph_seconds: seconds in which `/graphs` may send a graph of any size; 0: a graph is an answer like others.
        workers: slow queries that run at once; one process more answers quick ones.
        worker_memory: bytes of address space a query worker may use.
        memory_store_bytes: bytes on disk up to which `kg serve` answers from memory; 0 for never.
        answer_bytes: bytes of the answer to a query; a longer one fails.
        answer_rows: rows or triples of an answer; more fail.
        cache_bytes: bytes of answers that `kg serve` keeps in memory; 0 for none.
        client_seconds: seconds of workers that one client may use in a minute; 0 for as many as there are.
        trusted_proxies: addresses and networks of proxies whose X-Forwarded-For says who the client is.
        readers: who may read what is served: anyone, or whoever shows a token.
        tokens: file of the tokens; None for tokens.json in the store's folder.
        audit_log: file that tells of each write; None for audit.jsonl in the store's folder.
        most_write_bytes: the largest body of a write.
        write_origins: sites whose pages may have a browser write, with a token that they show.
        remote_token: token, or `user:password`, that `kg push` and `kg serve --upstream` show the other server.
        services: SPARQL endpoints, by their IRIs, that queries to `kg serve` may ask by SERVICE.
        loads: documents, or folders of them with a slash at the end, that updates may LOAD.
        service_hosts: where those may be: at public addresses alone, or at any.
        severities: names of shapes, each with the level that its findings are shown at.
        dataset: what catalogues, feeds and releases say of the graph: title, description, publisher, authors, license.
    """

    base_iri: str = "http://127.0.0.1:8000/"
    store: Path = Path("kg-store")
    sources: tuple[Path, ...] = (Path(),)
    layouts: Path | None = None
    authority: Path | None = None
    curated: tuple[Path, ...] = ()
    records: tuple[RecordMapping, ...] = ()
    most_page_bytes: int = 16 * 1024 * 1024
    jobs: int = 0
    page_deadline: float = 60.0
    deadline: float = 10.0
    graph_seconds: float = 600.0
    workers: int = 2
    worker_memory: int = 1024**3
    memory_store_bytes: int = 0
    answer_bytes: int = 64 * 1024**2
    answer_rows: int = 1_000_000
    cache_bytes: int = 128 * 1024**2
    client_seconds: float = 60.0
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    readers: Readers = Readers.ANYONE
    tokens: Path | None = None
    audit_log: Path | None = None
    most_write_bytes: int = 16 * 1024 * 1024
    write_origins: tuple[str, ...] = ()
    remote_token: str | None = field(default=None, repr=False)
    services: tuple[str, ...] = ()
    loads: tuple[str, ...] = ()
    service_hosts: Hosts = Hosts.PUBLIC
    severities: tuple[tuple[str, Level], ...] = ()
    dataset: Imprint | None = None


def read_settings(folder: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of a folder (default: the working folder) and an environment (default: the process's).

    Raises:
        UsageError: kg.toml cannot be read.
        SettingsError: it names a setting that does not exist, or a value is of no use.
    """
    values = _file_values((folder or Path()) / FILE)
    environment = os.environ if environment is None else environment
    for name in _READERS:
        if (given := environment.get(f"KG_{name.upper()}")) is not None:
            values[name] = given.split(os.pathsep) if name in ("sources", "curated") else given
    return Settings(**{name: _READERS[name](name, value) for name, value in values.items()})


def refuses_colour(environment: Mapping[str, str] | None = None) -> bool:
    """Whether the user wants no colours: NO_COLOR is set and not empty (no-color.org), or the terminal has none."""
    environment = os.environ if environment is None else environment
    return bool(environment.get("NO_COLOR")) or environment.get("TERM") == "dumb"


def _file_values(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{file} cannot be read as TOML: {error}") from error
    for name in values:
        if name not in _READERS:
            raise SettingsError(f"{name} in {file}", values[name], f"one of {', '.join(sorted(_READERS))}")
    return values


def _iri(name: str, value: object) -> str:
    if not isinstance(value, str) or not _BASE.fullmatch(value) or not has_host(value):
        raise SettingsError(name, value, "an http or https IRI that ends with a slash, such as https://kg.example.org/")
    return value


def _path(name: str, value: object) -> Path:
    if not isinstance(value, str) or not value or "\0" in value:
        raise SettingsError(name, value, "a path")
    return Path(value)


def _paths(name: str, value: object) -> tuple[Path, ...]:
    if not isinstance(value, list) or not value:
        raise SettingsError(name, value, "a list of paths")
    return tuple(_path(name, each) for each in value)


def _records(_: str, value: object) -> tuple[RecordMapping, ...]:
    return record_mappings(value)


def _severities(name: str, value: object) -> tuple[tuple[str, Level], ...]:
    """A table of shapes and levels; in the variable an inline one, such as `{Report-title-length = "off"}`."""
    table = _table(name, value, "a table of shapes, each with its severity")
    return tuple((shape, _one_of(Level)(f"{name}.{shape}", level)) for shape, level in table.items())


def _imprint(name: str, value: object) -> Imprint:
    table = _table(name, value, "a table of words about the dataset")
    keys = [each.name for each in fields(Imprint)]
    found: dict[str, Any] = {}
    for key, words in table.items():
        if key not in keys:
            raise SettingsError(f"{name}.{key}", words, f"one of {', '.join(keys)}")
        found[key] = _names(f"{name}.{key}", words) if key == "authors" else _words(f"{name}.{key}", words)
    return Imprint(**found)


def _secret(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise SettingsError(name, "(not shown)", "a token, or user:password")
    return value


def _names(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise SettingsError(name, value, "a list of names")
    return tuple(_words(name, each) for each in value)


def _words(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise SettingsError(name, value, "words")
    return value


def _table(name: str, value: object, expected: str) -> dict[str, Any]:
    """A table; in a variable an inline one of TOML."""
    if isinstance(value, str):
        try:
            value = tomllib.loads(f"table = {value}")["table"]
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(name, value, f"an inline TOML table ({error})") from error
    if not isinstance(value, dict):
        raise SettingsError(name, value, expected)
    return value


def _networks(name: str, value: object) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses and networks; in the variable parted by spaces or commas."""
    expected = "a list of addresses and networks, such as 10.0.0.0/8"
    given = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise SettingsError(name, value, expected)
    try:
        return tuple(ip_network(each) for each in given)
    except ValueError as error:
        raise SettingsError(name, value, expected) from error


def _list_of(is_one: Callable[[str], bool], expected: str) -> Callable[[str, object], tuple[str, ...]]:
    """A list of such words; in the variable parted by spaces or commas."""

    def read(name: str, value: object) -> tuple[str, ...]:
        given = value.replace(",", " ").split() if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(each, str) and is_one(each) for each in given):
            raise SettingsError(name, value, f"a list of {expected}")
        return tuple(given)

    return read


def _is_origin(written: str) -> bool:
    """Whether it is an origin as browsers write them (RFC 6454, section 6.1)."""
    usual = ":80" if written.startswith("http:") else ":443"
    is_plain = _ORIGIN.fullmatch(written) is not None and not written.endswith(usual)
    return is_plain and has_host(written)


def _one_of(kind: type[Enum]) -> Callable[[str, object], Any]:
    def read(name: str, value: object) -> Enum:
        try:
            return kind(str(value))
        except ValueError as error:
            raise SettingsError(name, value, f"one of {', '.join(each.value for each in kind)}") from error

    return read


def _number(convert: type[int | float], least: float) -> Callable[[str, object], Any]:
    kind = "a whole number" if convert is int else "a number"

    def read(name: str, value: object) -> int | float:
        try:
            number = convert(str(value))
        except ValueError as error:
            raise SettingsError(name, value, f"{kind} of at least {least:,}") from error
        if not least <= number < float("inf"):
            raise SettingsError(name, value, f"{kind} of at least {least:,}")
        return number

    return read


_READERS: Mapping[str, Callable[[str, object], Any]] = {
    "base_iri": _iri,
    "store": _path,
    "sources": _paths,
    "layouts": _path,
    "authority": _path,
    "curated": _paths,
    "records": _records,
    "most_page_bytes": _number(int, 1),
    "jobs": _number(int, 0),
    "page_deadline": _number(float, 0.1),
    "deadline": _number(float, 0.01),
    "graph_seconds": _number(float, 0),
    "workers": _number(int, 1),
    "worker_memory": _number(int, 512 * 1024**2),
    "memory_store_bytes": _number(int, 0),
    "answer_bytes": _number(int, 1024),
    "answer_rows": _number(int, 1),
    "cache_bytes": _number(int, 0),
    "client_seconds": _number(float, 0),
    "trusted_proxies": _networks,
    "readers": _one_of(Readers),
    "tokens": _path,
    "audit_log": _path,
    "most_write_bytes": _number(int, 1),
    "write_origins": _list_of(
        _is_origin, "origins in small letters, such as https://app.example.org, without a path or a usual port"
    ),
    "remote_token": _secret,
    "services": _list_of(is_plain_iri, "http or https IRIs, such as https://example.org/sparql"),
    "loads": _list_of(is_plain_iri, "http or https IRIs, such as https://example.org/data/"),
    "service_hosts": _one_of(Hosts),
    "severities": _severities,
    "dataset": _imprint,
}
if set(_READERS) != {each.name for each in fields(Settings)}:
    raise TypeError("every setting needs a reader, and every reader a setting")
