"""A store that clients write to, with a gate in this process; and pages and builds for it."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

from kg.build import Builder, Manner
from kg.build.stations import Stations
from kg.model.writes import Write, WriteKind
from kg.store import VersionStore
from kg.writing import GateOptions, Policy
from kg.writing.gate import Gate

BASE = "http://127.0.0.1:8000/"
EXAMPLES = Path(__file__).parents[2] / "examples"
SEED = (EXAMPLES / "drc-2021-267.txt").read_bytes()
STATIONS = Stations(base=BASE)
_NUMBERS = itertools.count()


class Desk:
    """A store with a gate, and writes in few words."""

    def __init__(self, store, policy=Policy.CURATED, **options):
        self.store = store
        self.gate = Gate(GateOptions(store=store, base=BASE, policy=policy, **options))
        if policy is Policy.CURATED:
            vars(self.gate.kind)["stations"] = STATIONS

    def write(self, kind, target="", body=b"", media_type="text/turtle", mark="", **more):
        """A write, whose body is a graph in Turtle unless told otherwise."""
        body = body.encode() if isinstance(body, str) else body
        write = Write(kind=kind, target=target, body=body, media_type=media_type, **more)
        return self.gate.apply(write, mark or f"mark {next(_NUMBERS)}")

    def update(self, text, **more):
        """A SPARQL update."""
        return self.write(WriteKind.UPDATE, body=text, **more)

    def put(self, name, turtle, **more):
        """A graph of curated facts."""
        return self.write(WriteKind.PUT_GRAPH, graph(name), turtle, **more)

    def put_page(self, key, page, **more):
        """A page, whose client knows that it may delete much."""
        more = {"media_type": "text/plain", "is_deletion_confirmed": True, **more}
        return self.write(WriteKind.PUT_PAGE, key, page, **more)

    def delete_page(self, key):
        """A page taken away, whose client knows that it may delete much."""
        return self.write(WriteKind.DELETE_PAGE, key, is_deletion_confirmed=True)

    @property
    def current(self):
        """The current version."""
        return VersionStore(self.store).current()

    @property
    def open(self):
        """Its store."""
        return self.current.open()

    def held(self, name):
        """The statements of a graph of curated facts."""
        found = self.open.query(f"SELECT ?s ?p ?o {{ GRAPH <{graph(name)}> {{ ?s ?p ?o }} }}")
        return {tuple(map(str, row)) for row in found}

    def ask(self, pattern):
        """Whether the store has this."""
        return bool(self.open.query(f"ASK {{ {pattern} }}"))

    def state(self):
        """What is published, to the byte."""
        return (self.store / "CURRENT").read_bytes(), sorted(path.name for path in (self.store / "versions").iterdir())


def graph(name):
    """The IRI of a graph of curated facts."""
    return f"{BASE}graph/curated/{name}"


def number(value):
    """The seed page as another report."""
    return SEED.replace(b"No.267", f"No.{value}".encode()).replace(b"6332", str(6065 + value).encode())


def build(store, pages, **manner):
    """A build of pages by name."""
    folder = store.parent / "pages"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, page in pages.items():
        (folder / name).write_bytes(page)
    builder = Builder(base=BASE)
    vars(builder).update({name: vars(STATIONS)[name] for name in ("reader", "checker") if name in vars(STATIONS)})
    return builder.build([folder], store, Manner(**manner), lambda *_: None)
