"""`dataset.ttl`: a release as catalogues read it, in VoID, DCAT 3 and PROV-O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.rdf.dataset import census_triples, edition_triples
from kg.rdf.vocab import DCAT, DCTERMS, FOAF, LABEL, PROV, SPDX, TITLE, TYPE, VOID, XSD
from kg.store.export.packing import Packing
from kg.store.release.contents import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.rdf.dataset import Census, Edition
    from kg.store.manifest import Manifest
    from kg.store.release.contents import DataFile
    from kg.store.release.order import Order

_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_PACKED: Final = {Packing.GZIP: "application/gzip", Packing.ZSTD: "application/zstd"}
_DUMPS: Final = (Role.DUMP, Role.MERGED)


def description(order: Order, manifest: Manifest, census: Census, files: Iterable[DataFile]) -> Iterator[Triple]:
    """All that is said of a release whose data files are these, each a distribution."""
    edition, url = order.edition, order.url
    version = edition.version
    yield from edition_triples(edition)
    yield from census_triples(edition, census)
    yield Triple(version, FOAF("page"), NamedNode(f"{url}README.md"))
    yield Triple(version, FOAF("page"), NamedNode(f"{url}CHANGES.md"))
    if order.earlier and order.earlier.is_version:
        before = edition.version_named(order.earlier.name)
        yield Triple(version, DCAT("previousVersion"), before)
        yield Triple(version, PROV("wasRevisionOf"), before)
        yield Triple(edition.dataset, DCAT("hasVersion"), before)
    for file in files:
        yield from _distribution(edition, file, url)
    yield from _build(edition, manifest)


def _distribution(edition: Edition, file: DataFile, url: str) -> Iterator[Triple]:
    """A file to download (DCAT 3, section 6.8), with its checksum (section 6.17)."""
    node, location, checksum = edition.part(file.name), NamedNode(url + file.name), edition.part(f"{file.name}-sha256")
    yield Triple(edition.version, DCAT("distribution"), node)
    yield Triple(node, TYPE, DCAT("Distribution"))
    yield Triple(node, TITLE, Literal(f"{file.name}: {file.role.value}"))
    yield Triple(node, DCTERMS("description"), Literal(file.about))
    yield Triple(node, DCAT("downloadURL"), location)
    yield Triple(node, DCAT("accessURL"), location)
    yield Triple(node, DCAT("mediaType"), NamedNode(_MEDIA_TYPES + file.media_type))
    if file.packing in _PACKED:
        yield Triple(node, DCAT("compressFormat"), NamedNode(_MEDIA_TYPES + _PACKED[file.packing]))
    yield Triple(node, DCAT("byteSize"), Literal(str(file.size), datatype=XSD("nonNegativeInteger")))
    if edition.imprint.license_iri:
        yield Triple(node, DCTERMS("license"), NamedNode(edition.imprint.license_iri))
    yield Triple(node, SPDX("checksum"), checksum)
    yield Triple(checksum, TYPE, SPDX("Checksum"))
    yield Triple(checksum, SPDX("algorithm"), SPDX("checksumAlgorithm_sha256"))
    yield Triple(checksum, SPDX("checksumValue"), Literal(file.digest, datatype=XSD("hexBinary")))
    if file.role in _DUMPS:
        yield Triple(edition.version, VOID("dataDump"), location)


def _build(edition: Edition, manifest: Manifest) -> Iterator[Triple]:
    """The build that made the version, from what, and by which program (PROV-O, section 3.1)."""
    build, program = edition.part("build"), edition.part("program")
    yield Triple(edition.version, PROV("wasGeneratedBy"), build)
    yield Triple(build, TYPE, PROV("Activity"))
    yield Triple(build, LABEL, Literal(f"the build of {edition.name}"))
    yield Triple(build, PROV("wasAssociatedWith"), program)
    if manifest.created:
        yield Triple(build, PROV("endedAtTime"), Literal(manifest.created, datatype=XSD("dateTime")))
        yield Triple(edition.version, PROV("generatedAtTime"), Literal(manifest.created, datatype=XSD("dateTime")))
    yield Triple(program, TYPE, PROV("SoftwareAgent"))
    yield Triple(program, TYPE, PROV("Agent"))
    yield Triple(program, LABEL, Literal(f"Policy KG {manifest.code}"))
    yield Triple(program, DCAT("version"), Literal(manifest.code))
    for name, digests in sorted({**manifest.inputs, "shapes": manifest.shapes}.items()):
        used = edition.part(f"used-{name}")
        yield Triple(build, PROV("used"), used)
        yield Triple(edition.version, PROV("wasDerivedFrom"), used)
        yield Triple(used, TYPE, PROV("Entity"))
        yield Triple(used, LABEL, Literal(name))
        for digest in digests.split():
            yield Triple(used, DCTERMS("identifier"), Literal(f"sha256:{digest}"))
