"""Statements kept by hand, mostly in Turtle: each file parsed on its own, and refused with the place of its fault."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from kg.model.errors import KnowledgeError
from kg.rdf.iris import Minter
from kg.rdf.reserved import refuse_evidence
from kg.rdf.syntax import FORMATS, NO_RDF_XML, RDF_XML, Statement, read_statements


@dataclass(frozen=True, kw_only=True)
class TurtleFile:
    """One parsed file.

    Attributes:
        name: its path from the folder that holds the ontology, as messages give it.
        statements: what it says, in the order of the file.
    """

    name: str
    statements: tuple[Statement, ...]


def turtle_files(ontology: Path, part: str, minter: Minter) -> Iterator[TurtleFile]:
    """The files of one part of the ontology (a pattern such as `authority/*.ttl`), in the order of their names.

    Raises:
        KnowledgeError: no file fits the pattern, or a file does not parse or holds a blank node.
    """
    paths = sorted(ontology.glob(part))
    if not paths:
        raise KnowledgeError(f"{ontology.name}/{part}", f"no such file in {ontology.parent}")
    for path in paths:
        name = path.relative_to(ontology.parent).as_posix()
        yield TurtleFile(name=name, statements=_statements(path, name, minter))


def own_files(folder: Path, minter: Minter) -> Iterator[TurtleFile]:
    """The files of a folder of one's own, in Turtle or JSON-LD, and of the folders in it, by path; there may be none.

    Raises:
        KnowledgeError: there is no such folder; a file does not parse, holds a blank node or evidence, or is RDF/XML.
    """
    if not folder.is_dir():
        raise KnowledgeError(str(folder), "there is no such folder; `kg authority add` makes the one in the settings")
    for path in sorted(folder.rglob("*"), key=lambda each: each.relative_to(folder).as_posix()):
        name = path.relative_to(folder.parent).as_posix()
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        if path.suffix.casefold() in RDF_XML:
            raise KnowledgeError(name, NO_RDF_XML)
        if path.suffix.casefold() in FORMATS and not path.is_dir():
            statements = _statements(path, name, minter)
            refuse_evidence(statements, name, minter)
            yield TurtleFile(name=name, statements=statements)


def _statements(path: Path, name: str, minter: Minter) -> tuple[Statement, ...]:
    try:
        payload = path.read_bytes()
    except OSError as error:
        raise KnowledgeError(name, f"cannot be read: {error.strerror or error}") from error
    return read_statements(payload, name, FORMATS[path.suffix.casefold()], minter.base)


@dataclass(frozen=True, kw_only=True)
class Descriptions:
    """What some files say, by subject and predicate, each value once and in a fixed order."""

    said: dict[str, dict[NamedNode, list[NamedNode | Literal]]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, files: Iterable[TurtleFile]) -> Descriptions:
        """The descriptions that stand in these files."""
        descriptions = cls()
        for file in files:
            for subject, predicate, value in file.statements:
                descriptions.files.setdefault(subject.value, file.name)
                descriptions.said.setdefault(subject.value, {}).setdefault(predicate, []).append(value)
        return descriptions

    def subjects(self) -> tuple[str, ...]:
        """The IRIs that are described, sorted."""
        return tuple(sorted(self.said))

    def iris(self, subject: str, predicate: NamedNode) -> tuple[str, ...]:
        """The IRIs the subject points to, sorted."""
        values = self.said[subject].get(predicate, ())
        return tuple(sorted({value.value for value in values if isinstance(value, NamedNode)}))

    def literals(self, subject: str, predicate: NamedNode) -> tuple[Literal, ...]:
        """The subject's literals, sorted by language and text."""
        values = {value for value in self.said[subject].get(predicate, ()) if isinstance(value, Literal)}
        return tuple(sorted(values, key=lambda value: (value.language or "", value.value)))

    def only_iri(self, subject: str, predicate: NamedNode) -> str | None:
        """The one IRI the subject points to, if any.

        Raises:
            KnowledgeError: it points to several.
        """
        found = self.iris(subject, predicate)
        if len(found) > 1:
            raise self.fault(subject, f"has {len(found)} values of {predicate}; expected one at most")
        return found[0] if found else None

    def only_literal(self, subject: str, predicate: NamedNode) -> Literal | None:
        """The subject's one literal, if any.

        Raises:
            KnowledgeError: there are several.
        """
        found = self.literals(subject, predicate)
        if len(found) > 1:
            raise self.fault(subject, f"has {len(found)} values of {predicate}; expected one at most")
        return found[0] if found else None

    def fault(self, subject: str, reason: str) -> KnowledgeError:
        """The error that says what is wrong with a subject, and in which file."""
        return KnowledgeError(self.files[subject], f"<{subject}> {reason}")
