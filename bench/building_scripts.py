"""What each run of `building.py` does, in a process of its own; the last line tells, as JSON, what was measured."""

_TOLD = """
import json, resource, sys, time
from pathlib import Path
def spent():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in both)
"""
#: A build of a folder of pages, by so many workers.
BUILD = (
    _TOLD
    + """
begun = time.perf_counter()
import gc
from kg.build import Builder, Manner
gc.set_threshold(200_000)  # as the command `kg` does
builder = Builder(base="http://127.0.0.1:8000/")
def listen(source, summary):
    if source and summary.read % 5000 == 0 and summary.read:
        told = f"{summary.read:,} pages after {time.perf_counter() - begun:.0f} s"
        print(" " * 10 + told, file=sys.stderr, flush=True)
summary = builder.build([Path(sys.argv[1])], Path(sys.argv[2]), Manner(jobs=int(sys.argv[3])), listen)
print(json.dumps({"wall": time.perf_counter() - begun, "processor": spent(), "read": summary.read,
                  "findings": len(summary.findings), "version": summary.version.name}))
"""
)

#: The lines that workers hand over for a folder of pages, written to a file.
LINES = (
    _TOLD
    + """
begun = time.perf_counter()
from kg.build import Builder, Manner
from kg.build.reading import Reading
from kg.build.walk import Walk, tasks
from kg.sources.files import find_files
from kg.sources.sightings import Digests, sightings
from kg.store.graphs import in_both
from kg.summary import Summary
class Lines:
    def __init__(self):
        self.file, self.count = open(sys.argv[2], "wb"), 0
        self.write(in_both(builder.known))
    def write(self, lines):
        self.count += lines.count(b"\\n")
        self.file.write(lines)
    def put(self, graph, lines, asked):
        self.write(lines)
    def give_up(self):
        pass
builder, summary = Builder(base="http://127.0.0.1:8000/"), Summary()
builder.set_up()
seen = sightings(find_files([Path(sys.argv[1])], ()), Digests(builder.most_bytes), builder.most_bytes)
reading = Reading(stations=builder, manner=Manner(jobs=int(sys.argv[3])), listen=lambda source, summary: None)
made = reading.into(Lines, tasks(seen, None, builder.most_bytes, summary), Walk(stations=builder, summary=summary))
made.file.close()
print(json.dumps({"wall": time.perf_counter() - begun, "processor": spent(), "quads": made.count,
                  "bytes": Path(sys.argv[2]).stat().st_size}))
"""
)

#: A store's statements in their own order, written to a file.
DUMP = (
    _TOLD
    + """
begun = time.perf_counter()
from pyoxigraph import RdfFormat, Store
Store.read_only(sys.argv[1]).dump(sys.argv[2], RdfFormat.N_QUADS)
print(json.dumps({"wall": time.perf_counter() - begun, "processor": spent()}))
"""
)

#: A file loaded into a store, whole or in pieces, and merged.
LOAD = (
    _TOLD
    + """
from pyoxigraph import RdfFormat, Store
def pieces(size):
    with Path(sys.argv[1]).open("rb") as source:
        while piece := source.read(size):
            yield piece + source.readline()
store, before, begun = Store(sys.argv[2]), spent(), time.perf_counter()
if sys.argv[3] != "pieces":
    store.bulk_load(path=sys.argv[1], format=RdfFormat.N_QUADS, lenient=True)
else:
    for piece in pieces(128 * 1024 * 1024):
        store.bulk_load(piece, RdfFormat.N_QUADS, lenient=True)
store.flush()
loaded = time.perf_counter() - begun
store.optimize()
print(json.dumps({"wall": time.perf_counter() - begun, "loaded": loaded, "processor": spent() - before}))
"""
)

#: Some pages of a folder built with rdflib and pySHACL, as one would write it.
OBVIOUS = (
    _TOLD
    + """
import warnings
warnings.simplefilter("ignore")
from pyshacl import validate
from rdflib import Dataset, Graph, URIRef
from kg import assets
from kg.build import Builder
from kg.model.page import Page
files = sorted(Path(sys.argv[1]).rglob("*.txt"))[: int(sys.argv[3])]
begun = time.perf_counter()
builder = Builder(base="http://127.0.0.1:8000/")
builder.set_up()
shapes = Graph()
for file in sorted(assets.shapes().glob("*.ttl")):
    if file.name not in ("cross-page.ttl", "ontology-style.ttl", "authority.ttl"):
        shapes.parse(file)
known = Graph().parse(data="".join(f"{quad.triple} .\\n" for quad in builder.known), format="nt")
dataset = Dataset()
before, started = spent(), time.perf_counter()
for file in files:
    made = builder.outcome(Page(source=file.name, media_type="text/plain", payload=file.read_bytes())).quads
    graph = Graph().parse(data="".join(f"{quad.triple} .\\n" for quad in made), format="nt")
    validate(graph + known, shacl_graph=shapes, advanced=True)
    named = dataset.graph(URIRef(made.graph.value))
    for triple in graph:
        named.add(triple)
dataset.serialize(sys.argv[2], format="nquads")
print(json.dumps({"wall": time.perf_counter() - started, "processor": spent() - before}))
"""
)
