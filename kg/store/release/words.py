"""The files of a release that people read: what it holds, what changed, and how to cite it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from kg.store.diff import DiffFormat, changes, difference, rendered
from kg.store.digest import Scheme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Store

    from kg.rdf.dataset import Census, Edition
    from kg.store.manifest import Manifest
    from kg.store.release.contents import Contents

README: Final = "README.md"
CHANGES: Final = "CHANGES.md"
CITATION: Final = "CITATION.cff"
DESCRIPTION: Final = "dataset.ttl"
CHECKSUMS: Final = "SHA256SUMS"

_PLAIN: Final = {
    README: "this text",
    DESCRIPTION: "the description for catalogues: VoID, DCAT 3 and PROV-O",
    CHANGES: "what changed since the version before, and which words caused it",
    CITATION: "how to cite the dataset (Citation File Format 1.2)",
    CHECKSUMS: "checksums: `sha256sum -c SHA256SUMS`",
}

#: What the digest of a version is, by its scheme.
_SUMMED: Final = {
    Scheme.GROUPS: (
        "sum modulo 2^256 of SHA-256 digests of sorted N-Quads lines: "
        "of each named graph, and of what no named graph states of each subject"
    ),
    Scheme.LINES: "sum modulo 2^256 of the SHA-256 digests of the statements' N-Quads lines",
}


def readme(edition: Edition, manifest: Manifest, census: Census, contents: Contents) -> Iterator[str]:
    """The lines of README.md."""
    imprint, counts = edition.imprint, manifest.counts
    issued = f", issued {edition.issued}" if edition.issued else ""
    yield f"# {imprint.title}\n\n{imprint.description}\n"
    yield f"Version {edition.name}{issued}, built by Policy KG {manifest.code}."
    yield (
        f"{counts.reports:,} reports on {counts.pages:,} pages; {census.triples:,} statements about "
        f"{census.entities or 0:,} things.\n"
    )
    yield from (f"{role}: {words}  " for role, words in _roles(edition))
    yield "\n| file | bytes | what it is |\n|---|---:|---|"
    yield from (f"| `{file.name}` | {file.size:,} | {file.about} |" for file in contents.files)
    yield from (f"| `{name}` | | {about} |" for name, about in _PLAIN.items())
    if contents.missing:
        yield "\nLeft out:\n"
        yield from (f"- {reason}" for reason in contents.missing)
    yield "\n## Use it\n\n```sh"
    yield "sha256sum -c SHA256SUMS"
    yield "oxigraph load --location graph --file graph.nq.gz\n```\n"
    yield f"The graph's own IRIs begin with `{edition.base}`. A statement that was read from a page has a `coord:Claim`"
    yield "with its exact words, their place on the page, the rule that read them and its confidence.\n"
    yield f"All statements together have the digest `{manifest.identifier}`: equal for equal graphs."
    yield f"It is the {_SUMMED[manifest.scheme]}."


def changes_report(edition: Edition, store: Store, earlier: tuple[str, Store] | None) -> Iterator[str]:
    """The lines of CHANGES.md; `earlier` is what to compare with, under its name."""
    if earlier is None:
        yield f"# {edition.name}\n\nThe first version."
        return
    name, before = earlier
    found = difference(before, store)
    yield from rendered(DiffFormat.MARKDOWN, found, changes(found, before, store), names=(name, edition.name))


def citation(edition: Edition, manifest: Manifest) -> Iterator[str]:
    """The lines of CITATION.cff (Citation File Format 1.2.0); its strings are JSON's, which YAML reads alike."""
    imprint = edition.imprint
    yield "cff-version: 1.2.0"
    yield "message: If you use this dataset, please cite it as below."
    yield "type: dataset"
    yield f"title: {_string(imprint.title)}"
    yield f"abstract: {_string(imprint.description)}"
    yield "authors:"
    for author in imprint.authors or (imprint.publisher or f"The publisher of {edition.base}",):
        yield from _author(author)
    yield f"version: {_string(edition.name)}"
    if edition.issued:
        yield f"date-released: {edition.issued}"
    if imprint.license and imprint.license_iri:
        plain = imprint.license != imprint.license_iri
        yield f"license: {imprint.license}" if plain else f"license-url: {_string(imprint.license)}"
    yield f"url: {_string(edition.base)}"
    yield "identifiers:"
    yield "  - type: other"
    yield f"    value: {_string(manifest.identifier)}"
    yield f"    description: {_string(_SUMMED[manifest.scheme])}"


def checksums(files: Iterator[tuple[str, str]]) -> Iterator[str]:
    """The lines of SHA256SUMS from digests and names, as `sha256sum` writes and checks them."""
    return (f"{digest}  {name}" for digest, name in files)


def _roles(edition: Edition) -> Iterator[tuple[str, str]]:
    imprint = edition.imprint
    for role, words in (
        ("Authors", "; ".join(imprint.authors)),
        ("Publisher", imprint.publisher),
        ("Licence", imprint.license),
    ):
        yield role, words or "not stated"


def _author(author: str) -> Iterator[str]:
    """A person as `Family, Given`; all others by name."""
    family, comma, given = (part.strip() for part in author.partition(","))
    if comma and family and given:
        yield f"  - family-names: {_string(family)}"
        yield f"    given-names: {_string(given)}"
    else:
        yield f"  - name: {_string(author)}"


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
