"""Settings: kg.toml, the environment over it, and a clear refusal of what is of no use."""

import os
from dataclasses import fields
from ipaddress import ip_network
from pathlib import Path

import pytest

from kg.model.access import Readers
from kg.model.errors import SettingsError, UsageError
from kg.model.imprint import Imprint
from kg.model.mapping import RecordMapping, TableFormat
from kg.model.reach import Hosts
from kg.model.severities import Level
from kg.settings import Settings, read_settings

INDEX = '{index = {file = "index/*.csv", format = "csv", columns = {title = "Title"}}}'
VALID = {
    "base_iri": ('"https://kg.example.org/"', "https://kg.example.org/"),
    "store": ('"data/store"', Path("data/store")),
    "sources": ('["a", "b.txt"]', (Path("a"), Path("b.txt"))),
    "layouts": ('"layouts"', Path("layouts")),
    "authority": ('"own"', Path("own")),
    "curated": ('["curated", "a.ttl"]', (Path("curated"), Path("a.ttl"))),
    "records": (
        INDEX,
        (RecordMapping(name="index", file="index/*.csv", format=TableFormat.CSV, columns=(("title", "Title"),)),),
    ),
    "most_page_bytes": ("1000", 1000),
    "deadline": ("2.5", 2.5),
    "jobs": ("3", 3),
    "page_deadline": ("20", 20.0),
    "workers": ("4", 4),
    "worker_memory": ("2147483648", 2147483648),
    "memory_store_bytes": ("1000", 1000),
    "graph_seconds": ("0", 0.0),
    "answer_bytes": ("2048", 2048),
    "answer_rows": ("10", 10),
    "cache_bytes": ("0", 0),
    "client_seconds": ("2.5", 2.5),
    "trusted_proxies": ('["127.0.0.1", "fd00::/8"]', (ip_network("127.0.0.1"), ip_network("fd00::/8"))),
    "readers": ('"tokens"', Readers.TOKENS),
    "tokens": ('"secret/tokens.json"', Path("secret/tokens.json")),
    "audit_log": ('"log/audit.jsonl"', Path("log/audit.jsonl")),
    "most_write_bytes": ("1000", 1000),
    "write_origins": (
        '["https://app.example.org", "http://[::1]:3000"]',
        ("https://app.example.org", "http://[::1]:3000"),
    ),
    "remote_token": ('"user:password"', "user:password"),
    "services": ('["https://a.example/sparql", "http://b:3030/q"]', ("https://a.example/sparql", "http://b:3030/q")),
    "loads": ('["https://example.org/data/"]', ("https://example.org/data/",)),
    "service_hosts": ('"any"', Hosts.ANY),
    "severities": (
        '{Report-title-length = "warning", Report-keyword-stated = "off"}',
        (("Report-title-length", Level.WARNING), ("Report-keyword-stated", Level.OFF)),
    ),
    "dataset": (
        '{title = "Our graph", authors = ["Doe, Jane"], license = "CC-BY-4.0"}',
        Imprint(title="Our graph", authors=("Doe, Jane",), license="CC-BY-4.0"),
    ),
}
INVALID = {
    "base_iri": [
        '""',
        '"kg.example.org/"',
        '"ftp://kg.example.org/"',
        '"https://kg.example.org"',
        '"https://a/?q/"',
        "7",
        '"https://a/#/"',
        '"https://a b/"',
        '"http:///"',
        '"http://[::1/"',
        '"http://a:99999/"',
        '"http://a/?"',
    ],
    "store": ['""', "7", '"a\\u0000b"'],
    "sources": ["[]", '"a"', '[""]', "[7]"],
    "layouts": ['""', "true"],
    "authority": ['""', "7"],
    "curated": ["[]", '"a"', '[""]'],
    "records": ["7", "{index = 7}", "{index = {}}"],
    "most_page_bytes": ["0", "-1", "1.5", '"many"', "true"],
    "deadline": ["0", "nan", "inf", '"soon"'],
    "jobs": ["-1", "1.5", '"all"', "true"],
    "page_deadline": ["0", "nan", '"soon"'],
    "workers": ["0", "2.0", '"two"', "true"],
    "worker_memory": ["536870911", '"512M"'],
    "memory_store_bytes": ["-1", '"all"'],
    "graph_seconds": ["-1", '"long"'],
    "answer_bytes": ["1023", '"many"'],
    "answer_rows": ["0", "1.5"],
    "cache_bytes": ["-1", '"all"'],
    "client_seconds": ["-1", "nan", '"some"'],
    "trusted_proxies": ["7", "[7]", '["localhost"]', '["10.0.0.1/8"]'],
    "readers": ['"nobody"', "7", "true"],
    "tokens": ['""', "7"],
    "audit_log": ['""', "7"],
    "most_write_bytes": ["0", "1.5", '"many"'],
    "write_origins": [
        "7",
        "[7]",
        '["*"]',
        '["null"]',
        '["https://a.example/"]',
        '["https://A.example"]',
        '["https://a.example:443"]',
        '["http://a.example:99999"]',
        '["ftp://a.example"]',
        '["https://"]',
        '["https://[::1"]',
        '["a.example"]',
    ],
    "remote_token": ['" "', "7"],
    "services": [
        "7",
        '"sparql"',
        '["example.org/sparql"]',
        '["ftp://example.org/"]',
        '["https://u:p@example.org/"]',
        "[7]",
    ],
    "loads": ["7", '["data/"]', '["file:///etc/"]'],
    "service_hosts": ['"private"', "true", "7"],
    "severities": ["7", '"off"', '{Report-title-length = "fatal"}', "{Report-title-length = 7}"],
    "dataset": ["7", '"a"', "{name = 'x'}", "{title = 7}", "{authors = 'Doe'}", "{authors = [7]}", "{license = 'a b'}"],
}


def settings_of(folder, toml="", **environment):
    """The settings of a folder with this kg.toml."""
    (folder / "kg.toml").write_text(toml, encoding="utf-8")
    return read_settings(folder, environment)


def test_every_setting_is_tested():
    """No setting is without a good and a bad value here."""
    assert set(VALID) == set(INVALID) == {each.name for each in fields(Settings)}


def test_without_a_file_the_defaults_hold(tmp_path):
    """No kg.toml and an empty environment give the defaults."""
    assert read_settings(tmp_path, {}) == Settings()


@pytest.mark.parametrize("name", VALID)
def test_a_setting_is_read_from_the_file(name, tmp_path):
    """Each setting is a key of kg.toml."""
    written, value = VALID[name]
    assert settings_of(tmp_path, f"{name} = {written}") == Settings(**{name: value})


@pytest.mark.parametrize("name", VALID)
def test_the_environment_overrides_the_file(name, tmp_path):
    """KG_ and the name in capitals wins over kg.toml."""
    written, value = VALID[name]
    given = os.pathsep.join(map(str, value)) if name in ("sources", "curated") else written.strip('"')
    if name in ("trusted_proxies", "write_origins", "services", "loads"):
        given = ", ".join(map(str, value))
    other = {
        "sources": '["z"]',
        "curated": '["z"]',
        "records": INDEX.replace("index", "z"),
        "base_iri": '"http://z/"',
    }.get(name, "9" if isinstance(value, int | float) else '"z"')
    if name in ("worker_memory", "answer_bytes"):
        other = "999999999"
    assert settings_of(tmp_path, f"{name} = {other}", **{f"KG_{name.upper()}": given}) == Settings(**{name: value})


@pytest.mark.parametrize(("name", "written"), [(name, each) for name, values in INVALID.items() for each in values])
def test_a_value_of_no_use_is_refused(name, written, tmp_path):
    """The error names the setting and what was expected."""
    with pytest.raises(SettingsError, match=rf"setting {name}\S* is .*; expected "):
        settings_of(tmp_path, f"{name} = {written}")


@pytest.mark.parametrize(
    ("name", "given"), [("KG_WORKERS", "two"), ("KG_STORE", ""), ("KG_SOURCES", ""), ("KG_BASE_IRI", "x")]
)
def test_the_environment_is_checked_too(name, given, tmp_path):
    """A variable of no use is refused, an empty one included."""
    with pytest.raises(SettingsError, match=name.removeprefix("KG_").lower()):
        read_settings(tmp_path, {name: given})


def test_an_unknown_key_is_refused(tmp_path):
    """A misspelt key is an error that lists the settings, not a setting that is silently lost."""
    with pytest.raises(
        SettingsError,
        match=r"worker in .*kg\.toml is 3; expected one of answer_bytes, .*authority, base_iri, .*workers",
    ):
        settings_of(tmp_path, "worker = 3")


def test_other_variables_are_left_alone(tmp_path):
    """A KG_ variable that is no setting belongs to something else."""
    assert read_settings(tmp_path, {"KG_EDITOR": "vi"}) == Settings()


@pytest.mark.parametrize("content", [b"workers = ", b"workers = \xff", b"workers = 1\nworkers = 2"])
def test_a_file_that_is_no_toml_is_refused(content, tmp_path):
    """The error names the file."""
    (tmp_path / "kg.toml").write_bytes(content)
    with pytest.raises(UsageError, match=r"kg\.toml cannot be read as TOML"):
        read_settings(tmp_path, {})


def test_the_working_folder_and_the_process_are_the_default(tmp_path, monkeypatch):
    """Without arguments, kg.toml of the working folder and the process's environment count."""
    (tmp_path / "kg.toml").write_text("workers = 3\ndeadline = 4")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KG_DEADLINE", "5")
    assert read_settings() == Settings(workers=3, deadline=5.0)
